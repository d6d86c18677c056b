"""What the page of handoffs answers to, by key and in the palette."""

from __future__ import annotations

from ui.commands import Command
from ui.noop import QT_TRANSLATE_NOOP

STEPS = ("accept", "return", "feedback", "submit", "withdraw", "recycle", "copy", "pdf", "paper")
"""The commands that are buttons of the handoff in front."""
COMMANDS: tuple[Command, ...] = tuple(
    Command(f"handoff.{code}", text, "handoff", keys, "handoff", icon)
    for code, text, keys, icon in (
        ("tab", QT_TRANSLATE_NOOP("commands", "引き継ぎの絞り込みを切り替え"), ("T",), "filter"),
        ("accept", QT_TRANSLATE_NOOP("commands", "引き継ぎを受理する"), ("A",), "check"),
        ("return", QT_TRANSLATE_NOOP("commands", "引き継ぎを差し戻す"), ("R",), "undo"),
        ("meeting", QT_TRANSLATE_NOOP("commands", "商談を準備する"), ("M",), "calendar"),
        ("memo", QT_TRANSLATE_NOOP("commands", "引き継ぎメモを見る"), ("V",), "handoff"),
        ("feedback", QT_TRANSLATE_NOOP("commands", "商談のフィードバックを書く"), ("F",), "flag"),
        ("submit", QT_TRANSLATE_NOOP("commands", "FSへ引き渡す"), ("S",), "handoff"),
        ("withdraw", QT_TRANSLATE_NOOP("commands", "引き継ぎを取り下げる"), ("W",), "undo"),
        ("recycle", QT_TRANSLATE_NOOP("commands", "リサイクルする"), ("C",), "sync"),
        ("figures", QT_TRANSLATE_NOOP("commands", "FSの指標へ移動"), ("K",), "chart"),
        ("copy", QT_TRANSLATE_NOOP("commands", "引き継ぎメモをコピー"), (), "copy"),
        ("pdf", QT_TRANSLATE_NOOP("commands", "引き継ぎメモをPDFに"), (), "export"),
        ("paper", QT_TRANSLATE_NOOP("commands", "引き継ぎメモを印刷"), (), "export"),
        ("back", QT_TRANSLATE_NOOP("commands", "引き継ぎの一覧へ戻る"), ("Esc",), "chevron-left"),
    )
)
