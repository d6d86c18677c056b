"""The document of an alignment meeting or a monthly review to hand out: the pack in words, filled in by the sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain.alignment import MONTH, read_id
from isdesk.domain.drift import BY_CODE
from isdesk.domain.kpi import FEW
from isdesk.playbook.words import fixed
from isdesk.rendering import render_file
from isdesk.services import cases as deviating
from isdesk.services import dashboard
from isdesk.services.alignment_words import people, period_name, proposal_state
from isdesk.services.reports import shown

if TYPE_CHECKING:
    from pathlib import Path

    from isdesk.domain.alignment import Action
    from isdesk.services.cases import Case
    from isdesk.services.context import Context
    from isdesk.services.dashboard import Tile
    from isdesk.services.drifting import Line
    from isdesk.services.packs import Pack, Question

MOST: Final = 30
"""So many cases of a kind, and leads of a list, are printed; the page shows all."""
_DASH: Final = "—"
Words = Mapping[str, str]


def html(ctx: Context, pack: Pack, lang: str = "ja") -> str:
    """Return the pack as one HTML document for paper. Raises BadInput (``template_…``)."""
    h = fixed("alignment", lang)
    period, meeting = pack.period, pack.meeting
    name = period_name(meeting.kind, meeting.first, lang)
    values = {
        "lang": lang,
        "h": dict(h),
        "kind": meeting.kind,
        "title": h[meeting.kind],
        "team": ctx.my_company or fixed("report", lang)["team"],
        "name": name,
        "period": _span(period.first.isoformat(), period.last.isoformat()),
        "before": _span(*(day.isoformat() for day in period.before)),
        "state": _state(ctx, pack, lang, h),
        "tiles": [_tile(one, lang, h["n"]) for one in pack.tiles],
        "progress": [{"name": fixed("progress", lang)[code], "count": n} for code, n in pack.progress.items()],
        "trend_heads": [f"{start:%Y-%m}" if meeting.kind == MONTH else f"{start:%m-%d}" for start, _ in pack.trend],
        "trend": _trend(pack, lang),
        "cases": _cases(ctx, pack, lang, h),
        "drift": [_drift(one, lang, h["n"]) for one in pack.drift.lines],
        "questions": [{"key": one.key, "now": one.now, "why": why(pack, one, lang)} for one in pack.questions],
        "monthly": meeting.kind == MONTH,
        "losses": [
            {
                "name": one.label,
                "kind": h[one.kind],
                "count": one.count,
                "before": one.before,
                "moved": ("▲" if one.count > one.before else "▼") if one.moved else "",
            }
            for one in pack.losses[:MOST]
        ],
        "waking": [
            {"day": one.day.isoformat(), "name": one.name, "company": one.company, "owner": one.owner,
             "reason": one.reason}
            for one in pack.waking[:MOST]
        ],
        "waking_more": h["more"].format(n=len(pack.waking) - MOST) if len(pack.waking) > MOST else "",
        "decisions": _decisions(ctx, pack, lang),
        "actions": [_action(ctx, one, pack, lang, h) for one in (*pack.carried, *pack.meeting.actions)],
        "footer": h["made"].format(at=_moment(ctx.now()), version=ctx.rules.version, few=FEW),
    }  # fmt: skip
    return render_file("alignment.html.j2", values)


def write(ctx: Context, pack: Pack, path: Path, lang: str = "ja") -> None:
    """Write the document as HTML; noted in the journal first.

    Raises Refused (``export_not_allowed``), OSError.
    """
    text = html(ctx, pack, lang)
    note(ctx, pack, path.name)
    path.write_text(text, encoding="utf-8")


def note(ctx: Context, pack: Pack, file: str) -> None:
    """Note in the journal that the document leaves the program. Raises Refused (``export_not_allowed``)."""
    dashboard.note_export(ctx, "alignment", file, 1, pack.period)


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(TOKYO):%Y-%m-%d %H:%M}"


def _state(ctx: Context, pack: Pack, lang: str, h: Words) -> str:
    one = pack.meeting
    if one.closed_at is None:
        return h["not_fixed"]
    attendees = people(ctx, one.attendees, lang) or _DASH
    return h["fixed"].format(at=_moment(one.closed_at), who=ctx.name_of(one.closed_by), attendees=attendees)


def _name(code: str, lang: str) -> str:
    return dashboard.definition(code).label.in_(lang)


def _tile(one: Tile, lang: str, n: str) -> dict[str, object]:
    around = ""
    if one.low is not None and one.high is not None:
        around = f"{one.low * 100:.0f}–{one.high * 100:.0f} % ({n} = {one.whole})"
    beside = [
        f"{_name(also.code, lang)} {shown(dashboard.definition(also.code).kind, also.value)}" for also in one.beside
    ]
    return {
        "name": _name(one.code, lang),
        "value": shown(one.kind, one.value),
        "parts": f"{one.part:,} / {one.whole:,}" if one.kind == "rate" else "",
        "interval": around,
        "target": shown(one.kind, one.target) if one.target is not None else _DASH,
        "before": shown(one.kind, one.before),
        "beside": beside,
    }


def _trend(pack: Pack, lang: str) -> list[dict[str, object]]:
    codes = list(pack.trend[-1][1]) if pack.trend else []
    return [
        {
            "name": _name(code, lang),
            "cells": [shown(dashboard.definition(code).kind, row.get(code)) for _, row in pack.trend],
        }
        for code in codes
    ]


def _cases(ctx: Context, pack: Pack, lang: str, h: Words) -> list[dict[str, object]]:
    names, out = fixed("cases", lang), []
    for kind in deviating.KINDS:
        mine = [one for one in pack.cases if one.kind == kind]
        if mine:
            rows = [_case(ctx, one, lang) for one in mine[:MOST]]
            more = h["more"].format(n=len(mine) - MOST) if len(mine) > MOST else ""
            out.append({"name": names[kind], "count": len(mine), "rows": rows, "more": more})
    return out


def _case(ctx: Context, one: Case, lang: str) -> dict[str, object]:
    segment = one.fall.segment if one.fall is not None else ""
    return {
        "when": _moment(one.at) if one.at is not None else "",
        "name": segment or one.name or _DASH,
        "company": one.company,
        "who": ctx.name_of(one.member_id),
        "detail": deviating.detail_words(ctx, one, lang),
    }


def _drift(one: Line, lang: str, n: str) -> dict[str, object]:
    known, trials = BY_CODE[one.code], one.trials
    few = 0 < trials.whole < FEW and one.around is not None
    around = f"{one.around.low * 100:.0f}–{one.around.high * 100:.0f} %" if few and one.around is not None else ""
    mark = ("▲" if (one.share or 0) > (one.before.value or 0) else "▼") if one.moved else ""
    return {
        "name": known.label.in_(lang),
        "formula": known.formula.in_(lang),
        "count": f"{trials.part:,} / {trials.whole:,}",
        "share": f"{mark}{shown('rate', one.share)}",
        "interval": f"{around} ({n} = {trials.whole})" if around else "",
        "before": shown("rate", one.before.value),
        "trend": " → ".join(_DASH if step.value is None else f"{step.value * 100:.0f}" for _, step in one.steps),
        "key": one.key,
    }


def why(pack: Pack, one: Question, lang: str) -> str:
    """Return which cases and lines of drift put a definition in question, counted by kind."""
    kinds, ids = fixed("cases", lang), set(one.cases)
    counts = {kind: sum(case.kind == kind and case.id in ids for case in pack.cases) for kind in deviating.KINDS}
    parts = [f"{kinds[kind]} {count}" for kind, count in counts.items() if count]
    broken = {line.code: line.trials.part for line in pack.drift.lines}
    parts += [f"{BY_CODE[code].label.in_(lang)} {broken[code]}" for code in one.drift if code not in counts]
    return " ・ ".join(parts)


def _decisions(ctx: Context, pack: Pack, lang: str) -> Sequence[dict[str, object]]:
    return [
        {
            "text": one.text,
            "key": one.key,
            "agreed": people(ctx, one.agreed, lang),
            "state": proposal_state(pack.proposals, one, lang),
            "late": one.late,
        }
        for one in pack.meeting.decisions
    ]


def _action(ctx: Context, one: Action, pack: Pack, lang: str, h: Words) -> dict[str, object]:
    overdue = one.overdue(ctx.now().astimezone(TOKYO).date())
    state = h["overdue"] if overdue else h["open"]
    if one.done_at is not None:
        state = h["done"].format(at=f"{one.done_at.astimezone(TOKYO):%Y-%m-%d}")
    origin = read_id(one.meeting) if one.meeting != pack.meeting.id else None
    return {
        "text": one.text,
        "owner": ctx.name_of(one.owner) or one.owner,
        "due": one.due.isoformat() if one.due else _DASH,
        "state": state,
        "overdue": overdue,
        "carried": h["carried"].format(period=period_name(*origin, lang)) if origin else "",
        "late": one.late,
    }
