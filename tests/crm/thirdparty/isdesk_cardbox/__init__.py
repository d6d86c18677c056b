"""An adapter for Cardbox, a small server that keeps leads and calls as cards, one line of JSON each.

It shows what an adapter consists of: a `Connect` function that the entry point names, and a class that answers the
port. Errors, waiting and comparing come from isdesk's shared pieces (`isdesk.crm.http`, `isdesk.crm.writing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import httpx

from isdesk.crm.http import TIMEOUT, Client, Now, Reply, ServerFailed, place
from isdesk.crm.port import (
    PAGE,
    Adapter,
    Asked,
    Capabilities,
    Command,
    Do,
    FieldInfo,
    Glance,
    Hello,
    Offline,
    Page,
    Permanent,
    Person,
    Result,
    Row,
    Scope,
    Signals,
    Status,
    Thing,
    Transient,
)
from isdesk.crm.registry import Place
from isdesk.crm.writing import Write, compare
from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput
from isdesk.domain.fields import LEAD_FIELDS
from isdesk.domain.ids import MemberId

CARRIED: Final = frozenset(
    {"name", "title", "department", "email", "phone_direct", "is_memo", "dnc", "owner_id", "merged_into"}
)
CAPABILITIES: Final = Capabilities(
    upsert_key="per_object",
    probe_by_key="strong",
    cursor="version",
    deletes="flag",
    occ="revision",
    batch_max=50,
    owner_map=True,
    objects=frozenset({Thing.LEAD, Thing.TOUCH}),
)


def connect(*, url: str, user: str, secret: str | None, options: Mapping[str, str], place: Place) -> Adapter:
    """Return the adapter; ``secret`` is the token of a person of the box. Raises BadInput for an unsafe address."""
    if not secret:
        raise BadInput("cardbox_needs_token")
    return Cardbox(url, secret, now=place.now)


class Cardbox:
    """A box behind the contract of `isdesk.crm.port`."""

    def __init__(self, url: str, token: str, *, now: Now, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._me = ""
        signed = {"Authorization": f"Bearer {token}"}
        self._http = Client(place(url, ()), authorize=lambda: signed, now=now, timeout=timeout)

    @property
    def name(self) -> str:
        """Return the name of this connection."""
        return "cardbox"

    @property
    def signals(self) -> Signals:
        """Return what the last answer said of the clock."""
        return self._http.signals()

    def capabilities(self) -> Capabilities:
        """Return what a box promises."""
        return CAPABILITIES

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def hello(self) -> Hello:
        """Return who the token belongs to, and which box this is."""
        said = self._read("/me")
        self._me = said["id"]
        return Hello(_person(said), said["box"], said["seq"], server_time=datetime.fromisoformat(said["now"]))

    def members(self) -> Sequence[Person]:
        """Return everybody who has a token."""
        return [_person(one) for one in self._read("/people")]

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return the fields of isdesk that a card of this kind holds."""
        known = LEAD_FIELDS if obj is Thing.LEAD else {}
        return [FieldInfo(code, known[code].ja, known[code].kind) for code in sorted(CARRIED) if code in known]

    def carried(self, obj: Thing) -> frozenset[str] | None:
        """Return what a lead's card holds; a touch is kept whole."""
        return CARRIED if obj is Thing.LEAD else None

    def link(self, obj: Thing, remote_id: str) -> str | None:
        """Return None: a box has no pages."""
        return None

    # ------------------------------------------------------------------------------------------------------ reading

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        """Return the next cards in the order of their last write, which the box counts (so nothing is overtaken)."""
        said = self._cards(obj, scope, after=cursor or "0", limit=limit)
        rows = [_row(card) for card in said]
        return Page(rows, said[-1]["seq"] if said else cursor or "0", more=len(said) == limit)

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        """Return these cards."""
        return [_row(card) for card in self._find(obj, ids=list(ids)) if not card["gone"]]

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        """Return id and version of every card that is not gone."""
        found, after = [], "0"
        while said := self._cards(obj, scope, after=after, limit=PAGE):
            found += [(card["id"], card["seq"]) for card in said if not card["gone"]]
            after = said[-1]["seq"]
        return found

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        """Return the touches of these leads."""
        return [row for lead in lead_ids for row in map(_row, self._find(obj, lead=lead))]

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        """Return one lead and its newest touch, as of now."""
        try:
            lead = next(iter(self._find(Thing.LEAD, budget_s=budget_s, ids=[lead_id])), None)
            touches = self._find(Thing.TOUCH, budget_s=budget_s, lead=lead_id)
        except Transient:
            raise Offline("crm_slow") from None
        newest = max(touches, key=lambda card: int(card["seq"]), default=None)
        return Glance(_row(lead) if lead else None, _row(newest) if newest else None)

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        """Return which keys have been written, as of now."""
        locals_ = {one.local or one.key: one.key for one in asked}
        found = self._find(None, keys=list(locals_)) if locals_ else []
        return {locals_[card["key"]]: card["id"] for card in found}

    # ------------------------------------------------------------------------------------------------------ writing

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        """Write leads first, compared with what stands in the box, then touches; each card under its key."""
        edits = [one for one in batch if one.do is Do.PATCH]
        results = self._patched(edits) if edits else {}
        facts = [one for one in batch if one.do is Do.APPEND]
        results |= self._appended(facts) if facts else {}
        return [results[one.key] for one in batch]

    def _patched(self, edits: Sequence[Command]) -> dict[str, Result]:
        stands = {row.id: row for row in self.fetch(Thing.LEAD, [one.id for one in edits if one.id])}
        compared = compare(edits, stands)
        results, writes = dict(compared.results), compared.writes
        for write, said in zip(writes, self._write([_card(one) for one in writes]), strict=True):
            results |= {one.key: _result(one, said, dict(write.after)) for one in write.commands}
        return results

    def _appended(self, facts: Sequence[Command]) -> dict[str, Result]:
        cards = [
            {"kind": str(one.obj), "key": one.local, "lead": one.lead_id, "data": dict(one.payload)} for one in facts
        ]
        return {one.key: _result(one, said) for one, said in zip(facts, self._write(cards), strict=True)}

    def _write(self, cards: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        if not cards:
            return []
        answer = self._http.request("POST", "/cards", json={"cards": cards}, writes=True)
        if not answer.ok:
            raise Permanent("cardbox_refused", status=answer.status)
        return list(answer.data["cards"])

    # ------------------------------------------------------------------------------------------------------- within

    def _cards(self, obj: Thing, scope: Scope, *, after: str, limit: int) -> list[dict[str, Any]]:
        owner = {"owner": self._me} if scope is Scope.MINE and obj is Thing.LEAD else {}
        return list(self._read("/cards", {"kind": str(obj), "after": after, "limit": limit, **owner}))

    def _find(self, obj: Thing | None, budget_s: float | None = None, **what: object) -> list[dict[str, Any]]:
        question = {"kind": str(obj)} if obj is not None else {}
        answer = self._asked(lambda: self._http.request("POST", "/find", json={**question, **what}, budget_s=budget_s))
        return list(answer.data)

    def _read(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self._asked(lambda: self._http.get(path, params=params)).data

    @staticmethod
    def _asked(ask: Any) -> Reply:
        """Return the answer to a question; a server that fails while reading wrote nothing."""
        try:
            answer: Reply = ask()
        except ServerFailed:
            raise Transient("crm_failed") from None
        if not answer.ok:
            raise Permanent("cardbox_refused", status=answer.status)
        return answer


def _person(said: Mapping[str, Any]) -> Person:
    return Person(MemberId(said["id"]), said["name"], said.get("role", "rep"), said.get("email", ""))


def _row(card: Mapping[str, Any]) -> Row:
    fields: dict[str, Value] = {code: value for code, value in card["data"].items() if value not in (None, "")}
    return Row(card["id"], card["seq"], fields, deleted=card["gone"], local=card["key"])


def _card(write: Write) -> dict[str, Any]:
    """Return a card to be written: only what changes, on the version that it was compared with."""
    seq = write.now.version if write.now is not None else None
    return {"kind": "lead", "id": write.id, "key": write.local, "seq": seq, "data": dict(write.changes)}


def _result(command: Command, said: Mapping[str, Any], fields: dict[str, Value] | None = None) -> Result:
    match said.get("error"):
        case None:
            status = Status.ACKED if said["made"] or command.id else Status.DUPLICATE
            return Result(command.key, status, said["id"], said["seq"], fields)
        case "stale":
            stands = {code: value for code, value in said["data"].items() if value not in (None, "")}
            return Result(command.key, Status.CONFLICT, said["id"], said["seq"], stands)
        case "gone":
            return Result(command.key, Status.GONE, command.id or None, code="record_gone")
        case words:
            return Result(command.key, Status.REFUSED, code="cardbox_refused", message=str(words))
