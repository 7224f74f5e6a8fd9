"""What the administrator chose, from the environment: names begin with `VECU_`, nested with `__`.

Nothing is read at import. Unknown `VECU_…` names are errors, told by `vecu doctor` and by every command.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from story_bank.errors import BadInput
from story_bank.person import Role

PREFIX = "VECU_"


class ModelChoice(BaseModel):
    """A model by folder, size or name; None takes the hub's cache, then the packaged one."""

    model: str | None = Field(None, description="folder or name; empty: hub cache, then the packaged model")


class WriterChoice(BaseModel):
    """A LangChain chat model, e.g. "ollama:mistral" or "openai:gpt-…"; without one, the speaker's own words."""

    model: str | None = Field(None, description="LangChain chat model, e.g. `ollama:mistral`; empty: no model writes")
    base_url: str | None = Field(None, description="address of an OpenAI-compatible or Ollama server")
    api_key: SecretStr | None = Field(None, description="key of a hosted model; never shown")
    timeout_s: float = Field(60.0, gt=0, le=600, description="seconds before the speaker's own words answer instead")
    max_tokens: int = Field(2_000, ge=200, le=20_000, description="longest answer of the model")


class ChildIndex(BaseModel):
    """A Chroma server that `vecu serve` starts on loopback (the default)."""

    kind: Literal["child"] = Field("child", description="`child`, or `server` for a Chroma server elsewhere")


class ServerIndex(BaseModel):
    """A Chroma server elsewhere."""

    kind: Literal["server"]
    host: str = Field(description="where that server is")
    port: int = Field(8000, ge=1, le=65535, description="its port")


class ConsentChoice(BaseModel):
    """The longest a consent may last, and when its person is asked again before it ends."""

    max_months: int = Field(24, ge=1, le=120, description="longest period of a consent, in months")
    ask_before_days: int = Field(30, ge=1, le=365, description="days before its end when its person is asked")
    unclaimed_days: int = Field(30, ge=1, le=3650, description="days after which a recording nobody claims is erased")


class MailChoice(BaseModel):
    """A mail server for invitations and links; without one the administrator passes them on."""

    host: str | None = Field(None, description="mail server (SMTP); empty: links are shown to the administrator")
    port: int = Field(587, ge=1, le=65535, description="its port")
    security: Literal["starttls", "tls", "none"] = Field("starttls", description="`starttls`, `tls` or `none`")
    user: str | None = Field(None, description="user of the mail server")
    password: SecretStr | None = Field(None, description="its password; never shown")
    sender: str = Field("vecu@localhost", description="address that mails come from")


class OidcChoice(BaseModel):
    """The company's sign-in (OpenID Connect); without one there are local accounts alone."""

    issuer: str | None = Field(None, description="address of the OpenID provider; empty: local accounts alone")
    client_id: str = Field("", description="this studio's client id there")
    client_secret: SecretStr | None = Field(None, description="its secret; never shown")
    label: str = Field("", description="what the sign-in button calls it, e.g. the company's name")
    groups_claim: str = Field("groups", description="claim that lists a person's groups")
    roles: dict[str, Role] = Field(default_factory=dict,
                                   description='groups to roles, as JSON: `{"comms": "editor", "dpo": "steward"}`')

    @field_validator("roles")
    @classmethod
    def _nobody_makes_ambassadors(cls, roles: dict[str, Role]) -> dict[str, Role]:
        if Role.AMBASSADOR in roles.values():
            raise ValueError("nobody can make someone else an ambassador")
        return roles


class LimitChoice(BaseModel):
    """The longest recording in minutes and the largest upload in mebibytes."""

    minutes: float = Field(30.0, gt=0, description="longest recording")
    upload_mib: int = Field(2048, gt=0, description="largest upload, in mebibytes")


class Settings(BaseSettings):
    """Every choice, checked; nonsense is refused with one sentence."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", env_ignore_empty=True,
                                      extra="forbid")

    home: Path = Field(Path("var"), description="folder of all data")
    database_url: str = Field("", description="`postgresql+psycopg://…`; empty: SQLite in the home")
    vault_url: str = Field("", description="any fsspec address for media files; empty: a folder in the home")
    allow_hub: bool = Field(False, description="may models be fetched from a model hub")
    whisper: ModelChoice = ModelChoice()
    embedder: ModelChoice = ModelChoice()
    writer: WriterChoice = WriterChoice()
    index: Annotated[ChildIndex | ServerIndex, Field(discriminator="kind")] = ChildIndex()
    limits: LimitChoice = LimitChoice()
    consent: ConsentChoice = ConsentChoice()
    mail: MailChoice = MailChoice()
    oidc: OidcChoice = OidcChoice()
    address: str = Field("", description="public address of the studio, e.g. `https://vecu.example.fr`, for links")
    ledger: Path | None = Field(None, description="file that lists forgettings and withdrawals, on another disk than "
                                                  "the home if possible; empty: `forgotten.jsonl` in the home")
    certificate: Path | None = Field(None, description="TLS certificate (PEM): phones need HTTPS for a microphone")
    key: Path | None = Field(None, description="its private key (PEM)")

    @field_validator("home")
    @classmethod
    def _whole_path(cls, home: Path) -> Path:
        return home.expanduser().resolve()

    @property
    def bank_url(self) -> str:
        """Where the bank is: SQLite under the home unless another database was named."""
        return self.database_url or f"sqlite:///{self.home / 'vecu.db'}"

    @property
    def jobs_url(self) -> str:
        """Where DBOS keeps its workflows: beside the bank."""
        return self.database_url or f"sqlite:///{self.home / 'jobs.db'}"

    @property
    def ledger_file(self) -> Path:
        """Where forgettings are listed, so that a restored backup forgets them again."""
        return self.ledger or self.home / "forgotten.jsonl"

    @property
    def vault_place(self) -> str:
        """Where media files are: a folder under the home unless a store was named."""
        return self.vault_url or str(self.home / "vault")


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the checked settings (`BadInput` names the first wrong or unknown variable)."""
    unknown = unknown_variables(environ)
    if unknown:
        names = ", ".join(unknown)
        raise BadInput(f"Réglage inconnu : {names} ; corrigez son nom ou retirez-le (voir docs/installer.md).",
                       f"Unknown setting: {names}; correct its name or remove it (see docs/installer.md).")
    try:
        return Settings()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = PREFIX + "__".join(str(part) for part in first["loc"]).upper()
        raise BadInput(f"Le réglage {name} n'est pas valable : {first['msg']}.",
                       f"The setting {name} is not valid: {first['msg']}.") from wrong


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """Return the `VECU_…` names that mean nothing, sorted."""
    known = set(_names(Settings, PREFIX))
    return sorted(name for name in environ if name.upper().startswith(PREFIX) and name.upper() not in known)


def documented(model: type[BaseModel]) -> list[tuple[str, str, str]]:
    """Return (variable, default, what it is) for every setting, once, in order."""
    rows: dict[str, tuple[str, str, str]] = {}
    for row in _described(model, PREFIX):
        rows.setdefault(row[0], row)
    return list(rows.values())


def _names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    yield from (name for name, _, _ in _described(model, prefix))


def _described(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, str]]:
    nested: dict[str, tuple[type[BaseModel], ...]] = {"index": (ChildIndex, ServerIndex)}
    for name, field in model.model_fields.items():
        full = f"{prefix}{name.upper()}"
        whole = field.annotation
        kinds = nested.get(name) or ((whole,) if isinstance(whole, type) and issubclass(whole, BaseModel) else ())
        for kind in kinds:
            yield from _described(kind, f"{full}__")
        if not kinds:
            default = "" if field.is_required() or field.default in (None, "", False) else f"`{field.default}`"
            yield full, default, field.description or ""
