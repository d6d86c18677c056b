"""A calendar account over CalDAV (RFC 4791): its calendars, which times are taken, and one event by its UID.

An event is only ever written under the condition that it is still as it was read (``If-Match``), so that nothing is
overwritten unseen. Nothing here tries twice; who calls knows what may have been carried out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urljoin, urlsplit

from isdesk.channels import ics
from isdesk.domain.booking import Span
from isdesk.domain.errors import BadInput, CalendarError, EventChanged, IsdeskError

if TYPE_CHECKING:
    from caldav.davclient import DAVClient

T = TypeVar("T")
TIMEOUT_S = 10
"""So long is waited for an answer; a rep on the telephone is not kept by a slow server."""
_DAY = timedelta(days=1)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Found:
    """A calendar of the account."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Stored:
    """An event as the server has it; ``etag`` says which state of it was read."""

    url: str
    etag: str
    text: str


def address(text: str) -> str:
    """Return the address of an account in the form in which it is kept.

    Raises BadInput (``calendar_address``) unless it is https (or http on this machine) without a password in it.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise BadInput("calendar_address") from error
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not host or not safe or parts.username is not None or not text.isascii() or " " in text:
        raise BadInput("calendar_address")
    return text if text.endswith("/") else f"{text}/"


class CalDav:
    """One account. Raises CalendarError from every method; `close` at the end."""

    def __init__(self, url: str, user: str, password: str, timeout_s: int = TIMEOUT_S) -> None:
        self.url = address(url)
        self._user, self._password, self._timeout_s = user, password, timeout_s
        self._made: DAVClient | None = None

    @property
    def _client(self) -> DAVClient:
        if self._made is None:
            from caldav.davclient import DAVClient

            logging.getLogger("caldav").disabled = True  # it would write addresses and parts of events (SECURITY C3)
            self._made = DAVClient(
                self.url,
                username=self._user,
                password=self._password,
                auth_type="basic",
                timeout=self._timeout_s,
                enable_rfc6764=False,
                require_tls=False,  # `address` has seen to it
            )
            self._stay_here(self._made.session)
        return self._made

    def _stay_here(self, session: Any) -> None:
        """Follow no redirect to another server: neither the password nor an invitation goes there (SECURITY C3)."""
        found = session.get_redirect_target

        def target(answer: Any) -> str | None:
            to: str | None = found(answer)
            if to is not None:
                try:
                    self._own(urljoin(str(answer.url), to))
                except CalendarError:
                    answer.close()  # nobody will read it
                    raise
            return to

        session.get_redirect_target = target

    def close(self) -> None:
        """End the connection."""
        if self._made is not None:
            self._made.close()
            self._made = None

    def calendars(self) -> list[Found]:
        """Return the calendars of the account that hold events, by name.

        Raises CalendarError (``calendar_none_found``) where there is none: the address leads somewhere else.
        """

        def ask() -> list[Found]:
            found = []
            for one in self._client.principal().calendars():
                kinds = one.get_supported_components()
                if not kinds or "VEVENT" in kinds:
                    url = self._own(str(one.url))
                    found.append(Found(url, str(one.get_display_name() or _last(url))))
            return found

        every = self._asked(ask)
        if not every:
            raise CalendarError("calendar_none_found")
        return sorted(every, key=lambda one: (one.name, one.url))

    def busy(self, calendar: str, start: datetime, end: datetime) -> list[Span]:
        """Return the times of a calendar that are taken, earliest first; what cannot be read counts for nothing."""

        def ask() -> list[str]:
            place = self._client.calendar(url=self._own(calendar))
            # a time without a zone is compared as UTC there, and is Tokyo's here
            events = place.search(start=start - _DAY, end=end + _DAY, event=True, expand=False)
            return [str(event.data) for event in events]

        found: list[Span] = []
        for text in self._asked(ask):
            try:
                found += ics.taken(text, start, end).spans
            except BadInput:
                continue  # one broken event of somebody else must not hide the others
        return sorted(set(found))

    def get(self, calendar: str, uid: str) -> Stored | None:
        """Return an event of a calendar by its UID, None where it is not there."""
        url = self.place(calendar, uid)
        answer = self._send(url, "GET", "", {})
        if answer.status in {404, 410}:
            self._there(calendar)
            return None
        self._fine(answer.status)
        etag = str(answer.headers.get("ETag") or "")
        if not etag:  # asked for before the text is read once more: what changes in between is noticed on writing
            etag = self._etag(url)
            answer = self._send(url, "GET", "", {})
            self._fine(answer.status)
        return Stored(url, etag, _text(answer))

    def _etag(self, url: str) -> str:
        """Return which state of an event the server has, asked for as a property; empty where it will not say."""
        kind = {"Depth": "0", "Content-Type": "application/xml; charset=utf-8"}
        answer = self._send(url, "PROPFIND", _ASK_ETAG, kind)
        self._fine(answer.status)
        tree = answer.tree
        return "" if tree is None else str(next((one.text for one in tree.iter("{DAV:}getetag") if one.text), ""))

    def put(self, calendar: str, uid: str, text: str, before: Stored | None) -> None:
        """Write an event as it follows on ``before`` (None: it is new).

        Raises EventChanged where it changed since, CalendarError (``calendar_no_etag``) where nobody can know.
        """
        condition = {"If-None-Match": "*"} if before is None else {"If-Match": _state(before)}
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        answer = self._send(self.place(calendar, uid), "PUT", text, headers)
        if answer.status in {409, 412}:
            if answer.status == 409:
                self._there(calendar)
            raise EventChanged("calendar_changed")
        self._fine(answer.status)

    def delete(self, before: Stored) -> None:
        """Take an event off the calendar. Raises as `put`."""
        answer = self._send(before.url, "DELETE", "", {"If-Match": _state(before)})
        if answer.status == 412:
            raise EventChanged("calendar_changed")
        if answer.status not in {404, 410}:
            self._fine(answer.status)

    def place(self, calendar: str, uid: str) -> str:
        """Return where an event lies: one place for each UID, so that it cannot be there twice."""
        base = self._own(calendar)
        return urljoin(base if base.endswith("/") else f"{base}/", f"{quote(uid, safe='')}.ics")

    def _own(self, url: str) -> str:
        """Return an address of this account's server; the password goes to no other. Raises CalendarError."""
        whole = urljoin(self.url, url)
        if urlsplit(whole)[:2] != urlsplit(self.url)[:2]:
            raise CalendarError("calendar_elsewhere")
        return whole

    def _there(self, calendar: str) -> None:
        """Raise CalendarError (``calendar_missing``) unless the calendar is there: nothing in it is not nowhere."""
        answer = self._send(self._own(calendar), "PROPFIND", "", {"Depth": "0"})
        self._fine(answer.status)

    def _send(self, url: str, method: str, body: str, headers: dict[str, str]) -> Any:
        return self._asked(lambda: self._client.request(url, method, body, headers))

    def _fine(self, status: int) -> None:
        if status >= 400:
            raise CalendarError(_CODES.get(status, "calendar_failed"), status=status)

    def _asked(self, ask: Callable[[], T]) -> T:
        from caldav.lib.error import AuthorizationError, DAVError, NotFoundError
        from niquests.exceptions import ConnectionError as Unreachable
        from niquests.exceptions import RequestException, Timeout

        try:
            return ask()
        except IsdeskError:
            raise
        except AuthorizationError as error:
            raise CalendarError("calendar_forbidden" if error.status == 403 else "calendar_sign_in") from error
        except NotFoundError as error:
            raise CalendarError("calendar_missing") from error
        except Timeout as error:
            raise CalendarError("calendar_slow", seconds=self._timeout_s) from error
        except Unreachable as error:
            raise CalendarError("calendar_unreachable") from error
        except (RequestException, OSError) as error:
            raise CalendarError("calendar_unreachable") from error
        except DAVError as error:
            status = _status(error)
            if status >= 429:
                raise CalendarError("calendar_failed", status=status) from error
            raise CalendarError("calendar_no_caldav") from error
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError) as error:
            raise CalendarError("calendar_no_caldav") from error


_ASK_ETAG = '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
_CODES = {401: "calendar_sign_in", 403: "calendar_forbidden", 404: "calendar_missing", 410: "calendar_missing"}


def _state(before: Stored) -> str:
    """Return which state of an event is followed on; without one, somebody's change would be overwritten unseen."""
    if not before.etag:
        raise CalendarError("calendar_no_etag")
    return before.etag


def _status(error: Exception) -> int:
    """Return the HTTP status that an error of the library tells of, 0 where it tells of none."""
    said = getattr(error, "status", None) or str(error)[:3]
    if type(error).__name__ == "RateLimitError":
        return 429
    return int(said) if str(said).isdigit() else 0


def _text(answer: Any) -> str:
    raw = answer.raw
    return raw.decode("utf-8", errors="replace") if isinstance(raw, bytes) else str(raw)


def _last(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


__all__ = ["TIMEOUT_S", "CalDav", "Found", "Stored", "address"]
