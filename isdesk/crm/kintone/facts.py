"""Touches and steps of handoffs: records of the calls app under our key, with the next task and the deal beside them.

What belongs to one fact (the call, the task that it sets, the deal that it opens, the mark on what it takes back) goes
in one request, so that all of it is there or nothing. Where it is in doubt whether a fact was written, its key is asked
for first, and a record that is there is left as it is: somebody may have worked on it since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from isdesk.crm.kintone import records
from isdesk.crm.kintone.api import WRITE, Put, Written
from isdesk.crm.kintone.deals import Deals
from isdesk.crm.kintone.failures import Missing, Refused, Stale, shown
from isdesk.crm.kintone.form import Form, Spot
from isdesk.crm.kintone.pulling import Pulling, handoff_word
from isdesk.crm.kintone.pushing import explained
from isdesk.crm.kintone.site import LEAD, TASK, TOUCH, Site
from isdesk.crm.kintone.values import Writer, cell, plain
from isdesk.crm.mapping import ObjectMap
from isdesk.crm.port import Command, Result, Status, Thing, Transient
from isdesk.crm.writing import TAKEN_BACK, seal, shortened, with_data
from isdesk.domain.changes import Value

MOST_NOTE: Final = 32_000
_USUAL: Final[Mapping[str, Value]] = {"channel": "phone", "direction": "out"}
_STEP_SHOWN: Final = frozenset({"at", "member_id"})
"""What the record of a step shows beside its note."""
_STEPS: Final = {
    "ask": "承認依頼", "refuse": "承認却下", "submit": "提出", "accept": "受理", "return": "差し戻し",
    "recycle": "リサイクル", "withdraw": "取り下げ", "feedback": "結果",
}  # fmt: skip
_CHANNELS: Final = {
    "phone": "電話", "mail": "メール", "chat": "チャット", "meeting": "商談", "note": "メモ", "letter": "手紙",
    "webinar": "ウェビナー", "web": "Web", "exhibition": "展示会", "business_card": "名刺", "linkedin": "LinkedIn",
}  # fmt: skip
Cells = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Batch:
    """What one request writes: by app, each record once. ``facts`` are the places of the commands among the calls."""

    calls: dict[str, Put] = field(default_factory=dict)
    marks: dict[str, Put] = field(default_factory=dict)
    tasks: dict[str, Put] = field(default_factory=dict)
    deals: dict[str, Put] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every record of one batch needs to know of the calls app, looked up once."""

    of: ObjectMap
    writer: Writer
    lead: Spot | None
    subject: Spot | None


class Facts:
    """Writes touches and steps of handoffs."""

    def __init__(self, site: Site, pulling: Pulling) -> None:
        self._site, self._pulling = site, pulling
        self._last: tuple[Form, Sheet] | None = None

    def push(self, batch: Sequence[Command]) -> dict[str, Result]:
        """Write these facts; results by key. Raises Permanent where a batch is to be halved."""
        site = self._site
        form = site.form(TOUCH, fresh=True)
        key = site.mapping.of(TOUCH).key
        spot = form.spots.get(key)
        if spot is None or not spot.unique:
            return {one.key: _refused(one, "kintone_no_key", key) for one in batch}
        once = {one.key: one for one in batch}
        results = self._known(batch)
        left = [one for one in once.values() if one.key not in results]
        looked: dict[tuple[str, ...], str | None] = {}
        for one in left:
            shape = tuple(one.payload)
            if shape not in looked:
                looked[shape] = self._gone(form, one)
            if (gone := looked[shape]) is not None:
                results[one.key] = _refused(one, "kintone_field_gone", f"「{gone}」")
        left = [one for one in left if one.key not in results]
        return results | self._write(left, form) if left else results

    def _known(self, batch: Sequence[Command]) -> dict[str, Result]:
        """Return duplicates among those commands that may have been written before."""
        unsure = [one.key for one in batch if not one.sure]
        there = self._pulling.by_key(TOUCH, unsure) if unsure else {}
        return {
            key: Result(key, Status.DUPLICATE, str(one["$id"]["value"]), str(one["$revision"]["value"]))
            for key, one in there.items()
        }

    def _gone(self, form: Form, command: Command) -> str | None:
        """Return a field of the map that the app has not (any more): kintone would drop its value in silence."""
        of = self._site.mapping.of(TOUCH)
        needed = [str(of.options.get("lead") or ""), *([of.data] if of.data else [])]
        lost = next((name for name in needed if name not in form.spots), None)
        return lost if lost is not None else self._site.gone(TOUCH, {**_USUAL, **command.payload})

    # ------------------------------------------------------------------------------------------------------ writing

    def _write(self, commands: Sequence[Command], form: Form) -> dict[str, Result]:
        site = self._site
        deals = Deals(site, self._pulling, commands)
        made = Batch()
        sheet, key = self._sheet(form), site.mapping.of(TOUCH).key
        for one in commands:
            made.calls[one.key] = Put(self._cells(one, sheet), key=(key, one.key))
        self._take_back(commands, made, form)
        self._plan(commands, made)
        made.deals = deals.puts()
        requests = _requests(site, made)
        try:
            written = site.api.write(requests)
        except Stale:
            raise Transient("kintone_locked") from None
        except Missing as error:
            if len(commands) > 1:
                raise shown(error, form.label) from None
            (gone,) = commands
            return {gone.key: Result(gone.key, Status.GONE, code="record_gone", message=error.words)}
        except Refused as error:
            if len(commands) > 1:
                raise shown(error, form.label) from None
            (culprit,) = commands
            table, puts = _culprit(site, requests, error)
            code, words = explained(site, table, error, puts)
            there = self._known([replace(culprit, sure=False)]) if code == "kintone_not_unique" else {}
            return there or {culprit.key: _refused(culprit, code, words)}
        return dict(zip([one.key for one in commands], map(_result, commands, written[0]), strict=True))

    def _sheet(self, form: Form) -> Sheet:
        of = self._site.of(TOUCH)
        if self._last is not None and self._last[0] is form and self._last[1].of is of:
            return self._last[1]
        lead, subject = (form.spots.get(self._site.option(TOUCH, name)) for name in ("lead", "subject"))
        made = Sheet(
            of,
            Writer(of, form, worded=True),
            lead if lead is not None and lead.writable else None,
            subject if subject is not None and subject.writable else None,
        )
        self._last = (form, made)
        return made

    def _cells(self, command: Command, sheet: Sheet) -> Cells:
        """Return the record of a fact in the calls app."""
        of = sheet.of
        carried = {c: v for c, v in command.payload.items() if c not in records.NOT_OURS}
        step = command.obj is Thing.TRANSITION
        note = _step_note(command.payload) if step else str(command.payload.get("note") or "")
        shown: dict[str, Value] = {} if step else dict(_USUAL)
        shown |= {c: v for c, v in command.payload.items() if v is not None and (not step or c in _STEP_SHOWN)}
        shown["note"] = shortened(note, MOST_NOTE) if of.data else with_data(note, carried, MOST_NOTE)
        cells = sheet.writer.cells(shown)
        if of.data:
            whole = carried if step or "note" not in of.fields else {c: v for c, v in carried.items() if c != "note"}
            cells[of.data] = {"value": seal(whole)}
        channel, word = handoff_word(self._site) if step else ("", "")
        if channel:
            cells[channel] = {"value": word}
        if sheet.lead is not None:
            cells[sheet.lead.code] = {"value": _cut(sheet.lead, command.lead_id or "")}
        if sheet.subject is not None:
            cells[sheet.subject.code] = {"value": _cut(sheet.subject, _subject(of, command))}
        return cells

    # ---------------------------------------------------------------------------------------- what is taken back

    def _take_back(self, commands: Sequence[Command], made: Batch, form: Form) -> None:
        """Mark the records that void facts take back; the void itself is kept as a record of its own."""
        wanted = [str(c.payload["corrects"]) for c in commands if c.payload.get("void") and c.payload.get("corrects")]
        spot = form.spots.get(self._mark_field())
        if not wanted or spot is None:
            return
        for key in wanted:
            if key in made.calls:
                cells = dict(made.calls[key].record)
                cells[spot.code] = {"value": _marked(cells.get(spot.code, {}).get("value"))}
                made.calls[key] = Put(cells, key=made.calls[key].key)
        for key, record in self._pulling.by_key(TOUCH, [one for one in wanted if one not in made.calls]).items():
            said = plain(record).get(spot.code)
            if not str(said or "").startswith(TAKEN_BACK):
                made.marks[key] = Put({spot.code: {"value": _marked(said)}}, str(record["$id"]["value"]))

    def _mark_field(self) -> str:
        """Return the field that shows that a record was taken back: its title, else its note."""
        note = self._site.of(TOUCH).fields.get("note")
        return self._site.option(TOUCH, "subject") or (note.remote[0] if note is not None else "")

    # ------------------------------------------------------------------------------------------------- next tasks

    def _plan(self, commands: Sequence[Command], made: Batch) -> None:
        """Move the one open task of each lead to what its newest touch planned; no plan closes it."""
        site = self._site
        if not site.has(TASK):
            return
        newest = {c.lead_id: c for c in commands if c.obj is Thing.TOUCH and isinstance(c.payload.get("plan"), dict)}
        form = site.form(TASK)
        writer = Writer(site.of(TASK), form, worded=True)
        closing: dict[str, Command] = {}
        for lead, command in newest.items():
            plan = command.payload["plan"]
            action = plan.get("action") if isinstance(plan, dict) else None
            if site.tasks_in_lead and lead:
                made.tasks[lead] = Put(writer.cells(_task(command, action)), lead)
            elif action is None:
                closing[task_key(command)] = command
            else:
                made.tasks[task_key(command)] = self._task(form, writer, command, action)
        for key in self._open(list(closing)):
            made.tasks[key] = self._task(form, writer, closing[key], None)

    def _open(self, keys: Sequence[str]) -> set[str]:
        return set(self._pulling.by_key(TASK, keys)) if keys else set()

    def _task(self, form: Form, writer: Writer, command: Command, action: Any) -> Put:
        site = self._site
        cells = writer.cells(_task(command, action))
        lead = form.spots.get(site.option(TASK, "lead"))
        if lead is not None:
            cells[lead.code] = {"value": cell(lead, command.lead_id or "")}
        return Put(cells, key=(site.mapping.of(TASK).key, task_key(command)))


def _cut(spot: Spot, value: str) -> Any:
    return cell(spot, value[: spot.longest] if spot.longest else value)


def _subject(of: ObjectMap, command: Command) -> str:
    """Return the title of a record, for people: what it is and what came of it."""
    payload = command.payload
    if command.obj is Thing.TRANSITION:
        title = f"引き継ぎ: {_STEPS.get(str(payload.get('action')), str(payload.get('action') or ''))}"
    else:
        channel = str(payload.get("channel") or "phone")
        said = str(payload.get("outcome") or payload.get("signal") or "")
        outcome = of.fields.get("outcome")
        word = outcome.remote_value(said) if outcome is not None else said
        title = f"{_CHANNELS.get(channel, channel)}: {word}" if word else _CHANNELS.get(channel, channel)
    return f"{TAKEN_BACK}{title}" if payload.get("void") else title


def task_key(command: Command) -> str:
    """Return the key of a lead's one open task."""
    return f"next:{command.payload.get('lead_key') or command.lead_id}"


def _task(command: Command, action: Any) -> dict[str, Value]:
    plan = command.payload.get("plan")
    due = plan.get("due_at") if isinstance(plan, dict) and action is not None else None
    closed: dict[str, Value] = {"state": "done"} if action is None else {"state": "open"}
    told: dict[str, Value] = {**closed, "action": action, "due_at": due if isinstance(due, str) else None}
    return {**told, "member_id": command.payload.get("member_id")} if action is not None else told


def _step_note(payload: Mapping[str, Value]) -> str:
    inner = payload.get("payload")
    memo = inner.get("memo") or inner.get("note") if isinstance(inner, dict) else None
    return "\n".join(str(one) for one in (payload.get("reason"), memo) if one)


def _marked(said: Any) -> str:
    text = str(said or "")
    return text if text.startswith(TAKEN_BACK) else f"{TAKEN_BACK}{text}"


def _requests(site: Site, made: Batch) -> list[tuple[str, list[Put]]]:
    """Return the writes by app; the first are the facts themselves."""
    found = [(site.app(TOUCH), list(made.calls.values()))]
    for table, puts in ((TOUCH, made.marks), (TASK, made.tasks), ("handoff", made.deals)):
        listed = list(puts.values())
        app = site.app(LEAD) if table == TASK and site.tasks_in_lead else site.app(table)
        found += [(app, listed[start : start + WRITE]) for start in range(0, len(listed), WRITE)]
    return found


def _culprit(site: Site, requests: Sequence[tuple[str, list[Put]]], error: Refused) -> tuple[str, list[Put]]:
    app, puts = requests[min(error.request, len(requests) - 1)]
    tables = [name for name in (TOUCH, TASK, "handoff", LEAD) if site.has(name) and site.app(name) == app]
    return (tables[0] if tables else TOUCH), puts


def _result(command: Command, one: Written) -> Result:
    return Result(command.key, Status.ACKED if one.new else Status.DUPLICATE, one.id, one.revision)


def _refused(command: Command, code: str, words: str) -> Result:
    return Result(command.key, Status.REFUSED, None, code=code, message=words)
