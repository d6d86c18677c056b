"""Reading a list of intent events: which column says what, and what each of its lines says; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.domain import signals as rules
from isdesk.domain.errors import BadInput
from isdesk.files.phones import to_e164
from isdesk.files.reading import open_table
from isdesk.files.rows import Problem, blank
from isdesk.files.texts import instant_by, mail_of

if TYPE_CHECKING:
    from isdesk.files.reading import Row, Table
    from isdesk.services.context import Context

AHEAD = timedelta(minutes=10)
"""So far may a list's clock be ahead."""
NO_COLUMN = ""
"""Chosen as the column of dates: none of them is."""
_LONGEST = 200
_JUDGED = 500
"""So many lines are looked at to see whether a column holds dates."""
_OFFERED = 40
"""Columns that are offered as that of the dates: more than that are no list of events."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a list, read: by whom it is to be found, what happened and when.

    ``dated`` False: the list does not say when, so ``at`` is a moment at which it makes nobody hot.
    """

    row: int
    mail: str
    phone: str
    person: tuple[str, str]
    code: str
    at: datetime
    note: str
    dated: bool = True

    @property
    def second(self) -> int | None:
        """Return when it happened, in seconds since 1970; None where nobody says it."""
        return int(self.at.timestamp()) if self.dated else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that says that somebody wants no more mail (配信停止)."""

    row: int
    mail: str
    phone: str
    person: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it was read: its events, who wants no more mail, the rows of who did not come, and what is unreadable.

    ``at``: the header of the column that says when (empty: none does); ``columns``: those that could be chosen for it.
    """

    events: tuple[Event, ...]
    problems: tuple[Problem, ...]
    refusals: tuple[Refusal, ...] = ()
    absent: tuple[int, ...] = ()
    at: str = NO_COLUMN
    columns: tuple[str, ...] = ()


def needs_kind(path: Path, encoding: str | None = None) -> bool:
    """Return whether a list has no column that says what happened. Raises BadInput (`files.reading.open_table`)."""
    return "event" not in rules.columns(open_table(path, encoding=encoding).headers)


def read(
    ctx: Context, path: Path, *, code: str | None = None, encoding: str | None = None, at: str | None = None
) -> Listed:
    """Read a list, beside the store: a long one keeps nobody's record waiting.

    ``code``: what happened, where no column says it. ``at``: the header of the column that says when, `NO_COLUMN` for
    none; by itself the likeliest one is taken whose cells are dates.

    Raises BadInput (``signals_no_person``, ``signals_no_kind``, ``signal_unknown``, ``signals_no_column`` and those of
    `isdesk.files.reading.open_table`).
    """
    table = open_table(path, encoding=encoding)
    places = rules.columns(table.headers)
    kind = None if code is None else rules.code_of(code, ctx.rules.scoring.signals)
    if code is not None and kind is None:
        raise BadInput("signal_unknown", signal=code, known=", ".join(s.code for s in ctx.rules.scoring.signals))
    if not ({"mail", "phone"} & set(places) or {"name", "company"} <= set(places)):
        raise BadInput("signals_no_person", file=path.name)
    if kind is None and "event" not in places:
        raise BadInput("signals_no_kind", file=path.name)
    if at and at not in table.headers:
        raise BadInput("signals_no_column", column=at, known=", ".join(table.headers))
    day = _day_column(ctx, table, at)
    reader = _Reader(ctx, table, _settled(table, places, day), kind)
    for row in table.rows():
        reader.take(row)
    used = {place for name, place in places.items() if name not in {"at", "note", "status"}}
    return Listed(
        tuple(reader.events),
        tuple(reader.problems),
        tuple(reader.refusals),
        tuple(reader.absent),
        NO_COLUMN if day is None else table.headers[day],
        tuple(header for place, header in enumerate(table.headers) if place not in used)[:_OFFERED],
    )


def _settled(table: Table, places: dict[str, int], day: int | None) -> dict[str, int]:
    """Return the places of the columns as they are read: that of the dates, none that is empty throughout."""
    found = {name: place for name, place in places.items() if name != "at" and place != day}
    if day is not None:
        found["at"] = day
    if "attended" in found and all(blank(row.cells[found["attended"]]) for row in table.rows()):
        del found["attended"]  # nobody took note of who came: it says nothing of anybody
    return found


def _day_column(ctx: Context, table: Table, chosen: str | None) -> int | None:
    """Return the place of the column that says when, None where none does."""
    if chosen is not None:
        return table.headers.index(chosen) if chosen else None
    places = rules.dates(table.headers)
    filled, good = dict.fromkeys(places, 0), dict.fromkeys(places, 0)
    now = ctx.now()
    for row in islice(table.rows(), _JUDGED) if places else ():
        for place in places:
            if not blank(row.cells[place]):
                filled[place] += 1
                good[place] += instant_by(row.cells[place], now) is not None
    for place in places:
        if good[place] and good[place] * 2 >= filled[place]:
            return place
    named = rules.columns(table.headers).get("at")
    return named if named is not None and filled[named] else None  # what it holds is told line by line


class _Reader:
    """Reads the lines of one list."""

    def __init__(self, ctx: Context, table: Table, places: Mapping[str, int], kind: str | None) -> None:
        self._table, self._places, self._kind = table, places, kind
        self._now = ctx.now()
        self._rules = {one.code: one for one in ctx.rules.scoring.signals}
        self.events: list[Event] = []
        self.problems: list[Problem] = []
        self.refusals: list[Refusal] = []
        self.absent: list[int] = []

    def take(self, row: Row) -> None:
        """Take one line: an event, a refusal, somebody who did not come, or one that cannot be read."""
        said = self._cell(row, "event")
        if (said and rules.is_opt_out(said)) or any(map(rules.refuses, self._table.headers, row.cells)):
            mail, phone, person = self._who(row)
            self.refusals.append(Refusal(row.number, mail, phone, person))
            return
        code = rules.code_of(said, tuple(self._rules.values())) if said else self._kind
        came = not rules.missed(said) if said else True
        if came and "attended" in self._places and (not said or rules.gathers(code)):
            here = self._cell(row, "attended")
            known = rules.attended(here) if here else False
            if known is None:
                self._wrong(row, "attended", "signal_attendance")
                return
            came = known
        elif came and code in rules.GATHERINGS:
            came = rules.attended(self._cell(row, "status")) is not False
        if not came:
            self.absent.append(row.number)
        else:
            self._event(row, code)

    def _event(self, row: Row, code: str | None) -> None:
        day = self._cell(row, "at")
        at = instant_by(day, self._now) if day else None
        if code is None:
            self._wrong(row, "event", "signal_not_known")
        elif day and at is None:
            self._wrong(row, "at", "cell_date")
        elif at is not None and at > self._now + AHEAD:
            self._wrong(row, "at", "signal_ahead")
        else:
            note = " ".join(self._cell(row, "note").split())[:_LONGEST]
            self.events.append(Event(row.number, *self._who(row), code, at or self._cooled(code), note, at is not None))

    def _cooled(self, code: str) -> datetime:
        """Return when an event is said to have been of which nobody says it: as lately as makes nobody hot."""
        return self._now - timedelta(hours=self._rules[code].hot_hours)

    def _who(self, row: Row) -> tuple[str, str, tuple[str, str]]:
        mail, phone = mail_of(self._cell(row, "mail")) or "", to_e164(self._cell(row, "phone")) or ""
        return mail, phone, (self._cell(row, "company"), self._cell(row, "name"))

    def _cell(self, row: Row, name: str) -> str:
        text = row.cells[self._places[name]].strip() if name in self._places else ""
        return "" if name in {"at", "attended", "event"} and blank(text) else text

    def _wrong(self, row: Row, name: str, code: str) -> None:
        header = self._table.headers[self._places[name]] if name in self._places else ""
        value = row.cells[self._places[name]].strip()[:60] if name in self._places else ""
        self.problems.append(Problem(row.number, header, code, value))
