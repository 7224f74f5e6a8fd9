"""The company's sign-in through authlib: authorization code with PKCE, state and nonce; claims signed by its keys."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from story_bank.errors import NotAvailable, NotFound, VecuError
from studio.access.provider import Claims, Errand

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

LIMIT_S = 10.0
FRESH_FOR_S = 3_600.0
"""How long what the provider says of itself is believed; its keys are asked for at every sign-in."""
LEEWAY_S = 60
SIGNED_WITH = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by a key that we do not hold; `none`, and HMAC with the client's secret, are refused."""
SCOPE = "openid profile email"
log = logging.getLogger("vecu.oidc")


@dataclass(frozen=True, slots=True)
class ProviderPlace:
    """Where the provider is, and who we are to it."""

    issuer: str
    client_id: str
    client_secret: str | None = None
    groups_claim: str = "groups"


class AuthlibProvider:
    """Asks the provider what it is at first use, never before."""

    def __init__(self, place: ProviderPlace, label: str, clock: Callable[[], float] = monotonic) -> None:
        self.place, self.label, self._clock = place, label, clock
        self._told: tuple[float, dict[str, Any]] | None = None
        self._asking = Lock()

    def address(self, errand: Errand) -> str:
        """Return where to send the browser (`NotAvailable` when the provider does not answer)."""
        with self._client(errand) as client:
            there = self._metadata(client)
            scope = f"{SCOPE} groups" if "groups" in there.get("scopes_supported", ()) else SCOPE
            url, _ = client.create_authorization_url(there["authorization_endpoint"], state=errand.state, scope=scope,
                                                     nonce=errand.nonce, code_verifier=errand.verifier)
        return str(url)

    def claims(self, errand: Errand, answer: Mapping[str, str]) -> Claims:
        """Return whom the browser came back as (`NotFound`, `NotAvailable`: see the promise)."""
        if not hmac.compare_digest(answer.get("state", "").encode(), errand.state.encode()) or not answer.get("code"):
            raise _not_in("refused there" if "error" in answer else "state")
        with self._client(errand) as client:
            there = self._metadata(client)
            if answer.get("iss", there["issuer"]) != there["issuer"]:  # RFC 9207: an answer of somebody else's
                raise _not_in("iss")
            token = self._token(client, there, errand, answer["code"])
            told = self._signed(client, there, errand, token)
            if "userinfo_endpoint" in there and not {"email", self.place.groups_claim} <= told.keys():
                told = {**self._asked(client, there["userinfo_endpoint"], told["sub"]), **told}
        return self._understood(told)

    def _client(self, errand: Errand) -> OAuth2Client:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(self.place.client_id, self.place.client_secret, scope=SCOPE, redirect_uri=errand.back,
                            code_challenge_method="S256", leeway=0, timeout=LIMIT_S)

    def _metadata(self, client: OAuth2Client) -> dict[str, Any]:
        with self._asking:
            if self._told is not None and self._clock() - self._told[0] < FRESH_FOR_S:
                return self._told[1]
            there = _json(client, f"{self.place.issuer.rstrip('/')}/.well-known/openid-configuration")
            places = [there.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
            if str(there.get("issuer")).rstrip("/") != self.place.issuer.rstrip("/"):
                raise _asleep("it calls itself otherwise")
            if not all(isinstance(place, str) and _private(place) for place in (self.place.issuer, *places)):
                raise _asleep("an address of it is missing, or open to listeners")
            self._told = (self._clock(), there)
            return there

    def _token(self, client: OAuth2Client, there: dict[str, Any], errand: Errand, code: str) -> dict[str, Any]:
        import httpx2
        from authlib.common.errors import AuthlibBaseError

        try:
            return dict(client.fetch_token(there["token_endpoint"], grant_type="authorization_code", code=code,
                                           code_verifier=errand.verifier))
        except AuthlibBaseError as refused:
            raise _not_in(repr(refused.error)[:80]) from refused
        except (httpx2.HTTPError, ValueError) as away:
            raise _asleep(type(away).__name__) from away

    def _signed(self, client: OAuth2Client, there: dict[str, Any], errand: Errand,
                token: dict[str, Any]) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        keys: Any = _json(client, there["jwks_uri"])
        try:
            read = jwt.decode(str(token.get("id_token")), KeySet.import_key_set(keys), algorithms=SIGNED_WITH)
            told = CodeIDToken(
                read.claims, read.header,
                {"iss": {"essential": True, "value": there["issuer"]},
                 "aud": {"essential": True, "value": self.place.client_id}},
                {"nonce": errand.nonce, "client_id": self.place.client_id, "access_token": token.get("access_token")})
            told.validate(leeway=LEEWAY_S)
        except (JoseError, ValueError, KeyError, TypeError) as wrong:
            raise _not_in(type(wrong).__name__) from wrong
        return dict(told)

    def _asked(self, client: OAuth2Client, place: str, subject: str) -> dict[str, Any]:
        told = _json(client, place, withhold_token=False)
        if told.get("sub") != subject:  # OpenID Connect Core, 5.3.2
            raise _not_in("userinfo")
        return told

    def _understood(self, told: dict[str, Any]) -> Claims:
        groups = told.get(self.place.groups_claim) or []
        names = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
        called = [told.get("name"), " ".join(filter(None, (told.get("given_name"), told.get("family_name")))),
                  told.get("preferred_username"), told.get("email"), told["sub"]]
        return Claims(str(told["iss"]), str(told["sub"]), next(str(name) for name in called if name),
                      str(told.get("email") or ""), told.get("email_verified") is True,
                      frozenset(name for name in names if isinstance(name, str)), str(told.get("locale") or ""))


def _json(client: OAuth2Client, place: str, *, withhold_token: bool = True) -> dict[str, Any]:
    import httpx2
    from authlib.common.errors import AuthlibBaseError

    try:
        answer = client.request("GET", place, withhold_token=withhold_token)
        answer.raise_for_status()
        told = answer.json()
    except (AuthlibBaseError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as away:
        raise _asleep(type(away).__name__) from away
    if not isinstance(told, dict):
        raise _asleep("not an object")
    return told


def _private(place: str) -> bool:
    """Tell whether nobody can listen on the way there: HTTPS, or this very machine."""
    parts = urlsplit(place)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"})


def _asleep(why: str) -> VecuError:
    log.warning("the company's sign-in does not answer as it should: %s", why)
    return NotAvailable("La connexion de l'entreprise ne répond pas ; réessayez dans un moment, ou connectez-vous avec "
                        "votre mot de passe.",
                        "The company's sign-in does not answer; try again in a moment, or sign in with your password.")


def _not_in(why: str) -> VecuError:
    log.info("a sign-in through the company was refused: %s", why)
    return NotFound("La connexion par l'entreprise ne s'est pas terminée ; recommencez depuis cette page.",
                    "The sign-in through the company did not finish; begin again from this page.")
