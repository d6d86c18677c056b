"""kintone's REST API v1 as far as it is needed: forms, records, one write of many records, several apps at once.

Limits (cybozu.dev): 500 records a read, 100 a write, 20 requests in a bulk request, 8 KB of address, 100 requests at a
time in a domain. Everything in one write is carried out or nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from isdesk.crm.http import Client, Reply, ServerFailed, Unauthorized
from isdesk.crm.kintone import form
from isdesk.crm.kintone.failures import Refused, failure, known, maintenance
from isdesk.crm.port import Auth, Offline, Transient, Unknown

SUFFIXES: Final = (".cybozu.com", ".kintone.com", ".cybozu.cn")
"""Where kintone lives: Japan, the United States, China (a client certificate's ``example.s.cybozu.com`` too)."""
READ: Final = 500
WRITE: Final = 100
REQUESTS: Final = 20
MOST_TOKENS: Final = 9
_LONGEST: Final = 8_000

Record = Mapping[str, Any]


class Put(NamedTuple):
    """One record to be written: by ``id`` (with the ``revision`` that was read), or by a key field's value."""

    record: Mapping[str, Any]
    id: str = ""
    revision: str = ""
    key: tuple[str, str] | None = None

    def body(self) -> dict[str, Any]:
        """Return it as kintone takes it."""
        if self.key is not None:
            return {"updateKey": {"field": self.key[0], "value": self.key[1]}, "record": self.record}
        told: dict[str, Any] = {"id": self.id, "record": self.record}
        return {**told, "revision": self.revision} if self.revision else told


class Written(NamedTuple):
    """What a write made of a record; ``new`` where it was inserted."""

    id: str
    revision: str
    new: bool


class Api:
    """One subdomain, one set of tokens; ``space`` is the number of a guest space, empty outside of one."""

    def __init__(self, client: Client, space: str = "") -> None:
        self.client = client
        self._root = f"/k/guest/{space}/v1" if space else "/k/v1"
        self._forms: dict[str, tuple[Mapping[str, Any], form.Form]] = {}

    def form(self, app: str) -> form.Form:
        """Return the form of an app in operation: the same object as long as kintone says the same of it."""
        reply = self._send(lambda: self.client.get(f"{self._root}/app/form/fields.json", params={"app": app}))
        found = reply.data.get("properties") if isinstance(reply.data, Mapping) else None
        if not isinstance(found, Mapping):
            raise Offline("captive_portal")
        known = self._forms.get(app)
        if known is None or known[0] != found:
            known = self._forms[app] = (found, form.read(found))
        return known[1]

    def records(
        self, app: str, query: str, fields: Iterable[str] = (), *, budget_s: float | None = None
    ) -> list[Record]:
        """Return the records that a query gives, with these fields only."""
        wanted = list(fields)
        found = self._read(app, query, wanted, count=False, budget_s=budget_s).get("records")
        must = {"$id"} & set(wanted)
        if not isinstance(found, list) or not all(isinstance(one, dict) and one.keys() >= must for one in found):
            raise Offline("captive_portal")
        return found

    def count(self, app: str, query: str) -> int:
        """Return how many records a query without order and limit gives."""
        data = self._read(app, f"{query} limit 1".strip(), ("$id",), count=True)
        return int(data.get("totalCount") or 0)

    def _read(
        self, app: str, query: str, fields: Iterable[str], *, count: bool, budget_s: float | None = None
    ) -> Mapping[str, Any]:
        wanted = list(fields)
        told: list[tuple[str, str]] = [("app", app), ("query", query)]
        told += [(f"fields[{place}]", code) for place, code in enumerate(wanted)]
        told += [("totalCount", "true")] if count else []
        path = f"{self._root}/records.json"
        address = f"{path}?{urlencode(told, quote_via=quote)}"
        if len(address) <= _LONGEST and len(wanted) <= WRITE:
            reply = self._send(lambda: self.client.get(address, budget_s=budget_s))
        else:
            body = {"app": app, "query": query, "fields": wanted, **({"totalCount": True} if count else {})}
            over = {"X-HTTP-Method-Override": "GET"}
            reply = self._send(
                lambda: self.client.request("POST", path, json=body, headers=over, budget_s=budget_s),
            )
        return reply.data if isinstance(reply.data, Mapping) else {}

    def each(self, app: str, where: str, fields: Iterable[str]) -> Iterator[Record]:
        """Yield every record of a condition in the order of ids, page by page with no offset."""
        last, wanted = 0, ["$id", *fields]
        while True:
            bound = f"$id > {last}" if not where else f"({where}) and $id > {last}"
            page = self.records(app, f"{bound} order by $id asc limit {READ}", wanted)
            yield from page
            if len(page) < READ:
                return
            last = int(page[-1]["$id"]["value"])

    def write(self, requests: Sequence[tuple[str, Sequence[Put]]]) -> list[list[Written]]:
        """Write records of one or several apps, all of them or none; the answer is in the order of ``requests``."""
        told = [self._put(app, puts) for app, puts in requests]
        if len(told) == 1:
            path, body = told[0]
            reply = self._send(lambda: self.client.request("PUT", path, json=body, writes=True), writes=True)
            return [_written(reply.data, len(requests[0][1]))]
        listed = [{"method": "PUT", "api": path, "payload": body} for path, body in told]
        path = f"{self._root}/bulkRequest.json"
        reply = self._send(
            lambda: self.client.request("POST", path, json={"requests": listed}, writes=True), writes=True
        )
        results = reply.data.get("results") if isinstance(reply.data, Mapping) else None
        if not isinstance(results, list) or len(results) != len(listed):
            raise Unknown("answer_lost")
        return [_written(one, len(puts)) for one, (_, puts) in zip(results, requests, strict=True)]

    def delete(self, app: str, ids: Sequence[str]) -> None:
        """Remove records."""
        body = {"app": app, "ids": list(ids)}
        self._send(
            lambda: self.client.request("DELETE", f"{self._root}/records.json", json=body, writes=True), writes=True
        )

    def _put(self, app: str, puts: Sequence[Put]) -> tuple[str, dict[str, Any]]:
        upsert = {"upsert": True} if any(one.key is not None for one in puts) else {}
        return f"{self._root}/records.json", {"app": app, **upsert, "records": [one.body() for one in puts]}

    def _send(self, ask: Callable[[], Reply], *, writes: bool = False) -> Reply:
        try:
            reply = ask()
        except Unauthorized as error:
            raise failure(error.data) or Auth("kintone_token_refused") from None
        except ServerFailed as error:
            if known(error.data):
                raise failure(error.data) or error from None
            raise error if writes else Transient("crm_busy", status=error.status) from None
        except (Offline, Unknown) as error:
            raise maintenance(error) from None
        if not reply.ok:
            raise failure(reply.data) or Refused(api="", words="") from None
        return reply


def _written(data: Any, many: int) -> list[Written]:
    """Return what a write made of each record; an answer that does not say so of all of them is none."""
    records = data.get("records") if isinstance(data, Mapping) else None
    if not isinstance(records, list) or len(records) != many or not all("id" in one for one in records):
        raise Unknown("answer_lost")
    return [
        Written(str(one["id"]), str(one.get("revision", "")), one.get("operation", "UPDATE") == "INSERT")
        for one in records
    ]
