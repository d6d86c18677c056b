"""The ways out of the figures page: tables (Excel, CSV), the page as a picture, and the report of one page as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from isdesk.services import dashboard
from ui.notices import Notice
from ui.theme import theme
from ui.views.figures import words

if TYPE_CHECKING:
    from ui.session import Session
    from ui.views.figures.page import FiguresPage
    from ui.views.figures.plots import PlotCard


class Outlet(QObject):
    """Writes what the page shows. Whatever leaves is noted in the journal before anybody can see the file."""

    def __init__(self, page: FiguresPage, session: Session) -> None:
        super().__init__(page)
        self._page, self._session = page, session

    def ask_export(self) -> None:
        """Ask where to, and write the picture that has the keyboard, else the table of groups or the whole page."""
        made, gallery = self._page.board, self._page.gallery
        if made is None:
            return
        card = gallery.focused() if gallery is not None else None
        what = card.title.text() if card is not None else self.tr("指標")
        name = f"{what} {words.period(made.period)}".replace("/", "-").replace(":", "")
        kinds = self.tr("Excel (*.xlsx);;CSV (*.csv);;画像 (*.png)")
        path, chosen = QFileDialog.getSaveFileName(self._page, self.tr("指標を書き出す"), f"{name}.xlsx", kinds)
        if path:
            ending = chosen.partition("*")[2].rstrip(")") or ".xlsx"
            target = Path(path)
            self.export_to(target if target.suffix else target.with_suffix(ending), card)

    def export_to(self, path: Path, card: PlotCard | None = None) -> None:
        """Write a table or a picture by the file's ending: of one picture, else of the groups or the whole page."""
        ctx, made, error = self._session.ctx, self._page.board, self._session.notices.error
        if made is None:
            return
        if path.suffix.lower() == ".png":
            widget = card if card is not None else self._page.area.widget()

            def op() -> None:
                dashboard.note_export(ctx, "picture", path.name, 1, made.period)

            self._session.tasks.write(op, lambda _: self._save_picture(widget, path), error, owner=self)
            return
        heads, rows = card.table() if card is not None else ([], [])

        def table() -> object:
            if heads:
                return dashboard.export_picture(ctx, heads, rows, path, made.period)
            return dashboard.export(ctx, made, path)

        self._session.tasks.write(table, lambda _: self._saved(path), error, owner=self)

    def _save_picture(self, widget: QWidget | None, path: Path) -> None:
        from ui.views.figures.plots import picture

        if widget is not None and picture(widget, path):
            self._saved(path)
        else:
            self._not_saved()

    def _saved(self, path: Path) -> None:
        self._session.notices.say(self.tr("書き出しました: {file}").format(file=path.name))

    def _not_saved(self) -> None:
        what = self.tr("ファイルを書き込めませんでした。")
        self._session.notices.show(Notice(what, self.tr("保存先を変えて、もう一度お試しください。")))

    def ask_pdf(self) -> None:
        """Ask where to, and save the report."""
        if self._page.board is None or self._page.pictures is None:
            return
        name = self.tr("指標 {span}").format(span=words.period(self._page.board.period))
        path, _ = QFileDialog.getSaveFileName(
            self._page, self.tr("指標をPDFで保存"), f"{name}.pdf", self.tr("PDF (*.pdf)")
        )
        if path:
            self.save_pdf(Path(path))

    def save_pdf(self, path: Path) -> None:
        """Save the report of one page: figures, diagnosis, funnel, groups, weekday × hour."""
        from isdesk.services import reports
        from ui import pdf

        session, made, read = self._session, self._page.board, self._page.pictures
        if made is None or read is None:
            return
        said = [one.plain for one in self._page.words.said]

        def op() -> str:
            html = reports.html(session.ctx, made, read, said, session.lang, palette=theme.palette)
            dashboard.note_export(session.ctx, "report", path.name, 1, made.period)
            return html

        def done(html: str) -> None:
            try:
                pdf.write_pdf(html, path, self.tr("指標の報告"))
            except OSError:
                self._not_saved()
            else:
                self._saved(path)

        session.tasks.write(op, done, session.notices.error, owner=self)
