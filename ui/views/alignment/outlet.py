"""The ways out of the meeting's page: the document to hand out, as PDF and as HTML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from isdesk.services import alignment_paper
from isdesk.services.alignment_words import meeting_name
from ui.notices import Notice

if TYPE_CHECKING:
    from ui.session import Session
    from ui.views.alignment.page import AlignmentPage


class Outlet(QObject):
    """Writes the document. Whatever leaves is noted in the journal before anybody can see the file."""

    def __init__(self, page: AlignmentPage, session: Session) -> None:
        super().__init__(page)
        self._page, self._session = page, session

    def ask(self, ending: str) -> None:
        """Ask where to, and save the document as ``pdf`` or ``html``."""
        pack = self._page.pack
        if pack is None:
            return
        name = meeting_name(pack.meeting.id, self._session.lang).replace("/", "-")
        kinds = self.tr("PDF (*.pdf)") if ending == "pdf" else self.tr("HTML (*.html)")
        path, _ = QFileDialog.getSaveFileName(self._page, self.tr("資料を保存"), f"{name}.{ending}", kinds)
        if path:
            target = Path(path)
            self.save(target if target.suffix else target.with_suffix(f".{ending}"))

    def save(self, path: Path) -> None:
        """Save the document by the file's ending."""
        session, pack = self._session, self._page.pack
        if pack is None:
            return
        paper = path.suffix.lower() == ".pdf"

        def op() -> str:
            text = alignment_paper.html(session.ctx, pack, session.lang)
            alignment_paper.note(session.ctx, pack, path.name)
            return text

        def done(text: str) -> None:
            from ui import pdf

            try:
                if paper:
                    pdf.write_pdf(text, path, meeting_name(pack.meeting.id, session.lang))
                else:
                    path.write_text(text, encoding="utf-8")
            except OSError:
                what = self.tr("ファイルを書き込めませんでした。")
                session.notices.show(Notice(what, self.tr("保存先を変えて、もう一度お試しください。")))
            else:
                session.notices.say(self.tr("保存しました: {file}").format(file=path.name))

        session.tasks.write(op, done, session.notices.error, owner=self)
