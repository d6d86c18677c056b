"""The pictures laid out beside one another, with the diagnosis among them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from isdesk.services.figure_pictures import Pictures
from ui.views.figures.bars import Funnel, Heat, Reasons
from ui.views.figures.lines import SlaChart, Trend, Versions
from ui.views.figures.plots import PlotCard


class Gallery(QWidget):
    """Six pictures in two columns; ``opened(Point)`` from any of them."""

    opened = Signal(object)

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._lang = lang
        self.funnel = Funnel(self.tr("ファネル"), self.tr("架電 → 受注"))
        self.trend = Trend(self.tr("推移"))
        self.heat = Heat(self.tr("通電率 曜日 × 時間"))
        self.reasons = Reasons(self.tr("断られた理由・失注の理由"))
        self.versions = Versions(self.tr("スクリプトの版の比較"))
        self.sla = SlaChart(self.tr("SLA遵守率"), self.tr("初回対応"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        for card, row, column, wide in (
            (self.funnel, 0, 7, 5),
            (self.trend, 1, 0, 7),
            (self.heat, 1, 7, 5),
            (self.reasons, 2, 0, 4),
            (self.versions, 2, 4, 4),
            (self.sla, 2, 8, 4),
        ):
            self._grid.addWidget(card, row, column, 1, wide)
            card.opened.connect(self.opened)
        for column in range(12):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 40)

    @property
    def cards(self) -> tuple[PlotCard, ...]:
        """Return the pictures in reading order."""
        return (self.funnel, self.trend, self.heat, self.reasons, self.versions, self.sla)

    def focused(self) -> PlotCard | None:
        """Return the picture that has the keyboard."""
        return next((card for card in self.cards if card.view.hasFocus()), None)

    def place(self, words: QWidget) -> None:
        """Put the diagnosis beside the funnel."""
        self._grid.addWidget(words, 0, 0, 1, 7)

    def show_pictures(self, read: Pictures, sla_target: float | None) -> None:
        """Draw all but the trend."""
        self.funnel.show_steps(read.funnel, self._lang)
        self.heat.show_slots(read.heat, read.days)
        since = self.tr("{day} から").format(day=f"{read.days[0]:%Y/%m/%d}")
        pale, ratio = self.tr("% ・ 薄い = n が少ない"), self.tr("アポ ÷ 接続")
        self.heat.note.setText(f"{since} ・ {pale}")
        self.versions.note.setText(f"{since} ・ {ratio}")
        self.reasons.show_reasons(read.reasons)
        self.versions.show_versions(read.scripts, read.versions, read.days)
        self.sla.show_steps(read.sla, read.unit, sla_target)

    def show_trend(self, read: Pictures, code: str, target: float | None) -> None:
        """Draw the trend of a figure; those that no step has of itself are drawn as the connect rate."""
        self.trend.show_trend(
            read.trend, code if code != "sla_compliance" else "answer_rate", read.unit, self._lang, target
        )
