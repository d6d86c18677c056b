"""How a case drives an adapter: as the engine does (SYNC E2, E3, E8), in the fewest words."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from isdesk.crm.contract.rig import Absent, Broken, Rig, need
from isdesk.crm.port import (
    PAGE,
    Adapter,
    Asked,
    Auth,
    Command,
    Do,
    Permanent,
    Quota,
    Result,
    Row,
    Scope,
    Status,
    Thing,
    Transient,
    Unknown,
)
from isdesk.domain.changes import Value
from isdesk.domain.errors import CrmError
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Kind
from isdesk.domain.merge import normal

ROUNDS: Final = 8
"""So often the suite tries to deliver; the engine tries for ever."""
MOST_PAGES: Final = 3_000
AT: Final = "2026-11-20T01:00:00+00:00"
"""When the touches of the suite happened."""
COMPANY: Final = "青葉原精機株式会社"
WRITTEN: Final = frozenset({Status.ACKED, Status.DUPLICATE})
_SPECS: Final = {Thing.LEAD: LEAD_FIELDS, Thing.COMPANY: COMPANY_FIELDS}

Fields = dict[str, Value]


def new_id() -> str:
    """Return a fresh id of ours, which is also a key."""
    return str(uuid.uuid4())


@contextmanager
def opened(rig: Rig, user: str = "sato") -> Iterator[Adapter]:
    """Give an adapter that has said hello; it is closed at the end, twice."""
    adapter = rig.connect(user)
    try:
        adapter.hello()
        yield adapter
    finally:
        adapter.close()
        adapter.close()


# ----------------------------------------------------------------------------------------------- what the CRM offers


def need_object(adapter: Adapter, obj: Thing) -> None:
    """Pass the case over where the CRM has no such records."""
    if obj not in adapter.capabilities().objects:
        raise Absent(f"no {obj} here")


def holds(adapter: Adapter, code: str, obj: Thing = Thing.LEAD) -> bool:
    """Return whether the CRM keeps this field."""
    carried = adapter.carried(obj)
    return carried is None or code in carried


def need_field(adapter: Adapter, *codes: str, obj: Thing = Thing.LEAD) -> str:
    """Return the first of these fields that the CRM keeps; the case is passed over where it keeps none of them."""
    found = next((code for code in codes if holds(adapter, code, obj)), None)
    if found is None:
        raise Absent(f"none of {', '.join(codes)} is kept")
    return found


def second_text(adapter: Adapter) -> str:
    """Return a plain text field of a lead beside its name."""
    return need_field(adapter, "title", "department", "is_memo", "need", "phone_direct", "email")


def value_for(code: str, number: int = 1) -> str:
    """Return a value that fits a text field."""
    spec = LEAD_FIELDS[code]
    if spec.kind is Kind.MAIL:
        return f"aoba{number}@example.jp"
    if spec.kind is Kind.PHONE:
        return f"03-5555-{number:04d}"
    return f"第{number}営業部長"


# ------------------------------------------------------------------------------------------------------- comparing


def plain(obj: Thing, fields: Mapping[str, Value]) -> dict[str, object]:
    """Return fields as they are compared: normal forms, nothing empty."""
    specs = _SPECS.get(obj, {})
    kinds = {code: specs[code].kind if code in specs else Kind.TEXT for code in fields}
    found = {code: normal(value, kinds[code]) for code, value in fields.items()}
    return {code: value for code, value in found.items() if value is not None and value is not False}


def need_fields(obj: Thing, stands: Mapping[str, Value] | None, wanted: Mapping[str, Value], what: str) -> None:
    """Raise `Broken` unless a record holds these values (None: nothing); other fields are not looked at."""
    need(stands is not None, f"{what}: the record is not there")
    found, asked = plain(obj, stands or {}), plain(obj, wanted)
    wrong = [code for code in wanted if found.get(code) != asked.get(code)]
    need(not wrong, f"{what}: these fields are not as they were meant: {', '.join(sorted(wrong))}")


# -------------------------------------------------------------------------------------------------------- commands


def new_lead(adapter: Adapter, fields: Mapping[str, Value], *, local: str = "", key: str = "") -> Command:
    """Return the command that makes a lead of ours in the CRM."""
    local = local or new_id()
    identity = local if adapter.capabilities().own_ids else ""
    return Command(
        key or new_id(), Do.PATCH, Thing.LEAD, identity, dict(fields), lead_id=identity or None, device_id="d-1",
        local=local, company={"name": COMPANY} if "company_id" in fields else {},
    )  # fmt: skip


def patch(
    adapter: Adapter, record_id: str, fields: Mapping[str, Value], base: Mapping[str, Value], obj: Thing = Thing.LEAD
) -> Command:
    """Return the command that edits a record that the CRM has."""
    lead = record_id if obj is Thing.LEAD else None
    local = record_id if adapter.capabilities().own_ids else our_lead(record_id)
    return Command(
        new_id(), Do.PATCH, obj, record_id, dict(fields), dict(base), lead_id=lead, device_id="d-1", local=local
    )


def our_lead(lead_id: str) -> str:
    """Return an id of ours for a lead of the CRM."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, lead_id))


def touch(adapter: Adapter, lead_id: str, **more: Value) -> Command:
    """Return the command that adds a call to a lead; ``more`` are fields of the touch."""
    return _fact(adapter, Thing.TOUCH, lead_id, {"channel": "phone", "outcome": "NO_ANSWER", **more})


def step(adapter: Adapter, lead_id: str, handoff: str, action: str, **more: Value) -> Command:
    """Return the command that adds a step of a handoff."""
    return _fact(adapter, Thing.TRANSITION, lead_id, {"handoff_id": handoff, "action": action, **more})


def _fact(adapter: Adapter, obj: Thing, lead_id: str, fields: Mapping[str, Value]) -> Command:
    key = new_id()
    own = adapter.capabilities().own_ids
    payload: Fields = {
        "id": key, "lead_id": lead_id, "member_id": adapter.hello().me.id, "device_id": "d-1", "device_seq": 1,
        "at": AT, **fields,
    }  # fmt: skip
    if not own:
        payload["lead_key"] = our_lead(lead_id)
    return Command(key, Do.APPEND, obj, key if own else "", payload, lead_id=lead_id, device_id="d-1", local=key)


def asked(command: Command) -> Asked:
    """Return the question whether a command was written."""
    return Asked(command.key, command.obj, command.local, command.id or None, command.lead_id)


# --------------------------------------------------------------------------------------------------------- sending


@dataclass(slots=True)
class Courier:
    """Delivers commands as the engine does: what is in doubt is sent again (T1) or asked for first (T2)."""

    rig: Rig
    adapter: Adapter
    done: dict[str, Result] = field(default_factory=dict)
    raised: list[CrmError] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)

    def deliver(self, commands: Sequence[Command]) -> list[Result]:
        """Return the answer to each command; raises `Broken` where the CRM does not come to one."""
        most = max(1, self.adapter.capabilities().batch_max)
        for _ in range(ROUNDS):
            waiting = [one for one in commands if one.key not in self.done]
            if not waiting:
                return [self.done[one.key] for one in commands]
            self._settle_doubts(waiting)
            waiting = [one for one in waiting if one.key not in self.done]
            for start in range(0, len(waiting), most):
                self._push(waiting[start : start + most])
        if all(one.key in self.done for one in commands):
            return [self.done[one.key] for one in commands]
        raise Broken(f"not delivered in {ROUNDS} attempts; raised: {[type(e).__name__ for e in self.raised]}")

    def _push(self, batch: Sequence[Command]) -> None:
        sent = [replace(one, sure=one.key not in self.doubtful) for one in batch]
        try:
            results = self.adapter.push(sent)
        except Permanent as error:
            self.raised.append(error)
            self._halve(batch, error)
        except CrmError as error:
            self.raised.append(error)
            self._failed(batch, error)
        else:
            need_answers(batch, results)
            self.done |= {result.key: result for result in results}
            self.doubtful |= {one.key for one in batch if one.key not in self.done}

    def _halve(self, batch: Sequence[Command], error: Permanent) -> None:
        if len(batch) == 1:
            self.done[batch[0].key] = Result(batch[0].key, Status.REFUSED, code=error.code, message=str(error))
            return
        self._push(batch[: len(batch) // 2])
        self._push(batch[len(batch) // 2 :])

    def _failed(self, batch: Sequence[Command], error: CrmError) -> None:
        match error:
            case Unknown():
                self.doubtful |= {one.key for one in batch}
            case Auth():
                self.adapter.close()
                self.adapter = self.rig.connect()
                self.adapter.hello()
            case Transient(retry_after=wait) | Quota(reset_in=wait):
                self.rig.move(wait or 2.0)

    def _settle_doubts(self, waiting: Iterable[Command]) -> None:
        """Ask a CRM without keys which of those in doubt it has; edits are compared when they are sent again."""
        able = self.adapter.capabilities()
        unsure = [c for c in waiting if c.key in self.doubtful and (c.do is Do.APPEND or not c.id)]
        if able.upsert_key != "none" or not unsure:
            return
        need(able.probe_by_key != "none", "a CRM without keys must be able to say what it has")
        self.rig.move(able.probe_settle_s)
        try:
            found = self.adapter.probe([asked(one) for one in unsure])
        except CrmError as error:
            self.raised.append(error)
            return
        self.done |= {key: Result(key, Status.DUPLICATE, remote or None) for key, remote in found.items()}


def need_answers(batch: Sequence[Command], results: Sequence[Result]) -> None:
    """Raise `Broken` unless results stand in the order of their commands, at most one each and at least one in all.

    A command that was not taken this time may be left without a result: the engine asks after it and sends it again.
    """
    answered = {result.key for result in results}
    wanted = [command.key for command in batch if command.key in answered]
    need([result.key for result in results] == wanted, "results stand in the order of their commands")
    need(results or not batch, "a batch of which nothing was taken is an error")


def deliver(rig: Rig, adapter: Adapter, *commands: Command) -> list[Result]:
    """Return the answers to these commands, delivered as the engine does."""
    return Courier(rig, adapter).deliver(commands)


def written(rig: Rig, adapter: Adapter, *commands: Command) -> list[str]:
    """Return the CRM's ids of what these commands wrote; raises `Broken` where one was not written."""
    results = deliver(rig, adapter, *commands)
    for result in results:
        need(result.status in WRITTEN, f"expected to be written, was {result.status} ({result.code} {result.message})")
    return [result.remote_id or "" for result in results]


def made_lead(rig: Rig, adapter: Adapter, fields: Mapping[str, Value]) -> str:
    """Make a lead through the adapter; returns the CRM's id."""
    (lead,) = written(rig, adapter, new_lead(adapter, fields))
    need(lead, "a created record must come back with its id")
    return lead


def refused(run: Callable[[], object]) -> CrmError:
    """Return the error that ``run`` raises; `Broken` where it raises none or one that is not of the port."""
    try:
        run()
    except CrmError as error:
        return error
    except Exception as error:
        raise Broken(f"{type(error).__name__} came out instead of an error of the port") from error
    raise Broken("no error, though the CRM failed")


def spoiled(rig: Rig, kind: str, *, on: str = "write", count: int = 1, retry_after: float | None = None) -> None:
    """Let the next requests fail; a kind that the rig does not know passes the case over."""
    try:
        rig.fail(kind, on=on, count=count, retry_after=retry_after)
    except (KeyError, ValueError):
        raise Absent(f"the rig cannot {kind} on {on}") from None


# --------------------------------------------------------------------------------------------------------- reading


def wait(rig: Rig, adapter: Adapter) -> None:
    """Let so much time pass that all that was written so far is behind the lag of pulls and probes."""
    able = adapter.capabilities()
    rig.move(max(able.lag_s, able.probe_settle_s) + able.stamp_resolution_s + 2.0)


@dataclass(slots=True)
class Pulled:
    """What a pull brought: ``rows`` in their order, records beside them, and the cursor at its end."""

    rows: list[Row] = field(default_factory=list)
    beside: dict[Thing, list[Row]] = field(default_factory=dict)
    cursor: str | None = None

    @property
    def now(self) -> dict[str, Row]:
        """Return each record as it came last."""
        return {row.id: row for row in self.rows}

    def since(self, before: Pulled) -> dict[str, Row]:
        """Return what is new against an earlier pull: rows that an overlap brings again are not."""
        known = {(row.id, row.version, row.deleted) for row in before.rows}
        return {row.id: row for row in self.rows if (row.id, row.version, row.deleted) not in known}


def pull(
    adapter: Adapter, obj: Thing, cursor: str | None = None, *, scope: Scope = Scope.TEAM, limit: int = PAGE
) -> Pulled:
    """Return all that changed since ``cursor``, page by page."""
    found = Pulled(cursor=cursor)
    for _ in range(MOST_PAGES):
        page = adapter.changes(obj, found.cursor, scope, limit)
        need(len(page.rows) <= limit, f"a page of {len(page.rows)} rows where {limit} were asked for")
        found.rows += page.rows
        for kind, rows in page.beside.items():
            found.beside.setdefault(kind, []).extend(rows)
        if not page.more:
            found.cursor = page.next_cursor
            return found
        need(page.next_cursor != found.cursor, "a page says that there is more and does not move on")
        found.cursor = page.next_cursor
    raise Broken(f"the pages never end (after {MOST_PAGES})")


def pulled(
    rig: Rig, adapter: Adapter, obj: Thing, cursor: str | None = None, *, scope: Scope = Scope.TEAM, limit: int = PAGE
) -> Pulled:
    """Return what `pull` does, once all that was written is old enough to be read."""
    wait(rig, adapter)
    return pull(adapter, obj, cursor, scope=scope, limit=limit)


def touches_of(rig: Rig, adapter: Adapter, lead_id: str) -> list[Row]:
    """Return the touches of a lead as another desk would get them: by the stream, or asked for."""
    found = pulled(rig, adapter, Thing.TOUCH).now.values()
    rows = {row.id: row for row in found if row.fields.get("lead_id") == lead_id and not row.deleted}
    if not adapter.capabilities().brings_history:
        rows |= {row.id: row for row in adapter.history(Thing.TOUCH, [lead_id])}
    return list(rows.values())


def need_once(rig: Rig, lead_id: str, *keys: str) -> None:
    """Raise `Broken` unless the CRM holds each of these activities exactly once for the lead."""
    held = list(rig.activities(lead_id))
    wrong = {key: held.count(key) for key in keys if held.count(key) != 1}
    need(not wrong, f"every activity once; held instead: {sorted(wrong.values())} times")
