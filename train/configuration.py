"""A training run as one YAML file, with overrides from the command line."""

from __future__ import annotations

import dataclasses
import difflib
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any, cast

import yaml
from transformers import HfArgumentParser, TrainingArguments

from avowal.data.errors import FormatError


def read_config(path: Path | str, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """The fields of a YAML file, with ``--field value`` overrides put over them.

    Raises:
        FileNotFoundError: where there is no such file.
        FormatError: where it is not YAML, not a mapping, or an override has no value.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no config file at {path}")
    try:
        fields = yaml.safe_load(path.read_bytes().decode("utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise FormatError(path, mark.line + 1 if mark else 1, f"not YAML: {error}") from error
    if not isinstance(fields, dict):
        raise FormatError(path, 1, "a config is a mapping of field names to values")
    return fields | _read_overrides(overrides)


# fields that are set by their name alone
_FLAGS = frozenset({"push_to_hub"})


def _read_overrides(words: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rest = list(words)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if not name.startswith("--"):
            raise ValueError(f"{name!r} is not an override: write --field value")
        flag = name[2:].replace("-", "_") in _FLAGS
        if flag and not equals and (not rest or rest[0].startswith("--")):
            rest.insert(0, "true")
        if not equals:
            if not rest:
                raise ValueError(f"the override {name} has no value")
            value = rest.pop(0)
        try:
            found[name[2:].replace("-", "_")] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise ValueError(f"the value of the override {name} is not YAML: {value}") from error
    return found


def parse_config(
    fields: dict[str, Any], task_arguments: type[Any], origin: str
) -> tuple[Any, TrainingArguments]:
    """The task's arguments and the `TrainingArguments` that `fields` hold.

    Raises:
        ValueError: for an unknown field (naming the nearest known one) or a value of the wrong
            type; `origin` names the config in the message.
    """
    kinds = (task_arguments, TrainingArguments)
    known = {field.name for kind in kinds for field in dataclasses.fields(kind) if field.init}
    for name in fields:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{origin}: unknown field {name!r}{hint}")
    words: list[str] = []
    for name, value in fields.items():
        if value is None:
            continue
        if isinstance(value, list):
            words += [f"--{name}", *(str(item) for item in value)]
        else:
            if value is False and name.endswith("_strategy"):
                value = "no"  # which YAML 1.1 reads as false
            shown = json.dumps(value) if isinstance(value, dict) else str(value)
            # Joined by a sign, so that a value may begin with a hyphen.
            words.append(f"--{name}={shown}")
    parser = HfArgumentParser(cast(Any, kinds))
    complaint = StringIO()
    try:
        # argparse has no other way to be asked for its complaint than to read it off.
        with redirect_stderr(complaint):
            arguments, training, rest = parser.parse_args_into_dataclasses(
                words, look_for_args_file=False, return_remaining_strings=True
            )
    except SystemExit:
        reason = complaint.getvalue().strip().rpartition("error: ")[2]
        raise ValueError(f"{origin}: {reason}") from None
    except ValueError as error:
        raise ValueError(f"{origin}: {error}") from error
    if rest:
        raise ValueError(f"{origin}: a list where one value is wanted: {', '.join(rest)}")
    if complaint.getvalue():
        print(complaint.getvalue(), file=sys.stderr, end="")
    return arguments, training
