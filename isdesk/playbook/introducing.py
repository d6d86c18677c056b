"""Reads the introduction in 90 days, the readiness check and the symptoms of the self-assessment (DOMAIN 13)."""

from __future__ import annotations

from isdesk.domain.introduction import CHECKS, PHASES
from isdesk.domain.raci import DEPARTMENTS
from isdesk.domain.rules import IntroductionStep, Point
from isdesk.playbook.reader import Table


def steps(top: Table) -> tuple[IntroductionStep, ...]:
    """Read the steps; one without a day is due at the end of its phase."""
    out: list[IntroductionStep] = []
    for code, t in top.entries("introduction"):
        phase = t.whole("phase", 1, least=1, most=len(PHASES))
        out.append(
            IntroductionStep(
                code,
                t.label(),
                phase,
                t.one_of("owner", DEPARTMENTS, "inside_sales"),
                t.whole("day", PHASES[max(1, min(phase, len(PHASES))) - 1], most=365),
                _check(t),
            )
        )
        t.done()
    return tuple(out)


def points(top: Table, key: str) -> tuple[Point, ...]:
    """Read the points of ``key``: ``readiness`` or ``symptom``."""
    out: list[Point] = []
    for code, t in top.entries(key):
        out.append(Point(code, t.label(), _check(t)))
        t.done()
    return tuple(out)


def _check(t: Table) -> str:
    return t.one_of("check", ("", *CHECKS), "")
