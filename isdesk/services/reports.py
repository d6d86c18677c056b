"""The report of the figures on one page: data in words for the template, filled in by the sandbox (DOMAIN 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain.colours import PAPER, Paper, legible, mixed, ramp
from isdesk.domain.kpi import FEW
from isdesk.playbook.words import fixed
from isdesk.rendering import render_file
from isdesk.services import dashboard
from isdesk.services.dashboard import Board, Tile

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.services.figure_pictures import Pictures
    from isdesk.services.kpi import Figures

MOST_GROUPS: Final = 8
_WIDE: Final = 46
_COLUMNS: Final = ("dial_count", "answer_rate", "dm_connect_rate", "meeting_set_rate", dashboard.TALK, "sql_count",
                   "handoff_acceptance_rate", "win_rate")  # fmt: skip
_DASH: Final = "—"
_PALE: Final = 30
_WHITE: Final = "#ffffff"


def html(
    ctx: Context, made: Board, read: Pictures, said: Sequence[str], lang: str = "ja", *, palette: str = "usual"
) -> str:
    """Return the report of a period as HTML for one A4 page. ``said``: the sentences of the diagnosis; ``palette``:
    its colours (`domain.colours`).

    Raises BadInput (``template_…``).
    """
    words = fixed("report", lang)
    period, groups = made.period, dashboard.own(ctx, made.by, made.groups)
    values = {
        "lang": lang,
        "ink": {"accent": PAPER[palette].accent, "head": PAPER[palette].accent_text},
        "h": dict(words),
        "title": ctx.my_company or words["team"],
        "period": _span(period.first.isoformat(), period.last.isoformat()),
        "before": _span(*(day.isoformat() for day in period.before)),
        "tiles": [_tile(one, lang, words["n"]) for one in made.tiles],
        "said": list(said),
        "funnel": _funnel(read, lang),
        "columns": [_name(code, lang) for code in _COLUMNS],
        "group": words.get(f"by_{made.by}", made.by),
        "groups": [_group(made, one) for one in groups[:MOST_GROUPS]],
        "more": max(len(groups) - MOST_GROUPS, 0),
        "hours": sorted({slot.hour for slot in read.heat}),
        "heat": _heat(read, words["weekdays"].split(), PAPER[palette]),
        "footer": words["made"].format(
            at=f"{ctx.now().astimezone(TOKYO):%Y-%m-%d %H:%M}", version=ctx.rules.version, few=FEW
        ),
    }
    return render_file("report.html.j2", values)


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def _name(code: str, lang: str) -> str:
    return dashboard.definition(code).label.in_(lang)


def shown(kind: str, value: float | None) -> str:
    """Return a figure as it stands on paper; — where there is nothing to divide by."""
    if value is None:
        return _DASH
    if kind in {"rate", "share"}:
        return f"{value * 100:.1f} %"
    if kind == "yen":
        return f"¥{value:,.0f}"
    return f"{value:,.1f}" if kind in {"days", "mean"} else f"{value:,.0f}"


def _tile(one: Tile, lang: str, n: str) -> dict[str, object]:
    kind = one.kind
    around = f"{one.low * 100:.0f}–{one.high * 100:.0f} %" if one.low is not None and one.high is not None else ""
    beside = [
        f"{_name(also.code, lang)} {shown(dashboard.definition(also.code).kind, also.value)}" for also in one.beside
    ]
    return {
        "name": _name(one.code, lang),
        "value": shown(kind, one.value),
        "parts": f"{one.part:,} / {one.whole:,}" if kind == "rate" else "",
        "interval": f"{around} ({n} = {one.whole})" if around else "",
        "target": shown(kind, one.target) if one.target is not None else _DASH,
        "before": shown(kind, one.before),
        "beside": beside,
    }


def _funnel(read: Pictures, lang: str) -> list[dict[str, object]]:
    most = max((one.count for one in read.funnel), default=0) ** 0.5 or 1.0
    return [
        {
            "name": _name(one.code, lang),
            "count": f"{one.count:,}",
            "share": "" if one.of_before is None else f"{one.of_before * 100:.1f} %",
            "wide": max(1, round(_WIDE * one.count**0.5 / most)) if one.count else 0,
        }
        for one in read.funnel
    ]


def _group(made: Board, one: Figures) -> dict[str, object]:
    cells = []
    for code in _COLUMNS:
        rate = one.rates.get(code)
        text = shown(dashboard.definition(code).kind, dashboard.value_of(one, code))
        n = rate.denominator if rate is not None else one.talk.calls if code == dashboard.TALK else 0
        cells.append(f"{text} ({n})" if 0 < n < FEW else text)
    name = one.label or _DASH
    return {"name": name if made.by != "hour" else f"{int(one.key)}:00", "cells": cells}


def _heat(read: Pictures, weekdays: Sequence[str], paper: Paper) -> list[dict[str, object]]:
    cells = {(slot.weekday, slot.hour): slot.trials for slot in read.heat}
    hours = sorted({slot.hour for slot in read.heat})
    known = [t.value or 0.0 for t in cells.values() if t.whole >= _PALE] or [0.0]
    least, most = min(known), max(known)
    out: list[dict[str, object]] = []
    for day in sorted({slot.weekday for slot in read.heat}):
        row: list[dict[str, str]] = []
        for hour in hours:
            trials = cells.get((day, hour))
            value = trials.value if trials is not None else None
            sure = trials is not None and trials.whole >= _PALE
            share = ((value or 0) - least) / (most - least) if most > least else 0.5
            ground = ramp(paper.heat_low, paper.heat_high, share) if value is not None else _WHITE
            ground = ground if sure else mixed(ground, _WHITE, 0.15)
            ink = legible(ground)
            row.append({"text": "" if value is None else f"{value * 100:.0f}", "ground": ground, "ink": ink})
        out.append({"name": weekdays[day], "cells": row})
    return out
