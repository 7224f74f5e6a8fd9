"""Sending as the recorder does: the tus protocol, spoken by a browser that has signed in."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response

VERSION = {"Tus-Resumable": "1.0.0"}


def begin(browser: TestClient, length: int | None = None, mark: str = "", **headers: str) -> Response:
    """Announce a file of a length, or of one that is not known yet."""
    announced = {"Upload-Defer-Length": "1"} if length is None else {"Upload-Length": str(length)}
    said = {"Upload-Metadata": f"mark {b64encode(mark.encode()).decode()}"} if mark else {}
    return browser.post("/upload", headers=VERSION | announced | said | headers)


def begun(browser: TestClient, length: int | None = None, mark: str = "") -> str:
    """Return the name of a new upload."""
    return begin(browser, length, mark).headers["location"].rsplit("/", 1)[1]


def add(browser: TestClient, name: str, at: int, piece: Any, **headers: str) -> Response:
    """Send bytes that begin at an offset."""
    return browser.patch(f"/upload/{name}", content=piece, headers=VERSION | {
        "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"} | headers)


def reached(browser: TestClient, name: str) -> int:
    """Return how many bytes have come."""
    return int(browser.head(f"/upload/{name}", headers=VERSION).headers["upload-offset"])


def drop(browser: TestClient, name: str) -> Response:
    """Give an upload up."""
    return browser.delete(f"/upload/{name}", headers=VERSION)


def finish(browser: TestClient, name: str, **what: Any) -> Response:
    """Ask for what has arrived to be kept."""
    return browser.post(f"/upload/{name}/finir", json={"name": "récit 🎤.m4a"} | what)


def waiting(browser: TestClient) -> list[str]:
    """Return the names of what waits to be finished."""
    return [each["id"].replace("-", "") for each in browser.get("/upload").json()["waiting"]]


def send(browser: TestClient, content: bytes, **what: Any) -> Response:
    """Send bytes in three pieces, the last of which says how many there were, and have them kept."""
    name, third = begun(browser), len(content) // 3 + 1
    for at in range(0, len(content), third):
        end = {"Upload-Length": str(len(content))} if at + third >= len(content) else {}
        assert add(browser, name, at, content[at:at + third], **end).status_code == 204
    return finish(browser, name, **what)
