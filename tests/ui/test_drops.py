"""A list dropped anywhere on the window reaches the import page; anything else does not."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.drops import FileDrops
from ui.views.imports.drop_zone import dropped


def mime(path: Path) -> QMimeData:
    made = QMimeData()
    made.setUrls([QUrl.fromLocalFile(str(path))])
    return made


def drop(window: QWidget, data: QMimeData) -> bool:
    """Drag something into a window and let it fall; return whether the drag was welcome."""
    left = Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), Qt.DropAction.CopyAction, data, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(window, event)
    return enter.isAccepted()


def test_a_list_is_taken(host: QWidget, tmp_path: Path) -> None:
    taken: list[Path] = []
    FileDrops(host, taken.append)
    assert drop(host, mime(tmp_path / "リスト.xlsx"))
    assert taken == [tmp_path / "リスト.xlsx"]


def test_other_files_are_left_alone(host: QWidget, tmp_path: Path) -> None:
    taken: list[Path] = []
    FileDrops(host, taken.append)
    assert not drop(host, mime(tmp_path / "photo.png"))
    assert taken == []


def test_what_a_list_is_goes_by_its_ending(tmp_path: Path) -> None:
    assert dropped(mime(tmp_path / "A.CSV")) == tmp_path / "A.CSV"
    assert dropped(mime(tmp_path / "a.pdf")) is None
    text = QMimeData()
    text.setText("a.csv")
    assert dropped(text) is None
