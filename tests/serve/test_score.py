"""The server over HTTP: what it answers, what it refuses, and how."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from serve_support import SlowScorer, serving

from avowal import Scorer
from avowal.markup import mark_up

TEXT = "Ana warned of a strike. Bo said no."


def ask(client: httpx.Client, *texts: str, **fields: object) -> httpx.Response:
    return client.post("/score", json={"articles": [{"text": t} for t in texts], **fields})


def test_it_answers_as_the_scorer_does(client: httpx.Client, scripted_models: Scorer) -> None:
    texts = [TEXT, "", "Cy denied an embargo 𝒜."]
    answer = ask(client, *texts)
    assert answer.status_code == 200
    expected = [a.to_dict(with_text=False) for a in scripted_models.score(texts)]
    assert answer.json() == {"articles": [{**record, "html": None} for record in expected]}


def test_ids_are_given_back_and_places_stand_in(client: httpx.Client) -> None:
    body = {"articles": [{"text": "no", "id": "briefing.txt"}, {"text": "yes"}]}
    found = client.post("/score", json=body).json()["articles"]
    assert [article["id"] for article in found] == ["briefing.txt", "1"]


def test_html_on_demand(client: httpx.Client, scripted_models: Scorer) -> None:
    hostile = "<script>alert(1)</script> Ana warned of a strike."
    [article] = scripted_models.score([hostile])
    [found] = ask(client, hostile, html=True).json()["articles"]
    assert found["html"] == mark_up(hostile, article.statements, article.sentences)
    assert "<script" not in found["html"]
    assert 'data-labels="threat"' in found["html"]


def test_health_and_version(client: httpx.Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    version = client.get("/version").json()
    assert version["model"] == "scripted"
    assert version["version"] == client.get("/openapi.json").json()["info"]["version"]


@pytest.mark.parametrize("path", ["/", "/score", "/gone", "/page.js", "/openapi.json"])
def test_every_answer_has_the_security_headers(client: httpx.Client, path: str) -> None:
    check_security_headers(client.get(path).headers)


def check_security_headers(headers: httpx.Headers) -> None:
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (422, b'{"articles": []}', "articles: "),
        (422, b'{"articles": [{"text": 7}]}', "articles.0.text: "),
        (422, b'{"articles": [{"text": "a", "colour": "red"}]}', "articles.0.colour: "),
        (422, b'{"articles": [{"text": "a"}], "html": 0}', "html: "),
        (422, b'{"articles": [{"text": "\\ud800"}]}', "articles.0.text: "),
        (422, b'{"\\ud800": 1}', "body: "),
        (422, b"{", "JSON"),
        (422, b"", "body: "),
        (422, json.dumps({"articles": [{"text": "a"}] * 101}).encode(), "articles: "),
        (422, json.dumps({"articles": [{"text": "a" * 100_001}]}).encode(), "articles.0.text: "),
        (413, b" " * 1_000_001, "larger than 1,000,000 bytes"),
        (413, b'"' * 3_000_000, "larger than 1,000,000 bytes"),
        (400, b'"\xff"', "body"),
        (400, b"[" * 200_000, "body"),
    ],
)
def test_a_bad_request_is_a_problem_in_json(
    client: httpx.Client, status: int, content: bytes, said: str
) -> None:
    answer = client.post("/score", content=content, headers={"Content-Type": "application/json"})
    check_problem(answer, status, said)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/gone", 404), ("GET", "/score", 405)]
)
def test_a_wrong_address_is_a_problem_too(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    check_problem(client.request(method, path), status, "")


def check_problem(answer: httpx.Response, status: int, said: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert set(found) == {"title", "status", "detail", "errors"}
    assert found["status"] == status
    assert said in f"{found['detail']} {found['errors']}"


def test_a_page_that_points_its_own_name_here_is_refused(client: httpx.Client) -> None:
    check_problem(client.get("/health", headers={"Host": "evil.example"}), 421, "localhost")
    for host in ("localhost", "LOCALHOST:8000", "[::1]:8000", "127.0.0.1"):
        assert client.get("/health", headers={"Host": host}).status_code == 200


def test_other_sites_may_not_ask(client: httpx.Client) -> None:
    answer = client.post(
        "/score",
        content=json.dumps({"articles": [{"text": TEXT}]}),
        headers={"Content-Type": "text/plain", "Origin": "https://evil.example"},
    )
    check_problem(answer, 422, "")


def test_a_full_queue_is_503_and_what_was_taken_is_answered(scripted_models: Scorer) -> None:
    with serving(SlowScorer(scripted_models, 0.5), max_waiting=4) as address:

        def post(place: int) -> httpx.Response:
            body = {"articles": [{"text": TEXT, "id": str(place)}] * 2}
            return httpx.post(f"{address}/score", json=body, timeout=60)

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(post, range(6)))
    for place, answer in enumerate(answers):
        if answer.status_code == 200:
            assert [a["id"] for a in answer.json()["articles"]] == [str(place)] * 2
        else:
            check_problem(answer, 503, "Too many")
            assert answer.headers["retry-after"] == "1"
    assert {answer.status_code for answer in answers} == {200, 503}


def test_what_takes_too_long_is_503_and_the_next_is_answered(scripted_models: Scorer) -> None:
    slow = SlowScorer(scripted_models, 1.5)
    with (
        serving(slow, timeout=0.5) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        check_problem(ask(client, TEXT), 503, "Not scored in 0.5 seconds")
        slow.seconds = 0.0
        for _ in range(20):
            if (answer := ask(client, TEXT)).status_code == 200:
                break
        assert answer.status_code == 200


def test_a_body_that_does_not_come_is_408(scripted_models: Scorer) -> None:
    import socket

    with serving(SlowScorer(scripted_models), timeout=0.3) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(
                f"POST /score HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\n{{".encode()
            )
            assert connection.recv(4096).startswith(b"HTTP/1.1 408 ")


def test_an_article_that_fails_takes_no_other_with_it(scripted_models: Scorer) -> None:
    scorer = SlowScorer(scripted_models, 0.2)
    with serving(scorer) as address:
        ready = threading.Barrier(8)

        def post(text: str) -> httpx.Response:
            ready.wait()
            return httpx.post(f"{address}/score", json={"articles": [{"text": text}]}, timeout=60)

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(post, [TEXT] * 3 + ["FAIL"] + [TEXT] * 4))
    assert [answer.status_code for answer in answers] == [200] * 3 + [500] + [200] * 4
    check_problem(answers[3], 500, "its log has the reason")
    assert "told to fail" not in answers[3].text
    check_security_headers(answers[3].headers)


def test_articles_of_several_requests_are_scored_together(scripted_models: Scorer) -> None:
    scorer = SlowScorer(scripted_models, 0.3)
    with serving(scorer, batch_size=4) as address, ThreadPoolExecutor(9) as pool:
        answers = pool.map(
            lambda text: httpx.post(
                f"{address}/score", json={"articles": [{"text": text}]}, timeout=60
            ),
            [TEXT] * 9,
        )
        assert [answer.status_code for answer in answers] == [200] * 9
    assert sum(scorer.batches) == 9
    assert max(scorer.batches) == 4
