"""Words for what a call shows: consequences of an outcome, times near and far, why a lead may not be dialled.

Pure functions over views and rules, so that keys, list, popover and tooltips all say the same.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from isdesk.clock import TOKYO
from isdesk.domain.rules import Outcome, Rules
from isdesk.domain.touch import ActionKind, Plan, Reached
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services.views import Preview

if TYPE_CHECKING:
    from ui.views.call.scene import Scene

_FAR_BUSINESS_DAYS = 10
_WEEKDAYS = "月火水木金土日"


def tokyo(at: datetime) -> datetime:
    """Return an instant as the clock on the wall of the business day shows it."""
    return at.astimezone(TOKYO)


def day_text(at: datetime | date, today: date) -> str:
    """Return ``今日``, ``明日`` or month/day with its weekday; with the year where it is another one."""
    day = tokyo(at).date() if isinstance(at, datetime) else at
    if day == today:
        return QCoreApplication.translate("phrases", "今日")
    if day == today + timedelta(days=1):
        return QCoreApplication.translate("phrases", "明日")
    text = f"{day.month}/{day.day}({_weekday(day)})"
    return text if abs((day - today).days) < 300 else f"{day.year}/{text}"


def short_day(day: date, today: date) -> str:
    """Return ``今日`` or month/day; with the year where it is long ago."""
    if day == today:
        return QCoreApplication.translate("phrases", "今日")
    text = f"{day.month}/{day.day}"
    return text if abs((day - today).days) < 300 else f"{day.year}/{text}"


def moment_text(at: datetime, today: date) -> str:
    """Return a day and a time, without the day where it is today."""
    here = tokyo(at)
    clock = f"{here.hour}:{here.minute:02d}"
    return clock if here.date() == today else f"{day_text(at, today)} {clock}"


def _weekday(day: date) -> str:
    names = QCoreApplication.translate("phrases", "月,火,水,木,金,土,日").split(",")
    return names[day.weekday()] if len(names) == len(_WEEKDAYS) else _WEEKDAYS[day.weekday()]


def business_days_until(now: datetime, due: datetime, calendar: WorkCalendar) -> int:
    """Return how many open days lie between today and the day of ``due`` (that day counted, today not)."""
    return calendar.business_days_between(tokyo(now).date(), tokyo(due).date())


def due_text(due: datetime, now: datetime, calendar: WorkCalendar) -> str:
    """Return the shortest true wording of a planned time: ``15:10``, ``明日 10:00``, ``2営業日後``, ``3/4(水)``."""
    today, day = tokyo(now).date(), tokyo(due).date()
    if day <= today:
        return moment_text(due, today)
    if (day - today).days > 2 * _FAR_BUSINESS_DAYS:
        return day_text(day, today)
    ahead = business_days_until(now, due, calendar)
    if ahead <= 1:
        return moment_text(due, today)
    if ahead <= _FAR_BUSINESS_DAYS:
        return QCoreApplication.translate("phrases", "{n}営業日後").format(n=ahead)
    return day_text(day, today)


def consequence(preview: Preview, outcome: Outcome, now: datetime, calendar: WorkCalendar) -> str:
    """Return what the key of an outcome would do, as it stands on the key."""
    parts = _consequence_parts(preview, outcome, now, calendar)
    return "→ " + QCoreApplication.translate("phrases", "・").join(parts)


def _consequence_parts(preview: Preview, outcome: Outcome, now: datetime, calendar: WorkCalendar) -> list[str]:
    if preview.refused:
        return [refusal(preview.refused)]
    if preview.dnc:
        return [
            QCoreApplication.translate("phrases", "会社全体を停止")
            if outcome.dnc_company
            else QCoreApplication.translate("phrases", "全リストで停止")
        ]
    if outcome.meeting_set:
        lacks = QCoreApplication.translate("phrases", "不足{n}").format(n=preview.missing)
        return (
            [QCoreApplication.translate("phrases", "引き継ぎ"), lacks]
            if preview.missing
            else [QCoreApplication.translate("phrases", "引き継ぎ")]
        )
    parts = _asked_first(preview, outcome)
    rest = _rest_text(preview, now)
    if rest:
        return [*parts, rest]
    if "callback_at" not in preview.needs:
        parts += _plan_parts(preview, outcome, now, calendar)
    return parts


def _asked_first(preview: Preview, outcome: Outcome) -> list[str]:
    if "callback_at" in preview.needs:
        if outcome.follow.kind == "callback" and outcome.follow.minutes:
            text = QCoreApplication.translate("phrases", "戻り時刻 +{n}分").format(n=outcome.follow.minutes)
            return [text]
        return [QCoreApplication.translate("phrases", "日時を入力")]
    words = {
        "reason": QCoreApplication.translate("phrases", "理由"),
        "adoption_at": QCoreApplication.translate("phrases", "検討時期を入力"),
        "competitor": QCoreApplication.translate("phrases", "競合を入力"),
        "meeting_at": QCoreApplication.translate("phrases", "日時を入力"),
    }
    return [words[need] for need in preview.needs if need in words]


def _rest_text(preview: Preview, now: datetime) -> str:
    if preview.cooldown_until is None or not preview.closes:
        return ""
    days = round((preview.cooldown_until - now) / timedelta(days=1))
    return QCoreApplication.translate("phrases", "{n}日休止").format(n=days)


def _plan_parts(preview: Preview, outcome: Outcome, now: datetime, calendar: WorkCalendar) -> list[str]:
    plan = preview.plan
    if plan.action is None:
        return [
            QCoreApplication.translate("phrases", "終了")
            if preview.closes
            else QCoreApplication.translate("phrases", "変更なし")
        ]
    parts = [action_text(plan, now, calendar)]
    if outcome.follow.mail_today:
        parts[0] = QCoreApplication.translate("phrases", "メール + {then}").format(then=parts[0])
    if preview.attempt and preview.cap and not outcome.answered and outcome.counts_as_dial:
        parts.append(QCoreApplication.translate("phrases", "{n}/{cap}回目").format(n=preview.attempt, cap=preview.cap))
    return parts


def recorded_text(before: Scene, outcome: Outcome, plan: Plan) -> str:
    """Return what was recorded last: how it ended, what comes next, and who: where room lacks, the name goes first."""
    short = before.say(outcome.label).replace("\uff08", "(").split("(")[0].strip()
    words = f"{short} → {action_text(plan, before.now, before.calendar)}" if plan.action else short
    return " ・ ".join(part for part in (words, before.text("name")) if part)


def action_text(plan: Plan, now: datetime, calendar: WorkCalendar) -> str:
    """Return a planned next action: its time, led by its kind where it is no plain call."""
    when = due_text(plan.due_at, now, calendar) if plan.due_at else ""
    kinds = {
        ActionKind.MAIL: QCoreApplication.translate("phrases", "メール"),
        ActionKind.SOCIAL: QCoreApplication.translate("phrases", "SNSなど"),
        ActionKind.NURTURE: QCoreApplication.translate("phrases", "育成"),
        ActionKind.RESEARCH_NUMBER: QCoreApplication.translate("phrases", "番号調査"),
        ActionKind.HANDOFF: QCoreApplication.translate("phrases", "引き継ぎ"),
        ActionKind.FIX_HANDOFF: QCoreApplication.translate("phrases", "引き継ぎの手直し"),
        ActionKind.AWAIT_FS: QCoreApplication.translate("phrases", "FSの判断待ち"),
        ActionKind.AWAIT_APPROVAL: QCoreApplication.translate("phrases", "承認待ち"),
        ActionKind.MERGE: QCoreApplication.translate("phrases", "名寄せ"),
    }
    kind = kinds.get(plan.action, "") if plan.action else ""
    return " ".join(p for p in (kind, when) if p)


def full_consequence(
    preview: Preview, outcome: Outcome, rules: Rules, now: datetime, calendar: WorkCalendar, lang: str = "ja"
) -> str:
    """Return all that an outcome would do, for tooltips and screen readers: action, exact time, stage, rest."""
    today = tokyo(now).date()
    lines = [consequence(preview, outcome, now, calendar)]
    if preview.plan.due_at and not preview.needs:
        lines.append(
            QCoreApplication.translate("phrases", "次回予定日時 {when}").format(
                when=moment_text(preview.plan.due_at, today)
            )
        )
    if preview.plan.moved:
        lines.append(QCoreApplication.translate("phrases", "休業日にあたるため、翌営業日に移します"))
    stage = rules.stages.get(preview.stage)
    if stage is not None:
        lines.append(
            QCoreApplication.translate("phrases", "リードステージ {stage}").format(stage=stage.label.in_(lang))
        )
    if preview.cooldown_until:
        lines.append(
            QCoreApplication.translate("phrases", "{day} まで再架電禁止期間").format(
                day=day_text(preview.cooldown_until, today)
            )
        )
    return "\n".join(lines)


def refusal(code: str) -> str:
    """Return in a few words what forbids a call or an outcome now."""
    words = {
        "window": QCoreApplication.translate("phrases", "時間外"),
        "window_hard": QCoreApplication.translate("phrases", "時間外"),
        "window_soft": QCoreApplication.translate("phrases", "架電可能時間帯の外"),
        "cap": QCoreApplication.translate("phrases", "上限"),
        "cooldown": QCoreApplication.translate("phrases", "クールダウン"),
        "dnc": QCoreApplication.translate("phrases", "架電禁止"),
        "company_today": QCoreApplication.translate("phrases", "同一企業を本日架電済"),
        "other_rep": QCoreApplication.translate("phrases", "他担当が対応中"),
        "not_due": QCoreApplication.translate("phrases", "予定時刻前"),
        "snoozed": QCoreApplication.translate("phrases", "後で"),
        "no_number": QCoreApplication.translate("phrases", "番号なし"),
        "number_rest": QCoreApplication.translate("phrases", "同じ番号に架電したばかり"),
        "meeting_none": QCoreApplication.translate("phrases", "商談なし"),
        "meeting_to_come": QCoreApplication.translate("phrases", "商談前"),
        "closed": QCoreApplication.translate("phrases", "終了したリード"),
    }
    return words.get(code, QCoreApplication.translate("phrases", "今は架電できません"))


def bad_number(code: str) -> str:
    """Return why a number is not usable."""
    words = {
        "not_in_service": QCoreApplication.translate("phrases", "現アナ"),
        "fax": QCoreApplication.translate("phrases", "FAX"),
        "wrong": QCoreApplication.translate("phrases", "番号違い"),
        "dnc": QCoreApplication.translate("phrases", "架電禁止"),
    }
    return words.get(code, QCoreApplication.translate("phrases", "使えない番号"))


def phone_kind(kind: str) -> str:
    """Return the name of a kind of number."""
    words = {
        "direct": QCoreApplication.translate("phrases", "直通"),
        "mobile": QCoreApplication.translate("phrases", "携帯"),
        "switchboard": QCoreApplication.translate("phrases", "代表"),
    }
    return words.get(kind, "")


def reached(who: Reached | str) -> str:
    """Return the name of a 応答者."""
    words = {
        "none": QCoreApplication.translate("phrases", "応答なし"),
        "gatekeeper": QCoreApplication.translate("phrases", "受付"),
        "staff": QCoreApplication.translate("phrases", "担当外の社員"),
        "contact_person": QCoreApplication.translate("phrases", "担当者"),
        "decision_maker": QCoreApplication.translate("phrases", "決裁者"),
    }
    return words.get(str(who), "")


def quick_pick(code: str) -> str:
    """Return the words of a quick pick for a callback."""
    words = {
        "min30": QCoreApplication.translate("phrases", "30分後"),
        "hour1": QCoreApplication.translate("phrases", "1時間後"),
        "hour3": QCoreApplication.translate("phrases", "3時間後"),
        "today_pm": QCoreApplication.translate("phrases", "今日13時"),
        "today_evening": QCoreApplication.translate("phrases", "今日16時"),
        "next_am": QCoreApplication.translate("phrases", "翌営業日10時"),
        "next_pm": QCoreApplication.translate("phrases", "翌営業日14時"),
        "in3bd": QCoreApplication.translate("phrases", "3営業日後"),
        "next_week": QCoreApplication.translate("phrases", "来週はじめ"),
    }
    return words[code]
