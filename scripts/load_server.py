"""Many clients at once against a running `avowal serve`: is each answered, and with its own?

Every client sends articles that no other sends and checks that the answer is about them: ids, and
the text read back from the HTML. Now and then one sends too much (413) or nonsense (422).

    avowal serve & python scripts/load_server.py http://127.0.0.1:8000
"""

from __future__ import annotations

import argparse
import asyncio
import html
import random
import re
import sys
import time
from collections import Counter
from statistics import quantiles

import httpx

PLACES = ("Orvane", "Tolmen", "Lourna", "Ishka", "Brevia", "Quorin")
VERBS = ("said", "warned", "denied", "announced")
ENDS = ("close the harbour", "freeze their assets", "sign no treaty", "send the ferry back")


class Run:
    """What the clients of one run have seen."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.wrong: list[str] = []
        self.seconds: list[float] = []

    async def client(self, http: httpx.AsyncClient, number: int, until: float) -> None:
        """Send one request after another until the time is up."""
        chance = random.Random(number)
        turn = 0
        while time.monotonic() < until:
            turn += 1
            articles = [
                _article(chance, f"{number}-{turn}-{i}") for i in range(chance.choice((1, 1, 3)))
            ]
            kind = chance.random()
            if kind < 0.02:
                await self.send(http, {"articles": [{"text": "“" * 400_000}]}, 413)
            elif kind < 0.04:
                await self.send(http, {"articles": articles, "colour": "red"}, 422)
            else:
                await self.send(http, {"articles": articles, "html": True}, 200)

    async def send(self, http: httpx.AsyncClient, body: dict[str, object], expected: int) -> None:
        """Send one request and check its answer."""
        begun = time.monotonic()
        try:
            answer = await http.post("/score", json=body)
        except httpx.HTTPError as error:
            self.wrong.append(f"lost: {error!r}")
            return
        self.statuses[answer.status_code] += 1
        if answer.status_code == 503 and expected == 200:
            await asyncio.sleep(float(answer.headers["retry-after"]) * random.random())
        elif answer.status_code != expected:
            self.wrong.append(f"{answer.status_code} where {expected} was due")
        elif expected == 200:
            self.seconds.append(time.monotonic() - begun)
            found = {a["id"]: _text(a["html"]) for a in answer.json()["articles"]}
            if found != {a["id"]: a["text"] for a in body["articles"]}:
                self.wrong.append("mixed up")


def _article(chance: random.Random, name: str) -> dict[str, str]:
    lines = [
        f"{chance.choice(PLACES)} {chance.choice(VERBS)} it would {chance.choice(ENDS)} ({name})."
        for _ in range(chance.randint(1, 4))
    ]
    return {"id": name, "text": " ".join(lines)}


def _text(marked: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", marked))


async def load(address: str, clients: int, seconds: float) -> Run:
    """Run the clients."""
    run = Run()
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as http:
        until = time.monotonic() + seconds
        await asyncio.gather(*(run.client(http, number, until) for number in range(clients)))
    return run


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("address")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    run = asyncio.run(load(options.address, options.clients, options.seconds))
    counts = ", ".join(f"{count} of {status}" for status, count in sorted(run.statuses.items()))
    print(f"answers: {counts}; lost, mixed up or of another status than due: {len(run.wrong)}")
    for line, count in Counter(run.wrong).most_common(10):
        print(f"  {count} times: {line}")
    if len(run.seconds) > 1:
        cuts = quantiles(run.seconds, n=100)
        print(f"seconds to an answer: p50 {cuts[49]:.2f}, p95 {cuts[94]:.2f}, p99 {cuts[98]:.2f}")
    return 1 if run.wrong or not run.seconds else 0


if __name__ == "__main__":
    sys.exit(main())
