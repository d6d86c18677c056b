"""The style sheet, filled in from the tokens. Widgets ask for a part by the dynamic properties ``role`` and ``kind``.

Labels: ``role`` = ``title`` | ``head`` | ``name`` | ``dim`` | ``small`` | ``section`` | ``bad`` | ``good`` | ``warn``.
Buttons: ``kind`` = ``primary`` | ``plain`` (default) | ``quiet`` | ``danger`` | ``choice`` (checkable) | ``tab`` |
``link``. Frames: ``role`` = ``card`` | ``panel`` | ``panel2`` | ``hairline``.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from ui.theme.tokens import Tokens

_SHEET = Template("""
QToolTip { background: $panel; color: $text; border: 1px solid $line; padding: 6px 8px; }
QMainWindow, QDialog, QStackedWidget { background: $ground; }
QFrame[role="card"] { background: $panel; border: 1px solid $line; border-radius: 10px; }
QFrame[role="panel"] { background: $panel; border: none; }
QFrame[role="panel2"] { background: $panel2; border: none; }
QFrame[role="hairline"] { background: $line; border: none; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 18px; font-weight: 600; }
QLabel[role="head"] { font-size: 15px; font-weight: 600; }
QLabel[role="name"] { font-size: 20px; font-weight: 600; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="small"] { color: $dim; font-size: 12px; }
QLabel[role="section"] { color: $dim; font-size: 12px; font-weight: 600; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="good"] { color: $good; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="script"] { font-size: 16px; }

QPushButton { background: $panel; color: $text; border: 1px solid $line; border-radius: 8px; padding: 4px 11px;
  min-height: 18px; }
QPushButton:hover { background: $panel2; border-color: $faint; }
QPushButton:pressed { background: $key; }
QPushButton:focus { border-color: $accent; outline: none; }
QPushButton:disabled { color: $faint; background: $panel2; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $accent_text; padding: 3px 10px; }
QPushButton[kind="primary"]:disabled { background: $key; color: $on_key; border-color: $key; }
QPushButton[kind="danger"] { background: $bad_weak; color: $bad; border-color: transparent; font-weight: 600; }
QPushButton[kind="danger"]:focus { border-color: $bad; }
QPushButton[kind="good"] { background: $good_weak; color: $good; border-color: transparent; font-weight: 600; }
QPushButton[kind="good"]:focus { border-color: $good; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: $dim; }
QPushButton[kind="quiet"]:hover { background: $key; color: $on_key; }
QPushButton[kind="quiet"]:focus { border-color: $accent; }
QPushButton[kind="quiet"][role="warn"] { color: $warn; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: $accent_text;
  padding: 2px 4px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton[kind="choice"] { border-radius: 7px; padding: 2px 9px; min-height: 18px; }
QPushButton[kind="choice"]:checked { background: $accent_weak; border-color: $accent; color: $accent_text; }
QPushButton[kind="choice"]:focus { border: 2px solid $accent; padding: 1px 8px; }
QPushButton[kind="tab"] { font-size: 12px; border-radius: 7px; padding: 1px 8px; min-height: 18px; color: $dim; }
QPushButton[kind="tab"]:checked { background: $accent_weak; border-color: $accent; color: $accent_text; }
QPushButton[kind="tab"]:focus { border: 2px solid $accent; padding: 0px 7px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDateEdit, QTimeEdit, QDateTimeEdit, QComboBox {
  background: $panel; color: $text; border: 1px solid $line; border-radius: 8px; padding: 4px 9px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDateEdit:focus, QTimeEdit:focus,
QDateTimeEdit:focus, QComboBox:focus { border-color: $accent; }
QLineEdit[readOnly="true"] { background: $panel2; }
QLineEdit[kind="bare"], QPlainTextEdit[kind="bare"], QTextEdit[kind="bare"] { border: none; background: transparent;
  padding: 0; }
QLineEdit[state="bad"] { border-color: $bad; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 22px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url($icon_down); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $line; selection-background-color: $accent_weak;
  selection-color: $accent_text; outline: none; }
QSpinBox::up-button, QSpinBox::down-button, QDateTimeEdit::up-button, QDateTimeEdit::down-button { width: 0; }

QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $faint; border-radius: 4px; background: $panel; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($icon_check); }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $faint; border-radius: 8px; background: $panel; }
QRadioButton::indicator:checked { border: 4px solid $accent; width: 8px; height: 8px; }
QCheckBox:focus, QRadioButton:focus { color: $accent_text; }

QListView, QTreeView, QTableView { background: $panel; border: none; outline: none; }
QTableView { gridline-color: $line; selection-background-color: $selected; selection-color: $text;
  alternate-background-color: $panel2; }
QTableView::item { padding: 0 8px; border: none; }
QTableView::item:selected { background: $selected; color: $text; }
QHeaderView { background: $panel2; border: none; }
QHeaderView::section { background: $panel2; color: $dim; border: none; border-bottom: 1px solid $line;
  border-right: 1px solid $line; padding: 5px 8px; font-size: 12px; font-weight: 600; }
QTableCornerButton::section { background: $panel2; border: none; }

QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $scroll; border-radius: 3px; min-height: 28px; margin: 2px; }
QScrollBar::handle:horizontal { background: $scroll; border-radius: 3px; min-width: 28px; margin: 2px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; border: none;
  width: 0; height: 0; }

QMenu { background: $panel; border: 1px solid $line; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 5px; }
QMenu::item:selected { background: $accent_weak; color: $accent_text; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QProgressBar { background: $key; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
  color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSplitter::handle { background: $line; }
QGroupBox { border: none; margin: 0; padding: 0; }
""")


def style_sheet(tokens: Tokens) -> str:
    """Return the application's style sheet for ``tokens``."""
    from ui.theme.icons import icon_file

    values = asdict(tokens)
    values["icon_check"] = icon_file("check", tokens.name)
    values["icon_down"] = icon_file("chevron-down", tokens.name)
    return _SHEET.substitute(values)
