"""Pictures made of bars and cells: the funnel, the reasons, the connect rate by weekday and hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from typing_extensions import override

from isdesk.domain import colours
from isdesk.domain import kpi as rules
from isdesk.domain.changes import Value
from isdesk.domain.diagnosis import Trials
from isdesk.services import dashboard
from isdesk.services.figure_pictures import Slot, Step, Why
from ui.theme import tokens
from ui.views.figures import words
from ui.views.figures.plots import PlotCard, rated
from ui.views.figures.points import Point

MOST_REASONS = 8
FEW = 30
"""A cell of the heatmap with fewer dials is pale and is not called the best."""
_HIGH = 0.62


class Bars(PlotCard):
    """Bars lying below one another, with words at the left and a figure at the end; base of funnel and reasons."""

    room = 1.42
    """How much longer than the longest bar the plot is, for the words at its end."""
    ways = "y"

    def __init__(self, title: str, note: str = "", *, high: int = 210) -> None:
        super().__init__(title, note, high=high)
        self._tips: list[str] = []
        self._points: list[Point] = []
        self._rows: list[list[Value]] = []

    def draw(
        self, lines: Sequence[tuple[str, float, str, str, Point]], *, hatched: frozenset[int] = frozenset()
    ) -> None:
        """Draw (name, length, words at its end, tip, what it opens); ``hatched`` are of another kind."""
        self.wipe()
        look = tokens()
        most = max((length for _, length, *_ in lines), default=1.0) or 1.0
        self._tips, self._points = [one[3] for one in lines], [one[4] for one in lines]
        for place, (_, length, end, *_) in enumerate(lines):
            brush = pg.mkBrush(QColor(look.accent))
            if place in hatched:
                brush = pg.mkBrush(QColor(look.warn))
                brush.setStyle(Qt.BrushStyle.BDiagPattern)
            bar = pg.BarGraphItem(
                x0=[0], y=[place], height=_HIGH, width=[max(length, most * 0.006)], brush=brush,
                pen=pg.mkPen(look.warn if place in hatched else look.accent),
            )  # fmt: skip
            self.plot.addItem(bar)
            self.text(end, length + most * 0.015, place, ink=look.dim, anchor=(0, 0.5))
        self.ticks("left", [(place, one[0]) for place, one in enumerate(lines)])
        self.bare("bottom")
        self.plot.getAxis("left").setPen(pg.mkPen(None))
        self.plot.invertY(True)
        self.plot.setXRange(0, most * self.room, padding=0)
        self.plot.setYRange(-0.6, max(len(lines) - 0.4, 0.6), padding=0)
        self.show_empty(empty=not lines)

    @override
    def spots(self) -> list[tuple[float, float]]:
        return [(0.0, float(row)) for row in range(len(self._tips))]

    def _row(self, y: float) -> int:
        row = round(y)
        return row if 0 <= row < len(self._tips) and abs(y - row) < 0.5 else -1

    @override
    def tip_at(self, x: float, y: float) -> str:
        row = self._row(y)
        return self._tips[row] if row >= 0 else ""

    @override
    def point_at(self, x: float, y: float) -> object:
        row = self._row(y)
        return self._points[row] if row >= 0 else None


class Funnel(Bars):
    """From dial to win, each step with its share of the one before."""

    def show_steps(self, steps: Sequence[Step], lang: str) -> None:
        """Draw the steps."""
        self._rows = [
            [words.name(one.code, lang), one.count, None if one.of_before is None else round(one.of_before, 4)]
            for one in steps
        ]
        lines = []
        for place, one in enumerate(steps):
            share = words.percent(one.of_before) if place else ""
            name = words.name(one.code, lang)
            end = f"{one.count:,}" + (f" ・ {share}" if share else "")
            before = f"\n{share} = {one.count:,} ÷ {steps[place - 1].count:,}" if place else ""
            # lengths by the square root: a win is seen beside a thousand dials, and what is written is what counts
            lines.append((name, math.sqrt(one.count), end, f"{name} {one.count:,}{before}", Point(one.code)))
        self.draw(lines)
        nothing = not any(one.count for one in steps)
        self.show_empty(empty=nothing)
        if not nothing:
            self.describe(self.tr("棒の長さは平方根。割合は前の段階に対するもの。"))

    @override
    def table(self) -> tuple[list[str], list[list[Value]]]:
        return [self.tr("段階"), self.tr("件数"), self.tr("前の段階に対する率")], self._rows


class Reasons(Bars):
    """Why people said no: refusals at calls, and losses after meetings (hatched)."""

    room = 1.85

    def show_reasons(self, reasons: Sequence[Why]) -> None:
        """Draw the most frequent."""
        kinds = {"refusal": self.tr("お断り"), "lost": self.tr("失注")}
        self._rows = [[kinds[one.kind], one.label, one.count] for one in reasons]
        shown = list(reasons[:MOST_REASONS])
        whole = {kind: sum(one.count for one in reasons if one.kind == kind) for kind in ("refusal", "lost")}
        lines = []
        for one in shown:
            name = self.tr("失注: {reason}").format(reason=one.label) if one.kind == "lost" else one.label
            share = words.percent(one.count / whole[one.kind], 0)
            end = self.tr("{n}件 ・ {share}").format(n=f"{one.count:,}", share=share)
            tip = f"{name}: {one.count:,} ÷ {whole[one.kind]:,} = {share}"
            lines.append((name, float(one.count), end, tip, Point(f"{dashboard.REASON}{one.kind}:{one.code}")))
        self.draw(lines, hatched=frozenset(n for n, one in enumerate(shown) if one.kind == "lost"))
        parts = []
        if whole["refusal"]:
            parts.append(self.tr("お断り {n}件").format(n=f"{whole['refusal']:,}"))
        if whole["lost"]:
            parts.append(self.tr("失注 {n}件(斜線)").format(n=f"{whole['lost']:,}"))
        if shown:
            self.describe(" ・ ".join(parts))

    @override
    def table(self) -> tuple[list[str], list[list[Value]]]:
        return [self.tr("種類"), self.tr("理由"), self.tr("件数")], self._rows


class Heat(PlotCard):
    """Connect rate by weekday and hour over the weeks of the trend; a cell with few dials is pale."""

    def __init__(self, title: str) -> None:
        super().__init__(title, high=226)
        self._cells: dict[tuple[int, int], Trials] = {}
        self._days: tuple[date, date] | None = None

    def show_slots(self, slots: Sequence[Slot], days: tuple[date, date]) -> None:
        """Draw the slots of these days."""
        self.wipe()
        self._days = days
        self._cells = {(one.weekday, one.hour): one.trials for one in slots}
        self.show_empty(empty=not slots)
        if not slots:
            return
        hours = range(min(one.hour for one in slots), max(one.hour for one in slots) + 1)
        weekdays = range(max(5, max(one.weekday for one in slots) + 1))
        known = [t.value or 0 for t in self._cells.values() if t.whole >= FEW] or [0.0]
        least, most = min(known), max(known)
        for (weekday, hour), trials in self._cells.items():
            self._cell(weekday, hour, trials, least, most)
        every = 2 if len(hours) > 14 else 1
        self.ticks("bottom", [(hour, str(hour)) for hour in hours if (hour - hours[0]) % every == 0])
        self.ticks("left", [(day, words.weekday(day)) for day in weekdays])
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(pg.mkPen(None))
        self.plot.invertY(True)
        self.plot.setXRange(hours[0] - 0.5, hours[-1] + 0.5, padding=0)
        self.plot.setYRange(-0.5, len(weekdays) - 0.5, padding=0)
        self.describe(self._best())

    def _cell(self, weekday: int, hour: int, trials: Trials, least: float, most: float) -> None:
        look = tokens()
        value, sure = trials.value or 0.0, trials.whole >= FEW
        share = (value - least) / (most - least) if most > least else 0.5
        ground = colours.ramp(look.heat_low, look.heat_high, share)
        if not sure:
            ground = colours.mixed(ground, look.panel, 0.22)
        bar = pg.BarGraphItem(
            x=[hour], y0=[weekday - 0.46], height=[0.92], width=0.94, brush=pg.mkBrush(ground), pen=pg.mkPen(look.panel)
        )
        self.plot.addItem(bar)
        ink = colours.legible(ground) if sure else look.dim
        self.text(f"{value * 100:.0f}", hour, weekday, ink=ink, anchor=(0.5, 0.5))

    def _best(self) -> str:
        sure = [(key, t) for key, t in self._cells.items() if t.whole >= FEW and t.value is not None]
        if len(sure) < 2:
            return self.tr("時間帯を比べるには、まだ件数が足りません。")
        (day, hour), trials = max(sure, key=lambda one: (one[1].value or 0, one[1].whole))
        return self.tr("最も通電率が高い: {day} {hour}時台 {rate}").format(
            day=words.weekday(day), hour=hour, rate=words.trials(trials)
        )

    @override
    def table(self) -> tuple[list[str], list[list[Value]]]:
        cells = sorted(self._cells.items())
        rows: list[list[Value]] = [[words.weekday(day), hour, *rated(t.part, t.whole)] for (day, hour), t in cells]
        return self.heads(self.tr("曜日"), self.tr("時")), rows

    @override
    def spots(self) -> list[tuple[float, float]]:
        return [(float(hour), float(day)) for day, hour in sorted(self._cells)]

    def _slot(self, x: float, y: float) -> tuple[int, int] | None:
        key = (round(y), round(x))
        return key if key in self._cells else None

    @override
    def tip_at(self, x: float, y: float) -> str:
        key = self._slot(x, y)
        if key is None:
            return ""
        trials = self._cells[key]
        around = rules.wilson(trials.part, trials.whole)
        more = words.interval(around.low, around.high) if around is not None else ""
        parts = f"{trials.part:,} ÷ {trials.whole:,}"
        return f"{words.weekday(key[0])} {key[1]}:00–{key[1]}:59\n{words.percent(trials.value)} = {parts}\n{more}"

    @override
    def point_at(self, x: float, y: float) -> object:
        key = self._slot(x, y)
        if key is None or self._days is None:
            return None
        return Point("answer_rate", *self._days, by="hour", key=f"{key[1]:02}", weekday=key[0])
