"""A Hugging Face hub of its own on loopback: as much of its HTTP as pushing and loading need."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class LocalHub:
    """The repositories of the hub, each a mapping of paths to bytes; and who may write."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.asked: list[str] = []
        self.address = ""


def _handler(hub: LocalHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            hub.asked.append(path)
            for repo, files in hub.repositories.items():
                if path.startswith(f"/{repo}/resolve/"):
                    name = path.removeprefix(f"/{repo}/resolve/").partition("/")[2]
                    if name in files:
                        etag = {"ETag": f'"{_oid(files[name])}"', "X-Repo-Commit": COMMIT}
                        self._send(200, files[name], etag)
                        return
                if path.startswith(f"/api/models/{repo}/tree/"):
                    tree = [
                        {"type": "file", "path": name, "size": len(data), "oid": _oid(data)}
                        for name, data in files.items()
                    ]
                    self._json(200, tree)
                    return
                if path in (f"/api/models/{repo}", f"/api/models/{repo}/revision/main"):
                    siblings = [{"rfilename": name} for name in files]
                    self._json(200, {"id": repo, "sha": COMMIT, "siblings": siblings})
                    return
            self._json(404, {"error": "gone"}, {"X-Error-Code": "RepoNotFound"})

        def do_POST(self) -> None:
            path = self.path.partition("?")[0]
            hub.asked.append(path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Authorization") != f"Bearer {hub.token}":
                self._json(401, {"error": "who are you?"})
            elif path == "/api/repos/create":
                named = json.loads(body)
                repo = f"{named.get('organization') or 'me'}/{named['name']}"
                hub.repositories.setdefault(repo, {})
                self._json(200, {"url": f"{hub.address}/{repo}"})
            elif path == "/api/validate-yaml":
                self._json(200, {"errors": [], "warnings": []})
            elif "/preupload/" in path:
                files = [
                    {"path": f["path"], "uploadMode": "regular", "shouldIgnore": False}
                    for f in json.loads(body)["files"]
                ]
                self._json(200, {"files": files})
            elif "/commit/" in path:
                repo = path.removeprefix("/api/models/").partition("/commit/")[0]
                for line in map(json.loads, body.splitlines()):
                    if line["key"] == "file":
                        data = base64.b64decode(line["value"]["content"])
                        hub.repositories[repo][line["value"]["path"]] = data
                address = f"{hub.address}/{repo}/commit/{COMMIT}"
                self._json(200, {"commitUrl": address, "commitOid": COMMIT})
            else:
                self._json(404, {"error": path})

        def _json(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
            typed = {"Content-Type": "application/json"} | (headers or {})
            self._send(status, json.dumps(value).encode(), typed)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    return Handler


def _oid(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@contextmanager
def local_hub(token: str) -> Iterator[LocalHub]:
    """A hub that runs meanwhile; who has `token` may write."""
    hub = LocalHub(token)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
