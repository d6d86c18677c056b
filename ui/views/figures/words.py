"""Figures in words: numbers as they are shown, targets, trends, intervals, meanings; — where nothing can be said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from isdesk.domain.kpi_catalogue import Definition
from isdesk.services import dashboard
from isdesk.services.dashboard import Period, Tile
from isdesk.services.kpi import Rate
from ui.noop import QT_TRANSLATE_NOOP
from ui.views.side.timeline_words import channel

if TYPE_CHECKING:
    from isdesk.domain.diagnosis import Trials

NOTHING = "—"
KINDS: Mapping[str, str] = {
    "day": QT_TRANSLATE_NOOP("figures", "日"),
    "week": QT_TRANSLATE_NOOP("figures", "週"),
    "month": QT_TRANSLATE_NOOP("figures", "月"),
    "custom": QT_TRANSLATE_NOOP("figures", "期間"),
}
GROUPS: Mapping[str, str] = {
    "rep": QT_TRANSLATE_NOOP("figures", "担当"),
    "team": QT_TRANSLATE_NOOP("figures", "チーム"),
    "segment": QT_TRANSLATE_NOOP("figures", "セグメント"),
    "script": QT_TRANSLATE_NOOP("figures", "スクリプト"),
    "list": QT_TRANSLATE_NOOP("figures", "架電リスト"),
    "channel": QT_TRANSLATE_NOOP("figures", "チャネル"),
    "hour": QT_TRANSLATE_NOOP("figures", "時間"),
    "handoff": QT_TRANSLATE_NOOP("figures", "引き継ぎ"),
    "reason": QT_TRANSLATE_NOOP("figures", "理由"),
    "source": QT_TRANSLATE_NOOP("figures", "流入経路"),
    "objection": QT_TRANSLATE_NOOP("figures", "切り返し"),
}
RETURNS: Mapping[str, str] = {
    "lost": QT_TRANSLATE_NOOP("figures", "失注・お断り"),
    "planned": QT_TRANSLATE_NOOP("figures", "再開日あり"),
    "due": QT_TRANSLATE_NOOP("figures", "再開日到来"),
    "again": QT_TRANSLATE_NOOP("figures", "再接触"),
    "back": QT_TRANSLATE_NOOP("figures", "アポに復帰"),
    "rate": QT_TRANSLATE_NOOP("figures", "復帰率"),
}
"""What became of lost leads (`domain.returning`)."""
_AGAINST: Mapping[str, str] = {
    "day": QT_TRANSLATE_NOOP("figures", "前日"),
    "week": QT_TRANSLATE_NOOP("figures", "前週"),
    "month": QT_TRANSLATE_NOOP("figures", "前月"),
    "custom": QT_TRANSLATE_NOOP("figures", "前期間"),
}
_SHORT: Mapping[str, str] = {
    "unique_leads": QT_TRANSLATE_NOOP("figures", "ユニーク"),
    "dm_connect_rate_per_dial": QT_TRANSLATE_NOOP("figures", "架電比"),
    "meeting_set_rate_per_dial": QT_TRANSLATE_NOOP("figures", "架電比"),
    "handoffs_accepted": QT_TRANSLATE_NOOP("figures", "受理"),
    "handoff_acceptance_rate": QT_TRANSLATE_NOOP("figures", "受理率"),
    "meetings_without_dm": QT_TRANSLATE_NOOP("figures", "非接続"),
    "meetings_net": QT_TRANSLATE_NOOP("figures", "純アポ"),
    "handoff_rate": QT_TRANSLATE_NOOP("figures", "引き渡し率"),
    "evaluated_calls": QT_TRANSLATE_NOOP("figures", "評価"),
    "issues_per_call": QT_TRANSLATE_NOOP("figures", "課題"),
}
WEEKDAYS: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("weekday", "月"),
    QT_TRANSLATE_NOOP("weekday", "火"),
    QT_TRANSLATE_NOOP("weekday", "水"),
    QT_TRANSLATE_NOOP("weekday", "木"),
    QT_TRANSLATE_NOOP("weekday", "金"),
    QT_TRANSLATE_NOOP("weekday", "土"),
    QT_TRANSLATE_NOOP("weekday", "日"),
)


_TEN_THOUSAND = 10_000
_LESS_IS_BETTER = frozenset({"cycle_days", "cost_per_sql", "cost_per_won"})


def say(text: str) -> str:
    """Return a declared text of the figures in the language of the window."""
    return QCoreApplication.translate("figures", text)


def weekday(number: int) -> str:
    """Return a weekday in short; Monday is 0 (月 and 日 mean something else in other contexts)."""
    return QCoreApplication.translate("weekday", WEEKDAYS[number])


def percent(value: float | None, digits: int = 1) -> str:
    """Return a share in per cent; — for None."""
    return NOTHING if value is None else f"{value * 100:.{digits}f} %"


def shown(kind: str, value: float | None) -> str:
    """Return a figure as it is shown, by its kind."""
    if value is None:
        return NOTHING
    if kind in {"rate", "share"}:
        return percent(value)
    if kind == "yen":
        return yen(value)
    if kind == "days":
        return QCoreApplication.translate("figures", "{n}日").format(n=f"{value:.1f}")
    if kind == "mean":
        return f"{value:,.1f}"
    if kind == "seconds":
        return QCoreApplication.translate("figures", "{n}分").format(n=f"{value / 60:,.0f}")
    return f"{value:,.0f}"


def yen(value: float) -> str:
    """Return an amount, in 万円 from ten thousand on (English: ¥)."""
    if QCoreApplication.translate("figures", "万円") != "万円":
        return f"¥{value:,.0f}"
    if value < _TEN_THOUSAND:
        return f"{value:,.0f}円"
    return f"{value / _TEN_THOUSAND:,.{0 if value >= 100 * _TEN_THOUSAND else 1}f}万円"


def name(code: str, lang: str) -> str:
    """Return what a figure is called."""
    return dashboard.definition(code).label.in_(lang)


def formula(known: Definition, lang: str) -> str:
    """Return a figure's formula and its note."""
    note = known.note.in_(lang) if known.note is not None else ""
    return f"{known.label.in_(lang)} = {known.formula.in_(lang)}" + (f"\n{note}" if note else "")


def interval(low: float | None, high: float | None) -> str:
    """Return a 95 % interval; empty without one."""
    if low is None or high is None:
        return ""
    return QCoreApplication.translate("figures", "95 % 区間 {low}–{high} %").format(
        low=f"{low * 100:.0f}", high=f"{high * 100:.0f}"
    )


def target(tile: Tile) -> str:
    """Return the target of a tile; empty without one."""
    if tile.target is None:
        return ""
    text = f"{tile.target * 100:g} %" if tile.kind == "rate" else shown(tile.kind, tile.target)
    return QCoreApplication.translate("figures", "目標 {n}").format(n=text)


def change(tile: Tile, kind: str, *, short: bool = False) -> tuple[str, str]:
    """Return how a tile moved against the period before; its tone is quiet where chance alone may have moved it.

    ``short`` leaves out against what.
    """
    if tile.value is None or tile.before is None:
        return "", "dim"
    if tile.kind in {"rate", "share"}:
        points = round((tile.value - tile.before) * 100, 1)
        text, moved = f"{points:+.1f} pt", points
    elif tile.before:
        moved = round((tile.value / tile.before - 1) * 100)
        text = f"{moved:+d} %"
    else:
        moved = tile.value - tile.before
        text = f"{moved:+,.0f}"
    against = "" if short else f"{say(_AGAINST[kind])} "
    if not moved:
        return f"{against}±0", "dim"
    mark = "▲" if moved > 0 else "▼"
    good = (moved > 0) != (tile.code in _LESS_IS_BETTER)
    tone = ("good" if good else "bad") if tile.moved else "dim"
    return f"{against}{mark}{text.replace('-', '−')}", tone


def beside(tile: Tile, lang: str) -> list[str]:
    """Return what stands beside a tile, each in few words."""
    out = []
    for one in tile.beside:
        known = dashboard.definition(one.code)
        label = say(_SHORT[one.code]) if one.code in _SHORT else known.label.in_(lang)
        out.append(f"{label} {shown(known.kind, one.value)}")
    return out


def tip(tile: Tile, kind: str, lang: str) -> str:
    """Return all that is known of a tile: formula, note, parts, interval, target, change."""
    lines = [formula(dashboard.definition(tile.code), lang)]
    if tile.kind == "rate":
        lines.append(f"{shown('rate', tile.value)} = {tile.part:,} ÷ {tile.whole:,}(n = {tile.whole:,})")
    more = (interval(tile.low, tile.high), target(tile), change(tile, kind)[0], *beside(tile, lang))
    lines.extend(one for one in more if one)
    return "\n".join(lines)


def spoken(tile: Tile, kind: str, lang: str) -> str:
    """Return a tile as one sentence for a screen reader."""
    parts = [name(tile.code, lang), shown(tile.kind, tile.value)]
    if tile.kind == "rate":
        parts.append(f"{tile.part:,} / {tile.whole:,}")
    parts += [interval(tile.low, tile.high), target(tile), change(tile, kind)[0], *beside(tile, lang)]
    return "、".join(one for one in parts if one)


def rate_tip(rate: Rate) -> str:
    """Return a rate with its parts and interval."""
    text = f"{percent(rate.value)} = {rate.numerator:,} ÷ {rate.denominator:,}"
    around = interval(rate.low, rate.high)
    return f"{text}\n{around}" if around else text


def trials(of: Trials) -> str:
    """Return a rate with n."""
    return QCoreApplication.translate("figures", "{rate}(n = {n})").format(rate=percent(of.value), n=f"{of.whole:,}")


def span(first: date, last: date) -> str:
    """Return days as 2026-11-16 – 11-22."""
    if first == last:
        return f"{first:%Y-%m-%d}({weekday(first.weekday())})"
    return f"{first:%Y-%m-%d} – {last:%Y-%m-%d}" if first.year != last.year else f"{first:%Y-%m-%d} – {last:%m-%d}"


def period(one: Period) -> str:
    """Return a period as it stands in the head."""
    return span(one.first, one.last)


def group(by: str, key: str, label: str) -> str:
    """Return what a group is called: hours with their unit, channels in words, and those that have none."""
    if by == "hour":
        return QCoreApplication.translate("figures", "{n}時台").format(n=int(key))
    if by == "channel":
        return say(GROUPS["handoff"]) if key == "handoff" else channel(key) or key
    if by == "team":
        return say(GROUPS["team"])
    return label or none()


def none() -> str:
    """Return what the group of those that have none is called."""
    return QCoreApplication.translate("figures", "(なし)")
