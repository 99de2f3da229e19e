#!/usr/bin/env bash
# Train, export and measure the models that ship, as their cards say. About twelve hours on two cores,
# the teachers' three and a half among them; stopped and started again, it goes on from the last
# checkpoint.
#   AVOWAL_DATA=corpora scripts/train_mini.sh [OUT]
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-runs/shipped}
# Or else glibc gives each large block back to the system and asks for it again at the next step,
# which takes a fifth of the time.
export MALLOC_MMAP_THRESHOLD_=2000000000 MALLOC_TRIM_THRESHOLD_=8000000000
python scripts/fetch_encoder.py mini
python scripts/fetch_encoder.py base
avowal train configs/attribution-mini-tagger.yaml
avowal train configs/attribution-mini.yaml
for step in joint-base intent-base-events intent-base intent-mini-events intent-mini-labels intent-mini \
  joint-mini-first joint-mini-labels joint-mini joint-mini-more speaker; do
  avowal train "configs/$step.yaml"
done
# intent-mini is the mean of two runs of its last two steps.
avowal train configs/intent-mini-labels.yaml --seed 14 --output_dir runs/intent-mini-labels-2
avowal train configs/intent-mini.yaml --encoder runs/intent-mini-labels-2 --output_dir runs/intent-mini-2
for task in attribution speaker; do
  avowal export "runs/$task-mini" "$out/$task-mini"
done
python scripts/export_fitted.py configs/intent-mini.yaml runs/intent-mini-mean runs/intent-mini=0.5 runs/intent-mini-2=0.5
mkdir -p "$out/intent-mini" && cp -r runs/intent-mini-mean/. "$out/intent-mini"
# Each of the last two steps begins from the mean of the two before it, and what ships is the last one's mean with that.
python scripts/export_fitted.py configs/joint-mini-more.yaml runs/joint-mini-mean runs/joint-mini-more=0.7 runs/joint-mini=0.3
avowal train configs/joint-mini-masked.yaml
python scripts/export_fitted.py configs/joint-mini-masked.yaml runs/joint-mini-masked-mean \
  runs/joint-mini-masked=0.7 runs/joint-mini-mean=0.3
avowal train configs/joint-mini-opinions.yaml
python scripts/export_fitted.py configs/joint-mini-opinions.yaml "$out/joint-mini" \
  runs/joint-mini-opinions=0.55 runs/joint-mini-masked-mean=0.45
avowal evaluate "$out" --data polnear --split dev --json "$out/polnear-dev.json"
avowal evaluate "$out" --data data/annotated --split test
avowal evaluate "$out" --data data/annotated --split test --speakers
avowal evaluate "$out/intent-mini" --data data/annotated/news.tsv --split random
