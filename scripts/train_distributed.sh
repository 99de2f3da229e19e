#!/usr/bin/env bash
# Train on several devices of this machine, or of several with accelerate's own options:
#   scripts/train_distributed.sh configs/attribution-base.yaml 4 [--field value ...]
set -euo pipefail
config=$1 devices=$2
shift 2
exec accelerate launch --num_processes "$devices" -m avowal.train "$config" "$@"
