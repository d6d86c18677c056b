"""The introduction in 90 days as a document to hand out: HTML from the same view that the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain.introduction import PHASES
from isdesk.domain.raci import LABELS
from isdesk.playbook.words import fixed
from isdesk.rendering import render_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from isdesk.services.context import Context
    from isdesk.services.introducing import Introduction, PointView, StepView

_DONE, _OPEN, _DASH = "✓", "□", "—"
_SIGNS: Final = {True: "●", False: "○", None: "?"}


def html(ctx: Context, made: Introduction, lang: str = "ja") -> str:
    """Return the document of ``made`` (`introducing.board` in the same language)."""
    words = fixed("introduction", lang)
    started = (
        words["started"].format(day=made.start.isoformat(), n=made.day)
        if made.start is not None
        else words["not_started"]
    )
    values: dict[str, object] = {
        "h": dict(words),
        "team": ctx.my_company,
        "head": started,
        "phases": [_phase(made, number, words, lang) for number in range(1, len(PHASES) + 1)],
        "groups": [
            _group(words["readiness"], made.readiness, made.ready, words, lang, ("yes", "no")),
            {
                **_group(words["symptoms"], made.symptoms, made.found, words, lang, ("there", "not_there")),
                "said": words["redesign"].format(n=made.found) if made.redesign else "",
            },
        ],
        "footer": words["made"].format(at=f"{ctx.now().astimezone(TOKYO):%Y-%m-%d %H:%M}", version=ctx.rules.version),
    }
    return render_file("introduction.html.j2", values)


def evidence(one: StepView | PointView, lang: str) -> str:
    """Return what an answer stands on: the figure of the data, and who said it by hand."""
    words = fixed("introduction", lang)
    said = [one.finding.figure] if one.finding is not None else []
    if one.mark is not None and not one.by_data:
        day = one.mark.at.astimezone(TOKYO).date().isoformat()
        said.append(words["by_hand"].format(name=one.marked_by or _DASH, day=day))
    return " ・ ".join(said)


def _phase(made: Introduction, number: int, words: Mapping[str, str], lang: str) -> dict[str, object]:
    steps = [one for one in made.steps if one.step.phase == number]
    return {
        "name": words[f"phase_{number}"],
        "done": f"{sum(one.done for one in steps)}/{len(steps)}",
        "steps": [
            {
                "sign": _DONE if one.done else _OPEN,
                "name": one.step.label.in_(lang),
                "owner": one.owner or LABELS[one.step.owner].in_(lang),
                "due": one.due.isoformat() if one.due is not None else _DASH,
                "late": one.late,
                "evidence": evidence(one, lang),
            }
            for one in steps
        ],
    }


def _group(
    name: str, points: Sequence[PointView], count: int, words: Mapping[str, str], lang: str, names: tuple[str, str]
) -> dict[str, object]:
    answers = {True: words[names[0]], False: words[names[1]], None: words["unknown"]}
    return {
        "name": name,
        "count": f"{count}/{len(points)}",
        "said": "",
        "points": [
            {
                "sign": _SIGNS[one.answer],
                "name": one.point.label.in_(lang),
                "answer": answers[one.answer],
                "evidence": evidence(one, lang),
            }
            for one in points
        ],
    }
