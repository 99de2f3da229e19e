#!/usr/bin/env bash
# Train, export and measure the models that ship, as their cards say. About two hours on two cores;
# stopped and started again, it goes on from the last checkpoint.
#   AVOWAL_DATA=corpora scripts/train_mini.sh [OUT]
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-runs/shipped}
python scripts/fetch_encoder.py mini
for task in attribution intent; do
  avowal train "configs/$task-mini.yaml"
  avowal export "runs/$task-mini" "$out/$task-mini"
done
avowal evaluate "$out" --data polnear --split dev --json "$out/polnear-dev.json"
avowal evaluate "$out/intent-mini" --data plover/PLV_train.tsv
