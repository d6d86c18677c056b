"""What an enrolment came to in a few signs (`Trace`): how many are counted without folding each of them again.

A trace holds all that is counted of an enrolment and nothing else, so that many enrolments have the same one. It is
derived with the lead's state and kept beside it; it is never a second truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from isdesk.domain.changes import Value
from isdesk.domain.sequence import Enrolment, newest

RESULTS: Final = ("reply", "meeting", "opt_out", "do_not_call")
"""What can come of a sequence, of the codes of `sequence.STOPS`."""
FORM: Final = 1
"""The number of this form: what was kept in another one, or never, is worked out anew."""
_SIGNS: Final = {"done": "d", "skipped": "s", "blocked": "b", "open": "o", "later": "l"}


@dataclass(frozen=True, slots=True)
class Trace:
    """One enrolment that did something.

    ``state`` is that of `sequence.Enrolment`, ``why`` what ended it or came of it afterwards, ``after`` the number of
    the last step before that (0: none). ``steps`` has a letter for each step: d(one), s(kipped), b(locked), o(pen),
    l(ater).
    """

    code: str
    state: str
    why: str
    after: int
    steps: str

    @property
    def ahead(self) -> int:
        """Return the number of the step to be taken next; 0 where it runs no more."""
        if self.state != "running":
            return 0
        return next((number for number, sign in enumerate(self.steps, 1) if sign in "bo"), 0)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a lead's enrolments.

    ``state``: ``running`` | ``ended`` | ``none`` where none did anything. ``at`` is when the newest ended, or was made
    where nobody knows; ``owner`` the lead's.
    """

    state: str
    owner: str | None
    at: datetime | None
    traces: tuple[Trace, ...]


def trace(one: Enrolment) -> Trace:
    """Return what an enrolment came to so far."""
    why = one.stop.why if one.stop is not None else ""
    return Trace(one.code, one.state, why, _after(one), "".join(_SIGNS[step.state] for step in one.steps))


def traces(found: Iterable[Enrolment]) -> tuple[Trace, ...]:
    """Return what a lead's enrolments came to, without those that did nothing."""
    return tuple(trace(one) for one in found if one.state != "second")


def kept(found: Sequence[Enrolment], owner: str | None) -> Kept:
    """Return what is to be kept of a lead's enrolments."""
    one = newest(found)
    if one is None:
        return Kept("none", owner, None, ())
    if one.state == "running":
        return Kept("running", owner, None, traces(found))
    return Kept("ended", owner, over_at(one), traces(found))


def over_at(one: Enrolment) -> datetime:
    """Return when an enrolment ended; when it was made where nobody knows."""
    return one.ended_at or (one.stop.at if one.stop is not None else None) or one.at


def packed(found: Iterable[Trace]) -> list[Value]:
    """Return traces as they are kept."""
    return [[one.code, one.state, one.why, one.after, one.steps] for one in found]


def unpacked(rows: Iterable[object]) -> tuple[Trace, ...]:
    """Return traces that were kept."""
    return tuple(
        Trace(str(row[0]), str(row[1]), str(row[2]), int(row[3]), str(row[4])) for row in rows if isinstance(row, list)
    )


def _after(one: Enrolment) -> int:
    at = one.stop.at if one.stop is not None else None
    passed = [s.number for s in one.steps if s.state == "done" and (at is None or s.at is None or s.at <= at)]
    return max(passed, default=0)
