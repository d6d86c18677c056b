"""The pictures of the figures: funnel, trend with interval band, weekday × hour, reasons, script versions, SLA."""

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
from isdesk.domain.diagnosis import Trials
from isdesk.domain.learning import Comparison, Version
from isdesk.services import dashboard
from isdesk.services.figure_pictures import Slot, Step, Why
from isdesk.services.kpi import Figures, Rate
from ui.theme import tokens
from ui.views.figures import words
from ui.views.figures.plots import PlotCard, mixed
from ui.views.figures.points import Point

MOST_REASONS = 8
FEW = 30
"""A cell of the heatmap with fewer dials is pale and is not called the best."""
_SPACE = 0.62


class Bars(PlotCard):
    """Bars lying below one another, with words at the left and a figure at the end; base of funnel and reasons."""

    room = 1.42
    """How much longer than the longest bar the plot is, for the words at its end."""

    def __init__(self, title: str, note: str = "", *, high: int = 210) -> None:
        super().__init__(title, note, high=high)
        self._tips: list[str] = []
        self._points: list[Point] = []

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
                x0=[0], y=[place], height=_SPACE, width=[max(length, most * 0.006)], brush=brush,
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


class Reasons(Bars):
    """Why people said no: refusals at calls, and losses after meetings (hatched)."""

    room = 1.85

    def show_reasons(self, reasons: Sequence[Why]) -> None:
        """Draw the most frequent."""
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


class Trend(PlotCard):
    """A figure by day, week or month: the line, the 95 % interval as a band, the target dashed."""

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
        top = self._band(x)
        self._line(x, values)
        if target is not None:
            self._target(target)
        top = float(np.nanmax([top, *values, target or 0, 1e-9]))
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

    def _target(self, target: float) -> None:
        look = tokens()
        pen = pg.mkPen(look.text, width=1.2, style=Qt.PenStyle.DashLine)
        line = pg.InfiniteLine(
            target,
            angle=0,
            pen=pen,
            label=self.tr("目標"),
            labelOpts={"position": 0.03, "color": look.dim, "anchors": [(0, 1), (0, 1)]},
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
        steps = [top * n / 4 for n in range(5)]
        self.ticks("left", [(one, self._short(one)) for one in steps])
        self.plot.showGrid(x=False, y=True, alpha=0.12)

    def _short(self, value: float) -> str:
        return f"{value * 100:.0f} %" if self._kind == "rate" else words.shown(self._kind, value)

    def _words(self) -> str:
        day, row = self._rows[-1]
        rate = row.rates.get(self._code)
        n = f"(n = {rate.denominator:,})" if rate is not None else ""
        last = f"{day:%m/%d} {words.shown(self._kind, dashboard.value_of(row, self._code))}{n}"
        if self._kind != "rate":
            return self.tr("最新 {last}").format(last=last)
        return self.tr("最新 {last} ・ 帯は95 %区間、白丸は100件未満").format(last=last)

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
        value = trials.value or 0.0
        share = 0.12 + 0.83 * ((value - least) / (most - least) if most > least else 0.5)
        share = min(max(share, 0.08), 0.95) * (1.0 if trials.whole >= FEW else 0.22)
        ground = mixed(look.accent, look.panel, share)
        bar = pg.BarGraphItem(
            x=[hour], y0=[weekday - 0.46], height=[0.92], width=0.94, brush=pg.mkBrush(ground), pen=pg.mkPen(look.panel)
        )
        self.plot.addItem(bar)
        ink = look.on_accent if share > 0.55 else look.text if trials.whole >= FEW else look.dim
        self.text(f"{value * 100:.0f}", hour, weekday, ink=ink, anchor=(0.5, 0.5))

    def _best(self) -> str:
        sure = [(key, t) for key, t in self._cells.items() if t.whole >= FEW and t.value is not None]
        if len(sure) < 2:
            return self.tr("時間帯を比べるには、まだ件数が足りません。")
        (day, hour), trials = max(sure, key=lambda one: (one[1].value or 0, one[1].whole))
        return self.tr("最も通電率が高い: {day} {hour}時台 {rate}").format(
            day=words.weekday(day), hour=hour, rate=words.trials(trials)
        )

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


class Versions(PlotCard):
    """Versions of scripts: meetings per decision maker with the 95 % interval, and the verdict in words."""

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
        self.ticks("bottom", [(share, f"{share * 100:.0f} %") for share in np.linspace(0, most, 5)])
        self.plot.invertY(True)
        self.plot.setXRange(0, most * 1.6, padding=0)
        self.plot.setYRange(-0.6, max(len(shown) - 0.4, 0.6), padding=0)
        if shown:
            self.describe("\n".join(self.verdict(one) for one in compared) or self.tr("比べる版がまだありません。"))

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
            self.plot.addItem(pg.BarGraphItem(x=[place], y0=[0], height=[value], width=_SPACE, brush=brush, pen=pen))
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


def _rate_words(rate: Rate) -> str:
    around = rules.wilson(rate.numerator, rate.denominator)
    more = words.interval(around.low, around.high) if around is not None else ""
    return f"{words.percent(rate.value)} = {rate.numerator:,} ÷ {rate.denominator:,}\n{more}".strip()
