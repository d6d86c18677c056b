"""The 日報: a rep's day in words, drawn from the log: every quantity beside its quality (DOMAIN 8, 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.playbook.words import fixed
from isdesk.rendering import render_file

if TYPE_CHECKING:
    from isdesk.domain.day_end import Appointment, Loop
    from isdesk.services.day_end import DayEnd
    from isdesk.services.kpi import Figures, Rate

MOST = 12
"""So many lines of a part are written out; how many more there are is said."""
_DASH = "—"


def subject(made: DayEnd, lang: str = "ja") -> str:
    """Return the subject under which the report is mailed."""
    return fixed("day", lang)["subject"].format(day=made.day.isoformat(), name=made.member)


def text(made: DayEnd, lang: str = "ja") -> str:
    """Return the report of `day_end.look` as plain text."""
    words = fixed("day", lang)
    filled = render_file(
        "day_report.txt.j2",
        {
            "h": dict(words),
            "title": words["title"],
            "day": made.day.isoformat(),
            "name": made.member,
            "figures": figures(made.figures, lang),
            "made": _lines([_appointment(one, words) for one in made.set], words),
            "later": _lines([_appointment(one, words) for one in made.later], words) if made.later else [],
            "tomorrow_title": words["tomorrow"].format(day=f"{made.next_day:%m/%d}"),
            "tomorrow": _lines([_appointment(one, words) for one in made.tomorrow], words),
            "open": [next_check(made, lang), *_lines([_loop(one, words) for one in made.loops], words)],
            "note": made.note,
        },
    )
    return filled.strip() + "\n"


def figures(found: Figures, lang: str = "ja") -> list[str]:
    """Return the figures of the day in lines: the quantity, then its rate with numerator and denominator."""
    words, counts, rates = fixed("day", lang), found.counts, found.rates
    between = "、" if lang == "ja" else ", "
    meetings = [_rate(words["meeting_rate"], rates["meeting_set_rate"])]
    if counts.meetings_without_dm:
        meetings.append(words["without"].format(n=counts.meetings_without_dm))
    if counts.meetings_canceled:
        meetings.append(words["net"].format(n=counts.meetings_net))
    lines = [
        _line(words["dials"], counts.dials, [words["unique"].format(n=counts.unique_leads)], lang),
        _line(words["answered"], counts.answered, [_rate(words["answer_rate"], rates["answer_rate"])], lang),
        _line(words["reached"], counts.dm_reached, [_rate(words["dm_rate"], rates["dm_connect_rate"])], lang),
        _line(words["meetings"], counts.meetings_gross, [between.join(meetings)], lang),
        _line(words["handed"], found.sql_count, [words["accepted"].format(n=found.accepted)], lang),
        f"{words['talk']}: {words['minutes'].format(n=round(counts.talk_seconds / 60))}",
    ]
    if counts.inbound_calls:
        lines.append(f"{words['inbound']}: {counts.inbound_calls}")
    if found.talk.share is not None:
        share = f"{found.talk.share * 100:.0f}%"
        lines.append(f"{words['score']}: {words['score_of'].format(share=share, n=found.talk.calls)}")
    return lines


def next_check(made: DayEnd, lang: str = "ja") -> str:
    """Return whether every lead touched today has a next action, in one sentence."""
    words = fixed("day", lang)
    code = "next_check_bad" if made.without_next else "next_check"
    return words[code].format(n=made.touched, m=made.without_next)


def _line(name: str, count: int, more: Sequence[str], lang: str) -> str:
    inside = " ".join(more)
    return f"{name}: {count}({inside})" if lang == "ja" else f"{name}: {count} ({inside})"


def _rate(name: str, rate: Rate) -> str:
    """Return a rate with what it is made of; — where there is nothing to divide by (KPI rule d)."""
    shown = _DASH if rate.value is None else f"{rate.value * 100:.1f}%"
    return f"{name} {shown} = {rate.numerator}/{rate.denominator}"


def _lines(every: Sequence[str], words: Mapping[str, str]) -> list[str]:
    if not every:
        return [words["none"]]
    rest = len(every) - MOST
    return [*every[:MOST], words["more"].format(n=rest)] if rest > 0 else list(every)


def _appointment(one: Appointment, words: Mapping[str, str]) -> str:
    when = f"{one.at.astimezone(TOKYO):%m/%d %H:%M}" if one.at is not None else words["no_time"]
    what = words["meeting"] if one.meeting else words["callback"]
    return " ".join(part for part in (when, what, one.company, one.name) if part)


def _loop(one: Loop, words: Mapping[str, str]) -> str:
    when = f"({one.at.astimezone(TOKYO):%m/%d %H:%M})" if one.at is not None else ""
    return " ".join(part for part in (f"{words[one.kind]}:", one.company, one.name, when) if part)
