"""Line icons of one family, tinted from SVG in the colours of the scheme in force."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from isdesk.paths import data

ICONS = data("resources", "icons")
_PIXELS = (16, 20, 24, 32, 40, 48)


def icon_file(name: str, scheme: str) -> str:
    """Return the path of an icon that the style sheet needs ready-tinted (it cannot tint by itself)."""
    return (ICONS / "tinted" / f"{name}-{scheme}.svg").as_posix()


@lru_cache(maxsize=256)
def pixmap(name: str, color: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return icon ``name`` in ``color`` (``#rrggbb``), ``size`` device-independent pixels wide.

    Raises FileNotFoundError where there is no such icon.
    """
    from PySide6.QtSvg import QSvgRenderer

    source = (ICONS / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", color)
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, shade: str = "dim") -> QIcon:
    """Return a QIcon of ``name`` in the colour of the token ``shade``. Ask again when the theme changed."""
    from ui.theme import tokens

    color = str(getattr(tokens(), shade))
    made = QIcon()
    for pixels in _PIXELS:
        made.addPixmap(pixmap(name, color, pixels))
    return made


def app_icon() -> QIcon:
    """Return the program's own icon."""
    return QIcon(str(ICONS / "isdesk.svg"))
