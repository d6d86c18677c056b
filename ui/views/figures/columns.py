"""The columns of the figures: groups with every rate's n, and the records behind a figure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtGui import QFontMetrics

from isdesk.domain.rules import Rules
from isdesk.services import dashboard
from isdesk.services.drilling import Record
from isdesk.services.kpi import Figures, Rate
from ui.models.records import Cell, Column
from ui.noop import QT_TRANSLATE_NOOP
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.views.figures import words
from ui.views.side.timeline_words import handoff_state
from ui.words import moment_full

_TITLES: Final = {
    "dm_connect_rate_per_dial": QT_TRANSLATE_NOOP("figures", "接続率(架電比)"),
    "meeting_set_rate": QT_TRANSLATE_NOOP("figures", "獲得率"),
    "handoff_acceptance_rate": QT_TRANSLATE_NOOP("figures", "受理率"),
    "contacts": QT_TRANSLATE_NOOP("figures", "接触件数"),
    "response_rate": QT_TRANSLATE_NOOP("figures", "反応率"),
}
FEW: Final = 100
_COLUMNS: Final = (
    ("dial_count", 76),
    ("answer_rate", 116),
    ("dm_connect_rate", 116),
    ("dm_connect_rate_per_dial", 128),
    ("meetings_set", 62),
    ("meeting_set_rate", 124),
    ("talk_score", 116),
    ("issues_per_call", 92),
    ("meetings_without_dm", 92),
    ("sql_count", 78),
    ("handoff_acceptance_rate", 124),
    ("opportunity_rate", 116),
    ("win_rate", 116),
    ("asp", 92),
)
"""The figures of the table: each quantity with its quality at its right (DOMAIN 8)."""


def group_columns(by: str, lang: str) -> list[Column[Figures]]:
    """Return the columns of the table of groups."""

    def label(one: Figures) -> Cell:
        text = words.group(by, one.key, one.label)
        return Cell(text, bold=True, tip=text)

    metrics = QFontMetrics(figures(Size.BODY, bold=True))
    made = [Column[Figures]("label", words.say(words.GROUPS[by]), 168, label, sort="label")]
    if by == "channel":
        made += _contact_columns()
    for code, least in _COLUMNS:
        title = words.say(_TITLES[code]) if code in _TITLES else words.name(code, lang)
        width = max(least, metrics.horizontalAdvance(title) + 36)
        made.append(Column(code, title, width, partial(_cell, code), sort=code, right=True))
    return made


def _contact_columns() -> list[Column[Figures]]:
    """Return what channels have beside calls: all contacts, and in how many somebody responded."""
    return [
        Column(
            "contacts",
            words.say(_TITLES["contacts"]),
            92,
            lambda one: Cell(str(one.contacts or 0), "text" if one.contacts else "dim", right=True),
            right=True,
        ),
        Column(
            "response_rate",
            words.say(_TITLES["response_rate"]),
            116,
            lambda one: rate_cell(one.response_rate),
            right=True,
        ),
    ]


def _cell(code: str, one: Figures) -> Cell:
    rate = one.rates.get(code)
    if rate is not None:
        return rate_cell(rate)
    value = dashboard.value_of(one, code)
    text = words.shown(dashboard.definition(code).kind, value)
    if code == dashboard.TALK and value is not None:
        text = f"{text} n={one.talk.calls}"
    return Cell(text, "text" if value else "dim", right=True)


def rate_cell(rate: Rate) -> Cell:
    """Return a rate as a cell: under 100 trials it is quiet and says n."""
    if rate.value is None:
        return Cell(words.NOTHING, "dim", right=True)
    few = rate.denominator < FEW
    text = f"{words.percent(rate.value)} n={rate.denominator}" if few else words.percent(rate.value)
    return Cell(text, "dim" if few else "text", tip=words.rate_tip(rate), right=True)


def record_columns(rules: Rules, lang: str, titles: tuple[str, str, str, str, str]) -> list[Column[Record]]:
    """Return the columns of the records: time, person, company, member, outcome."""
    at, name, company, member, outcome = titles
    tell = partial(outcome_words, rules, lang)
    return [
        Column("at", at, 150, lambda r: Cell(moment_full(r.at))),
        Column("name", name, 190, lambda r: Cell(r.name or words.NOTHING, bold=True, tip=r.name)),
        Column("company", company, 260, lambda r: Cell(r.company, tip=r.company), stretch=True),
        Column("member", member, 150, lambda r: Cell(r.member, "dim")),
        Column("outcome", outcome, 230, _outcome(tell)),
    ]


def _outcome(tell: Callable[[str], str]) -> Callable[[Record], Cell]:
    def cell(record: Record) -> Cell:
        text = tell(record.outcome)
        return Cell(text, tone="plain") if text else Cell("")

    return cell


def outcome_words(rules: Rules, lang: str, code: str) -> str:
    """Return how a record ended: an outcome of the playbook, a state of a handoff, or of the SLA."""
    known = rules.outcomes.get(code)
    if known is not None:
        return known.label.in_(lang)
    if code in {"sla_kept", "sla_broken"}:
        return words.say(_SLA_STATES[code])
    if code in {"won", "lost", "opportunity"}:
        return words.say(_RESULTS[code])
    reason = next((one.label.in_(lang) for one in rules.reasons if one.code == code), "")
    return reason or (handoff_state(code) if code else "")


_SLA_STATES = {
    "sla_kept": QT_TRANSLATE_NOOP("figures", "期限内"),
    "sla_broken": QT_TRANSLATE_NOOP("figures", "期限超過"),
}
_RESULTS = {
    "won": QT_TRANSLATE_NOOP("figures", "受注"),
    "lost": QT_TRANSLATE_NOOP("figures", "失注"),
    "opportunity": QT_TRANSLATE_NOOP("figures", "商談"),
}
