"""All that the page 分析 paints: tiles with target, trend and interval, groups, pictures, and the records behind each.

`board` reads what is kept and writes nothing, so that it is there at once; `pictures` reads what takes longer (unique
leads, the SLA, reasons). A period that runs is compared with as much of the one before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain import kpi as rules
from isdesk.domain.changes import Value, Verb
from isdesk.domain.cost import each
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.kpi import Counts
from isdesk.domain.kpi_catalogue import DEFINITIONS, Definition
from isdesk.domain.roles import Right
from isdesk.domain.rules import Label
from isdesk.services import costs, drilling, kpi, learning
from isdesk.services.drilling import Record
from isdesk.services.entries import head
from isdesk.services.figure_pictures import Pictures, SlaCase, paint, sla_cases
from isdesk.store import figures as stored
from isdesk.store import journal

if TYPE_CHECKING:
    from isdesk.files.writing import Cell
    from isdesk.services.context import Context

KINDS: Final = ("day", "week", "month", "custom")
"""The periods to choose from."""
GROUPS: Final = ("rep", "team", "segment", "script", "list", "channel", "hour")
"""What the table groups by."""
SLA: Final = "sla_compliance"
TALK: Final = "talk_score"
REASON: Final = learning.REASON
RETURN: Final = learning.RETURN
_REPS_OF: Final = timedelta(days=90)
"""A target of a count is that of the reps whose calls this desk has had for so long: a rep's own desk has only the own.
"""
_ALL: Final = frozenset({"team_lead", "admin"})

MORE: Final[Mapping[str, Definition]] = {
    one.code: one
    for one in (
        Definition(
            SLA, Label("SLA遵守率", "SLA kept"), "rate",
            Label("期限内の初回対応 ÷ 期限を迎えた初回対応", "first responses in time ÷ first responses due"),
            "meeting_progress", "sla_kept", "sla_due",
            note=Label("期間中に受け取ったリード。営業時間で数える", "Leads received in the period, in business hours"),
            target=True,
        ),
        Definition(
            "reasked_rate", Label("聞き直し率", "Re-asked"), "rate",
            Label("聞き直しがあった引き継ぎ ÷ フィードバック", "handoffs with re-asked facts ÷ feedback given"),
            "meeting_progress", "handoffs_reasked", "feedbacks",
            note=Label("FSがもう一度聞いたことがある引き継ぎ。低いほどよい",
                       "FS had to ask again what was handed over; the lower the better"),
        ),
        Definition(
            "asp", Label("平均単価", "Average price"), "yen", Label("受注金額 ÷ 受注", "won amount ÷ won deals"),
            "closing", "won_amount", "deals_won",
        ),
        Definition(
            "cycle_days", Label("サイクル", "Cycle"), "days",
            Label("受理から受注までの日数の平均", "days from acceptance to the win, on average"), "closing",
        ),
        Definition(
            TALK, Label("通話評価", "Talk evaluation"), "share",
            Label("得点 ÷ 満点(重み付き)の、評価した通話の平均", "points ÷ most points, by weight, mean of the calls"),
            "meeting_progress",
            note=Label("評価の権限がない人には自分の通話だけ", "Who may not evaluate sees that of the own calls"),
        ),
        Definition(
            "issues_per_call", Label("課題抽出数", "Issues per call"), "mean",
            Label("聞き出した課題の数 ÷ 評価した通話", "issues heard ÷ evaluated calls"), "meeting_progress",
        ),
        Definition(
            "cost_per_sql", Label("SQL単価", "Cost per SQL"), "yen", Label("費用 ÷ SQL件数", "cost ÷ SQLs"),
            "meeting_progress", "cost", "sql_count",
            note=Label("入力した月の費用を日割りにする", "Costs entered by month, by the day"),
        ),
        Definition(
            "cost_per_won", Label("受注単価(CAC)", "Cost per won deal (CAC)"), "yen",
            Label("費用 ÷ 受注", "cost ÷ won deals"), "closing", "cost", "deals_won",
            note=Label("入力した月の費用を日割りにする", "Costs entered by month, by the day"),
        ),
        *(
            Definition(code, Label(ja, en), "count", Label(what, what_en), group)
            for code, ja, en, what, what_en, group in (
                ("meetings_set_by_dm", "接続して決まったアポ", "Meetings with a decision maker",
                 "決裁者と話して決まったアポ", "Agreed with the decision maker", "meeting_progress"),
                ("meetings_canceled", "アポの取消", "Meetings cancelled", "取り消されたアポ", "Cancelled meetings",
                 "meeting_progress"),
                ("handoffs_submitted", "引き渡し", "Handoffs submitted", "期間中にFSに引き渡したもの",
                 "Submitted to FS in the period", "meeting_progress"),
                ("handoffs_accepted", "受理", "Handoffs accepted", "引き渡したうちFSが受理したもの",
                 "Of those, accepted by FS", "meeting_progress"),
                ("feedbacks", "フィードバック", "Feedback given", "FSが商談の結果を書いたもの",
                 "FS reported what the meeting came to", "meeting_progress"),
                ("handoffs_reasked", "聞き直し", "Re-asked", "FSがもう一度聞いたことがある引き継ぎ",
                 "Handoffs of which FS had to ask facts again", "meeting_progress"),
                ("deals_lost", "失注", "Lost", "引き渡したリードのうち失注したもの", "Handed over and lost", "closing"),
                ("deals_decided", "決着した商談", "Decided", "受注+失注", "won + lost", "closing"),
                ("contact_person_reached", "担当者接続", "Contact reached", "担当者か決裁者と話せた架電",
                 "Dials that reached the contact or the decision maker", "lead_generation"),
                ("inbound_calls", "受電", "Incoming calls", "受けた電話", "Calls that came in", "lead_generation"),
                ("evaluated_calls", "評価した通話", "Evaluated calls", "評価のある通話", "Calls with an evaluation",
                 "meeting_progress"),
                ("sla_kept", "期限内の初回対応", "Responded in time", "期限内に初回対応したリード",
                 "Leads responded to in time", "meeting_progress"),
                ("sla_due", "期限を迎えた初回対応", "First responses due", "対応済みか期限を過ぎたリード",
                 "Leads responded to or overdue", "meeting_progress"),
            )
        ),
    )
}  # fmt: skip
"""The figures that the catalogue of the definitions does not have, by code."""

TILES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("dial_count", ("unique_leads", "answer_rate")),
    ("answer_rate", ()),
    ("dm_connect_rate", ("dm_connect_rate_per_dial",)),
    ("meeting_set_rate", ("meeting_set_rate_per_dial",)),
    ("sql_count", ("handoffs_accepted", "handoff_acceptance_rate")),
    (SLA, ()),
    ("meetings_set", ("meetings_without_dm", "meetings_net", "handoff_rate")),
    (TALK, ("evaluated_calls", "issues_per_call")),
    ("handoff_acceptance_rate", ("reasked_rate",)),
    ("opportunity_rate", ("opportunities",)),
    ("win_rate", ("deals_won",)),
    ("asp", ("cycle_days",)),
)
"""The tiles in order, each with what stands beside it: never a quantity without its quality (DOMAIN 8)."""


COST_TILES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("cost_per_sql", ("sql_count", "handoff_acceptance_rate")),
    ("cost_per_won", ("deals_won", "asp")),
)
"""The tiles that come after `TILES` once a cost was entered for a day of the period (`services.costs`)."""


def definition(code: str) -> Definition:
    """Return what a figure means. Raises KeyError for one that is not known."""
    return DEFINITIONS.get(code) or MORE[code]


# --------------------------------------------------------------------------------------------------------------- period


@dataclass(frozen=True, slots=True)
class Period:
    """Business days from ``first`` to ``last``, both included; ``before`` is what they are compared with."""

    kind: str
    first: date
    last: date
    before: tuple[date, date]

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1


def period(ctx: Context, kind: str, *, back: int = 0, first: date | None = None, last: date | None = None) -> Period:
    """Return the day, week or month ``back`` before this one, or the days ``first`` to ``last`` (``custom``).

    A period that runs ends today. Raises BadInput (``period_backwards``, ``period_unknown``).
    """
    today = ctx.now().astimezone(TOKYO).date()
    if kind == "day":
        day = _open_day(ctx, today, back)
        return Period(kind, day, day, (_open_day(ctx, day, 1),) * 2)
    if kind == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        end = min(monday + timedelta(days=6), today)
        return Period(kind, monday, end, (monday - timedelta(days=7), end - timedelta(days=7)))
    if kind == "month":
        return _month(today, back)
    if kind != "custom" or first is None or last is None:
        raise BadInput("period_unknown", period=kind, known=KINDS)
    if first > last:
        raise BadInput("period_backwards", first=first, last=last)
    length = (last - first).days + 1
    return Period(kind, first, last, (first - timedelta(days=length), first - timedelta(days=1)))


def _open_day(ctx: Context, day: date, back: int) -> date:
    """Return the business day ``back`` before ``day``; at most a year is looked through."""
    for _ in range(366):
        if back <= 0:
            break
        day -= timedelta(days=1)
        back -= ctx.calendar.is_open_day(day)
    return day


def _month(today: date, back: int) -> Period:
    first = today.replace(day=1)
    for _ in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    ends = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    last = min(ends, today)
    before_ends = first - timedelta(days=1)
    before = before_ends.replace(day=1)
    until = before_ends if last == ends else min(before_ends, before.replace(day=min(last.day, before_ends.day)))
    return Period("month", first, last, (before, until))


# ---------------------------------------------------------------------------------------------------------------- tiles


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure that stands beside another."""

    code: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure big: ``part`` of ``whole``, its interval under 100 trials, ``target`` and the value ``before``.

    ``moved``: it differs from ``before`` by more than chance alone makes it (95 %). ``known`` False: it is still being
    read.
    """

    code: str
    kind: str
    value: float | None
    part: int = 0
    whole: int = 0
    low: float | None = None
    high: float | None = None
    target: float | None = None
    before: float | None = None
    beside: tuple[Beside, ...] = ()
    moved: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Board:
    """A period in figures: the ``tiles``, the rows of the table, and the rows by time for the trend.

    ``stale``: so many days are out of date and are shown as they were counted last. ``whole`` and ``before`` are the
    figures that the tiles were made of; ``days`` the business days that have passed, ``reps`` for targets of counts.
    """

    period: Period
    by: str
    tiles: tuple[Tile, ...]
    groups: tuple[kpi.Figures, ...]
    whole: kpi.Figures
    before: kpi.Figures
    days: int
    reps: int
    stale: int = 0


def board(ctx: Context, period: Period, *, by: str = "rep") -> Board:
    """Return what the page paints first, from what is kept: nothing is counted and nothing written.

    Who may not see the team sees the own figures alone. Raises BadInput (``kpi_by_unknown``).
    """
    whole, before = _whole(ctx, period.first, period.last), _whole(ctx, *period.before)
    rows = kpi.kept(ctx, first=period.first, last=period.last, by=by if _sees_all(ctx) else "rep", unique=False)
    groups = tuple(row for row in rows if _sees_all(ctx) or row.key == ctx.me.id)
    with ctx.store.read() as tx:
        stale = len(stored.stale(tx))
        busy = stored.sums(tx, "rep", period.last - _REPS_OF, period.last)
    days = open_days(ctx, period.first, period.last)
    known = [one.id for one in ctx.members.values() if one.active and one.role == "rep" and one.id in busy]
    reps = len(known) if _sees_all(ctx) else 1
    made = Board(period, by, (), groups, whole, before, days, max(reps, 1), stale)
    tiles = tuple(_tile(ctx, made, code, beside) for code, beside in TILES)
    return replace(made, tiles=(*tiles, *(_cost_tiles(ctx, made) if _sees_all(ctx) else ())))


def _sees_all(ctx: Context) -> bool:
    return ctx.may(Right.SEE_TEAM)


def _whole(ctx: Context, first: date, last: date) -> kpi.Figures:
    by, key = ("team", "team") if _sees_all(ctx) else ("rep", str(ctx.me.id))
    rows = kpi.kept(ctx, first=first, last=last, by=by, unique=False)
    return next((row for row in rows if row.key == key), kpi.Figures(key, key, Counts()))


def open_days(ctx: Context, first: date, last: date) -> int:
    """Return how many business days of a period have come, today included."""
    end = min(last, ctx.now().astimezone(TOKYO).date())
    return sum(ctx.calendar.is_open_day(first + timedelta(days=n)) for n in range((end - first).days + 1))


def target_of(ctx: Context, code: str, *, days: int, reps: int) -> float | None:
    """Return the target of a figure: a rate as it is, a count for so many business days and reps; None without one."""
    target = ctx.rules.targets.get(code)
    if not target:
        return None
    return target if definition(code).kind == "rate" else target * max(days, 1) * reps


def value_of(row: kpi.Figures, code: str) -> float | None:
    """Return a figure of a row: a count, or a rate's value (None: nothing to divide by)."""
    found = row.row().get(code)
    if isinstance(found, kpi.Rate):
        return found.value
    return float(found) if isinstance(found, int | float) else None


def _tile(ctx: Context, made: Board, code: str, beside: Sequence[str]) -> Tile:
    also = tuple(Beside(one, value_of(made.whole, one)) for one in beside if one != "unique_leads")
    target = target_of(ctx, code, days=made.days, reps=made.reps)
    kind = definition(code).kind
    if code == SLA:
        return Tile(code, kind, None, target=target, known=False)
    rate = made.whole.rates.get(code)
    before = value_of(made.before, code)
    if rate is None:
        part, whole = (made.whole.won_amount, made.whole.won) if code == "asp" else (0, 0)
        whole = made.whole.talk.calls if code == TALK else whole
        value = value_of(made.whole, code)
        counted = kind == "count" and differs((int(value or 0), 0), (int(before or 0), 0))
        if (value or 0) < (before or 0) and _running(ctx, made.period):
            counted = False
        return Tile(code, kind, value, part, whole, target=target, before=before, beside=also, moved=counted)
    parts, then = (rate.numerator, rate.denominator), made.before.rates[code]
    moved = differs(parts, (then.numerator, then.denominator))
    if code in _LATE and (rate.value or 0) < (before or 0):
        moved = False
    return Tile(code, kind, rate.value, *parts, rate.low, rate.high, target, before, also, moved)


def _cost_tiles(ctx: Context, made: Board) -> tuple[Tile, ...]:
    """Return what a SQL and a won deal cost; nothing where no cost was entered for the period."""
    period = made.period
    with ctx.store.read() as tx:
        cost = costs.total(tx, period.first, period.last)
        then = costs.total(tx, *period.before) if cost else 0.0
    if not cost:
        return ()
    counts = {"cost_per_sql": (made.whole.sql_count, made.before.sql_count),
              "cost_per_won": (made.whole.won, made.before.won)}  # fmt: skip
    return tuple(
        Tile(
            code, "yen", each(cost, counts[code][0]), round(cost), counts[code][0], before=each(then, counts[code][1]),
            beside=tuple(Beside(one, value_of(made.whole, one)) for one in beside),
        )
        for code, beside in COST_TILES
    )  # fmt: skip


def _running(ctx: Context, period: Period) -> bool:
    """Return whether today is in the period and not over: a count that is smaller says nothing yet."""
    now = ctx.now().astimezone(TOKYO)
    ends = max((end for _, end in ctx.rules.business.hours), default=time(23, 59))
    return period.first <= now.date() <= period.last and now.time() < ends


def differs(now: tuple[int, int], then: tuple[int, int]) -> bool:
    """Return whether two rates (part, whole), or two counts (count, 0), differ by more than chance (95 %)."""
    if not now[1] and not then[1]:
        return abs(now[0] - then[0]) > rules.Z_95 * sqrt(now[0] + then[0])
    if not now[1] or not then[1]:
        return False
    pooled = (now[0] + then[0]) / (now[1] + then[1])
    if pooled >= 1:  # handoffs may outnumber the meetings of a period: no share of anything any more
        return False
    spread = sqrt(pooled * (1 - pooled) * (1 / now[1] + 1 / then[1]))
    return abs(now[0] / now[1] - then[0] / then[1]) > rules.Z_95 * spread


def with_pictures(made: Board, read: Pictures) -> Board:
    """Return the board with what took longer: unique leads beside the dials, and the SLA."""
    around = rules.wilson(read.sla_kept, read.sla_due) if 0 < read.sla_due < rules.FEW else None

    def filled(tile: Tile) -> Tile:
        if tile.code == "dial_count":
            return replace(tile, beside=(Beside("unique_leads", float(read.unique_leads)), *tile.beside))
        if tile.code == SLA:
            return replace(
                tile,
                value=rules.rate(read.sla_kept, read.sla_due),
                part=read.sla_kept,
                whole=read.sla_due,
                low=around.low if around else None,
                high=around.high if around else None,
                before=rules.rate(*read.sla_before),
                moved=differs((read.sla_kept, read.sla_due), read.sla_before),
                known=True,
            )
        return tile

    return replace(made, tiles=tuple(filled(tile) for tile in made.tiles))


def unit_of(period: Period) -> str:
    """Return the step in which a period's trend is drawn: ``day`` | ``week`` | ``month``."""
    if period.kind != "custom":
        return period.kind
    return "day" if period.days <= 35 else "week" if period.days <= 200 else "month"


def pictures(ctx: Context, period: Period) -> Pictures:
    """Return what the pictures show; days out of date are shown as they were counted last."""
    return paint(ctx, unit_of(period), period.first, period.last, period.before, mine=not _sees_all(ctx))


# -------------------------------------------------------------------------------------------------------------- records


_LATE: Final = frozenset({"handoff_acceptance_rate", "opportunity_rate"})
"""What becomes of handoffs is known later: that young ones have become less so far is called no fall."""
_OPENS: Final[Mapping[str, tuple[str, ...]]] = {
    "dial_count": ("dial_count", "unique_leads"),
    "meetings_set": ("meetings_set", "meetings_without_dm", "meetings_canceled"),
    "sql_count": ("sql_count", "handoffs_accepted"),
    "asp": ("deals_won",),
    "cost_per_sql": ("sql_count",),
    "cost_per_won": ("deals_won",),
    "cycle_days": ("deals_won",),
    "meetings_net": ("meetings_set", "meetings_canceled"),
    TALK: ("evaluated_calls",),
    "issues_per_call": ("evaluated_calls",),
}


def parts(code: str) -> tuple[str, ...]:
    """Return the figures whose records a figure opens: a rate its numerator and denominator, a count itself and what
    stands beside it.
    """
    known = definition(code)
    if known.kind == "rate":
        return (known.numerator, known.denominator)
    if code in _OPENS:
        return _OPENS[code]
    return (code,) if code in drilling.FIGURES else ()


def records(
    ctx: Context,
    figure: str,
    *,
    first: date,
    last: date,
    by: str = "team",
    key: str = "team",
    weekday: int | None = None,
) -> list[Record]:
    """Return the records behind a figure, oldest first; there are as many as the figure says.

    ``weekday`` (Monday = 0) narrows to one. Who may not see the team gets the own records alone. Raises BadInput.
    """
    if figure.startswith(REASON):
        found = learning.reason_records(ctx, figure.removeprefix(REASON), first=first, last=last, by=by, key=key)
    elif figure.startswith(RETURN):
        found = learning.return_records(ctx, figure.removeprefix(RETURN), first=first, last=last, by=by, key=key)
    elif figure in {"sla_kept", "sla_due"}:
        found = [_of_case(ctx, one) for one in sla_cases(ctx, first, last) if one.kept or figure == "sla_due"]
    elif by == "team" and not _sees_all(ctx):
        return drilling.records(ctx, figure, first=first, last=last, by="rep", key=str(ctx.me.id))
    else:
        found = drilling.records(ctx, figure, first=first, last=last, by=by, key=key)
    if not _sees_all(ctx):
        found = [one for one in found if one.member == ctx.me.name]
    return [one for one in found if weekday is None or one.at.astimezone(TOKYO).weekday() == weekday]


def _of_case(ctx: Context, one: SlaCase) -> Record:
    return Record(str(one.lead_id), one.lead_id, one.name, one.company, one.at, ctx.name_of(one.owner_id), one.state)


# --------------------------------------------------------------------------------------------------------------- export

_COLUMNS: Final = (
    "dial_count", "unique_leads", "answered", "answer_rate", "dm_reached", "dm_connect_rate",
    "dm_connect_rate_per_dial", "meetings_set", "meetings_without_dm", "meetings_net", "meeting_set_rate",
    "meeting_set_rate_per_dial", "sql_count", "handoff_rate", "handoff_acceptance_rate", "reasked_rate",
    "opportunities", "opportunity_rate", "deals_won", "win_rate", "asp", "cycle_days", "talk_seconds",
    "evaluated_calls", TALK, "issues_per_call",
)  # fmt: skip


def export(ctx: Context, made: Board, path: Path) -> int:
    """Write the table of groups to CSV or Excel, each rate with its n and 95 % interval; return the rows.

    Noted in the journal; a rep writes the own figures only. Raises Refused (``export_not_allowed``), BadInput.
    """
    from isdesk.files.writing import write_table

    may_export(ctx)
    if not takes_all(ctx) and made.by != "rep":
        raise Refused("export_not_allowed", what="kpi")
    period = made.period
    groups = kpi.figures(ctx, first=period.first, last=period.last, by=made.by)
    rows = own(ctx, made.by, groups)

    def label(code: str) -> str:
        return definition(code).label.in_(ctx.lang)

    headers = [("key", "コード" if ctx.lang == "ja" else "Code"), ("label", "区分" if ctx.lang == "ja" else "Group")]
    for code in _COLUMNS:
        headers.append((code, label(code)))
        if definition(code).kind == "rate":
            headers += [(f"{code}_n", f"{label(code)} n"), (f"{code}_low", f"{label(code)} 95%↓")]
            headers.append((f"{code}_high", f"{label(code)} 95%↑"))

    def note(count: int) -> None:
        note_export(ctx, "kpi", path.name, count, period)

    return write_table(path, headers, (_cells(one) for one in rows), before_shown=note)


def _cells(one: kpi.Figures) -> list[Cell]:
    found = one.row()
    out: list[Cell] = [one.key, one.label]
    for code in _COLUMNS:
        value = found[code]
        if isinstance(value, kpi.Rate):
            around = rules.wilson(value.numerator, value.denominator)
            out += [None if value.value is None else round(value.value, 4), value.denominator]
            out += [round(around.low, 4), round(around.high, 4)] if around else [None, None]
        else:
            out.append(value if isinstance(value, int | float) else None)
    return out


def export_picture(
    ctx: Context, heads: Sequence[str], rows: Sequence[Sequence[Value]], path: Path, period: Period
) -> int:
    """Write what a picture shows to CSV or Excel; return the rows. Noted in the journal.

    Raises Refused (``export_not_allowed``), BadInput.
    """
    from isdesk.files.writing import write_table

    may_export(ctx)
    cells = ([one if isinstance(one, str | int | float) else None for one in row] for row in rows)
    names = [(f"c{place}", head) for place, head in enumerate(heads)]
    return write_table(path, names, cells, before_shown=lambda n: note_export(ctx, "picture", path.name, n, period))


def takes_all(ctx: Context) -> bool:
    """Return whether the person at this desk takes out the figures of everybody, not only the own."""
    return ctx.me.role in _ALL or ctx.alone


def own(ctx: Context, by: str, groups: Sequence[kpi.Figures]) -> list[kpi.Figures]:
    """Return the groups that the person at this desk may take out: all, or of the reps only the own."""
    if takes_all(ctx):
        return list(groups)
    return [one for one in groups if by == "rep" and one.key == ctx.me.id]


def may_export(ctx: Context) -> None:
    """Refuse who may not export. Raises Refused (``export_not_allowed``)."""
    if not ctx.may(Right.EXPORT):
        raise Refused("export_not_allowed", what="kpi")


def note_export(ctx: Context, what: str, file: str, rows: int, period: Period) -> None:
    """Write an export (a table, a picture, the report) into the journal (操作履歴)."""
    may_export(ctx)
    first, last = period.first.isoformat(), period.last.isoformat()
    summary: dict[str, Value] = {"what": what, "file": file, "rows": rows, "first": first, "last": last}
    with ctx.store.write() as tx:
        journal.append(tx, head(ctx, tx, Verb.EXPORT, summary=summary))
