"""Cues that a joint model finds in annotated articles where nobody annotated one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from avowal.data.records import Article
from avowal.inference.joint import JointModel
from avowal.inference.joint_runtime import TorchJointRuntime
from avowal.inference.labels import TokenSpan, token_span
from avowal.inference.model_folder import JOINT, SETTINGS, open_model
from avowal.inference.passes import CUE, cue_candidates
from avowal.inference.windows import Tokens

THRESHOLD = 0.1
AT_ONCE = 64


def is_joint_model(path: str) -> bool:
    return (Path(path) / SETTINGS).is_file() and open_model(path).task == JOINT


def false_candidates(
    path: str, articles: Sequence[Article], tokens: Sequence[Tokens], device: str
) -> list[list[TokenSpan]]:
    """For each article the candidate cues of the joint model in `path` that touch no annotated one,
    the likeliest first.

    These are what a cue's owners are asked for in vain when articles are scored, so a model that
    is trained to give them nothing learns to refuse its own mistakes.
    """
    folder = open_model(path)
    model = JointModel(folder, TorchJointRuntime(folder, device))
    out = []
    for first in range(0, len(articles), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        with torch.autocast(device, torch.bfloat16):
            read = model.tag(tokens[part])
        for article, its, tagged in zip(articles[part], tokens[part], read, strict=True):
            gold = [
                span
                for s in article.statements
                if s.cue and (span := token_span(its.offsets, s.cue.start, s.cue.end))
            ]
            found = [
                span
                for span in cue_candidates(tagged, THRESHOLD)
                if not any(a < span[1] and span[0] < b for a, b in gold)
            ]
            cue = tagged.roles[:, CUE]
            out.append(sorted(found, key=lambda s: -float(cue[s[0] : s[1]].mean())))
    return out
