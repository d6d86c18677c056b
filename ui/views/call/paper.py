"""Brings the handoff memo to paper: asks where to, renders it off the main thread, says how it went."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from isdesk.domain.ids import LeadId
from ui import pdf
from ui.notices import Notice, Notices
from ui.tasks import Tasks


class MemoSource(Protocol):
    """Whoever can render a memo."""

    def memo_html(self, lead_id: LeadId) -> str:
        """Return the handoff memo for paper."""
        ...


def save_pdf(
    parent: QWidget, source: MemoSource, tasks: Tasks, notices: Notices, lead_id: LeadId, name: str, path: str = ""
) -> None:
    """Save the memo as a PDF; ``path`` empty asks for one."""
    title = QCoreApplication.translate("paper", "引き継ぎメモ {name}").format(name=name)
    if not path:
        kind = QCoreApplication.translate("paper", "PDF (*.pdf)")
        heading = QCoreApplication.translate("paper", "引き継ぎメモをPDFで保存")
        path, _ = QFileDialog.getSaveFileName(parent, heading, f"{_file_name(title)}.pdf", kind)
    if not path:
        return
    target = Path(path)

    def done(html: str) -> None:
        try:
            pdf.write_pdf(html, target, title)
        except OSError:
            notices.show(
                Notice(
                    QCoreApplication.translate("paper", "PDFを書き込めませんでした。"),
                    QCoreApplication.translate("paper", "保存先を変えて、もう一度お試しください。"),
                )
            )
            return
        notices.say(QCoreApplication.translate("paper", "PDFに保存しました: {file}").format(file=target.name))

    tasks.read(lambda: source.memo_html(lead_id), done, notices.error, owner=parent)


def print_paper(owner: QObject, source: MemoSource, tasks: Tasks, notices: Notices, lead_id: LeadId, name: str) -> None:
    """Print the memo on a printer of the person's choice."""
    title = QCoreApplication.translate("paper", "引き継ぎメモ {name}").format(name=name)
    tasks.read(lambda: source.memo_html(lead_id), lambda html: pdf.print_memo(html, title), notices.error, owner=owner)


def _file_name(title: str) -> str:
    """Return a title as the name of a file on every system."""
    return "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in title).strip(" .")
