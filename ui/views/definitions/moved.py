"""What is said when the definitions changed after a draft was begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.domain.errors import PlaybookError
from isdesk.services import agreeing, script_editing
from isdesk.services.script_editing import CARRIED, LEFT, Sheet
from ui import words
from ui.noop import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from isdesk.services.context import Context

_CARRIED = QT_TRANSLATE_NOOP("moved", "書きかけを始めた後に定義が変わったので、新しい定義の上に載せ直しました。")
_BOTH = QT_TRANSLATE_NOOP("moved", "{parts} は両方で変わっています。提案の前に、いまの文面と比べてください。")
_LEFT = QT_TRANSLATE_NOOP(
    "moved",
    "書きかけを始めた後に定義が変わりました。このままではその変更が元に戻ります。"
    "定義の文面(M)で違いを確かめ、残すものを書き直してから提案してください。",
)


def moved_words(sheet: Sheet) -> str:
    """Return what to say of a draft that was read; empty where nothing moved."""
    if sheet.moved == LEFT:
        return words.translate("moved", _LEFT)
    if sheet.moved != CARRIED:
        return ""
    said = words.translate("moved", _CARRIED)
    names = "、".join(str(sheet.tree(part).get("ja") or part[-1]) for part in sheet.both)
    return f"{said} {words.translate('moved', _BOTH).format(parts=names)}" if names else said


def opened(ctx: Context) -> tuple[str, str]:
    """Carry the draft of this desk over to what is in force; return the text that it is based on, and what to say."""
    try:
        sheet = script_editing.begin(ctx)
    except PlaybookError:
        return agreeing.draft_base(ctx) or agreeing.text_in_force(ctx), ""
    return sheet.base, moved_words(sheet)
