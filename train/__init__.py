"""Fine-tuning, evaluation and export of avowal's models; needs the extra `train`."""
