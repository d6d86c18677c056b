"""One connection to an organisation: requests with a token that is renewed once, pages of a query, the vendor's errors.

What the vendor says in its own JSON decides more than the status (REST API guide, "Status Codes and Error Responses"):
a refused lock or a busy server was not carried out and is `Transient`, a used-up allowance is `Quota`, an ended session
is renewed once. Everything else follows `isdesk.crm.http`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx

from isdesk.crm.http import TIMEOUT, Client, Headers, Now, Reply, ServerFailed, Unauthorized
from isdesk.crm.oauth import TokenKeeper
from isdesk.crm.port import Auth, Offline, Permanent, Quota, Signals, Transient, Unknown
from isdesk.crm.salesforce import soql

VERSION: Final = "67.0"
"""Summer '26: the newest release that every organisation has."""
DATA: Final = f"/services/data/v{VERSION}"
MOST: Final = 200
"""Records of one write by sObject Collections."""
BATCH: Final = 2_000
"""Rows of one answer to a query, at most."""

RETRY: Final = frozenset(
    {"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "REQUEST_RUNNING_TOO_LONG", "TXN_SECURITY_METERING_ERROR"}
)
"""Codes that say that nothing was written and that the same may succeed later."""
GONE: Final = frozenset({"ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY"})
QUOTA: Final = "REQUEST_LIMIT_EXCEEDED"
NO_COLUMN: Final = "INVALID_FIELD"
_NOT_THERE: Final = frozenset({NO_COLUMN, "INVALID_TYPE"})
_USAGE: Final = re.compile(r"api-usage=(\d+)/(\d+)")
_HALTED: Final = "PROCESSING_HALTED"
"""What the parts of a transaction say that failed for another one's sake."""
_NEXT: Final = re.compile(r"/services/data/v[0-9.]+/query/[A-Za-z0-9-]+")
_NAMED: Final = re.compile(r"column '([A-Za-z0-9_.]+)'")
_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{2,60}")


_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as the vendor says it: its code, its words for the person, and the fields that it names."""

    code: str
    words: str
    fields: tuple[str, ...] = ()


def failure(data: Any) -> Failure:
    """Return the first error of an answer, of one request (``errorCode``) or of a collection (``statusCode``)."""
    first = data[0] if isinstance(data, list) and data else data
    if not isinstance(first, dict):
        return Failure("", "")
    code = str(first.get("errorCode") or first.get("statusCode") or "")
    named = first.get("fields")
    fields = tuple(str(f) for f in named) if isinstance(named, list) else ()
    return Failure(code if _CODE.fullmatch(code) else "", str(first.get("message") or ""), fields)


class Link:
    """Requests to one organisation. ``transport`` replaces the network in tests."""

    def __init__(
        self,
        keeper: TokenKeeper,
        now: Now,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._keeper, self._now, self._transport, self._timeout = keeper, now, transport, timeout
        self._client: Client | None = None
        self._used: tuple[int, int] | None = None

    @property
    def origin(self) -> str:
        """Return the organisation's origin."""
        return self._keeper.tokens.origin

    @property
    def identity(self) -> str:
        """Return the address that names the organisation and the person (``…/id/<organisation>/<user>``)."""
        return self._keeper.tokens.identity

    @property
    def signals(self) -> Signals:
        """Return what the last answers said of clock and allowance."""
        used, limit = self._used if self._used is not None else (None, None)
        return Signals(self._client.skew_ms if self._client is not None else None, used, limit)

    def clock(self) -> datetime:
        """Return the vendor's clock, asking for nothing but the time where no answer told it yet."""
        if self._client is None or self._client.skew_ms is None:
            self.get("/services/data")
        skew = self._client.skew_ms if self._client is not None else None
        return self._now() + timedelta(milliseconds=skew or 0)

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    # ---------------------------------------------------------------------------------------------------- one request

    def get(self, path: str, *, params: Mapping[str, Any] | None = None, budget_s: float | None = None) -> Any:
        """Return what a read answers. Raises Offline, Transient, Auth, Quota or Permanent."""
        reply = self._send("GET", path, params=params, budget_s=budget_s)
        return reply.data if reply.ok else self._refused(reply)

    def post_read(self, path: str, json: Any) -> Any:
        """Return what a read answers whose question is too long for an address."""
        reply = self._send("POST", path, json=json)
        return reply.data if reply.ok else self._refused(reply)

    def write(self, method: str, path: str, json: Any = None, *, headers: Headers | None = None) -> Reply:
        """Write; a refusal is returned for the caller to read. Raises Offline, Transient, Auth, Quota or Unknown."""
        reply = self._send(method, path, json=json, headers=headers, writes=True)
        said = failure(reply.data)
        if reply.status == 403 and said.code == QUOTA:
            raise Quota("crm_quota")
        return reply

    def soap(self, body: Callable[[str], bytes], path: str) -> httpx.Response:
        """Send a SOAP call, which carries the token in its ``body``. Raises Offline, Auth or Unknown."""
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""', "Accept": "text/xml"}

        def ask(client: Client) -> httpx.Response:
            content = body(self._keeper.tokens.access)
            return _session(client.exchange("POST", path, content=content, headers=headers, writes=True))

        return self._turn(ask)

    def _send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Headers | None = None,
        writes: bool = False,
        budget_s: float | None = None,
    ) -> Reply:
        try:
            reply = self._turn(
                lambda client: client.request(
                    method, path, json=json, params=params, headers=headers, writes=writes, budget_s=budget_s
                )
            )
        except ServerFailed as failed:
            if failure(failed.data).code in RETRY:
                raise Transient("crm_busy") from None
            if not writes:
                raise Transient("crm_slow") from None
            raise
        usage = _USAGE.search(reply.headers.get("Sforce-Limit-Info", ""))
        self._used = (int(usage[1]), int(usage[2])) if usage is not None else self._used
        return reply

    def _turn(self, ask: Callable[[Client], _Answer]) -> _Answer:
        """Ask, with a renewed token where the session had ended (the request was not carried out then)."""
        used = self._keeper.tokens.access
        try:
            answer = ask(self._connected())
        except Unauthorized:
            self._keeper.renew(used)
            try:
                answer = ask(self._connected())
            except Unauthorized:
                raise Auth("crm_signed_out") from None
        self._keeper.proved()
        return answer

    def _connected(self) -> Client:
        if self._client is not None and self._client.origin != self.origin:
            self.close()
        if self._client is None:
            self._client = Client(
                self.origin,
                authorize=self._authorize,
                now=self._now,
                transport=self._transport,
                timeout=self._timeout,
            )
        return self._client

    def _authorize(self) -> Headers:
        return {"Authorization": f"Bearer {self._keeper.tokens.access}"}

    def _refused(self, reply: Reply) -> Any:
        said = failure(reply.data)
        if said.code == QUOTA:
            raise Quota("crm_quota")
        if said.code in RETRY:
            raise Transient("crm_busy")
        if said.code in _NOT_THERE:
            raise Permanent("salesforce_schema_changed", field=column(said.words))
        raise Permanent("salesforce_refused", reason=said.code or str(reply.status))

    # ------------------------------------------------------------------------------------------------------ a query

    def query(
        self, statement: str, *, deleted: bool = False, budget_s: float | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the records of a query, their parents' fields under dotted names; ``deleted`` brings those too.

        Pages follow ``nextRecordsUrl``, which is taken only where it stays with this organisation's queries.
        """
        path = f"{DATA}/{'queryAll' if deleted else 'query'}"
        answer = self.get(path, params={"q": statement}, budget_s=budget_s)
        while True:
            for record in part(answer, "records", list):
                yield soql.flat(record)
            if answer.get("done", True):
                return
            answer = self.get(_further(answer), budget_s=budget_s)

    def count(self, table: str, where: str = "") -> int:
        """Return how many records there are."""
        answer = self.get(f"{DATA}/query", params={"q": soql.select(["count()"], table, where)})
        return part(answer, "totalSize", int)

    # ------------------------------------------------------------------------------------------------- collections

    def collection(self, method: str, path: str, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Write up to 200 records, each for itself; returns what became of each, in their order.

        Raises Permanent where the request as a whole is refused (a field that is not there), Unknown where what came
        back is not one answer for each.
        """
        reply = self.write(method, f"{DATA}/composite/sobjects{path}", {"allOrNone": False, "records": list(records)})
        if not reply.ok:
            self._refused(reply)
        said = reply.data if isinstance(reply.data, list) else []
        if len(said) != len(records) or not all(isinstance(one, dict) and _whole(one) for one in said):
            raise Unknown("answer_lost")
        return said

    def together(self, parts: Sequence[tuple[str, str, Mapping[str, Any]]]) -> list[dict[str, Any]] | list[Failure]:
        """Make records of several objects in one transaction, all or none; returns their answers, or why not.

        A part is the object, a name by which later parts refer to it (``@{name.id}``), and its fields.
        """
        asked = [
            {"method": "POST", "url": f"{DATA}/sobjects/{table}", "referenceId": name, "body": dict(body)}
            for table, name, body in parts
        ]
        reply = self.write("POST", f"{DATA}/composite", {"allOrNone": True, "compositeRequest": asked})
        if not reply.ok:
            return [failure(reply.data)]
        said = reply.data.get("compositeResponse") if isinstance(reply.data, dict) else None
        if not isinstance(said, list) or len(said) != len(parts):
            raise Unknown("answer_lost")
        if all(200 <= int(one.get("httpStatusCode", 0)) < 300 for one in said):
            return [dict(one["body"]) for one in said]
        why = [failure(one.get("body")) for one in said]
        return [one for one in why if one.code not in {"", _HALTED}] or why


def part(answer: Any, name: str, kind: type[_Answer]) -> _Answer:
    """Return a part of an answer to a read. Raises Offline where it is not there: somebody else answers."""
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, kind):
        raise Offline("captive_portal")
    return found


def _whole(item: Mapping[str, Any]) -> bool:
    """Return whether one answer of a collection says what became of it."""
    return bool(item.get("id")) if item.get("success") else bool(item.get("errors"))


def _further(answer: Mapping[str, Any]) -> str:
    path = str(answer.get("nextRecordsUrl") or "")
    if not _NEXT.fullmatch(path):
        raise Permanent("url_not_allowed", host=urlsplit(path).hostname or "?")
    return path


def _session(answer: httpx.Response) -> httpx.Response:
    """Return the answer of a SOAP call. Raises Unauthorized where its fault says that the session has ended."""
    if answer.status_code == 401 or b"INVALID_SESSION_ID" in answer.content[:4_000]:
        raise Unauthorized(None)
    return answer


def column(words: str) -> str:
    """Return the field that a sentence of the vendor's names ("No such column 'X' on entity …")."""
    found = _NAMED.search(words)
    return found[1] if found is not None else ""
