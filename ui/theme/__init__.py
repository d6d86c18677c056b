"""The look of the window: one set of tokens feeds palette, style sheet, fonts, icons and hand-painted parts."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from isdesk.domain.colours import PALETTES
from ui.theme.fonts import app_font
from ui.theme.tokens import LIGHT, Tokens, look

SCHEMES = ("system", "light", "dark")


class Theme(QObject):
    """Holds scheme and palette. ``changed`` tells those who keep something painted; the rest reads at paint time."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens = LIGHT
        self.scheme, self.palette = "system", PALETTES[0]
        self._app: QApplication | None = None
        self._worn: Tokens | None = None

    def apply(self, app: QApplication, scheme: str = "system", palette: str | None = None) -> None:
        """Dress ``app`` in ``scheme`` (``system`` | ``light`` | ``dark``); ``system`` follows the desktop from then on.

        ``palette``: ``usual`` | ``safe`` (for colour-blind eyes); None keeps the one in force. Raises ValueError for
        any other word.
        """
        chosen = palette if palette is not None else self.palette
        for word, known in ((scheme, SCHEMES), (chosen, PALETTES)):
            if word not in known:
                raise ValueError(word)
        if self._app is not app:
            self._app, self._worn = app, None
            app.setStyle("Fusion")
            app.setFont(app_font())
            app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.scheme, self.palette = scheme, chosen
        self._dress()

    def _system_changed(self) -> None:
        if self.scheme == "system":
            self._dress()

    def _dress(self) -> None:
        from ui.theme.sheet import style_sheet

        app = self._app
        if app is None:
            return
        wanted = _tokens_for(self.scheme, self.palette)
        if wanted is self._worn:
            return
        self.tokens = self._worn = wanted
        app.setPalette(palette(self.tokens))
        app.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()


def _tokens_for(scheme: str, palette: str) -> Tokens:
    if scheme == "system":
        return look(dark=QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark, palette=palette)
    return look(dark=scheme == "dark", palette=palette)


def palette(tokens: Tokens) -> QPalette:
    """Return the palette of a scheme, for everything that Qt paints by itself."""
    role = QPalette.ColorRole
    made = QPalette()
    for which, color in (
        (role.Window, tokens.ground),
        (role.WindowText, tokens.text),
        (role.Base, tokens.panel),
        (role.AlternateBase, tokens.panel2),
        (role.Text, tokens.text),
        (role.Button, tokens.panel),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.on_accent),
        (role.PlaceholderText, tokens.dim),
        (role.ToolTipBase, tokens.panel),
        (role.ToolTipText, tokens.text),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Accent, tokens.accent),
        (role.Link, tokens.accent_text),
        (role.LinkVisited, tokens.accent_text),
        (role.Mid, tokens.line),
        (role.Midlight, tokens.line),
        (role.Dark, tokens.faint),
        (role.Shadow, tokens.line),
    ):
        made.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.faint))
    return made


theme = Theme()
"""The one theme of the program."""


def apply(app: QApplication, scheme: str = "system", palette: str | None = None) -> None:
    """Dress ``app``; see :meth:`Theme.apply`."""
    theme.apply(app, scheme, palette)


def tokens() -> Tokens:
    """Return the tokens of the scheme in force."""
    return theme.tokens


def color(name: str) -> QColor:
    """Return a token by name as a QColor (``color("accent")``)."""
    return QColor(getattr(theme.tokens, name))
