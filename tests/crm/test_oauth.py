"""Signing in with the browser, and tokens that renew themselves without being lost."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from typing_extensions import override

from isdesk.crm import oauth
from isdesk.crm.oauth import TokenKeeper, Tokens, challenge, login, read, trusted
from isdesk.crm.port import Auth, Offline, Transient
from isdesk.crm.salesforce import PROVIDER
from isdesk.domain.errors import BadInput, VaultError
from tests.crm.fakes.salesforce import CLIENT, FakeSalesforce
from tests.crm.loopback import Answer, Fault, Request, on
from tests.crm.rig_salesforce import Keep

FREE = replace(PROVIDER, port=0, callback=("127.0.0.1", "/isdesk"))
TOKEN = "/services/oauth2/token"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def fake() -> Iterator[FakeSalesforce]:
    made = FakeSalesforce()
    made.start()
    yield made
    made.stop()


class Browser:
    """Opens an address as a browser does, in its own thread; keeps the page that it saw last."""

    def __init__(self, change: Callable[[str], list[str]] = lambda address: [address]) -> None:
        self.change = change
        self.pages: list[httpx.Response] = []
        self.opened: list[str] = []
        self._thread: threading.Thread | None = None

    def __call__(self, address: str) -> None:
        self.opened.append(address)
        self._thread = threading.Thread(target=self._go, args=(address,))
        self._thread.start()

    def _go(self, address: str) -> None:
        with httpx.Client(trust_env=False) as client:
            back = client.get(address).headers["Location"]
            for one in self.change(back):
                self.pages.append(client.get(one))

    def close(self) -> None:
        assert self._thread is not None
        self._thread.join()


def sign_in(fake: FakeSalesforce, browser: Browser) -> Tokens:
    try:
        return login(FREE, fake.url, CLIENT, open_browser=browser, now=now)
    finally:
        browser.close()


# ------------------------------------------------------------------------------------------------------- signing in


def test_a_person_signs_in_with_the_browser(fake: FakeSalesforce) -> None:
    browser = Browser()
    tokens = sign_in(fake, browser)
    asked = {k: v[0] for k, v in parse_qs(urlsplit(browser.opened[0]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "api refresh_token"
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert "このタブを閉じてください" in browser.pages[0].text
    assert browser.pages[0].headers["Referrer-Policy"] == "no-referrer"
    assert tokens.origin == fake.url
    assert tokens.identity == fake.identity("sato")
    assert tokens.refresh
    form = parse_qs(next(r.body for r in fake.requests if r.path == TOKEN).decode())
    assert "client_secret" not in form
    assert challenge(form["code_verifier"][0]) == asked["code_challenge"]
    assert len(form["code_verifier"][0]) >= 43


def test_the_example_of_the_standard() -> None:
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_only_the_answer_with_our_state_counts(fake: FakeSalesforce) -> None:
    def change(back: str) -> list[str]:
        forged = back.partition("state=")[0] + "state=other"
        return [forged, back.replace("/isdesk?", "/favicon.ico?"), back]

    browser = Browser(change)
    assert sign_in(fake, browser).access
    assert [page.status_code for page in browser.pages] == [404, 404, 200]


def test_who_refuses_is_told_so(fake: FakeSalesforce) -> None:
    def change(back: str) -> list[str]:
        head, _, query = back.partition("?")
        return [f"{head}?error=access_denied&state={parse_qs(query)['state'][0]}"]

    with pytest.raises(Auth, match="oauth_denied") as caught:
        sign_in(fake, Browser(change))
    assert caught.value.params == {"reason": "access_denied"}


def test_a_sign_in_ends_after_a_while_and_when_it_is_cancelled(fake: FakeSalesforce) -> None:
    with pytest.raises(Auth, match="oauth_expired"):
        login(FREE, fake.url, CLIENT, open_browser=lambda address: None, now=now, wait_s=0.0)
    with pytest.raises(Auth, match="oauth_expired"):
        login(FREE, fake.url, CLIENT, open_browser=lambda address: None, now=now, cancelled=lambda: True)


def test_a_port_that_is_taken_is_named(fake: FakeSalesforce) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match="oauth_port_busy") as caught:
            login(replace(FREE, port=port), fake.url, CLIENT, open_browser=lambda address: None, now=now)
    assert caught.value.params == {"port": port}


def test_without_an_app_it_is_said_what_to_make() -> None:
    with pytest.raises(BadInput, match="oauth_client_missing") as caught:
        login(PROVIDER, "https://login.salesforce.com", "", open_browser=lambda address: None, now=now)
    assert caught.value.params["callback"] == "http://localhost:17317/isdesk"


def test_nobody_signs_in_at_a_foreign_address() -> None:
    for address in (
        "https://login.salesforce.com.example.net",
        "http://login.salesforce.com",
        "https://a@evil.example",
    ):
        with pytest.raises(BadInput, match="url_not"):
            login(FREE, address, CLIENT, open_browser=lambda _: pytest.fail("opened"), now=now)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://salesforce.com.evil.example", "http://x.my.salesforce.com"]
)
def test_a_token_is_not_taken_to_a_foreign_instance(origin: str) -> None:
    class Lying(FakeSalesforce):
        @override
        def handle(self, request: Request) -> Answer:
            answer = super().handle(request)
            if request.path == TOKEN:
                answer.data["instance_url"] = origin
            return answer

    lying = Lying()
    lying.start()
    try:
        with pytest.raises(BadInput, match="url_not"):
            sign_in(lying, Browser())
    finally:
        lying.stop()


def test_loopback_is_trusted_only_from_loopback() -> None:
    assert trusted(PROVIDER, "http://127.0.0.1:9", "http://127.0.0.1:9") == "http://127.0.0.1:9"
    assert (
        trusted(PROVIDER, "https://login.salesforce.com", "https://a.my.salesforce.com")
        == "https://a.my.salesforce.com"
    )
    with pytest.raises(BadInput, match="url_not_allowed"):
        trusted(PROVIDER, "https://login.salesforce.com", "http://127.0.0.1:9")


# --------------------------------------------------------------------------------------------------------- renewing


def keeper(fake: FakeSalesforce, keep: Keep, secret: str, lock: Path | None = None) -> TokenKeeper:
    return TokenKeeper(PROVIDER, fake.url, CLIENT, secret, keep=keep, name="sf/tokens", lock=lock, now=now)


def renewals(fake: FakeSalesforce) -> int:
    return sum(1 for r in fake.requests if r.path == TOKEN)


def test_the_new_refresh_token_is_kept_before_it_is_used(fake: FakeSalesforce) -> None:
    keep, secret = Keep(), fake.secret("sato")
    one = keeper(fake, keep, secret)
    before = one.tokens
    one.renew(before.access)
    kept = read(keep.kept["sf/tokens"])
    assert kept.refresh == fake.grants[0].refresh != before.refresh
    assert kept.previous == before.refresh
    assert kept.access == one.tokens.access
    one.proved()
    assert read(keep.kept["sf/tokens"]).previous == ""
    one.proved()
    assert len(keep.writes) == 2, "nothing is written where nothing changes"


def test_a_desk_that_died_after_keeping_goes_on_with_what_was_kept(fake: FakeSalesforce) -> None:
    keep, secret = Keep(), fake.secret("sato")
    keeper(fake, keep, secret).renew(read(secret).access)
    again = keeper(fake, keep, secret)
    assert again.tokens.access in fake.grants[0].access
    again.renew(again.tokens.access)
    assert fake.grants[0].alive


def test_a_new_sign_in_takes_the_place_of_what_was_kept(fake: FakeSalesforce) -> None:
    keep, secret = Keep(), fake.secret("sato")
    keeper(fake, keep, secret).renew(read(secret).access)
    fresh = fake.secret("ito")
    assert keeper(fake, keep, fresh).tokens.access == read(fresh).access


def test_the_token_before_is_tried_once_where_the_newest_is_refused(fake: FakeSalesforce) -> None:
    keep, secret = Keep(), fake.secret("sato")
    one = keeper(fake, keep, secret)
    one.renew(one.tokens.access)
    kept = read(keep.kept["sf/tokens"])
    # The server was set back to before the rotation: it knows the old token only.
    fake.grants[0].refresh, fake.grants[0].used = kept.previous, set()
    one.renew(kept.access)
    assert one.tokens.refresh == fake.grants[0].refresh
    assert renewals(fake) == 3


def test_a_sign_in_that_was_withdrawn_is_auth_and_nothing_is_lost(fake: FakeSalesforce) -> None:
    keep, secret = Keep(), fake.secret("sato")
    one = keeper(fake, keep, secret)
    one.renew(one.tokens.access)
    kept = dict(keep.kept)
    fake.grants[0].alive = False
    with pytest.raises(Auth, match="crm_signed_out"):
        one.renew(one.tokens.access)
    assert renewals(fake) == 3, "the newest once and the one before it once"
    assert keep.kept == kept


def test_threads_and_processes_renew_once(fake: FakeSalesforce, tmp_path: Path) -> None:
    keep, secret = Keep(), fake.secret("sato")
    desks = [keeper(fake, keep, secret, tmp_path / "sf.token") for _ in range(3)]
    stale = desks[0].tokens.access
    fake.expire()
    threads = [threading.Thread(target=desk.renew, args=(stale,)) for desk in desks for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert renewals(fake) == 1
    assert {desk.tokens.access for desk in desks} == fake.grants[0].access
    assert fake.grants[0].alive


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("before"), Transient),
        (Fault("after"), Transient),
        (Fault("html"), Offline),
        (Fault("redirect"), Offline),
        (Fault("status", answer=Answer(503, {"message": "down"})), Transient),
        (Fault("status", answer=Answer(400, {"error": "unknown_error"})), Transient),
        (Fault("status", answer=Answer(200, [])), Offline),
        (Fault("status", answer=Answer(200, {})), Transient),
    ],
    ids=["lost before", "lost after", "portal", "redirect", "busy", "retry", "no object", "no token"],
)
def test_a_renewal_that_failed_by_the_way_is_no_sign_out(
    fake: FakeSalesforce, fault: Fault, error: type[Exception]
) -> None:
    keep, secret = Keep(), fake.secret("sato")
    one = keeper(fake, keep, secret)
    fault.when = on(part=TOKEN)
    fake.fail(fault)
    with pytest.raises(error):
        one.renew(one.tokens.access)
    assert one.tokens == keeper(fake, keep, secret).tokens
    assert not keep.kept


def test_a_keyring_that_refuses_is_said(fake: FakeSalesforce) -> None:
    class Refusing(Keep):
        @override
        def set(self, name: str, value: str | None) -> None:
            raise VaultError("vault_no_keyring")

    one = keeper(fake, Refusing(), fake.secret("sato"))
    with pytest.raises(VaultError):
        one.renew(one.tokens.access)


def test_a_turn_that_never_comes_is_given_up(
    fake: FakeSalesforce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oauth, "_TURN_S", 0.2)
    one = keeper(fake, Keep(), fake.secret("sato"), tmp_path / "sf.token")
    begun = time.monotonic()
    with oauth._turn_of_processes(tmp_path / "sf.token"), pytest.raises(Transient):
        one.renew(one.tokens.access)
    assert time.monotonic() - begun < 5
    assert renewals(fake) == 0


def test_a_secret_that_is_none_is_signed_out(fake: FakeSalesforce) -> None:
    for secret in (None, "", "[]", "not json"):
        with pytest.raises(Auth, match="crm_signed_out"):
            keeper(fake, Keep(), secret)  # type: ignore[arg-type]


def test_a_kept_token_for_a_foreign_host_is_refused(fake: FakeSalesforce) -> None:
    secret = json.dumps({"access": "a", "refresh": "r", "origin": "https://evil.example"})
    with pytest.raises(BadInput, match="url_not_allowed"):
        keeper(fake, Keep(), secret)


def test_tokens_do_not_show_themselves() -> None:
    shown = repr(Tokens("geheim-1", "geheim-2", "https://a.my.salesforce.com", previous="geheim-3"))
    assert "geheim" not in shown
