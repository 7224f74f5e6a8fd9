"""A small OpenID provider on loopback that tells the truth, except where a test makes it lie."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET, SUBJECT = "vecu", "a secret that only the two know, long enough for HMAC", "s-1"


@dataclass
class LyingProvider:
    """Answers discovery, token, keys and userinfo; every claim and address may be made to lie."""

    nonce: str = ""
    """What the browser was sent with: a real provider reads it in the address."""
    claims: dict[str, Any] = field(default_factory=dict)
    about_itself: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    body: bytes | None = None
    foreign_key: bool = False
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.other_key = RSAKey.generate_key(2048, {"kid": "one"})
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                provider.answer(self)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        path = request.path.partition("?")[0]
        self.asked.append(path)
        told = self.body if self.body is not None else json.dumps(self._told(path)).encode()
        request.send_response(self.status)
        request.send_header("content-type", "application/json")
        request.send_header("content-length", str(len(told)))
        request.end_headers()
        request.wfile.write(told)

    def _told(self, path: str) -> Mapping[str, Any]:
        if path == "/jwks":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/token":
            return {"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": self._id_token()}
        if path == "/userinfo":
            return {"sub": SUBJECT, "email": "ines@exemple.fr", "email_verified": True, "groups": ["comms"],
                    **self.userinfo}
        return {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
                "userinfo_endpoint": f"{self.issuer}/userinfo", **self.about_itself}

    def _id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": SUBJECT, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.nonce,
                  "name": "Inès Roy", **self.claims}
        header = {"alg": "RS256", "kid": "one", **self.header}
        own = self.other_key if self.foreign_key else self.key
        key = OctKey.import_key(SECRET) if header["alg"] == "HS256" else own
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(header, kept, key, algorithms=[header["alg"]])
