"""Tables out: leads, touches, figures and handoffs as CSV, Excel or JSON, each export noted in the journal.

A rep exports the own book, FS the own handoffs, a team lead everything (SECURITY C3). What is written is what the
import of the same file would read back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain.changes import Obj, Value, Verb
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Field, Kind
from isdesk.domain.ids import LeadId
from isdesk.domain.roles import Right
from isdesk.domain.state import LeadFacts, LeadState
from isdesk.domain.touch import Touch, effective
from isdesk.files.phones import shown
from isdesk.files.writing import Cell, write_table
from isdesk.services import handoffs, kpi
from isdesk.services.context import Context
from isdesk.services.entries import head
from isdesk.store import journal, leads

if TYPE_CHECKING:
    from isdesk.store import Tx

WHAT = ("leads", "touches", "kpi", "handoffs")
"""What can be exported."""

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
Headers = list[tuple[str, str]]

_ALL = frozenset({"team_lead", "admin"})
_MAY = {"rep": frozenset(WHAT), "fs": frozenset({"handoffs"})}
_EARLIEST, _LATEST = date(2000, 1, 1), date(2200, 1, 1)
_BLOCK = 500
_UNSEEN = frozenset({"confidence_rank", "reaction_log"})
_STATE = (
    ("stage", "リードステージ", "Stage"),
    ("attempts", "架電回数", "Attempts"),
    ("last_outcome", "架電結果", "Last outcome"),
    ("next_action", "次回アクション", "Next action"),
    ("due_at", "次回予定日時", "Due"),
    ("priority", "優先度", "Priority"),
    ("id", "リードID", "Lead id"),
)
_TOUCH = (
    ("at", "日時", "Time"),
    ("company", "会社名", "Company"),
    ("name", "氏名", "Name"),
    ("member", "担当", "Rep"),
    ("channel", "チャネル", "Channel"),
    ("direction", "方向", "Direction"),
    ("outcome", "架電結果", "Outcome"),
    ("signal", "シグナル", "Signal"),
    ("reached", "応答者", "Reached"),
    ("number", "電話番号", "Number"),
    ("talk_s", "通話時間(秒)", "Talk (s)"),
    ("reason", "理由", "Reason"),
    ("note", "架電メモ", "Note"),
    ("next_action", "次回アクション", "Next action"),
    ("due_at", "次回予定日時", "Due"),
    ("script", "トークスクリプト", "Script"),
    ("playbook", "定義の版", "Playbook"),
    ("lead_id", "リードID", "Lead id"),
    ("id", "接触ID", "Touch id"),
)
_HANDOFF = (
    ("company", "会社名", "Company"),
    ("name", "氏名", "Name"),
    ("state", "状態", "State"),
    ("grade", "確度", "Grade"),
    ("fs", "FS担当", "FS"),
    ("rep", "担当", "Rep"),
    ("submitted_at", "引き渡し日時", "Submitted"),
    ("decide_by", "受理期限", "Decide by"),
    ("meeting_at", "商談日時", "Meeting"),
    ("reason", "理由", "Reason"),
    ("missing", "不足項目", "Missing"),
    ("lead_id", "リードID", "Lead id"),
    ("id", "引き継ぎID", "Handoff id"),
)


def run(
    ctx: Context,
    what: str,
    path: Path,
    *,
    first: date | None = None,
    last: date | None = None,
    only: Sequence[LeadId] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Write ``leads`` | ``touches`` | ``kpi`` | ``handoffs`` to a CSV, Excel or JSON file; return its rows.

    ``only``: these leads and no others, in this order (for ``leads``).
    ``first`` and ``last`` are business days, both included: of receiving, of the touch, of the period, of handing over.
    Raises Refused (``export_not_allowed``, ``export_cancelled``), BadInput (``export_unknown``, ``period_backwards``
    and those of `isdesk.files.writing.write_table`). The file is whole or not there.
    """
    if what not in WHAT:
        raise BadInput("export_unknown", what=what, known=", ".join(WHAT))
    if not ctx.may(Right.EXPORT) or (ctx.me.role not in _ALL and what not in _MAY.get(ctx.me.role, frozenset())):
        raise Refused("export_not_allowed", what=what)
    if first is not None and last is not None and first > last:
        raise BadInput("period_backwards", first=first.isoformat(), last=last.isoformat())

    def tick(count: int) -> None:
        if cancelled is not None and cancelled():
            raise Refused("export_cancelled")
        if progress is not None:
            progress(count, 0)

    def note(count: int) -> None:
        _note(ctx, what, path, count, first, last)

    as_text = path.suffix.lower() != ".json"
    with ctx.store.read() as tx:
        if what == "leads":
            headers, rows = _leads(ctx, tx, first or _EARLIEST, last or _LATEST, as_text, only)
        else:
            headers, rows = _TABLES[what](ctx, tx, first or _EARLIEST, last or _LATEST, as_text)
        return write_table(path, headers, rows, tick=tick, before_shown=note)


def _note(ctx: Context, what: str, path: Path, count: int, first: date | None, last: date | None) -> None:
    """Write the export into the journal (操作履歴) before anybody can see the file."""
    summary: dict[str, Value] = {"what": what, "file": path.name, "rows": count}
    if first is not None:
        summary["first"] = first.isoformat()
    if last is not None:
        summary["last"] = last.isoformat()
    with ctx.store.write() as tx:
        journal.append(tx, head(ctx, tx, Verb.EXPORT, summary=summary))


# --------------------------------------------------------------------------------------------------------------- leads


def _lead_fields(ctx: Context) -> list[tuple[str, Field]]:
    """Return path and field of every column, in the order in which fields are declared."""
    declared = [*COMPANY_FIELDS.values(), *LEAD_FIELDS.values(), *ctx.rules.fields]
    return [
        (f"company.{field.code}" if field.obj is Obj.COMPANY else field.code, field)
        for field in declared
        if field.shown and field.code not in _UNSEEN and field.code != "stage" and field.kind is not Kind.JSON
    ]


def _leads(
    ctx: Context, tx: Tx, first: date, last: date, as_text: bool, only: Sequence[LeadId] | None
) -> tuple[Headers, Iterator[Sequence[Cell]]]:
    columns = _lead_fields(ctx)
    headers = [(path, _worded(ctx, field.ja, field.en)) for path, field in columns] + _headers(ctx, _STATE)
    mine = ctx.me.role not in _ALL

    def rows() -> Iterator[Sequence[Cell]]:
        for block in leads.all_ids(tx, _BLOCK) if only is None else _blocks(only):
            facts = leads.many(tx, block)
            states = leads.states(tx, facts)
            for lead_id, one in [(key, facts[key]) for key in block if key in facts]:
                if mine and one.owner_id != ctx.me.id:
                    continue
                if not first <= _day(one.get("received_at"), first) <= last:
                    continue
                state = states[lead_id][0] if lead_id in states else None
                yield [_cell(ctx, one.get(p), f, as_text) for p, f in columns] + _state(ctx, one, state, as_text)

    return headers, rows()


def _blocks(only: Sequence[LeadId]) -> Iterator[Sequence[LeadId]]:
    for start in range(0, len(only), _BLOCK):
        yield only[start : start + _BLOCK]


def _state(ctx: Context, facts: LeadFacts, state: LeadState | None, as_text: bool) -> list[Cell]:
    if state is None:
        return [*[None] * (len(_STATE) - 1), str(facts.id)]
    stage, outcome = ctx.rules.stages.get(state.stage), ctx.rules.outcomes.get(state.last_outcome or "")
    action = state.next_action
    return [
        stage.label.in_(ctx.lang) if stage and as_text else state.stage,
        state.attempts,
        outcome.label.in_(ctx.lang) if outcome and as_text else state.last_outcome,
        action.kind.value if action else None,
        _time(action.due_at if action else None, as_text),
        state.scores.priority,
        facts.id,
    ]


def _cell(ctx: Context, value: Value, field: Field, as_text: bool) -> Cell:
    """Return a field's value as it is written: codes in JSON; labels, names and Tokyo time for people."""
    if value is None or isinstance(value, bool | int | float) or not as_text:
        return value if value is None or isinstance(value, bool | int | float | str) else str(value)
    text = str(value)
    if field.kind is Kind.PHONE:
        return shown(text)
    if field.kind is Kind.MEMBER:
        return ctx.name_of(text) or text
    if field.kind is Kind.CHOICE:
        return next((_worded(ctx, ja, en) for code, ja, en in field.choices if code == text), text)
    if field.kind is Kind.DATETIME:
        return _time(datetime.fromisoformat(text), as_text)
    return text


# ----------------------------------------------------------------------------------------------------- the other tables


def _touches(ctx: Context, tx: Tx, first: date, last: date, as_text: bool) -> tuple[Headers, Iterator[Sequence[Cell]]]:
    member = None if ctx.me.role in _ALL else ctx.me.id

    def rows() -> Iterator[Sequence[Cell]]:
        for start, end in _months(ctx, first, last):
            made = leads.touches_between(tx, start, end, member)
            known = {t.id for t in made}
            later = [t for t in leads.corrections(tx, known) if t.id not in known]
            counted = [t for t in effective([*made, *later]) if t.id in known]
            facts = leads.many(tx, {t.lead_id for t in counted})
            for touch in counted:
                yield _touch(ctx, touch, facts.get(touch.lead_id), as_text)

    return _headers(ctx, _TOUCH), rows()


def _months(ctx: Context, first: date, last: date) -> list[tuple[datetime, datetime]]:
    """Return the period in steps of 28 days, so that a long history never stands in memory as a whole."""
    begin = max(first, date(2015, 1, 1)) if first == _EARLIEST else first
    end = min(last, ctx.now().astimezone(TOKYO).date() + timedelta(days=1))
    days = [begin + timedelta(days=n) for n in range(0, max((end - begin).days + 1, 0), 28)]
    edges = [*days, end + timedelta(days=1)]
    return [(ctx.calendar.start_of_day(a), ctx.calendar.start_of_day(b)) for a, b in pairwise(edges)]


def _touch(ctx: Context, touch: Touch, facts: LeadFacts | None, as_text: bool) -> list[Cell]:
    outcome = ctx.rules.outcomes.get(touch.outcome or "")
    plan = touch.plan
    return [
        _time(touch.at, as_text),
        _text(facts, "company.name"),
        _text(facts, "name"),
        ctx.name_of(touch.member_id) or touch.member_id,
        touch.channel.value,
        touch.direction.value,
        outcome.label.in_(ctx.lang) if outcome and as_text else touch.outcome,
        touch.signal,
        touch.reached.value if touch.reached else None,
        shown(touch.number) if touch.number and as_text else touch.number,
        touch.talk_s,
        touch.reason,
        touch.note,
        plan.action.value if plan and plan.action else None,
        _time(plan.due_at if plan else None, as_text),
        touch.script,
        touch.playbook,
        touch.lead_id,
        touch.id,
    ]


def _kpi(ctx: Context, _tx: Tx, first: date, last: date, _as_text: bool) -> tuple[Headers, Iterator[Sequence[Cell]]]:
    today = ctx.now().astimezone(TOKYO).date()
    begin = today.replace(day=1) if first == _EARLIEST else first
    end = min(last, today) if last == _LATEST else last
    found = kpi.rows(ctx, first=begin, last=max(begin, end), by="rep")
    if ctx.me.role not in _ALL:
        found = [row for row in found if row["key"] == ctx.me.id]
    codes = list(found[0]) if found else ["key", "label"]
    return [(code, code) for code in codes], ([_figure(row[code]) for code in codes] for row in found)


def _figure(value: object) -> Cell:
    if isinstance(value, kpi.Rate):
        return None if value.value is None else round(value.value, 4)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _handoffs(ctx: Context, tx: Tx, first: date, last: date, as_text: bool) -> tuple[Headers, Iterator[Sequence[Cell]]]:
    found = handoffs.listing(ctx, fs_id=ctx.me.id if ctx.me.role == "fs" else None)
    if ctx.me.role == "rep":
        own = leads.many(tx, [view.lead_id for view in found])
        found = [view for view in found if view.lead_id in own and own[view.lead_id].owner_id == ctx.me.id]

    def rows() -> Iterator[Sequence[Cell]]:
        for view in found:
            if view.submitted_at is not None and not first <= view.submitted_at.astimezone(TOKYO).date() <= last:
                continue
            yield [
                view.company,
                view.lead_name,
                view.state,
                view.grade,
                ctx.name_of(view.fs_id),
                view.rep,
                _time(view.submitted_at, as_text),
                _time(view.decide_by, as_text),
                _time(view.meeting_at, as_text),
                handoffs.reason_label(ctx, view.reason) if view.reason else None,
                "、".join(_worded(ctx, line.ja, line.en) for line in view.missing),
                view.lead_id,
                view.id,
            ]

    return _headers(ctx, _HANDOFF), rows()


_TABLES = {"touches": _touches, "kpi": _kpi, "handoffs": _handoffs}


# ------------------------------------------------------------------------------------------------------------- wording


def _worded(ctx: Context, ja: str, en: str) -> str:
    return en if ctx.lang == "en" else ja


def _headers(ctx: Context, columns: Sequence[tuple[str, str, str]]) -> Headers:
    return [(code, _worded(ctx, ja, en)) for code, ja, en in columns]


def _text(facts: LeadFacts | None, path: str) -> str | None:
    value = facts.get(path) if facts is not None else None
    return value if isinstance(value, str) else None


def _time(at: datetime | None, as_text: bool) -> str | None:
    """Return an instant in Tokyo for people, RFC 3339 for programs."""
    if at is None:
        return None
    return at.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M:%S") if as_text else at.astimezone(UTC).isoformat()


def _day(value: Value, otherwise: date) -> date:
    return datetime.fromisoformat(value).astimezone(TOKYO).date() if isinstance(value, str) and value else otherwise
