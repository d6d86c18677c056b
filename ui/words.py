"""Codes of the core turned into words, in one place: chips, hold reasons, next actions, stages, tones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from isdesk.clock import TOKYO
from isdesk.domain.fields import ADOPTION_TIMING
from isdesk.domain.rules import Rules
from isdesk.domain.sequence import CHANNELS
from isdesk.domain.state import Chip
from isdesk.domain.touch import Channel
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services.views import QueueRow
from ui.noop import QT_TRANSLATE_NOOP

HELD: dict[str, str] = {
    "window": QT_TRANSLATE_NOOP("words", "時間外"),
    "cap": QT_TRANSLATE_NOOP("words", "上限"),
    "cooldown": QT_TRANSLATE_NOOP("words", "クールダウン"),
    "dnc": QT_TRANSLATE_NOOP("words", "架電禁止"),
    "company_today": QT_TRANSLATE_NOOP("words", "同一企業を本日架電済"),
    "other_rep": QT_TRANSLATE_NOOP("words", "他担当が対応中"),
    "not_due": QT_TRANSLATE_NOOP("words", "予定時刻前"),
    "snoozed": QT_TRANSLATE_NOOP("words", "後で"),
    "sequence": QT_TRANSLATE_NOOP("words", "シーケンスが自動で送ります"),
    "no_number": QT_TRANSLATE_NOOP("words", "番号なし"),
}
"""Why a lead is not offered (OUTCOMES, Queue order)."""

ACTIONS: dict[str, str] = {
    "first_call": QT_TRANSLATE_NOOP("words", "初回架電"),
    "retry": QT_TRANSLATE_NOOP("words", "再架電"),
    "callback_exact": QT_TRANSLATE_NOOP("words", "再コール(日時指定)"),
    "callback_loose": QT_TRANSLATE_NOOP("words", "再コール(日時未定)"),
    "mail": QT_TRANSLATE_NOOP("words", "メール送付"),
    "social": QT_TRANSLATE_NOOP("words", "SNSなどでの連絡"),
    "nurture": QT_TRANSLATE_NOOP("words", "育成から再開"),
    "research_number": QT_TRANSLATE_NOOP("words", "番号調査"),
    "handoff": QT_TRANSLATE_NOOP("words", "引き継ぎ"),
    "fix_handoff": QT_TRANSLATE_NOOP("words", "差し戻しの対応"),
    "await_fs": QT_TRANSLATE_NOOP("words", "FSの判断待ち"),
    "await_approval": QT_TRANSLATE_NOOP("words", "承認待ち"),
    "merge": QT_TRANSLATE_NOOP("words", "名寄せ"),
}
"""The next action of a lead (次回アクション)."""

WHYS: dict[str, str] = {
    "reply": QT_TRANSLATE_NOOP("words", "返信への対応"),
    "bounced": QT_TRANSLATE_NOOP("words", "メール不達の確認"),
}
"""Rules that say more than the kind of the next action."""

CHIPS: dict[str, str] = {
    "promise": QT_TRANSLATE_NOOP("words", "約束 {at}"),
    "callback": QT_TRANSLATE_NOOP("words", "再コール {at}"),
    "sla": QT_TRANSLATE_NOOP("words", "SLA {left}"),
    "sla_broken": QT_TRANSLATE_NOOP("words", "SLA超過 {over}"),
    "returned": QT_TRANSLATE_NOOP("words", "差し戻し: {reason}"),
    "intent": QT_TRANSLATE_NOOP("words", "意欲 {score}"),
    "icp": QT_TRANSLATE_NOOP("words", "ICP {score}"),
    "timing": QT_TRANSLATE_NOOP("words", "時期 {timing}"),
    "retry": QT_TRANSLATE_NOOP("words", "再架電 {slot}"),
    "new": QT_TRANSLATE_NOOP("words", "新規"),
    "inbound": QT_TRANSLATE_NOOP("words", "反響"),
    "source": QT_TRANSLATE_NOOP("words", "{source}"),
    "signal": QT_TRANSLATE_NOOP("words", "{label} {ago}"),
    "nurture": QT_TRANSLATE_NOOP("words", "育成から復帰"),
    "pinned": QT_TRANSLATE_NOOP("words", "固定"),
    "cover": QT_TRANSLATE_NOOP("words", "{rep}さんの代行 〜{last}"),
    "lease": QT_TRANSLATE_NOOP("words", "対応中"),
    "research": QT_TRANSLATE_NOOP("words", "番号調査"),
    "mail": QT_TRANSLATE_NOOP("words", "先にメール"),
    "reply": QT_TRANSLATE_NOOP("words", "返信あり"),
    "bounced": QT_TRANSLATE_NOOP("words", "メール不達"),
    "social": QT_TRANSLATE_NOOP("words", "先にSNSなど"),
    "sequence": QT_TRANSLATE_NOOP("words", "シーケンス {n}/{of} {channel}"),
    "sequence_blocked": QT_TRANSLATE_NOOP("words", "要確認 シーケンス {n}/{of}"),
}
"""The reasons for a rank; what stands in braces comes from the chip's parameters."""

SLOTS: dict[str, str] = {
    "AM": QT_TRANSLATE_NOOP("words", "午前枠"),
    "PM": QT_TRANSLATE_NOOP("words", "午後枠"),
}

FILTERS: tuple[tuple[str, str], ...] = (
    ("all", QT_TRANSLATE_NOOP("words", "すべて")),
    ("promise", QT_TRANSLATE_NOOP("words", "約束")),
    ("sla", QT_TRANSLATE_NOOP("words", "SLA")),
    ("returned", QT_TRANSLATE_NOOP("words", "差し戻し")),
    ("callback", QT_TRANSLATE_NOOP("words", "再コール")),
    ("inbound", QT_TRANSLATE_NOOP("words", "反響")),
    ("retry", QT_TRANSLATE_NOOP("words", "再架電")),
    ("nurture", QT_TRANSLATE_NOOP("words", "育成")),
    ("new", QT_TRANSLATE_NOOP("words", "新規")),
)
"""The filter chips above the queue, in order."""

VERBS: dict[str, str] = {
    "record": QT_TRANSLATE_NOOP("words", "架電結果"),
    "edit": QT_TRANSLATE_NOOP("words", "項目の編集"),
    "create": QT_TRANSLATE_NOOP("words", "リードの追加"),
    "import": QT_TRANSLATE_NOOP("words", "取り込み"),
    "merge": QT_TRANSLATE_NOOP("words", "名寄せ"),
    "assign": QT_TRANSLATE_NOOP("words", "担当の変更"),
    "snooze": QT_TRANSLATE_NOOP("words", "後で"),
    "pin": QT_TRANSLATE_NOOP("words", "固定"),
    "skip": QT_TRANSLATE_NOOP("words", "スキップ"),
    "signal": QT_TRANSLATE_NOOP("words", "反応の記録"),
    "stage": QT_TRANSLATE_NOOP("words", "ステージの変更"),
    "do_not_call": QT_TRANSLATE_NOOP("words", "架電禁止"),
    "handoff_submit": QT_TRANSLATE_NOOP("words", "引き渡し"),
    "handoff_accept": QT_TRANSLATE_NOOP("words", "受理"),
    "handoff_return": QT_TRANSLATE_NOOP("words", "差し戻し"),
    "handoff_recycle": QT_TRANSLATE_NOOP("words", "リサイクル"),
    "handoff_withdraw": QT_TRANSLATE_NOOP("words", "取り下げ"),
    "handoff_feedback": QT_TRANSLATE_NOOP("words", "フィードバック"),
    "meeting_plan": QT_TRANSLATE_NOOP("words", "商談の準備"),
    "ask_approval": QT_TRANSLATE_NOOP("words", "承認依頼"),
    "decide_approval": QT_TRANSLATE_NOOP("words", "承認の返答"),
    "evaluate": QT_TRANSLATE_NOOP("words", "通話評価"),
    "evaluation_reply": QT_TRANSLATE_NOOP("words", "評価への返信"),
    "definitions": QT_TRANSLATE_NOOP("words", "定義の変更"),
    "align": QT_TRANSLATE_NOOP("words", "握り直し会議の記録"),
    "cover": QT_TRANSLATE_NOOP("words", "不在の代行"),
    "introduction": QT_TRANSLATE_NOOP("words", "導入の記録"),
    "cost": QT_TRANSLATE_NOOP("words", "費用の記録"),
    "consent": QT_TRANSLATE_NOOP("words", "メールの同意"),
    "opt_out": QT_TRANSLATE_NOOP("words", "配信停止"),
    "mail": QT_TRANSLATE_NOOP("words", "メールの送信"),
    "mail_back": QT_TRANSLATE_NOOP("words", "メールの返信・不達"),
    "call_in": QT_TRANSLATE_NOOP("words", "不在着信"),
    "sequence": QT_TRANSLATE_NOOP("words", "シーケンス"),
    "sequence_run": QT_TRANSLATE_NOOP("words", "シーケンスの進行"),
}
"""The verbs of the journal (操作履歴)."""

ROLES: dict[str, str] = {
    "rep": QT_TRANSLATE_NOOP("words", "IS"),
    "team_lead": QT_TRANSLATE_NOOP("words", "チームリーダー"),
    "fs": QT_TRANSLATE_NOOP("words", "FS"),
    "admin": QT_TRANSLATE_NOOP("words", "管理者"),
}

WINDOW_NOTES: dict[str, str] = {
    "holiday": QT_TRANSLATE_NOOP("words", "休業日です"),
    "weekend": QT_TRANSLATE_NOOP("words", "休業日です"),
    "night": QT_TRANSLATE_NOOP("words", "夜間です"),
    "off_hours": QT_TRANSLATE_NOOP("words", "架電可能時間帯の外です"),
    "lunch": QT_TRANSLATE_NOOP("words", "昼休みです"),
    "obon": QT_TRANSLATE_NOOP("words", "お盆の時期です"),
}


def translate(context: str, text: str) -> str:
    """Return a text that was marked with QT_TRANSLATE_NOOP in the language of the window."""
    return QCoreApplication.translate(context, text)


def tr(text: str) -> str:
    """Return a text of this module in the language of the window."""
    return translate("words", text)


def held(code: str | None) -> str:
    """Return why a lead is held; an unknown code is just on hold."""
    return tr(HELD[code]) if code in HELD else translate("words", "保留")


def action(code: str | None, why: str = "") -> str:
    """Return the next action; ``why`` is the rule that set it, where that says more."""
    if why in WHYS:
        return tr(WHYS[why])
    return tr(ACTIONS[code]) if code in ACTIONS else translate("words", "次の予定なし")


def is_planned(code: str | None, due_at: datetime, now: datetime) -> bool:
    """Return whether the time of a next action is one that was planned.

    A first call is due from when the lead came, or from a time before all times where nobody knows it: that is no plan.
    """
    return code != "first_call" or due_at > now


def clock(at: datetime) -> str:
    """Return the time of day on the wall in Tokyo (``9:05``)."""
    here = at.astimezone(TOKYO)
    return f"{here.hour}:{here.minute:02d}"


def moment_full(at: datetime) -> str:
    """Return the whole date and time on the wall in Tokyo (``2026/11/22 9:05``)."""
    here = at.astimezone(TOKYO)
    return f"{here.year}/{here.month}/{here.day} {clock(at)}"


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was, in the roughest unit that says it."""
    minutes = max(0, int((now - at).total_seconds() // 60))
    if not minutes:
        return translate("words", "たった今")
    if minutes < 60:
        return translate("words", "{n}分前").format(n=minutes)
    if minutes < 60 * 24:
        return translate("words", "{n}時間前").format(n=minutes // 60)
    return translate("words", "{n}日前").format(n=minutes // (60 * 24))


def span(minutes: int) -> str:
    """Return a length of business time in minutes, or in hours where it is long."""
    return (
        translate("words", "{n}分").format(n=minutes)
        if minutes < 120
        else translate("words", "{n}時間").format(n=minutes // 60)
    )


def hours_ago(hours: str) -> str:
    """Return whole hours since something as words; nothing where it is not a number."""
    if not hours.isdigit():
        return ""
    return translate("words", "{n}時間前").format(n=hours) if int(hours) else translate("words", "たった今")


def day(iso: str) -> str:
    """Return a date as month and day (``11/28``); what is no date stays as it is."""
    parts = iso.split("-")
    return f"{int(parts[1])}/{int(parts[2])}" if len(parts) == 3 and all(p.isdigit() for p in parts) else iso


class _Params(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


class Words:
    """Words that need the team's definitions: labels of sources, signals, reasons and stages."""

    def __init__(self, rules: Rules | None = None, lang: str = "ja", calendar: WorkCalendar | None = None) -> None:
        self.rules = rules
        self.lang = lang
        self.calendar = calendar

    def chip(self, chip: Chip, now: datetime) -> str:
        """Return what a chip says."""
        form = CHIPS.get(chip.code)
        params = _Params(chip.params)
        if form is None:
            return params["ja"] or params["label"] or translate("words", "理由")
        return " ".join(tr(form).format_map(self._filled(chip.code, params, now)).split()).rstrip(": ")

    def _filled(self, code: str, params: _Params, now: datetime) -> _Params:
        made = _Params(params)
        when = _instant(params["at"] or params["due_at"])
        if when is not None:
            made["at"], made["ago"] = self.moment(when, now), ago(when, now)
        if code in {"sla", "sla_broken"}:
            made["left"], made["over"] = self._minutes(params["due"], now)
        elif code == "source":
            made["source"] = self.source(params["code"]) or translate("words", "流入経路")
        elif code == "signal":
            made["label"] = self.signal(params["code"]) or translate("words", "反応あり")
            made["ago"] = hours_ago(params["hours"])
        elif code == "sequence":
            made["channel"] = self.channel(params["mode"])
        elif code == "cover":
            made["last"] = day(params["last"])
        elif code == "returned":
            made["reason"] = self.reason(params["reason"])
        elif code == "retry":
            made["slot"] = self._slot(params)
        elif code == "timing":
            made["timing"] = self.timing(params["code"]) or params["score"]
        return made

    def _minutes(self, due: str, now: datetime) -> tuple[str, str]:
        at = _instant(due)
        if at is None:
            return "", ""
        left = self.minutes_left(at, now)
        return span(max(left, 0)), span(max(-left, 0))

    def _slot(self, params: Mapping[str, str]) -> str:
        slot = params["slot"]
        if slot:
            return tr(SLOTS[slot[:2]]) if slot[:2] in SLOTS else slot
        return f"{params['n']}/{params['cap']}" if params["n"] and params["cap"] else params["n"]

    def moment(self, at: datetime, now: datetime) -> str:
        """Return a time of day, with the date where it is another day."""
        here = at.astimezone(TOKYO)
        return clock(at) if here.date() == now.astimezone(TOKYO).date() else f"{here.month}/{here.day} {clock(at)}"

    def channel(self, mode: str) -> str:
        """Return over what a sequence's step goes, by its mode (`domain.sequence.Said`)."""
        codes = {"auto": Channel.MAIL, "confirm": Channel.MAIL, "call": Channel.PHONE}
        found = codes.get(mode) or next((one for one in CHANNELS if one.value == mode), None)
        return CHANNELS[found].in_(self.lang) if found is not None else ""

    def source(self, code: str) -> str:
        """Return a lead source's label."""
        known = self.rules.sources.get(code) if self.rules else None
        return known.label.in_(self.lang) if known else ""

    def timing(self, code: str) -> str:
        """Return a time of adoption."""
        return next((en if self.lang == "en" else ja for c, ja, en in ADOPTION_TIMING if c == code), "")

    def signal(self, code: str) -> str:
        """Return the label of an intent event."""
        for rule in self.rules.scoring.signals if self.rules else ():
            if rule.code == code:
                return rule.label.in_(self.lang)
        return ""

    def reason(self, code: str) -> str:
        """Return a reason's label; free text stays as it is."""
        for known in self.rules.reasons if self.rules else ():
            if known.code == code:
                return known.label.in_(self.lang)
        return code

    def stage(self, code: str) -> str:
        """Return a stage's label."""
        known = self.rules.stages.get(code) if self.rules else None
        return known.label.in_(self.lang) if known else ""

    def minutes_left(self, due: datetime, now: datetime) -> int:
        """Return the business minutes until ``due``; negative when it is over."""
        if self.calendar is None:
            return int((due - now).total_seconds() // 60)
        if due >= now:
            return self.calendar.business_minutes_between(now, due)
        return -self.calendar.business_minutes_between(due, now)

    def corner(self, row: QueueRow, now: datetime) -> str:
        """Return the short word at the right of a queue row: a time, what is left, or the attempt."""
        if row.held:
            later = row.due_at is not None and row.due_at > now
            return self.moment(row.due_at, now) if later and row.due_at else translate("words", "保留")
        if row.sla_due_at is not None:
            left = self.minutes_left(row.sla_due_at, now)
            if row.sla_due_at < now:
                return translate("words", "{span} 超過").format(span=span(-left))
            return translate("words", "残り {span}").format(span=span(left))
        if row.action in {"callback_exact", "callback_loose"} and row.due_at is not None:
            return self.moment(row.due_at, now)
        if row.action == "nurture":
            return translate("words", "復帰")
        if row.attempts:
            return translate("words", "再 {n}/{cap}").format(n=row.attempts, cap=row.cap)
        return translate("words", "新規") if row.action == "first_call" else "—"

    def sentence(self, row: QueueRow, now: datetime) -> str:
        """Return a queue row as one sentence, as a screen reader says it."""
        parts = [row.name or translate("words", "氏名不明"), row.company, *(self.chip(c, now) for c in row.chips)]
        if row.held:
            parts.append(translate("words", "保留中: {why}").format(why=held(row.held)))
        parts.append(translate("words", "次は{action}").format(action=action(row.action)))
        if row.attempts:
            parts.append(translate("words", "架電 {n}/{cap}回").format(n=row.attempts, cap=row.cap))
        if row.priority:
            parts.append(translate("words", "優先度 {n}").format(n=row.priority))
        return translate("words", "、").join(p for p in parts if p) + translate("words", "。")


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
