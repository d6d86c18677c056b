"""What is fixed when a meeting is closed: its figures, cases and drift as plain values, and a pack made of them again.

Names of leads are not among them: they are looked up when the minutes are read, so that an erasure reaches old minutes
too (law of personal data, DOMAIN 15).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from isdesk.domain.alignment import MONTH
from isdesk.domain.changes import Value
from isdesk.domain.deviation import Fall
from isdesk.domain.diagnosis import Trials
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.kpi import Interval, wilson
from isdesk.services import cases as deviating
from isdesk.services import packs
from isdesk.services.cases import Case
from isdesk.services.dashboard import Beside, Period, Tile, differs
from isdesk.services.drifting import Drift, Line
from isdesk.services.packs import Loss, Pack

if TYPE_CHECKING:
    from isdesk.domain.agreement import Proposal
    from isdesk.domain.alignment import Action, AlignmentMeeting
    from isdesk.services.context import Context

MOST_CASES: Final = 500
"""So many cases are kept in minutes; a period with more has other worries than a list."""
_NOTHING: Final = Interval(0.0, 1.0)


def of(pack: Pack) -> dict[str, Value]:
    """Return what a meeting fixes of its pack."""
    return {
        "last": pack.period.last.isoformat(),
        "tiles": [asdict(tile) for tile in pack.tiles],
        "trend": [[start.isoformat(), dict(row)] for start, row in pack.trend],
        "progress": {**pack.progress},
        "cases": [_case(one) for one in pack.cases[:MOST_CASES]],
        "drift": [_line(one) for one in pack.drift.lines],
        "losses": [asdict(one) for one in pack.losses],
    }


def _case(one: Case) -> dict[str, Value]:
    made: dict[str, Value] = {"id": one.id, "kind": one.kind, "keys": [*one.keys], "detail": [*one.detail]}
    if one.at is not None:
        made |= {"at": one.at.isoformat(), "lead": one.lead_id, "member": one.member_id}
    if one.fall is not None:
        fall = one.fall
        made["fall"] = [fall.code, fall.segment, *_pair(fall.now), *_pair(fall.before)]
    return made


def _line(one: Line) -> dict[str, Value]:
    steps: list[object] = [[start.isoformat(), *_pair(trials)] for start, trials in one.steps]
    return {"code": one.code, "key": one.key, "now": _pair(one.trials), "before": _pair(one.before), "steps": steps}


def _pair(trials: Trials) -> list[object]:
    return [trials.part, trials.whole]


# ------------------------------------------------------------------------------------------------------------- reading


def fixed(
    ctx: Context, meeting: AlignmentMeeting, period: Period, over: tuple[Action, ...], proposals: tuple[Proposal, ...]
) -> Pack:
    """Return the pack of a meeting whose minutes were closed, with the figures of then."""
    kept: Mapping[str, Any] = meeting.minutes
    last = date.fromisoformat(str(kept.get("last") or period.last.isoformat()))
    then = Period(period.kind, period.first, last, packs.before_of(period.kind, period.first, last))
    drift = Drift(then.first, last, then.before, tuple(_read_line(one) for one in kept.get("drift", ())))
    found = tuple(deviating.with_names(ctx, [_read_case(one) for one in kept.get("cases", ())]))
    return Pack(
        meeting,
        then,
        tuple(_read_tile(one) for one in kept.get("tiles", ())),
        tuple((date.fromisoformat(start), row) for start, row in kept.get("trend", ())),
        kept.get("progress", {}),
        found,
        drift,
        packs.questions(ctx, found, drift),
        over,
        proposals,
        tuple(Loss(**one) for one in kept.get("losses", ())),
        packs.waking(ctx, then) if period.kind == MONTH else (),
        fixed=True,
    )


def _read_tile(one: Mapping[str, Any]) -> Tile:
    beside = tuple(Beside(**also) for also in one["beside"])
    return Tile(**{**one, "beside": beside})


def _read_case(one: Mapping[str, Any]) -> Case:
    at = datetime.fromisoformat(one["at"]) if "at" in one else None
    lead, member = one.get("lead"), one.get("member")
    return Case(
        one["id"],
        one["kind"],
        tuple(one["keys"]),
        at,
        LeadId(lead) if lead else None,
        MemberId(member) if member else None,
        tuple(one["detail"]),
        _read_fall(one["fall"]) if "fall" in one else None,
    )


def _read_fall(one: list[Any]) -> Fall:
    code, segment, part, whole, part_then, whole_then = one
    around, before = wilson(part, whole) or _NOTHING, wilson(part_then, whole_then) or _NOTHING
    return Fall(code, segment, Trials(part, whole), Trials(part_then, whole_then), around, before)


def _read_line(one: Mapping[str, Any]) -> Line:
    now, before = Trials(*one["now"]), Trials(*one["before"])
    steps = tuple((date.fromisoformat(start), Trials(part, whole)) for start, part, whole in one["steps"])
    moved = differs((now.part, now.whole), (before.part, before.whole))
    return Line(one["code"], one["key"], now, before, wilson(now.part, now.whole), steps, moved)
