"""Signing in with the system's browser (OAuth 2.0, PKCE, loopback), and tokens that renew themselves safely.

The code comes back to a listener on this machine that lives for one sign-in and five minutes (RFC 8252, RFC 7636,
SECURITY C3). Refresh tokens may rotate: the new one is kept durably before the new access token is first used, and the
one before it until something succeeded (SYNC E10). Threads and processes take turns, and whoever comes second finds the
first one's tokens.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets as randomness
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from typing_extensions import override

from isdesk.crm.http import LOOPBACK, Client, Now, Reply, ServerFailed, Unauthorized, place
from isdesk.crm.port import Auth, Offline, Transient
from isdesk.domain.errors import BadInput

if TYPE_CHECKING:
    from isdesk.crm.registry import Keep

EXPIRY_S: Final = 300.0
"""How long a sign-in may take (SECURITY C3)."""
_TURN_S: Final = 30.0
_POLL_S: Final = 0.05
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_CHALLENGE: Final = "S256"
_RETRY: Final = frozenset({"unknown_error", "temporarily_unavailable", "server_error"})
"""Errors of a token endpoint that say nothing about the token (RFC 6749, 4.1.2.1; Salesforce "retry your request")."""

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True, slots=True)
class Provider:
    """Where one signs in, as paths on the sign-in origin; ``suffixes`` are the hosts that may be trusted with a token.

    ``port`` is the loopback port of the callback, 0 for any free one (a provider that compares the callback's address
    to the letter needs a fixed one); ``callback`` its host and path.
    """

    authorize: str
    token: str
    scope: str
    suffixes: tuple[str, ...]
    port: int = 0
    callback: tuple[str, str] = ("127.0.0.1", "/callback")

    def address(self, port: int) -> str:
        """Return the address to which the browser brings the code; an administrator enters it, where it is fixed."""
        host, path = self.callback
        return f"http://{host}:{port}{path}"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in gives. ``origin``: where the tokens may be sent; ``identity`` names the person there.

    ``previous`` is the refresh token before ``refresh``; ``grant`` a digest of the sign-in that all this came from.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    origin: str
    identity: str = ""
    previous: str = field(default="", repr=False)
    grant: str = ""

    def text(self) -> str:
        """Return the tokens as the secret that is kept."""
        return json.dumps({k: v for k, v in asdict(self).items() if v})


def read(secret: str | None) -> Tokens:
    """Return the tokens of a kept secret. Raises Auth (``crm_signed_out``) where it holds none."""
    try:
        known = json.loads(secret or "")
        return Tokens(**{k: str(known.get(k, "")) for k in Tokens.__slots__})
    except (ValueError, AttributeError):
        raise Auth("crm_signed_out") from None


# ------------------------------------------------------------------------------------------------------- signing in


def login(
    provider: Provider,
    login_url: str,
    client_id: str,
    *,
    open_browser: Callable[[str], object],
    now: Now,
    wait_s: float = EXPIRY_S,
    cancelled: Callable[[], bool] = lambda: False,
    transport: httpx.BaseTransport | None = None,
) -> Tokens:
    """Let a person sign in with their browser; returns the tokens. ``open_browser`` is given the address to show.

    Raises BadInput (``oauth_client_missing``, ``oauth_port_busy``, an address that may not be trusted), Auth
    (``oauth_denied``, ``oauth_expired``), Offline or Transient.
    """
    if not client_id:
        raise BadInput("oauth_client_missing", callback=provider.address(provider.port), scope=provider.scope)
    origin = place(login_url, provider.suffixes)
    verifier, state = randomness.token_urlsafe(64), randomness.token_urlsafe(32)
    with _listener(provider, state) as waiting:
        query = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": waiting.address,
            "scope": provider.scope,
            "state": state,
            "code_challenge": challenge(verifier),
            "code_challenge_method": _CHALLENGE,
        }
        open_browser(f"{origin}{provider.authorize}?{urlencode(query)}")
        code = waiting.code(wait_s, cancelled)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": client_id,
            "redirect_uri": waiting.address,
            "code_verifier": verifier,
        }
        said = _ask(provider, origin, form, now, transport)
    return _received(provider, origin, said)


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class _Waiting(HTTPServer):
    """The listener of one sign-in: it answers the browser once and keeps what it said."""

    timeout = 0.25

    def __init__(self, provider: Provider, state: str) -> None:
        super().__init__(("127.0.0.1", provider.port), _Callback)
        self.path = provider.callback[1]
        self.address = provider.address(int(self.server_address[1]))
        self.state = state
        self.said: Mapping[str, str] | None = None

    def code(self, wait_s: float, cancelled: Callable[[], bool]) -> str:
        """Wait for the browser; return the code that it brings. Raises Auth."""
        until = time.monotonic() + wait_s
        while self.said is None:
            if time.monotonic() >= until or cancelled():
                raise Auth("oauth_expired")
            self.handle_request()
        if "code" not in self.said:
            raise Auth("oauth_denied", reason=self.said.get("error", "")[:80])
        return self.said["code"]

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that hung up (the address holds the code)."""


class _Callback(BaseHTTPRequestHandler):
    server: _Waiting
    timeout = 5.0

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        said = {k: v[-1] for k, v in parse_qs(parts.query).items()}
        fits = randomness.compare_digest(said.get("state", "").encode(), self.server.state.encode())
        if parts.path != self.server.path or not fits or self.server.said is not None:
            self._page(404, "このページは使えません。")
            return
        self.server.said = said
        fine = "code" in said
        self._page(
            200,
            "サインインしました。このタブを閉じてください。"
            if fine
            else "サインインできませんでした。このタブを閉じてください。",
        )

    def _page(self, status: int, words: str) -> None:
        body = (
            f'<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>isdesk</title><p>{words}</p></html>'.encode()
        )
        self.send_response_only(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def _listener(provider: Provider, state: str) -> Iterator[_Waiting]:
    try:
        server = _Waiting(provider, state)
    except OSError:
        raise BadInput("oauth_port_busy", port=provider.port) from None
    try:
        yield server
    finally:
        server.server_close()


# ------------------------------------------------------------------------------------------------- keeping and renewing


class TokenKeeper:
    """The tokens of one connection: read where they are kept, renewed in turns, kept before they are used.

    ``secret`` is what the sign-in gave; the newest tokens that came of it are kept under ``name``. ``lock`` is a file
    beside which processes take turns.
    """

    def __init__(
        self,
        provider: Provider,
        login_url: str,
        client_id: str,
        secret: str | None,
        *,
        keep: Keep | None,
        name: str,
        lock: Path | None,
        now: Now,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._provider, self._client_id = provider, client_id
        self._login = place(login_url, provider.suffixes)
        self._keep, self._name, self._lock = keep, name, lock
        self._now, self._transport = now, transport
        self._turn = threading.RLock()
        first = read(secret)
        self._first = replace(first, grant=hashlib.sha256(first.refresh.encode()).hexdigest()[:16])
        self._tokens = self._trusted(self._kept() or self._first)

    @property
    def tokens(self) -> Tokens:
        """Return the tokens as they are known here."""
        return self._tokens

    def renew(self, stale: str) -> None:
        """Have a new access token in the place of ``stale``; somebody else may have done so already.

        Raises Auth where the sign-in no longer holds, Offline or Transient where nobody knows.
        """
        with self._turn, _turn_of_processes(self._lock):
            kept = self._kept()
            if kept is not None:
                self._tokens = self._trusted(kept)
            if self._tokens.access != stale:
                return
            self._tokens = self._renewed()

    def proved(self) -> None:
        """Forget the refresh token before the present one: something has succeeded with the tokens as they are."""
        if not self._tokens.previous:
            return
        with self._turn, _turn_of_processes(self._lock):
            kept = self._kept()
            if kept is not None and kept.access != self._tokens.access:
                return
            self._tokens = replace(self._tokens, previous="")
            self._put(self._tokens)

    def _renewed(self) -> Tokens:
        now = self._tokens
        if not now.refresh:
            raise Auth("crm_signed_out")
        try:
            said = self._refresh(now.refresh)
        except Auth:
            if not now.previous:
                raise
            said = self._refresh(now.previous)
        try:
            fresh = _received(self._provider, self._login, said, now)
        except BadInput as error:
            raise Auth(error.code, **error.params) from None
        rotated = fresh.refresh != now.refresh
        fresh = replace(fresh, grant=now.grant, previous=now.refresh if rotated else now.previous)
        self._put(fresh)
        return fresh

    def _refresh(self, refresh: str) -> Mapping[str, Any]:
        form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": self._client_id}
        return _ask(self._provider, self._login, form, self._now, self._transport)

    def _kept(self) -> Tokens | None:
        """Return the newest tokens of this sign-in that are kept; None where there are none (or of another one)."""
        text = self._keep.get(self._name) if self._keep is not None else None
        if text is None:
            return None
        with suppress(Auth):
            kept = read(text)
            return kept if kept.grant == self._first.grant else None
        return None

    def _put(self, tokens: Tokens) -> None:
        if self._keep is not None:
            self._keep.set(self._name, tokens.text())

    def _trusted(self, tokens: Tokens) -> Tokens:
        return replace(tokens, origin=trusted(self._provider, self._login, tokens.origin))


def trusted(provider: Provider, login_origin: str, origin: str) -> str:
    """Return ``origin`` where a token of ``login_origin`` may be sent: a host of the provider's, loopback only from
    loopback. Raises BadInput (``url_not_allowed``, ``url_not_https``).
    """  # fmt: skip
    found = place(origin, provider.suffixes)
    host = urlsplit(found).hostname or ""
    if host in LOOPBACK and urlsplit(login_origin).hostname not in LOOPBACK:
        raise BadInput("url_not_allowed", host=host)
    return found


def _received(provider: Provider, login_origin: str, said: Mapping[str, Any], before: Tokens | None = None) -> Tokens:
    access = str(said.get("access_token") or "")
    if not access:
        raise Transient("crm_slow")
    origin = str(said.get("instance_url") or (before.origin if before is not None else ""))
    return Tokens(
        access,
        str(said.get("refresh_token") or (before.refresh if before is not None else "")),
        trusted(provider, login_origin, origin),
        str(said.get("id") or (before.identity if before is not None else "")),
    )


def _ask(
    provider: Provider, origin: str, form: Mapping[str, str], now: Now, transport: httpx.BaseTransport | None
) -> Mapping[str, Any]:
    """Ask the token endpoint. Raises Auth where it says no, Offline or Transient where it says nothing."""
    client = Client(origin, authorize=dict, now=now, transport=transport)
    try:
        body = urlencode(form).encode()
        reply: Reply = client.request("POST", provider.token, content=body, headers=_FORM)
    except ServerFailed:
        raise Transient("crm_slow") from None
    except Unauthorized:
        raise Auth("crm_signed_out") from None
    finally:
        client.close()
    if reply.ok and isinstance(reply.data, dict):
        return reply.data
    if reply.ok:
        raise Offline("captive_portal")
    error = reply.data.get("error") if isinstance(reply.data, dict) else None
    raise Transient("crm_busy") if error in _RETRY else Auth("crm_signed_out")


@contextmanager
def _turn_of_processes(path: Path | None) -> Iterator[None]:
    """Hold the lock file for the block; None: there is nobody to take turns with. Raises Transient after a while."""
    if path is None:
        yield
        return
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + _TURN_S
        while True:
            try:
                _take(handle)
                break
            except OSError:
                if time.monotonic() >= until:
                    raise Transient("crm_slow") from None
                time.sleep(_POLL_S)
        yield
    finally:
        os.close(handle)
