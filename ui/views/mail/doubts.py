"""The question about a reply that resembles a wish for no more mail: it stays until a person answers or closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from isdesk.services import receiving
from ui.notices import Notice

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from isdesk.services.receiving import Doubt
    from isdesk.services.views import Written
    from ui.session import Session

_SHOWN: Final = 80


def ask(session: Session, doubt: Doubt, owner: QObject) -> None:
    """Ask whether a reply is to be noted as an opt-out; nothing is done until the person says so."""
    text = QCoreApplication.translate(
        "doubts", "{who}さんの返信は、配信停止のご希望かもしれません。配信停止として記録しますか。"
    )
    more = doubt.said if len(doubt.said) <= _SHOWN else f"{doubt.said[: _SHOWN - 1]}…"
    action = QCoreApplication.translate("doubts", "配信停止として記録")
    notice = Notice(
        text.format(who=doubt.name), more, tone="warn", action=action, act=lambda: _note(session, doubt, owner)
    )
    session.notices.show(notice)


def _note(session: Session, doubt: Doubt, owner: QObject) -> None:
    ctx = session.ctx

    def noted(written: Written) -> None:
        session.hub.changed.emit(written.changes)
        text = QCoreApplication.translate("doubts", "{who}さんを配信停止にしました。Ctrl+Z で戻せます。")
        session.notices.say(text.format(who=doubt.name))

    session.tasks.write(lambda: receiving.opt_out(ctx, doubt), noted, session.notices.error, owner=owner)
