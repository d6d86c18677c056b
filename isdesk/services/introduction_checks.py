"""What the program answers by itself in the introduction: each check with its figure and the records behind it.

``done`` is None where the data do not say; a person answers then. Words of the figures stand in
``resources/templates/words.toml`` (``findings``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain import agreement
from isdesk.domain.agreement import Proposal
from isdesk.domain.alignment import KIND as MEETING
from isdesk.domain.alignment import meetings
from isdesk.domain.handoff import Action
from isdesk.domain.introduction import Notes
from isdesk.domain.kpi import Counts
from isdesk.domain.raci import ACCOUNTABLE, DEPARTMENTS, RESPONSIBLE
from isdesk.playbook.words import fixed
from isdesk.services import dashboard, kpi
from isdesk.store import connections, filings, leads, mirror
from isdesk.store import introduction as counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isdesk.domain.ids import LeadId, MemberId
    from isdesk.services.context import Context
    from isdesk.store import Tx

RECENT: Final = timedelta(days=30)
FORTNIGHT: Final = timedelta(days=14)
QUARTER: Final = timedelta(days=90)
LEAST_DIALS: Final = 100
"""So many dials make a baseline (KPI rule h)."""
LEAST_TRIALS: Final = 5
REASKED_SHARE, FED_BACK_SHARE = 0.3, 0.8
_DASH: Final = "—"


@dataclass(frozen=True, slots=True)
class Record:
    """One thing behind a figure: what it is called, and the lead where it is one."""

    text: str
    lead_id: LeadId | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the data say: ``done`` (of a symptom: it is there), the ``figure`` in words, and its records."""

    done: bool | None
    figure: str
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """What the checks look at; ``now`` is one instant for all of them."""

    ctx: Context
    tx: Tx
    notes: Notes
    now: datetime
    lang: str

    @property
    def today(self) -> date:
        """Return the business date."""
        return self.now.astimezone(TOKYO).date()

    @property
    def until(self) -> datetime:
        """Return the end of what counts: now, and what clocks that are a little ahead have written."""
        return self.now + timedelta(hours=1)

    def say(self, code: str, **params: object) -> str:
        """Return a figure in words."""
        return fixed("findings", self.lang)[code].format(**params)

    def figures(self, first: date, last: date) -> kpi.Figures:
        """Return the team's figures of these business days, as they were counted last (`kpi.refresh`)."""
        rows = kpi.kept(self.ctx, first=first, last=last, unique=False)
        return rows[0] if rows else kpi.Figures("team", "", Counts())

    def leads(self, ids: Iterable[LeadId]) -> tuple[Record, ...]:
        """Return leads as records, in the order given."""
        wanted = list(dict.fromkeys(ids))[: counted.SHOWN]
        known = leads.many(self.tx, wanted)
        return tuple(
            Record(f"{known[one].get('name') or _DASH}  {known[one].get('company.name') or ''}".strip(), one)
            for one in wanted
            if one in known
        )


Check = Callable[[Ground], Finding]


def find(ctx: Context, tx: Tx, notes: Notes, wanted: Iterable[str], lang: str) -> dict[str, Finding]:
    """Return what the data say about these checks."""
    ground = Ground(ctx, tx, notes, ctx.now(), lang)
    return {code: _CHECKS[code](ground) for code in dict.fromkeys(wanted) if code in _CHECKS}


# ------------------------------------------------------------------------------------------------------------ the past


def _history(g: Ground) -> Finding:
    many, oldest = counted.touches(g.tx)
    count = leads.count(g.tx)
    since = f"{oldest.astimezone(TOKYO):%Y-%m-%d}" if oldest is not None else _DASH
    figure = g.say("history", leads=f"{count:,}", touches=f"{many:,}", since=since)
    latest = counted.latest(g.tx, "dials", oldest or g.now, g.until)
    return Finding(bool(many and count), figure, g.leads(latest))


def _baseline(g: Ground) -> Finding:
    team = g.figures(g.today - RECENT, g.today)
    dials, rate = team.counts.dials, team.counts.answer_rate
    shown = f"{rate:.0%}" if rate is not None else _DASH
    latest = counted.latest(g.tx, "dials", g.now - RECENT, g.until)
    return Finding(dials >= LEAST_DIALS, g.say("baseline", n=f"{dials:,}", rate=shown), g.leads(latest))


# --------------------------------------------------------------------------------------------------------- definitions


def _agreed(g: Ground) -> tuple[bool, str, tuple[Record, ...]]:
    """Return whether the definitions in force were agreed on, how that reads, and who signed."""
    found = agreement.in_force(_proposals(g), g.today)
    if found is not None:
        names = tuple(Record(f"{g.ctx.name_of(one.member_id)} {one.at:%Y-%m-%d}") for one in found.signatures)
        return True, g.say("agreed", version=found.version or _DASH, day=found.effective.isoformat()), names
    book = g.ctx.playbook
    if book.agreed_on is not None:
        who = tuple(Record(name) for name in book.agreed_by)
        return True, g.say("agreed", version=book.version, day=book.agreed_on.isoformat()), who
    return False, g.say("not_agreed", version=book.version.partition("+")[0]), ()


def _proposals(g: Ground) -> list[Proposal]:
    return agreement.proposals(filings.of_kind(g.tx, agreement.KIND))


def _defined(count: Callable[[Ground], int], code: str) -> Check:
    def check(g: Ground) -> Finding:
        agreed, how, who = _agreed(g)
        n = count(g)
        return Finding(agreed and n > 0, f"{g.say(code, n=n)} ・ {how}", who)

    return check


def _revision(g: Ground) -> Finding:
    agreed = [one for one in _proposals(g) if one.agreed_at is not None and not one.withdrawn]
    records = tuple(Record(f"{one.version or _DASH} {one.effective.isoformat()} {one.note}".strip()) for one in agreed)
    return Finding(len(agreed) >= 2, g.say("revision", n=len(agreed)), records)


def _roles(g: Ground) -> Finding:
    people = [one for one in g.ctx.members.values() if one.active]
    by_role = {role: [one.name for one in people if one.role == role] for role in ("rep", "team_lead", "fs")}
    whole = all(any(getattr(row, one) in RESPONSIBLE | ACCOUNTABLE for one in DEPARTMENTS) for row in g.ctx.rules.raci)
    done = whole and all(by_role.values()) and bool(g.ctx.rules.raci)
    counts = {role: len(names) for role, names in by_role.items()}
    return Finding(done, g.say("roles", **counts), tuple(Record(name) for names in by_role.values() for name in names))


# --------------------------------------------------------------------------------------------------------------- tools


def _crm(g: Ground) -> Finding:
    known, last = connections.primary(g.tx), mirror.last_good(g.tx)
    if known is None:
        return Finding(done=False, figure=g.say("crm_none"))
    when = f"{last.astimezone(TOKYO):%Y-%m-%d %H:%M}" if last is not None else _DASH
    done = last is not None and g.now - last < FORTNIGHT
    return Finding(done, g.say("crm", adapter=known.adapter, at=when))


def _counted(kind: str) -> Check:
    def check(g: Ground) -> Finding:
        n = counted.count(g.tx, kind, g.now - RECENT, g.until)
        return Finding(n > 0, g.say(kind, n=f"{n:,}"), g.leads(counted.latest(g.tx, kind, g.now - RECENT, g.until)))

    return check


def _tools(g: Ground) -> Finding:
    parts = [_crm(g), _counted("signals")(g), _counted("talked")(g)]
    done = bool(parts[0].done) and any(part.done for part in parts[1:])
    return Finding(done, " ・ ".join(part.figure for part in parts), parts[1].records or parts[2].records)


# -------------------------------------------------------------------------------------------------------- the team runs


def _small_team(g: Ground) -> Finding:
    found = counted.by_rep(g.tx, g.now - FORTNIGHT, g.until)
    records = tuple(Record(f"{g.ctx.name_of(who) or who} {many:,}") for who, many in found)
    return Finding(len(found) >= 2, g.say("small_team", n=len(found)), records)


Held = list[tuple[datetime, "MemberId | None"]]
"""When the minutes of meetings were fixed, and by whom; oldest first."""


def _meetings(g: Ground, since: datetime | None) -> Held:
    """Return the meetings whose minutes were fixed since an instant."""
    found = meetings(filings.of_kind(g.tx, MEETING)).values()
    held = [(one.closed_at, one.closed_by) for one in found if one.closed_at is not None]
    return sorted((one for one in held if since is None or one[0] >= since), key=lambda one: (one[0], one[1] or ""))


def _held(g: Ground, held: Held) -> tuple[Record, ...]:
    return tuple(Record(f"{at.astimezone(TOKYO):%Y-%m-%d} {g.ctx.name_of(who)}".strip()) for at, who in held[::-1])


def _weekly_review(g: Ground) -> Finding:
    found = _meetings(g, g.now - FORTNIGHT)
    return Finding(bool(found), g.say("weekly_review", n=len(found)), _held(g, found))


def _review_rhythm(g: Ground) -> Finding:
    start = g.ctx.calendar.start_of_day(g.notes.start) if g.notes.start is not None else None
    found = _meetings(g, start)
    return Finding(len(found) >= 4, g.say("review_rhythm", n=len(found)), _held(g, found))


def _scripts(g: Ground) -> Finding:
    found = counted.by_script(g.tx, g.now - QUARTER, g.until)
    codes = [ref.partition("@")[0] for ref, _ in found]
    compared = sorted({code for code in codes if codes.count(code) > 1})
    records = tuple(Record(f"{ref} {many:,}") for ref, many in found)
    return Finding(bool(compared), g.say("scripts", n=len(found), compared=len(compared)), records)


# ------------------------------------------------------------------------------------------------------- what FS says


@dataclass(frozen=True, slots=True)
class _FedBack:
    decided: tuple[LeadId, ...]
    with_reason: tuple[LeadId, ...]
    heard: tuple[LeadId, ...]
    reasked: tuple[LeadId, ...]


def _fed_back(g: Ground) -> _FedBack:
    start = g.now - QUARTER
    steps, _ = kpi.handed(g.tx, start, g.until, with_facts=False)
    every = list(kpi.handoffs(steps, start, g.until))
    decided = [one for one in every if one.result in {"won", "lost"}]
    words = [step for life in steps for step in life if step.action == Action.FEEDBACK and step.at >= start]
    return _FedBack(
        tuple(one.submit.lead_id for one in decided),
        tuple(one.submit.lead_id for one in decided if one.factor),
        tuple(step.lead_id for step in words),
        tuple(step.lead_id for step in words if step.payload.get("reasked")),
    )


def _loss_reasons(g: Ground) -> Finding:
    found = _fed_back(g)
    of, n = len(found.decided), len(found.with_reason)
    figure = g.say("loss_reasons", n=n, of=of)
    return Finding(None if not of else n / of >= FED_BACK_SHARE, figure, g.leads(found.with_reason))


def _reasked(g: Ground) -> Finding:
    found = _fed_back(g)
    of, n = len(found.heard), len(found.reasked)
    answer = None if of < LEAST_TRIALS else n / of >= REASKED_SHARE
    return Finding(answer, g.say("reasked", n=n, of=of), g.leads(found.reasked))


# ------------------------------------------------------------------------------------------------------------- symptoms


def _percent(value: float | None) -> str:
    return _DASH if value is None else f"{value:.1%}"


def _low_meeting_rate(g: Ground) -> Finding:
    """More leads came than in the 30 days before, and the meeting rate per dial has fallen by more than chance."""
    middle, first = g.now - RECENT, g.now - 2 * RECENT
    now, before = counted.received(g.tx, middle, g.until), counted.received(g.tx, first, middle)
    day = timedelta(days=1)
    spans = ((g.today - RECENT + day, g.today), (g.today - 2 * RECENT + day, g.today - RECENT))
    rates = []
    for begin, end in spans:
        rates.append(g.figures(begin, end).rates["meeting_set_rate_per_dial"])
    here, then = rates
    figure = g.say(
        "low_meeting_rate",
        now=f"{len(now):,}",
        before=f"{len(before):,}",
        rate=_percent(here.value),
        past=_percent(then.value),
    )
    if here.value is None or then.value is None or min(here.denominator, then.denominator) < LEAST_DIALS:
        return Finding(None, figure, g.leads(now))
    fell = here.value < then.value and dashboard.differs(
        (here.numerator, here.denominator), (then.numerator, then.denominator)
    )
    return Finding(len(now) > len(before) and fell, figure, g.leads(now))


def _signals_unused(g: Ground) -> Finding:
    n = counted.count(g.tx, "signals", g.now - RECENT, g.until)
    known = leads.count(g.tx) > 0
    return Finding(None if not known else n == 0, g.say("signals", n=f"{n:,}"), _counted("signals")(g).records)


def _one_reviewer(g: Ground) -> Finding:
    found = _meetings(g, g.now - QUARTER)
    people = {who for _, who in found}
    answer = None if len(found) < 2 else len(people) == 1
    return Finding(answer, g.say("one_reviewer", n=len(found), people=len(people)), _held(g, found))


_CHECKS: Final[Mapping[str, Check]] = {
    "history": _history,
    "baseline": _baseline,
    "icp": _defined(lambda g: len(g.ctx.rules.scoring.fit), "icp"),
    "stages": _defined(lambda g: len(g.ctx.rules.stages), "stages"),
    "targets": _defined(lambda g: len(g.ctx.rules.targets), "targets"),
    "sla": _defined(lambda _: 1, "sla"),
    "roles": _roles,
    "crm": _crm,
    "signals": _counted("signals"),
    "cti": _counted("talked"),
    "tools": _tools,
    "small_team": _small_team,
    "weekly_review": _weekly_review,
    "review_rhythm": _review_rhythm,
    "revision": _revision,
    "loss_reasons": _loss_reasons,
    "scripts": _scripts,
    "low_meeting_rate": _low_meeting_rate,
    "reasked": _reasked,
    "signals_unused": _signals_unused,
    "one_reviewer": _one_reviewer,
}
