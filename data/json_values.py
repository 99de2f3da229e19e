"""Values out of JSON, each verified to be what it should be; `where` names it in the error."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from avowal.data.utf8 import has_lone_surrogate


def parse_object(line: str) -> dict[str, Any]:
    """The JSON object that `line` holds.

    Raises:
        ValueError: saying why it holds none.
    """
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        # a number of thousands of digits, or brackets nested by the thousand
        raise ValueError(f"not JSON that can be read: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"a JSON {kind(value)}, not an object")
    return value


def string(value: object, where: str, *, empty: bool = False) -> str:
    if not isinstance(value, str):
        fail(where, f"expected a string, found {kind(value)}")
    if not value and not empty:
        fail(where, "is empty")
    if has_lone_surrogate(value):
        fail(where, "holds half of a surrogate pair")
    return value


def items(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        fail(where, f"expected a list, found {kind(value)}")
    return value


def mapping(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        fail(where, f"expected an object, found {kind(value)}")
    return value


def whole(value: object, where: str) -> int:
    if type(value) is not int:
        fail(where, f"expected a whole number, found {kind(value)}")
    return value


def probability(value: object, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        fail(where, f"expected null or a number from 0 to 1, found {kind(value)}")
    if not 0 <= value <= 1:
        fail(where, f"expected null or a number from 0 to 1, found {value}")
    return float(value)


def fields(record: dict[str, Any], where: str, required: tuple[str, ...]) -> dict[str, Any]:
    """`record`, which has the fields `required` and may have others."""
    for name in required:
        if name not in record:
            fail(f"{where}.{name}" if where else name, "is missing")
    return record


def known_fields(
    record: dict[str, Any], where: str, known: frozenset[str], required: tuple[str, ...]
) -> dict[str, Any]:
    """`record`, which has the fields `required` and none that is not among those `known`."""
    fields(record, where, required)
    for name in record:
        if name not in known:
            fail(
                f"{where}.{name}" if where else name,
                f"unknown field (known: {', '.join(sorted(known))})",
            )
    return record


def fail(where: str, problem: str) -> NoReturn:
    raise ValueError(f"{where}: {problem}")


def kind(value: object) -> str:
    """What JSON calls the type of `value`."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "list"
        case _:
            return "object"
