"""A server on loopback that speaks the OpenAI chat protocol as well, or as badly, as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Manners = Literal["answers", "drips", "refuses_shapes", "fails", "talks_nonsense"]


@dataclass
class ChatEndpoint:
    """What it says, how it behaves, and the requests it received."""

    content: str
    manners: Manners = "answers"
    address: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    callers: list[str] = field(default_factory=list)
    """Paths that were asked for, by whatever method."""
    closing: threading.Event = field(default_factory=threading.Event)


@contextmanager
def chat_endpoint(content: str, manners: Manners = "answers") -> Iterator[ChatEndpoint]:
    """Serve one endpoint while the block runs; `address` is its base URL."""
    endpoint = ChatEndpoint(content, manners)

    class Handler(BaseHTTPRequestHandler):
        def parse_request(self) -> bool:
            understood = super().parse_request()
            endpoint.callers.append(self.path)
            return understood

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            endpoint.requests.append(asked)
            if endpoint.manners == "fails":
                self._send(500, {"error": {"message": "out of memory"}})
            elif endpoint.manners == "refuses_shapes" and ("response_format" in asked or "tools" in asked):
                self._send(400, {"error": {"message": "response_format is not supported"}})
            elif endpoint.manners == "talks_nonsense":
                self._send(200, {"hello": "world"})
            else:
                self._send(200, _completion(endpoint.content))

        def _send(self, status: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if endpoint.manners == "drips":
                for letter in body:
                    if endpoint.closing.is_set():
                        return
                    self.wfile.write(bytes([letter]))
                    self.wfile.flush()
                    time.sleep(0.05)
            else:
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    endpoint.address = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield endpoint
    finally:
        endpoint.closing.set()
        server.shutdown()
        server.server_close()


def _completion(content: str) -> dict[str, Any]:
    return {"id": "1", "object": "chat.completion", "created": 0, "model": "local",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}
