"""Words and tones of sequences: how a lead stands, over what a step goes, what ended it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from isdesk import messages
from isdesk.clock import TOKYO
from isdesk.domain.sequence import CHANNELS, STOPS
from isdesk.services.mails import told
from ui.noop import QT_TRANSLATE_NOOP
from ui.words import translate

if TYPE_CHECKING:
    from isdesk.domain.rules import Rules, SequenceStep
    from isdesk.domain.sequence import Enrolment, Standing
    from isdesk.services.sequence_board import Line

STATES: dict[str, tuple[str, str]] = {
    "blocked": (QT_TRANSLATE_NOOP("sequences", "要確認"), "warn"),
    "confirm": (QT_TRANSLATE_NOOP("sequences", "送信の確認"), "promise"),
    "call": (QT_TRANSLATE_NOOP("sequences", "架電"), "promise"),
    "social": (QT_TRANSLATE_NOOP("sequences", "SNSなど"), "promise"),
    "auto": (QT_TRANSLATE_NOOP("sequences", "自動送信"), "good"),
    "queued": (QT_TRANSLATE_NOOP("sequences", "送信待ち"), "good"),
    "hot": (QT_TRANSLATE_NOOP("sequences", "架電が先"), "warn"),
    "unheard": (QT_TRANSLATE_NOOP("sequences", "返信の確認待ち"), "warn"),
    "waits": (QT_TRANSLATE_NOOP("sequences", "同期待ち"), "warn"),
    "first": (QT_TRANSLATE_NOOP("sequences", "別の予定が先"), "plain"),
    "later": (QT_TRANSLATE_NOOP("sequences", "予定"), "plain"),
    "finished": (QT_TRANSLATE_NOOP("sequences", "完了"), "good"),
    "stopped": (QT_TRANSLATE_NOOP("sequences", "停止"), "plain"),
}
"""How a lead stands (`sequence_board.Line.state`), with its tone."""

STEPS: dict[str, tuple[str, str]] = {
    "done": (QT_TRANSLATE_NOOP("sequences", "済み"), "good"),
    "skipped": (QT_TRANSLATE_NOOP("sequences", "飛ばした"), "plain"),
    "blocked": (QT_TRANSLATE_NOOP("sequences", "要確認"), "warn"),
    "open": (QT_TRANSLATE_NOOP("sequences", "次"), "promise"),
    "later": (QT_TRANSLATE_NOOP("sequences", "この先"), "plain"),
}
"""How far a step has come, with its tone."""


SHORT: dict[str, str] = {
    "mail_no_consent": QT_TRANSLATE_NOOP("sequences", "同意の記録がない"),
    "mail_no_address": QT_TRANSLATE_NOOP("sequences", "メールアドレスがない"),
    "mail_address_invalid": QT_TRANSLATE_NOOP("sequences", "アドレスが正しくない"),
    "mail_bounced": QT_TRANSLATE_NOOP("sequences", "アドレスに届かない"),
    "mail_law_items_missing": QT_TRANSLATE_NOOP("sequences", "送信者の表示がない"),
    "mail_account_missing": QT_TRANSLATE_NOOP("sequences", "送信アカウントがない"),
    "mail_demo": QT_TRANSLATE_NOOP("sequences", "デモからは送らない"),
    "mail_template_unknown": QT_TRANSLATE_NOOP("sequences", "ひな形がない"),
    "mail_subject_too_long": QT_TRANSLATE_NOOP("sequences", "件名が長すぎる"),
    "mail_twice": QT_TRANSLATE_NOOP("sequences", "同じメールを送ったばかり"),
    "sequence_twice": QT_TRANSLATE_NOOP("sequences", "同じメールを送ったばかり"),
    "sequence_same_text": QT_TRANSLATE_NOOP("sequences", "同じメールを手で送った"),
    "sequence_perhaps_sent": QT_TRANSLATE_NOOP("sequences", "前の端末が送ったかも"),
    "sequence_hot": QT_TRANSLATE_NOOP("sequences", "関心を示したばかり"),
    "sequence_unheard": QT_TRANSLATE_NOOP("sequences", "返信を読めていない"),
    "sequence_no_number": QT_TRANSLATE_NOOP("sequences", "電話番号がない"),
    "sequence_cooldown": QT_TRANSLATE_NOOP("sequences", "クールダウン中"),
    "sequence_other_owner": QT_TRANSLATE_NOOP("sequences", "担当者が変わった"),
    "sequence_mail_failed": QT_TRANSLATE_NOOP("sequences", "送れなかった"),
    "sequence_mail_cancelled": QT_TRANSLATE_NOOP("sequences", "送信を取り消した"),
    "sequence_mail_uncertain": QT_TRANSLATE_NOOP("sequences", "届いたか不明"),
}
"""What keeps a step from being carried out, in a few characters; the sentence stands beside it."""


def short(why: str, lang: str, rules: Rules) -> str:
    """Return what keeps a step from being carried out, in a few characters where there is a short form."""
    return translate("sequences", SHORT[why]) if why in SHORT else reason(why, lang, rules)[0]


def state(line: Line) -> tuple[str, str]:
    """Return how a lead stands, and the tone of it."""
    text, tone = STATES[line.state]
    return translate("sequences", text), "good" if line.result in ("reply", "meeting") else tone


def step_state(step: Standing, *, runs: bool) -> tuple[str, str]:
    """Return how far a step has come, and the tone of it; what was not reached when the sequence ended never comes."""
    if not runs and step.at is None:
        return translate("sequences", "行わない"), "plain"
    text, tone = STEPS[step.state]
    return translate("sequences", text), tone


def channel(step: SequenceStep, lang: str) -> str:
    """Return over what a step goes."""
    return CHANNELS[step.channel].in_(lang)


def where(line: Line, lang: str) -> str:
    """Return on which step a lead stands: ``2/3 電話``; how many were done where it ended."""
    if line.enrolment.state != "running":
        return f"{line.number}/{line.of}"
    return f"{line.number}/{line.of} {channel(line.enrolment.steps[line.number - 1].step, lang)}"


def stop(why: str, lang: str) -> str:
    """Return what ended a sequence."""
    return STOPS[why].in_(lang) if why in STOPS else why


def reason(why: str, lang: str, rules: Rules) -> tuple[str, str]:
    """Return what keeps a step from being carried out under the rules in force, and what to do about it."""
    found = messages.sentence(why, told(rules, why), lang)
    return found.what, found.do


def when(at: datetime | None, today: date) -> str:
    """Return a time as people say it on that day: 15:30, else 11/20 15:30."""
    if at is None:
        return "—"
    here = at.astimezone(TOKYO)
    clock = f"{here.hour}:{here.minute:02d}"
    return clock if here.date() == today else f"{here.month}/{here.day} {clock}"


def line_of(one: Enrolment, lang: str) -> str:
    """Return a running sequence in a few words: ``シーケンス 2/3 電話``; empty where it runs no more."""
    step = one.next
    if step is None:
        return ""
    form = translate("sequences", "シーケンス {n}/{of} {channel}")
    if step.state == "blocked":
        form = translate("sequences", "シーケンス {n}/{of} 要確認")
    return form.format(n=step.number, of=len(one.steps), channel=channel(step.step, lang))


def brief(title: str) -> str:
    """Return the name of a sequence without what stands in brackets behind it, for narrow columns."""
    return title.replace("\uff08", "(").split("(")[0].strip() or title


def line_due(one: Enrolment, today: date, lang: str, rules: Rules) -> str:
    """Return a running sequence with its name, and when the next step is due; why where it is blocked."""
    step = one.next
    if step is None:
        return ""
    title = one.definition.label.in_(lang)
    if step.state == "blocked":
        return f"{title}\n{reason(step.why, lang, rules)[0]}"
    return f"{title}\n{step.number}/{len(one.steps)} {channel(step.step, lang)} {when(step.due_at, today)}"
