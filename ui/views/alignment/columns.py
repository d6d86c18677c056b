"""The columns of the lists of a meeting: cases, drift, questions, reasons, waking leads, records, minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QCoreApplication

from isdesk.clock import TOKYO
from isdesk.domain.alignment import Action, Decision, read_id
from isdesk.domain.drift import BY_CODE
from isdesk.domain.kpi import FEW
from isdesk.services.alignment_paper import why
from isdesk.services.alignment_words import case_kind, people, period_name, proposal_state
from isdesk.services.cases import Case, detail_words
from isdesk.services.context import Context
from isdesk.services.drifting import Line
from isdesk.services.drilling import Record
from isdesk.services.packs import Loss, Pack, Question, Waking
from ui.models.records import Cell, Column
from ui.views.figures import words
from ui.words import moment_full

TONES = {
    "not_opportunity": "bad", "returned": "warn", "reasked": "warn", "first_response": "bad", "fs_decision": "bad",
    "feedback": "warn", "segment_fell": "bad",
}  # fmt: skip
_OF_ONE_LINE = 600
translate = QCoreApplication.translate


def case_columns(ctx: Context, lang: str) -> list[Column[Case]]:
    """Return the columns of the deviating cases."""

    def who(one: Case) -> Cell:
        if one.fall is not None:
            return Cell(one.fall.segment, bold=True)
        return Cell(one.name or words.NOTHING, bold=True, sub=one.company, tip=f"{one.name} {one.company}".strip())

    def detail(one: Case) -> Cell:
        text = detail_words(ctx, one, lang)
        return Cell(text, tip=text)

    return [
        Column(
            "kind",
            translate("alignment", "種類"),
            178,
            lambda one: Cell(case_kind(one.kind, lang), tone=TONES[one.kind]),
        ),
        Column("lead", translate("alignment", "リード"), 200, who, stretch=True),
        Column(
            "at",
            translate("alignment", "日時"),
            124,
            lambda one: Cell(moment_full(one.at) if one.at is not None else "", "dim"),
        ),
        Column("who", translate("alignment", "担当"), 84, lambda one: Cell(ctx.name_of(one.member_id), "dim")),
        Column("detail", translate("alignment", "内容"), 150, detail, stretch=True),
    ]


def drift_columns(lang: str) -> list[Column[Line]]:
    """Return the columns of the drift report."""

    def name(one: Line) -> Cell:
        known = BY_CODE[one.code]
        tip = f"{known.label.in_(lang)} = {known.formula.in_(lang)}"
        return Cell(known.label.in_(lang), "text" if one.trials.part else "dim", bold=bool(one.trials.part), tip=tip)

    def count(one: Line) -> Cell:
        if not one.trials.whole:
            return Cell(words.NOTHING, "dim", right=True)
        return Cell(f"{one.trials.part:,} / {one.trials.whole:,}", right=True)

    return [
        Column("name", translate("alignment", "項目"), 220, name, stretch=True),
        Column("count", translate("alignment", "件数"), 88, count, right=True),
        Column("share", translate("alignment", "割合"), 70, share_cell, right=True),
        Column("change", translate("alignment", "前の期間比"), 96, change_cell, right=True),
        Column("steps", translate("alignment", "推移(%)"), 132, steps_cell, right=True),
        Column(
            "key", translate("alignment", "定義"), 126, lambda one: Cell(one.key or words.NOTHING, "dim", tip=one.key)
        ),
    ]


def share_cell(one: Line) -> Cell:
    """Return the share of a line; its tip has n and the 95 % interval, and under 100 trials it is quiet."""
    if one.share is None or one.around is None:
        return Cell(words.NOTHING, "dim", right=True)
    around = words.interval(one.around.low, one.around.high)
    few = one.trials.whole < FEW
    tip = f"{words.percent(one.share)} = {one.trials.part:,} ÷ {one.trials.whole:,}\n{around}"
    return Cell(words.percent(one.share), "dim" if few else "text", tip=tip, right=True)


def change_cell(one: Line) -> Cell:
    """Return how a line moved; red or green only where it is more than chance."""
    before = one.before.value
    if one.share is None or before is None:
        return Cell(words.NOTHING, "dim", right=True)
    points = round((one.share - before) * 100, 1)
    if not points:
        return Cell("±0", "dim", right=True)
    text = f"{'▲' if points > 0 else '▼'}{points:+.1f} pt".replace("-", "−")
    ink = ("bad" if points > 0 else "good") if one.moved else "dim"
    return Cell(text, ink, right=True)


def steps_cell(one: Line) -> Cell:
    """Return the shares of the last periods, oldest first."""
    shares = [trials.value for _, trials in one.steps]
    text = "→".join(words.NOTHING if share is None else f"{share * 100:.0f}" for share in shares)
    tip = "\n".join(f"{start:%Y-%m-%d}  {trials.part:,} / {trials.whole:,}" for start, trials in one.steps)
    return Cell(text, "dim", tip=tip, right=True)


def question_columns(pack: Callable[[], Pack | None], lang: str) -> list[Column[Question]]:
    """Return the columns of the definitions in question."""

    def asked(one: Question) -> Cell:
        found = pack()
        text = why(found, one, lang) if found is not None else ""
        return Cell(text, tip=text)

    return [
        Column("key", translate("alignment", "定義"), 220, lambda one: Cell(one.key, bold=True, tip=one.key)),
        Column(
            "now",
            translate("alignment", "いま"),
            110,
            lambda one: Cell(one.now or words.NOTHING, "dim", tip=one.now[:_OF_ONE_LINE]),
        ),
        Column("why", translate("alignment", "外れた案件・ずれ"), 240, asked, stretch=True),
    ]


def loss_columns() -> list[Column[Loss]]:
    """Return the columns of the trend of losses."""

    def change(one: Loss) -> Cell:
        by = one.count - one.before
        text = f"{'▲' if by > 0 else '▼'}{by:+d}".replace("-", "−") if by else "±0"
        return Cell(text, ("bad" if by > 0 else "good") if one.moved else "dim", right=True)

    kinds = {"refusal": translate("alignment", "お断り理由"), "lost": translate("alignment", "失注理由")}
    return [
        Column(
            "label",
            translate("alignment", "理由"),
            150,
            lambda one: Cell(one.label, bold=bool(one.count)),
            stretch=True,
        ),
        Column("kind", "", 92, lambda one: Cell(kinds[one.kind], tone="plain")),
        Column("count", translate("alignment", "件数"), 64, lambda one: Cell(f"{one.count:,}", right=True), right=True),
        Column(
            "before",
            translate("alignment", "前月"),
            64,
            lambda one: Cell(f"{one.before:,}", "dim", right=True),
            right=True,
        ),
        Column("change", translate("alignment", "増減"), 72, change, right=True),
    ]


def waking_columns() -> list[Column[Waking]]:
    """Return the columns of the re-nurture list."""
    return [
        Column("day", translate("alignment", "再開予定"), 92, lambda one: Cell(f"{one.day:%Y/%m/%d}")),
        Column(
            "lead", translate("alignment", "リード"), 150,
            lambda one: Cell(one.name or words.NOTHING, bold=True, sub=one.company, tip=f"{one.name} {one.company}"),
            stretch=True,
        ),
        Column("owner", translate("alignment", "担当"), 84, lambda one: Cell(one.owner, "dim")),
        Column("reason", translate("alignment", "理由"), 130, lambda one: Cell(one.reason, tip=one.reason)),
    ]  # fmt: skip


def record_columns() -> list[Column[Record]]:
    """Return the columns of the records behind a line or a case; what happened is in words already."""
    return [
        Column("at", translate("alignment", "日時"), 132, lambda one: Cell(moment_full(one.at))),
        Column(
            "name",
            translate("alignment", "氏名"),
            140,
            lambda one: Cell(one.name or words.NOTHING, bold=True, tip=one.name),
        ),
        Column(
            "company", translate("alignment", "会社"), 190, lambda one: Cell(one.company, tip=one.company), stretch=True
        ),
        Column("member", translate("alignment", "担当"), 110, lambda one: Cell(one.member, "dim")),
        Column("outcome", translate("alignment", "内容"), 190, lambda one: Cell(one.outcome, tip=one.outcome)),
    ]


# ------------------------------------------------------------------------------------------------------------- minutes


def decision_columns(pack: Callable[[], Pack | None], lang: str) -> list[Column[Decision]]:
    """Return the columns of the decisions."""

    def state(one: Decision) -> Cell:
        found = pack()
        text = proposal_state(found.proposals if found is not None else (), one, lang)
        return Cell(text, tone="plain" if text else "", tip=text)

    return [
        Column(
            "text",
            translate("alignment", "決定"),
            150,
            lambda one: Cell(one.text, bold=True, sub=one.key, tip=one.text),
            stretch=True,
        ),
        Column("state", translate("alignment", "新しい版"), 116, state),
    ]


def decision_details(ctx: Context, one: Decision, pack: Pack | None, lang: str) -> str:
    """Return all that is known of a decision, in lines."""
    who = people(ctx, one.agreed, lang)
    lines = [one.text]
    if one.key:
        lines.append(translate("alignment", "変える定義: {key}").format(key=one.key))
        lines.append(proposal_state(pack.proposals if pack is not None else (), one, lang))
    lines.append(
        translate("alignment", "合意: {who}").format(who=who)
        if who
        else translate("alignment", "合意した人は記録されていません")
    )
    if one.late:
        lines.append(translate("alignment", "記録の確定後に、ほかの端末から届きました"))
    return "\n".join(line for line in lines if line)


def action_columns(ctx: Context, meeting: Callable[[], str], today: Callable[[], date]) -> list[Column[Action]]:
    """Return the columns of the action items; those of earlier meetings say so."""

    def text(one: Action) -> Cell:
        done = one.done_at is not None
        sub = translate("alignment", "持ち越し") if one.meeting != meeting() else ""
        return Cell(
            one.text, "dim" if done else "text", bold=not done, icon="check" if done else "", sub=sub, tip=one.text
        )

    def due(one: Action) -> Cell:
        if one.due is None:
            return Cell(words.NOTHING, "dim")
        late = one.overdue(today())
        return Cell(
            f"{one.due:%m/%d}", "bad" if late else "dim", icon="warning" if late else "", tip=f"{one.due:%Y-%m-%d}"
        )

    return [
        Column("text", translate("alignment", "宿題"), 150, text, stretch=True),
        Column(
            "owner",
            translate("alignment", "担当"),
            84,
            lambda one: Cell(ctx.name_of(one.owner), tip=ctx.name_of(one.owner)),
        ),
        Column("due", translate("alignment", "期限"), 88, due),
    ]


def action_details(ctx: Context, one: Action, meeting: str, lang: str) -> str:
    """Return all that is known of an action item, in lines."""
    lines = [one.text]
    due = f"{one.due:%Y-%m-%d}" if one.due is not None else words.NOTHING
    lines.append(translate("alignment", "担当: {who} ・ 期限: {due}").format(who=ctx.name_of(one.owner), due=due))
    origin = read_id(one.meeting) if one.meeting != meeting else None
    if origin is not None:
        lines.append(translate("alignment", "{period}から持ち越し").format(period=period_name(*origin, lang)))
    if one.done_at is not None:
        at = f"{one.done_at.astimezone(TOKYO):%Y-%m-%d %H:%M}"
        lines.append(translate("alignment", "完了 {at} {who}").format(at=at, who=ctx.name_of(one.done_by)))
    return "\n".join(lines)
