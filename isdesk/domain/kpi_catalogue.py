"""The figures by name: formula, numerator, denominator, and the quality that stands beside each quantity (DOMAIN 8).

What is written here is what people read beside a figure; the counting itself is in `domain.kpi`. Where the field
disagrees on a denominator, both figures are there (GLOSSARY, KPI).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from isdesk.domain.rules import Label

VERSION: Final = 1
"""Raised whenever a formula changes, so that figures of two versions are not read as one series."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. ``kind``: ``count`` | ``rate`` | ``seconds`` | ``share`` (a mean, of no trials) | ``mean``.

    ``beside``: the figure shown with it, a quantity's quality. ``group`` is that of the diagnosis (DOMAIN 8).
    ``target``: whether a team sets one.
    """

    code: str
    label: Label
    kind: str
    formula: Label
    group: str
    numerator: str = ""
    denominator: str = ""
    beside: str = ""
    note: Label | None = None
    target: bool = False


def _count(code: str, ja: str, en: str, what_ja: str, what_en: str, group: str, beside: str = "") -> Definition:
    return Definition(code, Label(ja, en), "count", Label(what_ja, what_en), group, beside=beside, target=True)


def _rate(
    code: str, labels: tuple[str, str], parts: tuple[str, str], formula: tuple[str, str], group: str,
    note: tuple[str, str] | None = None,
) -> Definition:  # fmt: skip
    return Definition(
        code, Label(*labels), "rate", Label(*formula), group, *parts,
        note=Label(*note) if note is not None else None, target=True,
    )  # fmt: skip


GENERATION, PROGRESS, CLOSING = "lead_generation", "meeting_progress", "closing"

DEFINITIONS: Final[Mapping[str, Definition]] = {
    one.code: one
    for one in (
        _count(
            "dial_count", "架電件数", "Dials",
            "1回の発信を1件と数える。受電と発信取消は含めない",
            "One physical dial once; no incoming or cancelled calls",
            GENERATION, "answer_rate",
        ),
        _count(
            "unique_leads", "ユニーク架電先数", "Leads dialled",
            "期間中に架電したリードの数", "Leads dialled in the period", GENERATION, "dm_connect_rate_per_dial",
        ),
        _count(
            "answered", "通電", "Answered", "相手が電話に出た架電", "Dials that somebody answered", GENERATION,
            "answer_rate",
        ),
        _rate(
            "answer_rate", ("通電率", "Connect rate"), ("answered", "dial_count"),
            ("通電 ÷ 架電件数", "answered ÷ dials"), GENERATION,
        ),
        _count(
            "dm_reached", "接続", "Decision makers reached",
            "決裁者と話せた架電(必ず通電でもある)", "Dials that reached the decision maker (always answered too)",
            GENERATION, "dm_connect_rate",
        ),
        _rate(
            "dm_connect_rate", ("接続率", "Decision-maker rate"), ("dm_reached", "answered"),
            ("接続 ÷ 通電", "decision makers reached ÷ answered"), GENERATION,
        ),
        _rate(
            "dm_connect_rate_per_dial", ("担当者接続率(架電比)", "Decision-maker rate per dial"),
            ("dm_reached", "dial_count"), ("接続 ÷ 架電件数", "decision makers reached ÷ dials"), GENERATION,
            ("業界でよく引用される比率", "The ratio that the industry usually quotes"),
        ),
        _count(
            "meetings_set", "アポ", "Meetings set",
            "設定した商談予定。日程変更は増やさない", "Meetings set; rescheduling adds none", PROGRESS,
            "meeting_set_rate",
        ),
        _count(
            "meetings_without_dm", "非接続アポ", "Meetings without a decision maker",
            "受付や担当者を通して決まったアポ", "Meetings agreed through reception or staff", PROGRESS,
            "handoff_acceptance_rate",
        ),
        _count(
            "meetings_net", "純アポ", "Net meetings", "アポ − 取消", "Meetings set less cancelled", PROGRESS,
            "handoff_acceptance_rate",
        ),
        _rate(
            "meeting_set_rate", ("ミーティング獲得率", "Meeting rate"), ("meetings_set_by_dm", "dm_reached"),
            ("接続して決まったアポ ÷ 接続", "meetings agreed with a decision maker ÷ decision makers reached"),
            PROGRESS,
            ("非接続アポは分子に入れない", "Meetings without a decision maker are left out"),
        ),
        _rate(
            "meeting_set_rate_per_dial", ("アポ率(架電比)", "Meeting rate per dial"), ("meetings_set", "dial_count"),
            ("アポ ÷ 架電件数", "meetings set ÷ dials"), PROGRESS,
            ("業界でいうアポ率", "What the industry calls the meeting rate"),
        ),
        _count(
            "sql_count", "SQL件数", "SQLs",
            "FSに引き渡し、取り下げていないもの", "Handed to FS and not withdrawn", PROGRESS, "handoff_acceptance_rate",
        ),
        _rate(
            "handoff_rate", ("引き渡し率", "Handoff rate"), ("sql_count", "meetings_set"),
            ("SQL件数 ÷ アポ", "SQLs ÷ meetings set"), PROGRESS,
        ),
        _rate(
            "handoff_acceptance_rate", ("引き継ぎ受理率", "Acceptance rate"),
            ("handoffs_accepted", "handoffs_submitted"),
            ("受理 ÷ 引き渡し", "accepted ÷ submitted"), PROGRESS,
        ),
        _count(
            "opportunities", "商談", "Opportunities",
            "期間中に引き渡し、商談になったリード", "Handed over in the period and become an opportunity",
            CLOSING, "win_rate",
        ),
        _rate(
            "opportunity_rate", ("商談化率", "Opportunity rate"), ("opportunities", "sql_count"),
            ("商談 ÷ SQL件数", "opportunities ÷ SQLs"), CLOSING,
        ),
        _count(
            "deals_won", "受注", "Won", "引き渡したリードのうち受注したもの", "Handed over and won", CLOSING, "win_rate"
        ),
        _rate(
            "win_rate", ("受注率", "Win rate"), ("deals_won", "deals_decided"),
            ("受注 ÷ 決着した商談(受注+失注)", "won ÷ decided opportunities"), CLOSING,
        ),
        Definition(
            "talk_seconds", Label("通話時間", "Talk time"), "seconds",
            Label("通話の合計(1回の発信で最長のもの)", "Talk time in all (the longest of one dial)"), GENERATION,
            beside="meeting_set_rate",
        ),
    )
}  # fmt: skip
"""Every figure by its code, in the order in which they are shown."""

TARGETS: Final = frozenset(one.code for one in DEFINITIONS.values() if one.target) | {
    "opportunity_rate", "win_rate", "sla_compliance",
}  # fmt: skip
"""The figures for which a playbook may set a target: a rate as a share (0.42), a count per rep and business day."""
