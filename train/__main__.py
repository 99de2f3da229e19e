"""`python -m avowal.train CONFIG [--field value …]`, the module that `accelerate launch -m` runs."""

import sys

from avowal.train.run import train

if len(sys.argv) < 2:
    sys.exit("usage: python -m avowal.train CONFIG [--field value ...]")
train(sys.argv[1], sys.argv[2:])
