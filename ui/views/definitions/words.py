"""The keys of definitions by what they are about, for the list of what another preset changes."""

from __future__ import annotations

from ui import words
from ui.noop import QT_TRANSLATE_NOOP

PARTS: dict[str, str] = {
    "text": QT_TRANSLATE_NOOP("definitions", "文章の値"),
    "stage": QT_TRANSLATE_NOOP("definitions", "リードステージ"),
    "outcome": QT_TRANSLATE_NOOP("definitions", "架電結果"),
    "group": QT_TRANSLATE_NOOP("definitions", "架電結果の分類"),
    "policy": QT_TRANSLATE_NOOP("definitions", "再架電ルール"),
    "slot": QT_TRANSLATE_NOOP("definitions", "時間帯"),
    "caps": QT_TRANSLATE_NOOP("definitions", "架電の上限"),
    "windows": QT_TRANSLATE_NOOP("definitions", "架電可能時間帯"),
    "business": QT_TRANSLATE_NOOP("definitions", "営業日カレンダー"),
    "sla": QT_TRANSLATE_NOOP("definitions", "SLA(合意基準)"),
    "score": QT_TRANSLATE_NOOP("definitions", "スコア"),
    "scoring": QT_TRANSLATE_NOOP("definitions", "スコア"),
    "signal": QT_TRANSLATE_NOOP("definitions", "反応の点数"),
    "checklist": QT_TRANSLATE_NOOP("definitions", "引き継ぎチェック"),
    "raci": QT_TRANSLATE_NOOP("definitions", "RACI表"),
    "script": QT_TRANSLATE_NOOP("definitions", "トークスクリプト"),
    "reason": QT_TRANSLATE_NOOP("definitions", "理由"),
    "source": QT_TRANSLATE_NOOP("definitions", "流入経路"),
    "field": QT_TRANSLATE_NOOP("definitions", "追加の項目"),
}


def part(key: str) -> str:
    """Return what a key is about."""
    head = key.partition(".")[0].partition("[")[0]
    return words.translate("definitions", PARTS[head]) if head in PARTS else words.translate("definitions", OTHER)


OTHER = QT_TRANSLATE_NOOP("definitions", "その他")
