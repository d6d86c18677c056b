"""The queue as it is read: index-ordered ids, pages of rows, counts, what is due to be placed again, dials of a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from isdesk.clock import TOKYO
from isdesk.domain.changes import Value
from isdesk.domain.cover import DIGITS, TAIL, Share
from isdesk.domain.ids import CompanyId, LeadId, MemberId
from isdesk.domain.state import Chip, DialDay, LeadFacts
from isdesk.store.rows import chips_from_json, fields
from isdesk.store.values import dumps, instant, instant_or_none, loads, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Line:
    """A lead as a list shows it."""

    lead_id: LeadId
    owner_id: MemberId | None
    fields: dict[str, Value]
    company_id: CompanyId | None
    company: dict[str, Value] | None
    tier: int
    priority: int
    held: str | None
    listed: bool
    due_at: datetime | None
    attempts: int
    chips: tuple[Chip, ...]
    action: str | None
    action_due_at: datetime | None
    stage: str
    sla_due_at: datetime | None
    last_touch_at: datetime | None
    last_outcome: str | None
    handoff_state: str | None
    key: tuple[int, int, int, int, str]

    @property
    def in_hand(self) -> bool:
        """Return whether the lead is at work at this desk (the lease; a pinned one only stands as high)."""
        return self.tier == 0 and self.key[1] == 0


_LINE = (
    "SELECT l.id, l.owner_id, l.facts, l.company_id, c.facts, l.tier, l.priority, l.held, l.listed, l.due_at, "
    "l.attempts, l.chips, l.action, l.action_due_at, l.stage, l.sla_due_at, l.last_touch_at, l.last_outcome, "
    "l.handoff_state, l.k0, l.k1, l.k2, l.k3 FROM lead l LEFT JOIN company c ON c.id = l.company_id "
)
_ROWS = _LINE + "WHERE l.id IN (SELECT value FROM json_each(?))"
_OFFERED = "FROM lead WHERE owner_id = ? AND listed = 1 AND held IS NULL"
_HELD = "FROM lead WHERE owner_id = ? AND listed = 1 AND held IS NOT NULL"
_KEYS = "id, k0, k1, k2, k3"
_ORDER = " ORDER BY k0, k1, k2, k3, id"
_OF_TIERS = " AND tier IN (SELECT value FROM json_each(?))"
_WITHOUT = " AND id NOT IN (SELECT value FROM json_each(?))"
_TAIL = f"'{'0' * (TAIL - 1)}' || coalesce(company_id, id)"
NUMBER = "({})".format(
    " + ".join(f"{16**place} * instr('{DIGITS}', substr({_TAIL}, {-1 - place}, 1))" for place in range(TAIL))
)
"""The number by which a lead falls in a share: `domain.cover.part_of` in SQL."""
_OF_PART = f" AND {NUMBER} % ? = ?"
_EXPIRED = "SELECT id FROM lead WHERE until IS NOT NULL AND until <= ? ORDER BY until LIMIT ?"
_NEXT_UNTIL = "SELECT min(until) FROM lead WHERE until IS NOT NULL"
_STALE = "SELECT id FROM lead WHERE scored_on < ?1 OR scored_on > ?1 LIMIT ?2"
_BINDS = (
    "SELECT l.id, l.company_id, l.facts ->> '$.phone_direct', l.facts ->> '$.phone_mobile', c.facts ->> '$.phone' "
    "FROM lead l LEFT JOIN company c ON c.id = l.company_id WHERE l.id IN (SELECT value FROM json_each(?))"
)
_DIALS = (
    "SELECT id, lead_id, company_id, number, dial_id, at, outcome FROM touch t WHERE {} AND at >= ? AND at < ? "
    "AND channel = 'phone' AND direction = 'out' AND signal IS NULL AND outcome IS NOT NULL AND void = 0 "
    "AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.corrects IS NOT NULL AND v.corrects = t.id) "
)
_DIALS_ALL = _DIALS.format("1")
_DIALS_COMPANY = _DIALS.format("company_id IS NOT NULL AND company_id = ?")
_DIALS_NUMBER = _DIALS.format("number IS NOT NULL AND number = ?")
_FEW = 40
"""Up to so many leads, dials are asked for one company and number at a time; beyond, the whole day is read once."""


def ids(
    tx: Tx,
    shares: Sequence[Share],
    *,
    tiers: Collection[int] | None = None,
    held: bool = False,
    limit: int = -1,
    offset: int = 0,
) -> list[LeadId]:
    """Return a queue in order: what may be offered, or (``held``) what is held; all of it where limit is -1.

    ``shares`` say whose leads stand in it (`domain.cover.shares`). The parts of several owners are each read in the
    order of the index and merged, so that covering somebody costs nothing but their leads.
    """
    more, params = ("", []) if tiers is None else (_OF_TIERS, [dumps(sorted(tiers))])
    return _merged(tx, shares, _HELD if held else _OFFERED, more, params, limit, offset)


def first(tx: Tx, shares: Sequence[Share], *, exclude: Iterable[LeadId] = (), limit: int = 1) -> list[LeadId]:
    """Return the leads at the top of a queue, without ``exclude``."""
    return _merged(tx, shares, _OFFERED, _WITHOUT, [dumps(list(exclude))], limit, 0)


def _merged(
    tx: Tx, shares: Sequence[Share], which: str, more: str, params: Sequence[object], limit: int, offset: int
) -> list[LeadId]:
    parts: list[str] = []
    given: list[object] = []
    for share in shares:
        clause, own = _of_share(which, share)
        parts.append(f"SELECT {_KEYS} {clause}{more}")
        given += [*own, *params]
    if not parts:
        return []
    statement = f"{' UNION ALL '.join(parts)}{_ORDER} LIMIT ? OFFSET ?"
    return [LeadId(r[0]) for r in tx.sql(statement, (*given, limit, offset))]


def _of_share(which: str, share: Share) -> tuple[str, list[object]]:
    """Return the clause that picks the leads of a share, and its parameters."""
    if share.of == 1:
        return which, [share.owner]
    return which + _OF_PART, [share.owner, share.of, share.part]


def rows(tx: Tx, wanted: Sequence[LeadId]) -> list[Line]:
    """Return the lines of these leads, in the order asked for, without those that do not exist."""
    found = {r[0]: _line(r) for r in tx.sql(_ROWS, (dumps(list(wanted)),))}
    return [found[key] for key in wanted if key in found]


def page(tx: Tx, shares: Sequence[Share], *, limit: int, offset: int = 0, held: bool = False) -> list[Line]:
    """Return one page of a queue."""
    return rows(tx, ids(tx, shares, held=held, limit=limit, offset=offset))


def tier_counts(tx: Tx, shares: Sequence[Share]) -> dict[int, int]:
    """Return how many leads a queue offers, by tier."""
    return _counted(tx, shares, "tier", _OFFERED)


def held_counts(tx: Tx, shares: Sequence[Share]) -> dict[str, int]:
    """Return how many leads of a queue are held today, by reason."""
    return _counted(tx, shares, "held", _HELD)


def _counted(tx: Tx, shares: Sequence[Share], by: str, which: str) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for share in shares:
        clause, params = _of_share(which, share)
        for key, count in tx.sql(f"SELECT {by}, count(*) {clause} GROUP BY {by}", params):
            found[key] = found.get(key, 0) + int(count)
    return found


def expired(tx: Tx, now: datetime, limit: int = 500) -> list[LeadId]:
    """Return leads whose placement may be another one by now, the longest overdue first."""
    return [LeadId(r[0]) for r in tx.sql(_EXPIRED, (micros(now), limit))]


def next_change(tx: Tx) -> datetime | None:
    """Return the next instant at which a placement may change by itself."""
    return instant_or_none(tx.sql(_NEXT_UNTIL).fetchone()[0])


def stale(tx: Tx, today: str, limit: int = 500) -> list[LeadId]:
    """Return leads whose scores were not made for the business date ``today`` (ISO)."""
    return [LeadId(r[0]) for r in tx.sql(_STALE, (today, limit))]


def dial_day(tx: Tx, leads: Sequence[LeadId], day: date, dials: Collection[str] | None = None) -> dict[LeadId, DialDay]:
    """Return, for each lead, what was dialled on the business ``day`` that binds it.

    One physical dial counts once, even where its touches went to several contacts (``dial_id``); touches taken back do
    not count. ``dials``: the outcome codes that count as a dial (None: every outcome).
    """
    binds = tx.sql(_BINDS, (dumps(list(leads)),)).fetchall()
    start = datetime.combine(day, time(), TOKYO)
    span = (micros(start), micros(start + timedelta(days=1)))
    by_company: dict[str, list[_Dial]] = {}
    by_number: dict[str, list[_Dial]] = {}
    for dial in _dials(tx, binds, span):
        if dials is not None and dial[6] not in dials:
            continue
        if dial[2] is not None:
            by_company.setdefault(dial[2], []).append(dial)
        if dial[3] is not None:
            by_number.setdefault(dial[3], []).append(dial)
    found = {LeadId(b[0]): _day(b, by_company, by_number) for b in binds}
    return {key: found.get(key, DialDay()) for key in leads}


def bound(tx: Tx, leads: Iterable[LeadFacts], day: date) -> set[LeadId]:
    """Return those of ``leads``, which need not be here yet, whose company or numbers were dialled on ``day``."""
    start = datetime.combine(day, time(), TOKYO)
    dials = tx.sql(_DIALS_ALL, (micros(start), micros(start + timedelta(days=1)))).fetchall()
    if not dials:
        return set()
    companies, numbers = {d[2] for d in dials} - {None}, {d[3] for d in dials} - {None}
    paths = ("phone_direct", "phone_mobile", "company.phone")
    return {
        one.id for one in leads if one.company_id in companies or any(str(one.get(path)) in numbers for path in paths)
    }


_Dial = tuple[str, str, str | None, str | None, str | None, int, str]


def _dials(tx: Tx, binds: Sequence[Sequence[str | None]], span: tuple[int, int]) -> Iterable[_Dial]:
    if len(binds) > _FEW:
        return list(tx.sql(_DIALS_ALL, span))
    found: dict[str, _Dial] = {}
    for company in {b[1] for b in binds if b[1] is not None}:
        found.update((d[0], d) for d in tx.sql(_DIALS_COMPANY, (company, *span)))
    for number in {n for b in binds for n in b[2:] if n is not None}:
        found.update((d[0], d) for d in tx.sql(_DIALS_NUMBER, (number, *span)))
    return found.values()


def _day(bind: Sequence[str | None], companies: dict[str, list[_Dial]], numbers: dict[str, list[_Dial]]) -> DialDay:
    of_company = companies.get(bind[1] or "", [])
    of_numbers = list({d[0]: d for n in bind[2:] if n is not None for d in numbers.get(n, ())}.values())
    last_company = max(of_company, key=lambda d: (d[5], d[0]), default=None)
    last_number = max((d[5] for d in of_numbers), default=None)
    return DialDay(
        company_dials=len({d[4] or d[0] for d in of_company}),
        company_last_at=None if last_company is None else instant(last_company[5]),
        company_by_other_lead=last_company is not None and last_company[1] != bind[0],
        number_dials=len({d[4] or d[0] for d in of_numbers}),
        number_last_at=instant_or_none(last_number),
    )


def _line(r: Sequence[Any]) -> Line:
    """Return the line of a row in the order of _LINE."""
    return Line(
        lead_id=LeadId(r[0]),
        owner_id=None if r[1] is None else MemberId(r[1]),
        fields=loads(r[2]),
        company_id=None if r[3] is None else CompanyId(r[3]),
        company=fields(r[4]),
        tier=r[5],
        priority=r[6],
        held=r[7],
        listed=bool(r[8]),
        due_at=instant_or_none(r[9]),
        attempts=r[10],
        chips=chips_from_json(r[11]),
        action=r[12],
        action_due_at=instant_or_none(r[13]),
        stage=r[14],
        sla_due_at=instant_or_none(r[15]),
        last_touch_at=instant_or_none(r[16]),
        last_outcome=r[17],
        handoff_state=r[18],
        key=(r[19], r[20], r[21], r[22], r[0]),
    )
