"""The columns of the table of leads, declared as data: title, width, sort, and the cell made from a row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from isdesk.services.lead_table import TableRow
from ui import words
from ui.models.records import Cell, Column
from ui.noop import QT_TRANSLATE_NOOP
from ui.words import Words

_TITLES = {
    "name": QT_TRANSLATE_NOOP("leads", "氏名"),
    "company": QT_TRANSLATE_NOOP("leads", "会社"),
    "title": QT_TRANSLATE_NOOP("leads", "部署・役職"),
    "stage": QT_TRANSLATE_NOOP("leads", "ステージ"),
    "priority": QT_TRANSLATE_NOOP("leads", "優先度"),
    "due": QT_TRANSLATE_NOOP("leads", "次回アクション"),
    "attempts": QT_TRANSLATE_NOOP("leads", "架電"),
    "touched": QT_TRANSLATE_NOOP("leads", "最終接触"),
    "owner": QT_TRANSLATE_NOOP("leads", "担当"),
    "phone": QT_TRANSLATE_NOOP("leads", "電話"),
    "email": QT_TRANSLATE_NOOP("leads", "メール"),
}


def columns(speech: Words, now: Callable[[], datetime]) -> list[Column[TableRow]]:
    """Return the columns in order. The times in their cells are told from ``now``."""

    def title(code: str) -> str:
        return words.translate("leads", _TITLES[code])

    return [
        Column("name", title("name"), 136, _name, sort="name"),
        Column("company", title("company"), 190, lambda r: Cell(r.company, tip=r.company), sort="company"),
        Column("title", title("title"), 150, _title),
        Column("stage", title("stage"), 112, lambda r: Cell(speech.stage(r.stage), tone="plain"), sort="stage"),
        Column("priority", title("priority"), 80, _priority, sort="priority", right=True),
        Column("due", title("due"), 236, lambda r: _action(r, speech, now()), sort="due"),
        Column("attempts", title("attempts"), 70, _attempts, sort="attempts", right=True),
        Column("touched", title("touched"), 96, lambda r: _touched(r, now()), sort="touched"),
        Column("owner", title("owner"), 96, _owner, sort="owner"),
        Column("phone", title("phone"), 118, lambda r: Cell(r.phone or "—", "text" if r.phone else "dim")),
        Column("email", title("email"), 210, lambda r: Cell(r.email, "dim", tip=r.email), sort="email"),
    ]


def _name(row: TableRow) -> Cell:
    name = row.name or words.tr("氏名不明")
    if row.dnc:
        return Cell(name, "bad", bold=True, icon="lock", tip=words.held("dnc"), said=f"{name} {words.held('dnc')}")
    if row.pinned:
        pinned = words.tr("固定")
        return Cell(name, bold=True, icon="pin", tip=pinned, said=f"{name} {pinned}")
    return Cell(name, bold=True, tip=name)


def _title(row: TableRow) -> Cell:
    text = " ".join(part for part in (row.department, row.title) if part)
    return Cell(text, "dim", tip=text)


def _priority(row: TableRow) -> Cell:
    return Cell(str(row.priority) if row.priority else "—", "text" if row.priority else "dim", right=True)


def _action(row: TableRow, speech: Words, now: datetime) -> Cell:
    if not row.action:
        return Cell(words.held(row.held) if row.held else "—", "dim")
    due_at = row.due_at if row.due_at is not None and words.is_planned(row.action, row.due_at, now) else None
    at = speech.moment(due_at, now) if due_at is not None else ""
    late = due_at is not None and due_at < now and row.held is None
    sub = words.held(row.held) if row.held and row.held != "not_due" else ""
    text = f"{words.action(row.action)} {at}".strip()
    return Cell(text, "warn" if late else "text", sub=sub, tip=f"{text} {sub}".strip())


def _attempts(row: TableRow) -> Cell:
    return Cell(f"{row.attempts}/{row.cap}", "text" if row.attempts else "dim", right=True)


def _touched(row: TableRow, now: datetime) -> Cell:
    if row.last_touch_at is None:
        return Cell("—", "dim")
    return Cell(words.ago(row.last_touch_at, now), "dim", tip=words.moment_full(row.last_touch_at))


def _owner(row: TableRow) -> Cell:
    return Cell(row.owner, tip=row.owner) if row.owner else Cell(words.tr("担当なし"), "warn")
