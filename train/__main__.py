"""`python -m avowal.train CONFIG [--field value …]`, which `accelerate launch -m` runs too."""

import sys

from avowal.train.run import train

if len(sys.argv) < 2:
    sys.exit("usage: python -m avowal.train CONFIG [--field value ...]")
train(sys.argv[1], sys.argv[2:])
