"""The columns of the review of queues: whose lead, what is urgent about it, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from isdesk.services.lead_table import TableRow
from isdesk.services.team import TeamRow
from ui import team_words
from ui.models.records import Cell, Column
from ui.noop import QT_TRANSLATE_NOOP
from ui.views.leads import columns as plain
from ui.words import Words, translate

_ALARM = QT_TRANSLATE_NOOP("team", "要確認")
_ORDER = ("owner", "name", "company", "stage", "due", "touched", "attempts", "priority", "title", "phone")
_WIDTHS = {"owner": 104, "name": 128, "company": 200, "due": 240}


def columns(speech: Words, now: Callable[[], datetime]) -> list[Column[TeamRow]]:
    """Return the columns in order; those of the table of leads, and what is urgent after the name."""
    known = {one.code: one for one in plain.columns(speech, now)}
    made = [_of_row(known[code]) for code in _ORDER]
    made.insert(3, Column("alarm", translate("team", _ALARM), 176, _alarm))
    return made


def _of_row(column: Column[TableRow]) -> Column[TeamRow]:
    cell, width = column.cell, _WIDTHS.get(column.code, column.width)
    return Column(column.code, column.title, width, lambda one: cell(one.row), column.sort, right=column.right)


def _alarm(one: TeamRow) -> Cell:
    if not one.alarms:
        return Cell("")
    first, *others = one.alarms
    cell = Cell(team_words.kind(first), tone=team_words.TONES.get(first, "plain"))
    if not others:
        return cell
    more = " ・ ".join(team_words.kind(kind) for kind in others)
    return replace(cell, sub=more, tip=" ・ ".join(team_words.kind(kind) for kind in one.alarms))
