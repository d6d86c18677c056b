"""Pictures along an axis: the trend with its interval, script versions with theirs, the SLA by step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from typing_extensions import override

from isdesk.domain import kpi as rules
from isdesk.domain.changes import Value
from isdesk.domain.diagnosis import Trials
from isdesk.domain.learning import Comparison, Version
from isdesk.services import dashboard
from isdesk.services.kpi import Figures, Rate
from ui.theme import tokens
from ui.views.figures import words
from ui.views.figures.plots import PlotCard, rated
from ui.views.figures.points import Point

_WIDE = 0.62
_ROOM_BELOW = 0.15
"""From this share of the height on there is room for a word below a line."""


class Trend(PlotCard):
    """A figure by day, week or month: the line, the 95 % interval as a band, the target dashed."""

    ways = "x"

    def __init__(self, title: str) -> None:
        super().__init__(title, high=226)
        self._rows: Sequence[tuple[date, Figures]] = ()
        self._code, self._unit, self._kind = "", "week", "rate"

    def show_trend(
        self, rows: Sequence[tuple[date, Figures]], code: str, unit: str, lang: str, target: float | None
    ) -> None:
        """Draw a figure; ``target`` in the figure's own unit for one step."""
        self._rows, self._code, self._unit = rows, code, unit
        self._kind = dashboard.definition(code).kind
        self.title.setText(self.tr("推移: {figure}").format(figure=words.name(code, lang)))
        self.wipe()
        values = np.array([self._value(row) for _, row in rows], dtype=float)
        self.show_empty(empty=not rows or bool(np.all(np.isnan(values))))
        if not rows:
            return
        x = np.arange(len(rows), dtype=float)
        top = float(np.nanmax([self._band(x), *values, target or 0, 1e-9]))
        self._line(x, values)
        if target is not None:
            first = next((float(one) for one in values if not math.isnan(one)), 0.0)
            self._target(target, below=first >= target > top * _ROOM_BELOW)
        self.plot.setYRange(0, top * 1.12, padding=0)
        self.plot.setXRange(-0.4, len(rows) - 0.6, padding=0)
        self._axes(len(rows), top)
        if not np.all(np.isnan(values)):
            self.describe(self._words())

    def _value(self, row: Figures) -> float:
        value = dashboard.value_of(row, self._code)
        return math.nan if value is None else value

    def _interval(self, row: Figures) -> tuple[float, float]:
        rate = row.rates.get(self._code)
        around = rules.wilson(rate.numerator, rate.denominator) if rate is not None else None
        return (around.low, around.high) if around is not None else (math.nan, math.nan)

    def _band(self, x: Any) -> float:
        """Draw the intervals of a rate; return the highest."""
        if self._kind != "rate":
            return 0.0
        around = np.array([self._interval(row) for _, row in self._rows], dtype=float)
        known = ~np.isnan(around[:, 0])
        look, highest = tokens(), 0.0
        if known.any():
            pen = pg.mkPen(None)
            low = pg.PlotDataItem(x[known], around[known, 0], pen=pen)
            high = pg.PlotDataItem(x[known], around[known, 1], pen=pen)
            ground = QColor(look.accent)
            ground.setAlphaF(0.18)
            self.plot.addItem(pg.FillBetweenItem(low, high, brush=pg.mkBrush(ground)))
            self.plot.addItem(low)
            self.plot.addItem(high)
            highest = float(min(around[known, 1].max(), 1.0))
        return highest

    def _line(self, x: Any, values: Any) -> None:
        look = tokens()
        known = ~np.isnan(values)
        hollow = [self._few(row) for (_, row), yes in zip(self._rows, known, strict=True) if yes]
        self.plot.addItem(
            pg.PlotDataItem(
                x[known], values[known], pen=pg.mkPen(look.accent, width=2), antialias=True, symbol="o", symbolSize=7,
                symbolPen=pg.mkPen(look.accent, width=1.5),
                symbolBrush=[pg.mkBrush(look.panel if one else look.accent) for one in hollow],
            )
        )  # fmt: skip

    def _few(self, row: Figures) -> bool:
        rate = row.rates.get(self._code)
        return rate is not None and rate.denominator < rules.FEW

    def _target(self, target: float, *, below: bool) -> None:
        """Draw the target, its name on the side where the line does not run."""
        look, edge = tokens(), 0 if below else 1
        pen = pg.mkPen(look.text, width=1.2, style=Qt.PenStyle.DashLine)
        line = pg.InfiniteLine(
            target,
            angle=0,
            pen=pen,
            label=self.tr("目標"),
            labelOpts={"position": 0.03, "color": look.dim, "anchors": [(0, edge), (0, edge)]},
        )
        self.plot.addItem(line)

    def _axes(self, count: int, top: float) -> None:
        every = max(1, math.ceil(count / 8))
        form = "%m月" if self._unit == "month" else "%m/%d"
        if self._unit == "month" and self.tr("月") != "月":
            form = "%b"
        self.ticks(
            "bottom", [(n, f"{day:{form}}") for n, (day, _) in enumerate(self._rows) if (count - 1 - n) % every == 0]
        )
        step = _round_step(top / 4)
        steps = [round(step * n, 9) for n in range(int(top / step) + 1)]
        self.ticks("left", [(one, self._short(one)) for one in steps])
        self.plot.showGrid(x=False, y=True, alpha=0.12)
        self.plot.getAxis("left").setStyle(tickAlpha=28)

    def _short(self, value: float) -> str:
        return f"{round(value * 100, 6):g} %" if self._kind == "rate" else words.shown(self._kind, value)

    def _words(self) -> str:
        day, row = self._rows[-1]
        rate = row.rates.get(self._code)
        n = f"(n = {rate.denominator:,})" if rate is not None else ""
        last = f"{day:%m/%d} {words.shown(self._kind, dashboard.value_of(row, self._code))}{n}"
        if self._kind != "rate":
            return self.tr("最新 {last}").format(last=last)
        return self.tr("最新 {last} ・ 帯は95 %区間、白丸は100件未満").format(last=last)

    @override
    def table(self) -> tuple[list[str], list[list[Value]]]:
        first = self.tr("期間の初日")
        if self._kind != "rate":
            rows: list[list[Value]] = [
                [f"{day:%Y-%m-%d}", dashboard.value_of(row, self._code)] for day, row in self._rows
            ]
            return [first, self.tr("値")], rows
        rates = ((day, row.rates[self._code]) for day, row in self._rows)
        return self.heads(first), [[f"{day:%Y-%m-%d}", *rated(r.numerator, r.denominator)] for day, r in rates]

    @override
    def spots(self) -> list[tuple[float, float]]:
        values = ((place, self._value(row)) for place, (_, row) in enumerate(self._rows))
        return [(float(place), value) for place, value in reversed(list(values)) if not math.isnan(value)]

    def _at(self, x: float) -> tuple[date, Figures] | None:
        place = round(x)
        return self._rows[place] if 0 <= place < len(self._rows) else None

    @override
    def tip_at(self, x: float, y: float) -> str:
        found = self._at(x)
        if found is None:
            return ""
        day, row = found
        rate = row.rates.get(self._code)
        said = _rate_words(rate) if rate is not None else words.shown(self._kind, dashboard.value_of(row, self._code))
        return f"{words.span(*self.days(day))}\n{said}"

    def days(self, first: date) -> tuple[date, date]:
        """Return the first and last day of a step."""
        return first, step_end(self._unit, first)

    @override
    def point_at(self, x: float, y: float) -> object:
        found = self._at(x)
        return Point(self._code, *self.days(found[0])) if found is not None else None


class Versions(PlotCard):
    """Versions of scripts: meetings per decision maker with the 95 % interval, and the verdict in words."""

    ways = "y"

    def __init__(self, title: str) -> None:
        super().__init__(title, high=190)
        self._versions: Sequence[Version] = ()
        self._days: tuple[date, date] | None = None

    def show_versions(
        self, versions: Sequence[Version], compared: Sequence[Comparison], days: tuple[date, date]
    ) -> None:
        """Draw the versions that were used on these days."""
        self.wipe()
        self._days = days
        look = tokens()
        shown = [one for one in versions if one.trials.whole]
        self._versions = shown
        self.show_empty(empty=not shown)
        most = 0.05
        for place, one in enumerate(shown):
            around, value = one.around, one.trials.value
            if around is None or value is None:
                continue
            most = max(most, around.high)
            half = (around.high - around.low) / 2
            self.plot.addItem(
                pg.ErrorBarItem(
                    x=np.array([around.low + half]), y=np.array([place]), width=np.array([half * 2]), beam=0.28,
                    pen=pg.mkPen(look.accent, width=2),
                )
            )  # fmt: skip
            self.plot.addItem(
                pg.ScatterPlotItem([value], [place], size=10, brush=pg.mkBrush(look.accent), pen=pg.mkPen(look.panel))
            )
            self.text(words.trials(one.trials), around.high + 0.01, place, ink=look.dim, anchor=(0, 0.5))
        self.ticks("left", [(place, one.code) for place, one in enumerate(shown)])
        self.ticks(
            "bottom",
            [(share, f"{share * 100:.0f} %") for share in np.arange(0, most + 1e-9, max(0.01, _round_step(most / 4)))],
        )
        self.plot.invertY(True)
        self.plot.setXRange(0, most * 1.6, padding=0)
        self.plot.setYRange(-0.6, max(len(shown) - 0.4, 0.6), padding=0)
        if shown:
            self.describe("\n".join(self.verdict(one) for one in compared) or self.tr("比べる版がまだありません。"))

    @override
    def table(self) -> tuple[list[str], list[list[Value]]]:
        rows: list[list[Value]] = [[one.code, *rated(one.trials.part, one.trials.whole)] for one in self._versions]
        return self.heads(self.tr("版")), rows

    @override
    def spots(self) -> list[tuple[float, float]]:
        return [(one.trials.value or 0.0, float(row)) for row, one in enumerate(self._versions)]

    def verdict(self, one: Comparison) -> str:
        """Return a comparison in words, by the rule fixed beforehand."""
        names = {"older": one.older.code, "newer": one.newer.code}
        if one.difference is not None and one.low is not None and one.high is not None:
            points = f"{one.difference * 100:+.1f} pt({one.low * 100:+.1f} – {one.high * 100:+.1f})"
        else:
            points = words.NOTHING
        if one.verdict == "better":
            return self.tr("{newer} は {older} より良い: {points}").format(**names, points=points)
        if one.verdict == "worse":
            return self.tr("{newer} は {older} より悪い: {points}").format(**names, points=points)
        if one.verdict == "alike":
            return self.tr("{newer} と {older} に差はありません: {points}").format(**names, points=points)
        more = f"{one.more:,}" if one.more is not None else "?"
        text = self.tr("{newer} と {older}: 今の件数では言えません。あと約{n}件ずつ必要です({points})")
        return text.format(**names, n=more, points=points)

    @override
    def tip_at(self, x: float, y: float) -> str:
        row = round(y)
        if not 0 <= row < len(self._versions):
            return ""
        one = self._versions[row]
        around = one.around
        more = words.interval(around.low, around.high) if around is not None else ""
        return f"{one.code}\n{words.percent(one.trials.value)} = {one.trials.part:,} ÷ {one.trials.whole:,}\n{more}"

    @override
    def point_at(self, x: float, y: float) -> object:
        row = round(y)
        if not 0 <= row < len(self._versions) or self._days is None:
            return None
        return Point("meeting_set_rate", *self._days, by="script", key=self._versions[row].code)


class SlaChart(PlotCard):
    """How many first responses were in time, by step, against the target."""

    ways = "x"

    def __init__(self, title: str, note: str) -> None:
        super().__init__(title, note, high=190)
        self._steps: Sequence[tuple[date, Trials]] = ()
        self._unit = "week"

    def show_steps(self, steps: Sequence[tuple[date, Trials]], unit: str, target: float | None) -> None:
        """Draw kept ÷ due."""
        self.wipe()
        look = tokens()
        self._steps, self._unit = steps, unit
        self.show_empty(empty=not steps)
        for place, (_, trials) in enumerate(steps):
            value = trials.value or 0.0
            under = target is not None and value < target
            brush = pg.mkBrush(QColor(look.warn if under else look.accent))
            if under:
                brush.setStyle(Qt.BrushStyle.BDiagPattern)
            pen = pg.mkPen(look.warn if under else look.accent)
            self.plot.addItem(pg.BarGraphItem(x=[place], y0=[0], height=[value], width=_WIDE, brush=brush, pen=pen))
            self.text(f"{value * 100:.0f}", place, value, ink=look.dim, anchor=(0.5, 1))
        if target is not None:
            pen = pg.mkPen(look.text, width=1.2, style=Qt.PenStyle.DashLine)
            self.plot.addItem(pg.InfiniteLine(target, angle=0, pen=pen))
        every = max(1, math.ceil(len(steps) / 8))
        self.ticks("bottom", [(n, f"{day:%m/%d}") for n, (day, _) in enumerate(steps) if n % every == 0])
        self.ticks("left", [(share / 4, f"{share * 25} %") for share in range(5)])
        self.plot.setYRange(0, 1.15, padding=0)
        self.plot.setXRange(-0.6, max(len(steps) - 0.4, 0.6), padding=0)
        whole = sum((trials for _, trials in steps), Trials(0, 0))
        if steps:
            text = self.tr("全体 {rate} ・ 破線は目標、斜線は目標未満")
            self.describe(text.format(rate=words.trials(whole)))

    @override
    def table(self) -> tuple[list[str], list[list[Value]]]:
        rows: list[list[Value]] = [[f"{day:%Y-%m-%d}", *rated(t.part, t.whole)] for day, t in self._steps]
        return self.heads(self.tr("期間の初日")), rows

    @override
    def spots(self) -> list[tuple[float, float]]:
        steps = list(enumerate(self._steps))
        return [(float(place), trials.value or 0.0) for place, (_, trials) in reversed(steps)]

    def _at(self, x: float) -> tuple[date, Trials] | None:
        place = round(x)
        return self._steps[place] if 0 <= place < len(self._steps) else None

    @override
    def tip_at(self, x: float, y: float) -> str:
        found = self._at(x)
        if found is None:
            return ""
        first, trials = found
        parts = f"{trials.part:,} ÷ {trials.whole:,}"
        return f"{words.span(first, step_end(self._unit, first))}\n{words.percent(trials.value)} = {parts}"

    @override
    def point_at(self, x: float, y: float) -> object:
        found = self._at(x)
        return Point(dashboard.SLA, found[0], step_end(self._unit, found[0])) if found is not None else None


def step_end(unit: str, first: date) -> date:
    """Return the last day of the day, week or month that begins on ``first``."""
    if unit == "day":
        return first
    if unit == "week":
        return first + timedelta(days=6)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _round_step(about: float) -> float:
    """Return a round number (1, 2 or 5 times a power of ten) of about that size."""
    power = 10.0 ** math.floor(math.log10(max(about, 1e-9)))
    return next((n * power for n in (1, 2, 5) if n * power >= about), 10 * power)


def _rate_words(rate: Rate) -> str:
    around = rules.wilson(rate.numerator, rate.denominator)
    more = words.interval(around.low, around.high) if around is not None else ""
    return f"{words.percent(rate.value)} = {rate.numerator:,} ÷ {rate.denominator:,}\n{more}".strip()
