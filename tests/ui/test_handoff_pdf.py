"""The memo on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSizeF, QUrl
from PySide6.QtGui import QTextDocument

from ui import pdf

MEMO = "<h1>引き継ぎメモ</h1><p>会社: 青葉精機株式会社</p>"


@pytest.mark.usefixtures("qapp")
def test_a_memo_becomes_a_pdf_of_a4_pages(tmp_path: Path) -> None:
    path = tmp_path / "引き継ぎメモ.pdf"
    pdf.write_pdf(MEMO, path, "引き継ぎメモ 山田 太郎")
    written = path.read_bytes()
    assert written.startswith(b"%PDF-")
    assert b"/MediaBox [0 0 595" in written
    assert written.count(b"/Type /Page\n") == 1
    assert b"/FontFile" in written


@pytest.mark.usefixtures("qapp")
def test_a_long_memo_goes_on_over_pages(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    pdf.write_pdf(MEMO + "<p>接触履歴: 不在</p>" * 120, path, "long")
    assert path.read_bytes().count(b"/Type /Page\n") > 1


@pytest.mark.usefixtures("qapp")
def test_where_nothing_can_be_written_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        pdf.write_pdf(MEMO, tmp_path / "nowhere" / "x.pdf", "x")


@pytest.mark.usefixtures("qapp")
def test_a_memo_fetches_nothing_from_outside(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim", encoding="utf-8")
    made = pdf.document(f'<img src="{QUrl.fromLocalFile(str(secret)).toString()}">x')
    kind = QTextDocument.ResourceType.ImageResource.value
    assert not made.loadResource(kind, QUrl.fromLocalFile(str(secret)))


@pytest.mark.usefixtures("qapp")
def test_a_section_is_not_torn_by_the_end_of_a_page() -> None:
    rows = "<tr><td>意欲</td><td>85</td></tr><tr><td>時期</td><td>70</td></tr>"
    section = f"<p style='font-weight: bold'>商談確度</p><table>{rows}</table>"
    made = pdf.document(MEMO + "<p>接触履歴: 不在</p>" * 10 + section)
    made.setPageSize(QSizeF(400, 440))
    layout, tall = made.documentLayout(), 440
    pdf.keep_heads(made)
    pages = {int(layout.blockBoundingRect(b).top() // tall) for b in pdf.blocks(made) if b.text() in {"商談確度", "70"}}
    assert len(pages) == 1
