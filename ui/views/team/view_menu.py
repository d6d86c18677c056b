"""The button with the saved views of the review of queues: choose one, save what is shown, forget one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton

from isdesk.services import team_views
from isdesk.services.team_views import View

if TYPE_CHECKING:
    from ui.session import Session


class ViewMenu(QPushButton):
    """``chosen(View)`` to show it; ``wanted`` when what is shown shall be saved (answer with `keep`)."""

    chosen = Signal(object)
    wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setText(self.tr("ビュー"))
        self.setToolTip(self.tr("保存したビュー(V)"))
        self.setAutoDefault(False)
        self.menu_ = QMenu(self)
        self.setMenu(self.menu_)
        self.menu_.aboutToShow.connect(self._fill)

    def unfold(self) -> None:
        """Open the menu."""
        self.showMenu()

    def _fill(self) -> None:
        """Fill the menu; a handful of short texts, read from memory-mapped pages at once."""
        self.menu_.clear()
        saved = team_views.views(self._session.ctx)
        for view in saved:
            self.menu_.addAction(view.name, partial(self.chosen.emit, view))
        if saved:
            self.menu_.addSeparator()
        self.menu_.addAction(self.tr("いまの表示を保存…"), self.wanted.emit)
        if saved:
            forget = self.menu_.addMenu(self.tr("ビューを消す"))
            for view in saved:
                forget.addAction(view.name, partial(self._forget, view.name))

    def keep(self, view: View) -> None:
        """Ask for a name, and save a view under it."""
        name, sure = QInputDialog.getText(self, self.tr("ビューを保存"), self.tr("ビューの名前"))
        if sure and name.strip():
            self.save(view, name.strip())

    def save(self, view: View, name: str) -> None:
        """Save a view under a name."""
        ctx, session = self._session.ctx, self._session
        made = View(name, view.rep, view.kind, view.text, view.sort, view.descending)
        said = self.tr("ビュー「{name}」を保存しました").format(name=name)
        session.tasks.write(
            lambda: team_views.keep(ctx, made), lambda _: session.notices.say(said), session.notices.error, owner=self
        )

    def _forget(self, name: str) -> None:
        ctx, session = self._session.ctx, self._session
        said = self.tr("ビュー「{name}」を消しました").format(name=name)
        session.tasks.write(
            lambda: team_views.drop(ctx, name), lambda _: session.notices.say(said), session.notices.error, owner=self
        )
