"""The server held to its own OpenAPI document: no generated request makes it fail."""

from __future__ import annotations

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

CASES = 150  # an operation; scripts/fuzz_server.sh runs 2,000


def test_generated_requests_are_answered_as_documented(address: str) -> None:
    from hypothesis import HealthCheck, Phase, given, settings

    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert {operation.label for operation in operations} == {
        "POST /score",
        "GET /health",
        "GET /version",
    }
    answered = []
    for operation in operations:

        @settings(
            max_examples=CASES if operation.method == "post" else 5,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            answered.append(case.call_and_validate().status_code)

        check()
    assert 200 in answered
    assert max(answered) < 500
