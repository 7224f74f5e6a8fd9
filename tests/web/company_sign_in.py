"""A real OpenID provider on loopback (Canaille, by pytest-iam), with the studio as one of its clients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from story_bank.person import Role
from studio.access.authlib_provider import AuthlibProvider, ProviderPlace

CLIENT, SECRET = "vecu", "un secret entre eux deux"
GROUPS = {"comms": Role.EDITOR, "dpo": Role.STEWARD, "it": Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class CompanySignIn:
    """The provider, and what a test does there over and over."""

    server: Any
    client: Any

    @property
    def issuer(self) -> str:
        """What the provider calls itself."""
        return str(self.server.url).rstrip("/")

    def provider(self, secret: str = SECRET) -> AuthlibProvider:
        """Return our end of it."""
        return AuthlibProvider(ProviderPlace(self.issuer, CLIENT, secret), "Aubépine")

    def settings(self) -> dict[str, str]:
        """Return the settings by which `vecu serve` uses it."""
        return {"VECU_OIDC__ISSUER": self.issuer, "VECU_OIDC__CLIENT_ID": CLIENT, "VECU_OIDC__CLIENT_SECRET": SECRET,
                "VECU_OIDC__LABEL": "Aubépine", "VECU_OIDC__ROLES": '{"comms": "editor", "dpo": "steward"}'}

    def person(self, name: str, email: str) -> Any:
        """Add somebody who agreed to be known here."""
        first, _, last = name.partition(" ")
        user = self.server.random_user(user_name=email.split("@")[0], given_name=first, family_name=last,
                                       formatted_name=name, emails=[email], preferred_language="fr",
                                       password="une petite phrase")
        self.server.consent(user, self.client)
        return user

    def group(self, name: str, *members: Any) -> Any:
        """Add a group."""
        return self.server.random_group(display_name=name, members=list(members))

    def go(self, address: str, user: Any) -> str:
        """Open the address there as that person, and return where the browser is sent back to."""
        self.forget_codes()  # kept in memory, Canaille looks codes up by code *or* client: one at a time
        self.server.login(user)
        try:
            answer = httpx.get(address)
        finally:
            self.server.logout()
        assert answer.status_code in {302, 303}, answer.text[:500]
        return str(answer.headers["location"])


    def forget_codes(self) -> None:
        """Let the provider take no code that it gave out before."""
        with self.server.app.app_context():
            for code in self.server.backend.query(self.server.models.AuthorizationCode):
                self.server.backend.delete(code)

    def subject(self, user: Any) -> str:
        """Return what the provider calls that person in its claims."""
        return str(user.user_name)


def sign_in_of(server: Any, *backs: str) -> CompanySignIn:
    """Make the studio a client of the provider, with the addresses it may send browsers back to."""
    with server.app.app_context():
        client = server.models.Client(
            client_id=CLIENT, client_secret=SECRET, client_name="Vécu", client_uri="http://127.0.0.1:7860",
            redirect_uris=list(backs), grant_types=["authorization_code"], response_types=["code"],
            scope=["openid", "profile", "email", "groups"], token_endpoint_auth_method="client_secret_basic",
            id_token_signed_response_alg="RS256")
        server.backend.save(client)
        server.backend.update(client, audience=[client])
        server.backend.save(client)
    return CompanySignIn(server, client)
