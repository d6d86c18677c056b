"""Words and tones of the end of the day."""

from __future__ import annotations

from datetime import date, datetime

from isdesk.clock import TOKYO
from isdesk.domain.day_end import Loop
from ui.noop import QT_TRANSLATE_NOOP
from ui.words import translate

KINDS: dict[str, tuple[str, str]] = {
    "no_next": (QT_TRANSLATE_NOOP("day", "次回アクションなし"), "bad"),
    "promise": (QT_TRANSLATE_NOOP("day", "守れていない約束"), "bad"),
    "call": (QT_TRANSLATE_NOOP("day", "架電結果のない通話"), "bad"),
    "material": (QT_TRANSLATE_NOOP("day", "送ると約束した資料"), "bad"),
    "confirm": (QT_TRANSLATE_NOOP("day", "商談の確認"), "promise"),
    "invite": (QT_TRANSLATE_NOOP("day", "招待未送信"), "promise"),
    "uncertain": (QT_TRANSLATE_NOOP("day", "不明のメール(要確認)"), "bad"),
    "unsent": (QT_TRANSLATE_NOOP("day", "送れなかったメール"), "warn"),
    "attention": (QT_TRANSLATE_NOOP("day", "要対応の記録"), "warn"),
    "handoff": (QT_TRANSLATE_NOOP("day", "未完了の引き継ぎ"), "warn"),
    "mail": (QT_TRANSLATE_NOOP("day", "期限の来たメール"), "promise"),
    "draft": (QT_TRANSLATE_NOOP("day", "書きかけのメール"), "plain"),
    "memo": (QT_TRANSLATE_NOOP("day", "結果のないメモ"), "plain"),
}
"""What may be open, in the order in which it is shown, with its tone."""

WITHHELD = QT_TRANSLATE_NOOP("day", "番号非通知")


def kind(code: str) -> str:
    """Return what kind of an open end it is."""
    return translate("day", KINDS[code][0])


def when(at: datetime | None, today: date) -> str:
    """Return a time as people say it on that day: 15:30, else 11/20 15:30."""
    if at is None:
        return "—"
    here = at.astimezone(TOKYO)
    clock = f"{here.hour}:{here.minute:02d}"
    return clock if here.date() == today else f"{here:%m/%d} {clock}"


def who(one: Loop) -> str:
    """Return whom it is about."""
    return one.name or one.company or (translate("day", WITHHELD) if loose(one) else "—")


def loose(one: Loop) -> bool:
    """Return whether it is a talk that no lead was given yet."""
    return one.kind == "call" and one.lead_id is None
