"""HTTP for adapters: one client, explicit timeouts, no hidden retries, and every failure mapped to the port's errors.

What decides is whether the request may have been carried out (SYNC E2, E8). Before it was on its way: `Offline`. A read
that failed: `Offline` or `Transient`. A write whose answer did not come, came torn, or came as anything but JSON (the
page of a hotel's network): `Unknown`, never success and never permanent. A refusal in the CRM's own JSON (4xx) is given
to the adapter, which knows its words.
"""

from __future__ import annotations

import json as jsons
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import truststore

from isdesk.crm.port import Auth, Offline, Signals, Transient, Unknown
from isdesk.domain.errors import BadInput

TIMEOUT: Final = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=5.0)
"""Seconds. ``read`` and ``write`` are of a stall, not of the whole: a slow answer that keeps coming is no failure."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_WAIT: Final = frozenset({408, 425, 429})
_SERVER: Final = 500
_UNAUTHORIZED: Final = 401
_REDIRECT: Final = range(300, 400)

Headers = Mapping[str, str]
Now = Callable[[], datetime]
_IN_TIME = timedelta(seconds=10)
"""An answer that took longer says nothing of the clocks: the machine may have slept, or its clock was set."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in JSON: ``status`` is 2xx, or 4xx where the CRM refuses in its own words."""

    status: int
    data: Any
    headers: Headers

    @property
    def ok(self) -> bool:
        """Return whether the CRM did what it was asked to."""
        return self.status < 300


def place(url: str, suffixes: Sequence[str]) -> str:
    """Return the origin of ``url`` (``https://host[:port]``) where credentials may be sent.

    Only https, on a host that is, or ends in, one of ``suffixes`` (``.example.com``; none: any host); plain http on
    loopback only (SECURITY C3). Raises BadInput (``url_not_https``, ``url_not_allowed``).
    """
    parts = urlsplit(url if "://" in url else f"https://{url}")
    host = (parts.hostname or "").casefold()
    if not host or parts.username or parts.password or any(c.isspace() for c in host):
        raise BadInput("url_not_allowed", host=host)
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise BadInput("url_not_https", host=host)
    if host not in LOOPBACK and suffixes and not any(host == s.lstrip(".") or host.endswith(s) for s in suffixes):
        raise BadInput("url_not_allowed", host=host)
    port = f":{parts.port}" if parts.port else ""
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{port}"


class Client:
    """Talks to one origin. ``authorize`` gives the headers of each request (a token may change between two).

    ``now`` is the desk's wall clock, for the difference to the CRM's. ``transport`` replaces the network in tests.
    """

    def __init__(
        self,
        origin: str,
        *,
        authorize: Callable[[], Headers],
        now: Now,
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self.origin = origin
        self.skew_ms: int | None = None
        self._authorize = authorize
        self._now = now
        self._timeout = timeout
        self._http = httpx.Client(
            base_url=origin,
            timeout=timeout,
            transport=transport,
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if origin.startswith("https") else True,
            follow_redirects=False,
            headers={"Accept": "application/json", "User-Agent": "isdesk"},
            trust_env=urlsplit(origin).hostname not in LOOPBACK,
        )

    def get(self, path: str, *, params: Mapping[str, Any] | None = None, budget_s: float | None = None) -> Reply:
        """Read. ``budget_s`` bounds the wait for each part of the answer."""
        return self.request("GET", path, params=params, budget_s=budget_s)

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Headers | None = None,
        writes: bool = False,
        budget_s: float | None = None,
    ) -> Reply:
        """Send one request, once. ``path`` is absolute on the origin; ``writes``: it may change something there.

        ``content`` is a body that is not JSON (a form); its type goes with ``headers``.

        Raises Offline, Transient, Auth or Unknown; returns a 4xx in JSON for the adapter to read.
        """
        answer = self.exchange(
            method, path, json=json, content=content, params=params, headers=headers, writes=writes, budget_s=budget_s
        )
        return _read(answer, writes=writes)

    def exchange(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Headers | None = None,
        writes: bool = False,
        budget_s: float | None = None,
    ) -> httpx.Response:
        """Send one request, once, and return the answer unread, for a CRM that does not speak JSON throughout.

        Raises Offline, or Transient (a read) and Unknown (a write) where the answer did not come whole.
        """
        timeout = self._timeout if budget_s is None else httpx.Timeout(budget_s)
        begun = self._now()
        try:
            answer = self._http.request(
                method, self._inside(path), json=json, content=content, params=params, timeout=timeout,
                headers={**self._authorize(), **(headers or {})},
            )  # fmt: skip
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
            raise Offline("crm_offline") from None
        except httpx.HTTPError:
            raise _lost(writes) from None
        self._measure(answer, begun, self._now())
        return answer

    def signals(self, *, used: int | None = None, limit: int | None = None, reset_in: float | None = None) -> Signals:
        """Return what the last answer said of the clock, with the allowance that the adapter read from it."""
        return Signals(self.skew_ms, used, limit, reset_in)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _inside(self, path: str) -> str:
        """Return ``path`` where it stays on our origin (a page's next address comes from outside)."""
        if "://" not in path:
            return path
        if not path.startswith(f"{self.origin}/"):
            raise BadInput("url_not_allowed", host=urlsplit(path).hostname or "")
        return path[len(self.origin) :]

    def _measure(self, answer: httpx.Response, begun: datetime, ended: datetime) -> None:
        said = answer.headers.get("Date")
        if said is None or not timedelta() <= ended - begun <= _IN_TIME:
            return
        try:
            at = parsedate_to_datetime(said)
        except ValueError:
            return
        middle = begun + (ended - begun) / 2
        self.skew_ms = round((at.astimezone(UTC) - middle).total_seconds() * 1000)


def _lost(writes: bool) -> Unknown | Transient:
    return Unknown("answer_lost") if writes else Transient("crm_slow")


def _read(answer: httpx.Response, *, writes: bool) -> Reply:
    status = answer.status_code
    if status in _REDIRECT:
        raise Unknown("captive_portal") if writes else Offline("captive_portal")
    data = _json(answer)
    if status >= _SERVER:
        # The vendor's own words in JSON are kept for adapters that know some of them to be refusals (Odoo).
        raise ServerFailed(status, data) if data is not _NOTHING else _foreign(status, writes=writes)
    if data is _NOTHING:
        raise _foreign(status, writes=writes)
    if status == _UNAUTHORIZED:
        raise Unauthorized(data)
    if status in _WAIT:
        raise Throttled(status, data, retry_after(answer.headers), dict(answer.headers))
    return Reply(status, data, answer.headers)


class ServerFailed(Unknown):
    """5xx in the CRM's own JSON: for a write nobody knows; an adapter may know better from ``data``."""

    def __init__(self, status: int, data: Any) -> None:
        super().__init__("answer_lost", status=status)
        self.status, self.data = status, data


class Unauthorized(Auth):
    """401 in the CRM's own JSON; an adapter with a refresh token renews it once."""

    def __init__(self, data: Any) -> None:
        super().__init__("crm_signed_out")
        self.data = data


class Throttled(Transient):
    """408, 425 or 429: not carried out. ``data`` and ``headers`` for adapters that tell minutes from a day."""

    def __init__(self, status: int, data: Any, wait: float | None, headers: Headers) -> None:
        super().__init__("crm_busy", retry_after=wait, status=status)
        self.data, self.headers = data, headers


def _foreign(status: int, *, writes: bool) -> Offline | Unknown:
    """Not the CRM's JSON: somebody else answers (a portal, a proxy, a maintenance page)."""
    return Unknown("captive_portal", status=status) if writes else Offline("captive_portal", status=status)


_NOTHING: Final = object()


def _json(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    if "html" in answer.headers.get("Content-Type", ""):
        return _NOTHING
    try:
        return jsons.loads(answer.content)
    except ValueError:
        return _NOTHING


def retry_after(headers: Headers) -> float | None:
    """Return the seconds of a Retry-After header given in seconds; None where there is none."""
    said = headers.get("Retry-After") or headers.get("retry-after")
    return float(said) if said is not None and said.strip().isdigit() else None
