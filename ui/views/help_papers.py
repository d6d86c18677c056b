"""The written part of the help: papers from ``resources/help``, in the language of the window."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextTable
from PySide6.QtWidgets import QTextBrowser

from isdesk.paths import data
from ui.noop import QT_TRANSLATE_NOOP
from ui.theme import tokens
from ui.theme.tokens import Size


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: its file below ``resources/help`` and what its tab is called."""

    file: str
    title: str


PAPERS: tuple[Paper, ...] = (
    Paper("connecting.md", QT_TRANSLATE_NOOP("help", "接続する")),
    Paper("syncing.md", QT_TRANSLATE_NOOP("help", "同期")),
    Paper("day.md", QT_TRANSLATE_NOOP("help", "一日の流れ")),
    Paper("telephone.md", QT_TRANSLATE_NOOP("help", "電話")),
    Paper("handoffs.md", QT_TRANSLATE_NOOP("help", "引き継ぎ")),
    Paper("meetings.md", QT_TRANSLATE_NOOP("help", "商談の予約")),
    Paper("team.md", QT_TRANSLATE_NOOP("help", "チーム")),
    Paper("figures.md", QT_TRANSLATE_NOOP("help", "分析")),
    Paper("alignment.md", QT_TRANSLATE_NOOP("help", "握り直し会議")),
    Paper("scripts.md", QT_TRANSLATE_NOOP("help", "トークスクリプト")),
    Paper("mail.md", QT_TRANSLATE_NOOP("help", "メール")),
    Paper("sequences.md", QT_TRANSLATE_NOOP("help", "シーケンス")),
    Paper("cli.md", QT_TRANSLATE_NOOP("help", "コマンド行")),
    Paper("settings.md", QT_TRANSLATE_NOOP("help", "設定項目")),
    Paper("adapters.md", QT_TRANSLATE_NOOP("help", "アダプター")),
)
_ABOVE = {1: 0, 2: 16, 3: 16}
_BELOW = 6
_LINE_PERCENT = 135
_HEADS = {"ja": "## 日本語", "en": "## English"}


def text(paper: Paper, lang: str) -> str:
    """Return a paper as Markdown: the part in ``lang`` where it is written in both, else all of it."""
    whole = data("resources", "help", paper.file).read_text(encoding="utf-8")
    mine, others = _HEADS[lang], [head for code, head in _HEADS.items() if code != lang]
    before, found, rest = whole.partition(f"\n{mine}\n")
    if not found:
        return whole
    for head in others:
        rest = rest.partition(f"\n{head}\n")[0]
    titles = before.splitlines()[0].removeprefix("# ").split(" / ")
    return f"# {titles[0] if lang == 'ja' else titles[-1]}\n{rest}"


class PaperView(QTextBrowser):
    """Shows a paper; nothing is fetched and no address opens from here."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(20)

    def show_paper(self, paper: Paper, lang: str) -> None:
        """Show another paper from its beginning."""
        look = tokens()
        self.document().setDefaultStyleSheet(f"a {{ color: {look.accent_text}; }}")
        self.setStyleSheet(
            f"QTextBrowser {{ background: {look.panel}; color: {look.text}; border: none; font-size: {Size.BODY}px; }}"
        )
        self.setMarkdown(text(paper, lang))
        self._set_blocks()
        self._set_tables()
        self.verticalScrollBar().setValue(0)

    def _set_blocks(self) -> None:
        """Give headings and paragraphs room, and lines the height to be read."""
        block = self.document().begin()
        while block.isValid():
            form = block.blockFormat()
            level = form.headingLevel()
            form.setTopMargin(_ABOVE.get(level, 0))
            form.setBottomMargin(_BELOW)
            form.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            QTextCursor(block).setBlockFormat(form)
            block = block.next()

    def _set_tables(self) -> None:
        """Let tables stand without lines, with air."""
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                form = frame.format().toTableFormat()
                form.setBorder(0)
                form.setCellPadding(5)
                form.setBottomMargin(12)
                frame.setFormat(form)
