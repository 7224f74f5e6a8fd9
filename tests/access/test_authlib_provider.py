"""What the company's sign-in says is believed only when everything about it is right."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from story_bank.errors import BadInput, NotAvailable, NotFound
from studio.access.authlib_provider import FRESH_FOR_S, AuthlibProvider, ProviderPlace
from studio.access.provider import Claims, Errand
from studio.access.secrets import new_secret
from studio.settings import OidcChoice, Settings
from studio.wiring import provider
from tests.fakes.lying_provider import CLIENT, SECRET, SUBJECT, LyingProvider

BACK = "https://vecu.example/connexion/entreprise/retour"


@pytest.fixture(scope="module")
def one_liar() -> Iterator[LyingProvider]:
    made = LyingProvider()
    yield made
    made.close()


@pytest.fixture
def liar(one_liar: LyingProvider) -> LyingProvider:
    """The provider, honest again."""
    one_liar.claims, one_liar.about_itself, one_liar.userinfo, one_liar.header = {}, {}, {}, {}
    one_liar.status, one_liar.body, one_liar.foreign_key, one_liar.asked = 200, None, False, []
    return one_liar


@pytest.fixture
def ours(liar: LyingProvider) -> AuthlibProvider:
    return AuthlibProvider(ProviderPlace(liar.issuer, CLIENT, SECRET), "Aubépine")


def _come_back(liar: LyingProvider, ours: AuthlibProvider, **answer: str) -> Claims:
    errand = Errand(new_secret(), BACK)
    liar.nonce = parse_qs(urlsplit(ours.address(errand)).query)["nonce"][0]
    return ours.claims(errand, {"state": errand.state, "code": "a code", **answer})


def test_an_honest_answer_is_understood(liar, ours) -> None:
    """Address and groups come from the signed claims, or else from the provider's own page about the person."""
    assert _come_back(liar, ours) == Claims(liar.issuer, SUBJECT, "Inès Roy", "ines@exemple.fr", email_verified=True,
                                            groups=frozenset({"comms"}))


def test_the_browser_is_sent_with_everything_that_protects_it(liar, ours) -> None:
    """Code flow, state, nonce, and a challenge whose verifier stays here."""
    errand = Errand(new_secret(), BACK)
    address = ours.address(errand)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{liar.issuer}/authorize?")
    assert (asked["response_type"], asked["state"], asked["nonce"], asked["code_challenge_method"],
            asked["redirect_uri"], asked["client_id"]) == ("code", errand.state, errand.nonce, "S256", BACK, CLIENT)
    assert errand.verifier not in address
    assert errand.secret not in address


@pytest.mark.parametrize("claims", [
    {"iss": "https://elsewhere.example"}, {"iss": None}, {"aud": "somebody else"}, {"aud": ["a", "b"]}, {"aud": None},
    {"aud": [CLIENT, "b"], "azp": "b"}, {"nonce": "another"}, {"nonce": None}, {"exp": 1_000_000_000},
    {"exp": None}, {"nbf": 10_000_000_000}, {"iat": "yesterday"}, {"sub": None}, {"at_hash": "AAAA"}],
    ids=lambda claims: "-".join(claims) + ":" + str(next(iter(claims.values())))[:20])
def test_a_claim_that_is_wrong_lets_nobody_in(liar, ours, claims) -> None:
    """Another issuer's, another studio's, another browser's, too old, or incomplete."""
    liar.claims = claims
    with pytest.raises(NotFound, match="did not finish"):
        _come_back(liar, ours)


@pytest.mark.parametrize("header", [{"alg": "HS256"}, {"kid": "two"}], ids=["our own secret", "an unknown key"])
def test_a_signature_that_is_not_the_providers_lets_nobody_in(liar, ours, header) -> None:
    """Neither one made with the secret that we hold too, nor one by a key it does not show."""
    liar.header = header
    with pytest.raises(NotFound):
        _come_back(liar, ours)


def test_a_foreign_key_under_the_same_name_lets_nobody_in(liar, ours) -> None:
    """The name of a key proves nothing."""
    liar.foreign_key = True
    with pytest.raises(NotFound):
        _come_back(liar, ours)


def test_claims_without_a_signature_let_nobody_in(liar, ours, monkeypatch) -> None:
    """`alg: none` is refused whatever it says."""
    monkeypatch.setattr(liar, "_id_token", lambda: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzLTEifQ.")
    with pytest.raises(NotFound):
        _come_back(liar, ours)


@pytest.mark.parametrize("answer", [
    {"state": ""}, {"state": "another"}, {"state": "é"}, {"code": ""}, {"error": "access_denied", "code": ""},
    {"iss": "https://elsewhere.example"}], ids=str)
def test_an_answer_to_another_errand_lets_nobody_in(liar, ours, answer) -> None:
    """State altered, no code, refused there, or another provider's answer (RFC 9207)."""
    with pytest.raises(NotFound):
        _come_back(liar, ours, **answer)


def test_the_page_about_somebody_else_is_not_believed(liar, ours) -> None:
    """OpenID Connect Core, 5.3.2: its subject must be the one that was signed."""
    liar.userinfo = {"sub": "s-2", "email": "chef@exemple.fr"}
    with pytest.raises(NotFound):
        _come_back(liar, ours)


@pytest.mark.parametrize("verified", ["true", 1, None, False])
def test_an_address_is_verified_or_not(liar, ours, verified) -> None:
    """Anything but a plain yes is a no."""
    liar.userinfo = {"email_verified": verified}
    assert _come_back(liar, ours).email_verified is False


@pytest.mark.parametrize(("told", "groups"), [
    ("comms", {"comms"}), (["a", "b"], {"a", "b"}), ([1, {"x": 1}, "a"], {"a"}), ({"a": 1}, set()), (None, set())])
def test_groups_are_names_or_nothing(liar, ours, told, groups) -> None:
    """Whatever the provider makes of them."""
    liar.claims = {"groups": told, "email": "x@exemple.fr"}
    liar.userinfo = {"groups": told}
    assert _come_back(liar, ours).groups == groups


@pytest.mark.parametrize("trouble", [{"status": 500}, {"status": 404}, {"body": b"<html>"}, {"body": b"[]"},
                                     {"body": b"\xff"}], ids=str)
def test_a_provider_that_talks_nonsense_is_asleep(liar, ours, trouble) -> None:
    """One sentence; the password still opens."""
    for name, value in trouble.items():
        setattr(liar, name, value)
    with pytest.raises(NotAvailable, match="does not answer"):
        ours.address(Errand(new_secret(), BACK))


def test_a_provider_that_is_gone_is_asleep() -> None:
    """Nobody listens at its address."""
    with pytest.raises(NotAvailable):
        AuthlibProvider(ProviderPlace("http://127.0.0.1:1", CLIENT), "").address(Errand(new_secret(), BACK))


@pytest.mark.parametrize("about", [
    {"issuer": "https://elsewhere.example"}, {"token_endpoint": None}, {"jwks_uri": "http://open.example/jwks"},
    {"authorization_endpoint": "javascript:alert(1)"}, {"token_endpoint": 7}], ids=str)
def test_a_provider_that_names_itself_or_its_places_wrongly_is_not_used(liar, ours, about) -> None:
    """Another issuer, a place that is missing, or one that others can listen to."""
    liar.about_itself = about
    with pytest.raises(NotAvailable):
        ours.address(Errand(new_secret(), BACK))


def test_after_trouble_it_is_asked_again(liar, ours) -> None:
    """A provider that was asleep needs no restart of the studio."""
    liar.status = 500
    with pytest.raises(NotAvailable):
        ours.address(Errand(new_secret(), BACK))
    liar.status = 200
    assert ours.address(Errand(new_secret(), BACK))


def test_what_it_says_of_itself_is_asked_once_an_hour(liar) -> None:
    """Not before the first use, and not at every one."""
    now = [0.0]
    ours = AuthlibProvider(ProviderPlace(liar.issuer, CLIENT, SECRET), "", lambda: now[0])
    assert liar.asked == []
    for moment in (0.0, FRESH_FOR_S - 1, FRESH_FOR_S + 1):
        now[0] = moment
        ours.address(Errand(new_secret(), BACK))
    assert len(liar.asked) == 2


def test_no_provider_unless_one_is_named(tmp_path) -> None:
    """There are local accounts alone."""
    assert provider(Settings(home=tmp_path)) is None


def test_a_provider_without_our_name_there_is_refused_at_the_start(tmp_path) -> None:
    """The administrator hears of it, not the first person who clicks."""
    with pytest.raises(BadInput, match="CLIENT_ID"):
        provider(Settings(home=tmp_path, oidc=OidcChoice(issuer="https://sso.exemple.fr")))
