"""Taking intent events in: choose a list, see what it would bring, take it in with one undo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout
from typing_extensions import override

from isdesk.services import signals
from isdesk.services.signals import Listed, TakenIn
from ui.widgets import Card, KeyCap, button, label

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from ui.session import Session

_KINDS = "*.csv *.tsv *.txt *.xlsx *.xlsm *.ods"


class SignalsCard(Card):
    """One line at rest; with a list, what it would bring. ``done`` when it was taken in."""

    done = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(margins=(16, 12, 16, 12))
        self._session = session
        self._path: Path | None = None
        self._listed: Listed | None = None
        self.said = label("", "dim", wrap=True)
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("反応の種類"))
        self.kind.setMinimumWidth(180)
        self.choose = button(self.tr("反応の一覧を選ぶ"), tip=self.tr("反応の一覧を選ぶ(S)"))
        self.take = button(self.tr("反応を取り込む"), "primary")
        self.drop = button(self.tr("やめる"))
        line = QHBoxLayout()
        line.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(self.tr("反応(意欲)を取り込む"), "section"))
        words.addWidget(self.said)
        line.addLayout(words, 1)
        for part in (self.kind, self.drop, self.take, self.choose):
            line.addWidget(part)
        line.addWidget(KeyCap("S"))
        self.body.addLayout(line)
        self.choose.clicked.connect(self.ask)
        self.take.clicked.connect(self.run)
        self.drop.clicked.connect(self.rest)
        self.kind.activated.connect(self._look)
        self.rest()

    def rest(self) -> None:
        """Show what this is for."""
        self._path = self._listed = None
        self.said.setText(
            self.tr("開封・クリック・資料DL・セミナー参加・トライアル利用の一覧を、いるリードに付けます。")
        )
        for part in (self.kind, self.take, self.drop):
            part.hide()
        self.choose.show()

    def ask(self) -> None:
        """Ask for a list."""
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("反応の一覧を選ぶ"), "", self.tr("CSV・Excel ({kinds})").format(kinds=_KINDS)
        )
        if path:
            self.show_file(Path(path))

    def show_file(self, path: Path) -> None:
        """Look at a list: what it would bring, or what it is asked for first."""
        self._path = path

        def then(asks: bool) -> None:
            if self._path != path:
                return
            self.kind.clear()
            rules, lang = self._session.ctx.rules, self._session.lang
            for one in rules.scoring.signals:
                self.kind.addItem(one.label.in_(lang), one.code)
            self.kind.setVisible(asks)
            self._look()

        self._session.tasks.fetch(lambda: signals.needs_kind(path), then, self._failed, owner=self, key="signals")

    def _code(self) -> str | None:
        return str(self.kind.currentData()) if not self.kind.isHidden() else None

    def _look(self) -> None:
        path, code, ctx = self._path, self._code(), self._session.ctx
        self._listed = None
        self.take.hide()
        if path is None:
            return

        def op() -> tuple[Listed, TakenIn]:
            listed = signals.read(ctx, path, code=code)
            return listed, signals.weigh(ctx, listed)

        self._session.tasks.fetch(op, lambda found: self._show(path, *found), self._failed, owner=self, key="signals")

    def _show(self, path: Path, listed: Listed, made: TakenIn) -> None:
        if self._path != path:
            return
        self._listed = listed
        self.said.setText(f"{path.name}: {self.words(made)}")
        self.take.setVisible(made.taken > 0)
        self.drop.show()
        self.choose.setVisible(made.taken == 0)

    def words(self, made: TakenIn) -> str:
        """Return what a list brings in one line."""
        text = self.tr("{n}件の反応を{leads}件のリードに付けます(いま意欲が高い {hot}件)")
        parts = [text.format(n=made.taken, leads=made.leads, hot=made.hot)]
        if made.known:
            parts.append(self.tr("取り込み済み {n}件").format(n=made.known))
        if made.unmatched:
            parts.append(self.tr("リードなし {n}件").format(n=len(made.unmatched)))
        if made.problems:
            parts.append(self.tr("読めない行 {n}件").format(n=len(made.problems)))
        return self.tr(" ・ ").join(parts)

    def run(self) -> None:
        """Take the list in: all of it as one entry of the journal."""
        listed, ctx = self._listed, self._session.ctx
        if listed is not None and not self.take.isHidden():
            self._listed = None
            self._session.tasks.write(lambda: signals.take(ctx, listed), self._done, self._failed, owner=self)

    def _done(self, made: TakenIn) -> None:
        text = self.tr("{n}件の反応を取り込みました(取り消し Ctrl+Z)")
        self._session.notices.say(text.format(n=made.taken))
        self.rest()
        self.done.emit()

    def _failed(self, error: Exception) -> None:
        self.rest()
        self._session.notices.error(error)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.rest()
