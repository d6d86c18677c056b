"""The demo's sequences: a sender that is nobody, and leads on different steps, put there by the verbs of the window.

What happened lies in the days before: each verb is carried out as of its instant, in the order of time. Mails count as
sent from the rep's own mail program; nothing leaves a demo (`mail_account.DEMO`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.clock import SystemIds
from isdesk.domain.chips import hot_now
from isdesk.domain.cover import CoverMemory
from isdesk.domain.errors import IsdeskError
from isdesk.domain.numbers import usable
from isdesk.domain.touch import Channel, Direction
from isdesk.services import calls, consenting, queue, sequences
from isdesk.services.calls import RecordInput
from isdesk.services.demo_people import words
from isdesk.services.slots import SlotMemory
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.domain.state import LeadState
    from isdesk.services.context import Context

log = logging.getLogger(__name__)
_SENDER: Final = """extends = "default"
name = "team"
number = 1
ja = "{ja}の定義"
en = "{en}: definitions"

[mail.sender]
organisation = "{organisation}"
address = "{address}"
contact = "03-0000-0000 / info@haruka-works.example"
unsubscribe = "stop@haruka-works.example"
"""
"""Numbers that cannot ring and a domain that is reserved (RFC 2606), as all of the demo's people have."""


def definitions(lang: str = "ja") -> str:
    """Return the definitions of the demo's team: the standard ones, with the sender that the law asks for."""
    lists = words()
    ja, en = str(lists["my_company"]), str(lists["my_company_en"])
    place = "1-2-3 Mihon, Kaku-ku, Tokyo 100-0000" if lang == "en" else "〒100-0000 東京都架空区見本町1-2-3"
    return _SENDER.format(ja=ja, en=en, organisation=en if lang == "en" else ja, address=place)


@dataclass(frozen=True, slots=True)
class _Part:
    """What happens to one lead: on which business day before today's (0: today), at which hour, and what."""

    days: int
    hour: int
    what: str


def _story(begin: int, *then: tuple[int, int, str], code: str = "follow", consent: bool = True) -> tuple[_Part, ...]:
    """Return a lead's story: called without an answer on a day, put into a sequence at once, and then."""
    first = [_Part(begin, 15, "call"), *([_Part(begin, 15, "consent")] if consent else []), _Part(begin, 15, code)]
    return (*first, *(_Part(*one) for one in then))


CAST: Final = (
    _story(7, (4, 10, "mail")),
    _story(5, (2, 10, "mail"), (1, 14, "reply")),
    _story(4, (1, 11, "run"), consent=False),
    _story(4, (3, 11, "linkedin"), code="social"),
    _story(11, (8, 10, "mail"), (4, 11, "call")),
    _story(8, (5, 10, "mail"), (4, 9, "opt_out"), (4, 9, "run")),
    _story(1),
    _story(17, (14, 10, "mail"), (10, 11, "call"), (3, 10, "mail")),
    _story(2),
)
"""Those for whom a call is due, who replied, whose mail is blocked for want of consent, whose mail waits for the rep,
who are on the last step, who opted out, whose first mail is to come (two), and who came to the end.
"""


_TOUCHES: Final = frozenset({"call", "mail", "linkedin", "reply"})


class _Then:
    """A clock that stands at an instant."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the instant."""
        return self.at

    def monotonic(self) -> float:
        """Return the instant in seconds."""
        return self.at.timestamp()


def play(ctx: Context) -> int:
    """Let the stories happen to leads of this desk that nobody worked on yet; return how many touches came of it."""
    chosen = _fresh(ctx, len(CAST))
    then = _Then(ctx.now())
    past = replace(ctx, clock=then, ids=SystemIds(then), learned=SlotMemory(), covers=CoverMemory())
    events = sorted(
        (at, number, order, part.what)
        for number, story in enumerate(CAST[: len(chosen)])
        for order, part in enumerate(story)
        if (at := _instant(ctx, part) + timedelta(minutes=7 * number + order)) < ctx.now()
    )
    done, left = 0, set[int]()
    for at, number, _, what in events:
        then.at = at
        if number in left:
            continue
        try:
            _VERBS.get(what, _enrols(what))(past, chosen[number])
        except IsdeskError as error:  # a company that rests by now, say: the demo is a demo without this story too
            log.warning("story_left", extra={"code": error.code})
            left.add(number)
        else:
            done += what in _TOUCHES
    queue.settle(ctx)
    return done


def _fresh(ctx: Context, count: int) -> list[LeadId]:
    """Return leads to whom nobody spoke yet and that can be called and written to, each of a company of its own, first
    those of whom nothing was ever heard; none that came to us, who would be called first.
    """
    with ctx.store.read() as tx:
        facts = leads.many(tx, leads.owned_by(tx, ctx.me.id))
        states = leads.states(tx, facts)
        known = leads.with_history(tx, facts)
    companies: dict[str, LeadId] = {}
    for key, one in sorted(facts.items(), key=lambda item: item[0] in known):
        able = _quiet(ctx, states[key][0]) and not one.get("received_at")
        if able and usable(one) and one.get("email") and one.company_id is not None:
            companies.setdefault(one.company_id, key)
    return list(companies.values())[:count]


def _quiet(ctx: Context, state: LeadState) -> bool:
    hot = hot_now(state, ctx.rules, ctx.now())
    barred = state.dnc or state.inbound or state.company_cooldown_until is not None
    return state.open and state.last_touch_at is None and not (hot or barred)


def _instant(ctx: Context, part: _Part) -> datetime:
    days = _days_back(ctx)
    day = next(days)
    for _ in range(part.days):
        day = next(days)
    return ctx.calendar.start_of_day(day) + timedelta(hours=part.hour)


def _days_back(ctx: Context) -> Iterator[date]:
    """Return the business days up to today, the newest first."""
    day = ctx.calendar.day_of(ctx.now())
    while True:
        if ctx.calendar.is_open_day(day):
            yield day
        day -= timedelta(days=1)


def _mail(ctx: Context, lead_id: LeadId) -> None:
    calls.record(ctx, lead_id, "TOUCH_SENT", RecordInput(channel=Channel.MAIL))


def _linkedin(ctx: Context, lead_id: LeadId) -> None:
    calls.record(ctx, lead_id, "TOUCH_SENT", RecordInput(channel=Channel.LINKEDIN))


def _reply(ctx: Context, lead_id: LeadId) -> None:
    said = (
        "Thank you. Could you call me tomorrow?" if ctx.lang == "en" else "資料を見ました。一度お電話をいただけますか。"
    )
    calls.record(ctx, lead_id, "TOUCH_REPLIED", RecordInput(said, channel=Channel.MAIL, direction=Direction.IN))


def _consent(ctx: Context, lead_id: LeadId) -> None:
    consenting.consent(ctx, lead_id, "notified", "Business card" if ctx.lang == "en" else "展示会で受け取った名刺")


def _enrols(code: str) -> Callable[[Context, LeadId], object]:
    return lambda ctx, lead_id: sequences.enrol(ctx, code, [lead_id])


_VERBS: Final[dict[str, Callable[[Context, LeadId], object]]] = {
    "call": lambda ctx, lead_id: calls.record(ctx, lead_id, "NO_ANSWER"),
    "consent": _consent,
    "mail": _mail,
    "linkedin": _linkedin,
    "reply": _reply,
    "opt_out": consenting.opt_out,
    "run": lambda ctx, _: sequences.run(ctx),
}
