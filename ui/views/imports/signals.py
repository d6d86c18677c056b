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
    """One line at rest; with a list, what it would bring and by what it is dated. ``done`` when it was taken in."""

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
        self.at = QComboBox()
        self.at.setAccessibleName(self.tr("日時の列"))
        self.at.setMinimumWidth(180)
        self._kind_said, self._at_said = label(self.tr("反応の種類"), "small"), label(self.tr("日時の列"), "small")
        self.undated = label("", "warn", wrap=True)
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
        for part in (self.drop, self.take, self.choose):
            line.addWidget(part)
        line.addWidget(KeyCap("S"))
        self.body.addLayout(line)
        asked = QHBoxLayout()
        asked.setSpacing(8)
        for one in (self._kind_said, self.kind, self._at_said, self.at):
            asked.addWidget(one)
        asked.addWidget(self.undated, 99)
        asked.addStretch(1)
        self.body.addLayout(asked)
        self.choose.clicked.connect(self.ask)
        self.take.clicked.connect(self.run)
        self.drop.clicked.connect(self.rest)
        self.kind.activated.connect(self._look)
        self.at.activated.connect(self._look)
        self.rest()

    def rest(self) -> None:
        """Show what this is for."""
        self._path = self._listed = None
        self.at.clear()
        self.undated.clear()
        self.said.setText(
            self.tr("開封・クリック・資料DL・セミナー参加・トライアル利用の一覧を、いるリードに付けます。")
        )
        for part in (self._kind_said, self.kind, self._at_said, self.at, self.undated, self.take, self.drop):
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
        self.at.clear()

        def then(asks: bool) -> None:
            if self._path != path:
                return
            self.kind.clear()
            rules, lang = self._session.ctx.rules, self._session.lang
            for one in rules.scoring.signals:
                self.kind.addItem(one.label.in_(lang), one.code)
            self.kind.setVisible(asks)
            self._kind_said.setVisible(asks)
            self._look()

        self._session.tasks.fetch(lambda: signals.needs_kind(path), then, self._failed, owner=self, key="signals")

    def _code(self) -> str | None:
        return str(self.kind.currentData()) if not self.kind.isHidden() else None

    def _column(self) -> str | None:
        """Return the chosen column of the dates; None where nobody chose."""
        return str(self.at.currentData()) if self.at.count() else None

    def _look(self) -> None:
        path, code, at, ctx = self._path, self._code(), self._column(), self._session.ctx
        self._listed = None
        self.take.hide()
        if path is None:
            return

        def op() -> tuple[Listed, TakenIn]:
            listed = signals.read(ctx, path, code=code, at=at)
            return listed, signals.weigh(ctx, listed)

        self._session.tasks.fetch(op, lambda found: self._show(path, *found), self._failed, owner=self, key="signals")

    def _show(self, path: Path, listed: Listed, made: TakenIn) -> None:
        if self._path != path:
            return
        self._listed = listed
        self.said.setText(f"{path.name}: {self.words(made)}")
        self._show_dates(listed, made)
        writes = made.taken > 0 or made.opt_outs > 0
        self.take.setVisible(writes)
        self.drop.show()
        self.choose.setVisible(not writes)

    def _show_dates(self, listed: Listed, made: TakenIn) -> None:
        """Show by which column the events are dated, and how those are that no column dates."""
        if not self.at.count():
            for header in listed.columns:
                self.at.addItem(header, header)
            self.at.addItem(self.tr("日付の列なし"), signals.NO_COLUMN)
        self.at.setCurrentIndex(self.at.findData(listed.at))
        for part in (self._at_said, self.at):
            part.setVisible(bool(listed.columns))
        missing = self.tr("日付の列が見つかりません。") if listed.at == signals.NO_COLUMN else ""
        cooled = self.tr("日時のない {n}件は、点だけ付け、いま意欲が高いとはしません。").format(n=made.undated)
        self.undated.setText(missing + (cooled if made.undated else ""))
        self.undated.setVisible(bool(self.undated.text()))

    def words(self, made: TakenIn) -> str:
        """Return what a list brings in one line."""
        text = self.tr("{n}件の反応を{leads}件のリードに付けます(いま意欲が高い {hot}件)")
        parts = [text.format(n=made.taken, leads=made.leads, hot=made.hot)]
        if made.known:
            parts.append(self.tr("取り込み済み {n}件").format(n=made.known))
        if made.absent:
            parts.append(self.tr("不参加 {n}件").format(n=made.absent))
        if made.opt_outs:
            parts.append(self.tr("配信停止にする {n}件").format(n=made.opt_outs))
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
        if made.opt_outs:
            text = self.tr("{n}件の反応を取り込み、{opt_outs}件を配信停止にしました(取り消し Ctrl+Z)")
        self._session.notices.say(text.format(n=made.taken, opt_outs=made.opt_outs))
        self.rest()
        self.done.emit()

    def _failed(self, error: Exception) -> None:
        self.rest()
        self._session.notices.error(error)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.rest()
