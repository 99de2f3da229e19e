"""The server held to its own OpenAPI document: no generated request makes it fail."""

from __future__ import annotations

import os

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

# An operation and a kind of request; the variable makes a longer run of it.
CASES = int(os.environ.get("AVOWAL_FUZZ_CASES", "40"))


@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
def test_generated_requests_are_answered_as_documented(address: str, mode: str) -> None:
    from hypothesis import HealthCheck, Phase, given, settings

    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    operations = {found.ok().label: found.ok() for found in schema.get_all_operations()}
    assert set(operations) == {"POST /score", "GET /health", "GET /version"}
    statuses: list[int] = []

    @settings(
        max_examples=CASES,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operations["POST /score"].as_strategy(
            generation_mode=schemathesis.GenerationMode[mode]
        )
    )
    def check(case: schemathesis.Case) -> None:
        response = case.call(timeout=300)
        statuses.append(response.status_code)
        if response.status_code != 413:  # which it takes for no refusal of what is malformed too
            case.validate_response(response)

    check()
    assert len(statuses) >= CASES
    assert max(statuses) < 500
    assert (200 if mode == "POSITIVE" else 422) in statuses
