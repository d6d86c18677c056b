"""For every bug the shortest story in which it shows (SYNC: keep a directed schedule for each past bug).

Each schedule passes on the right code, whatever the CRM is like that it names, and ends in a `Violation` with its bug.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qs

import httpx

from isdesk.crm.oauth import Provider, TokenKeeper, Tokens
from isdesk.crm.port import Auth, Thing
from isdesk.domain.changes import Change, Obj, Verb
from tests.sync.simulation import checks
from tests.sync.simulation.history import Violation
from tests.sync.simulation.team import Team
from tests.sync.simulation.traits import BATCHED, HUB, KEYED, KEYLESS, TERSE, Traits


@contextmanager
def told(traits: Traits) -> Iterator[tuple[Team, checks.Watch]]:
    """Give a team; when the story is told, everything comes to rest and is checked."""
    team = Team(traits)
    watch = checks.Watch(team)
    try:
        yield team, watch
        watch.now()
        checks.finish(team, watch)
    finally:
        team.close()


def answer_lost() -> None:
    """A call is written, its answer lost, and it is sent again."""
    with told(KEYED) as (team, _):
        team.call(team.a, "l1")
        team.a.line.writes = ["after"]
        team.a.round()


def two_people_one_field() -> None:
    """Two people write the same field, neither having seen the other's."""
    with told(KEYED) as (team, _):
        team.edit(team.a, "l1", title="課長")
        team.edit(team.b, "l1", title="部長")
        team.a.round()
        team.b.round()


def late_commit() -> None:
    """A transaction that began before the last pull commits after it."""
    with told(KEYED) as (team, _):
        team.crm.edit(team.remote("l1") or "", {"title": "slow"}, seconds=30)
        team.wait(2)
        team.crm.edit(team.remote("l2") or "", {"title": "quick"})
        team.wait(1)
        team.a.round()
        team.b.round()


def power_cut_while_storing() -> None:
    """The process ends at each of the transactions of a pull, one after the other."""
    for fuse in range(2, 12):
        with told(HUB) as (team, _):
            team.crm.edit(team.remote("l1") or "", {"title": "news"})
            team.a.store.fuse = fuse
            team.a.round()
            team.a.store.fuse = None


def edit_during_the_answer() -> None:
    """A field is edited while the write of another one is on its way."""
    with told(KEYED) as (team, _):
        team.edit(team.a, "l1", title="課長")
        while team.a.running is None or "title" not in team.history.applied.get(_last(team), ()):
            team.a.advance(1)
        team.edit(team.a, "l1", need="在庫")
        team.a.round()


def news_of_an_edited_record() -> None:
    """Others change a record of which an edit waits here, and the edit is taken back: nothing else brings it again."""
    with told(KEYED) as (team, _):
        team.edit(team.a, "l1", title="課長")
        team.crm.refused.add(team.remote("l1") or "")
        team.a.round()
        team.crm.edit(team.remote("l1") or "", {"stage": "sql"})
        for n in range(2):
            team.wait(600)
            team.crm.edit(team.remote("l2") or "", {"title": f"later {n}"})
            team.wait(2)
            team.a.round()
        team.undo(team.a)
        team.crm.refused.clear()


def deleted_before_its_echo() -> None:
    """A new lead is closed again before its own echo comes back."""
    with told(HUB) as (team, watch):
        name = team.create(team.a)
        team.a.line.writes = ["after"]
        team.a.round()
        lead = team.a.find(name) or ""
        change = Change(Obj.LEAD, lead, {"deleted": None}, {"deleted": True})
        team.a.write(changes=[change], verb=Verb.EDIT, lead=lead)
        team.crm.refused.add(lead)
        team.wait(3600)
        team.a.round()
        if team.a.find(name) is not None:
            raise Violation("I5", "a lead that was closed is shown again")
        watch.now()
        team.crm.refused.clear()


def gone_under_open_commands() -> None:
    """A lead is deleted in the CRM while a call of it waits for a person."""
    with told(HUB) as (team, watch):
        team.crm.refused.add(team.remote("l2") or "")
        team.call(team.b, "l2")
        team.b.round()
        team.crm.delete(team.remote("l2") or "")
        team.b.round()
        watch.now()


def allowed_again_unheard() -> None:
    """Somebody who has not heard of a refusal says that a person may be called."""
    with told(KEYED) as (team, watch):
        team.edit(team.b, "l1", dnc=False, title="課長")
        team.refuse(team.a, "l1")
        team.a.round()
        watch.now()
        team.b.round()
        watch.now()


def sent_twice_answered_once() -> None:
    """What is sent again after a lost answer is there already, and the CRM says so."""
    with told(KEYED) as (team, _):
        team.call(team.a, "l1")
        team.a.line.writes = ["after"]
        team.a.round()
        team.wait(3600)
        team.a.round()
        if team.a.line.pushed and not team.a.states()[team.a.line.pushed[-1].key] == "acked":
            raise Violation("E2", "what the CRM has is to be sent again")


def one_bad_apple() -> None:
    """One of a batch that is written all or not at all can never be written."""
    with told(BATCHED) as (team, _):
        team.crm.refused.add(team.remote("l2") or "")
        for name in ("l1", "l2", "l3", "l1"):
            team.call(team.a, name)
        for _ in range(4):
            team.wait(3600)
            team.a.round()
        states = {key: team.a.states()[key] for key in team.recorded["a"].touches}
        if sorted(states.values()) != ["acked", "acked", "acked", "quarantined"]:
            raise Violation("I9", "one refused command keeps others waiting:", states)


def given_up_unseen() -> None:
    """An edit that waits behind a bad line meets another's, which came first."""
    with told(KEYED) as (team, _):
        team.edit(team.a, "l1", title="課長")
        team.a.line.offline = True
        team.a.round()
        team.crm.edit(team.remote("l1") or "", {"title": "部長"})
        team.a.line.offline = False
        team.a.round()


def an_ordinary_day() -> None:
    """Edits here and there, and everybody syncs."""
    with told(HUB) as (team, watch):
        team.edit(team.a, "l1", title="課長")
        team.a.round()
        watch.now()
        team.crm.edit(team.remote("l1") or "", {"title": "部長"})
        team.edit(team.b, "l1", need="在庫")
        team.b.round()
        watch.now()
        team.a.round()


def refused_elsewhere() -> None:
    """One device hears a refusal; the other has to hear of it."""
    with told(HUB) as (team, _):
        team.refuse(team.a, "l1")
        team.a.round()
        team.b.round()


def waits_for_a_person() -> None:
    """What was refused stays with a person until that person says otherwise."""
    with told(KEYED) as (team, watch):
        team.crm.refused.add(team.remote("l1") or "")
        team.call(team.a, "l1")
        for _ in range(3):
            team.wait(3600)
            team.a.round()
            watch.now()


def killed_behind_the_write() -> None:
    """The process ends when the CRM has written and before it was heard, at a CRM that knows no keys."""
    with told(KEYLESS) as (team, _):
        team.call(team.a, "l1")
        team.a.line.writes = ["die_after"]
        team.a.round()


def late_request() -> None:
    """A request is given up and arrives a minute later, at a CRM that knows no keys."""
    with told(KEYLESS) as (team, _):
        team.call(team.a, "l1")
        team.a.line.writes = ["late"]
        team.a.round()
        team.wait(2)
        team.a.round()
        team.wait(2)
        team.a.round()


def half_an_answer() -> None:
    """Only half of a batch is written, and only that half is answered."""
    with told(KEYED) as (team, _):
        team.call(team.a, "l1")
        team.call(team.a, "l3")
        team.a.line.writes = ["half"]
        team.a.round()


def clock_ahead() -> None:
    """A device whose clock is ahead pulls, and somebody changes something after that."""
    with told(KEYED) as (team, _):
        team.shift(team.a, 90)
        team.a.round()
        team.wait(60)
        team.crm.edit(team.remote("l1") or "", {"title": "news"})
        team.wait(60)
        team.a.round()


def hub_from_a_backup() -> None:
    """The hub goes back to a backup from before a call that it had acknowledged."""
    with told(HUB) as (team, watch):
        saved = team.crm.save()
        team.call(team.a, "l1")
        team.a.round()
        team.crm.load(saved)
        watch.allow(None)


def killed_behind_the_renewal() -> None:
    """A refresh token is renewed, which ends the one before it, and the process ends; then the access token does."""
    crm = _Rotating()
    kept = _Kept()
    first = Tokens("access-0", "refresh-0", "https://sim.example.com")
    for _ in range(3):
        keeper = TokenKeeper(
            Provider("/authorize", "/token", "api", ("example.com",)), "https://sim.example.com", "client",
            first.text(), keep=kept, name="sim/tokens", lock=None, now=lambda: datetime(2026, 11, 20, tzinfo=UTC),
            transport=httpx.MockTransport(crm),
        )  # fmt: skip
        try:
            keeper.renew(keeper.tokens.access)
        except Auth as error:
            raise Violation("E10", "signed out although nobody signed out") from error
        if crm.access != keeper.tokens.access:
            raise Violation("E10", "the access token is not the newest one")


class _Kept:
    """Where secrets are kept: it outlives the process."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.held.get(name)

    def set(self, name: str, value: str | None) -> None:
        self.held[name] = value or ""


class _Rotating:
    """A token endpoint that gives a refresh token for one use."""

    def __init__(self) -> None:
        self.count = 0

    @property
    def access(self) -> str:
        return f"access-{self.count}"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if parse_qs(request.content.decode()).get("refresh_token") != [f"refresh-{self.count}"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.count += 1
        body = json.dumps({"access_token": self.access, "refresh_token": f"refresh-{self.count}"})
        return httpx.Response(200, content=body, headers={"content-type": "application/json"})


def refused_amid_a_round() -> None:
    """A refusal is noted while a round goes on, at a CRM that has no list of them."""
    with told(KEYED) as (team, _):
        team.edit(team.a, "l1", title="課長")
        team.a.advance(8)
        team.refuse(team.a, "l2")
        team.a.round()
        if team.crm.alive(Thing.SUPPRESSION):
            raise Violation("E12", "the CRM was given what it has no place for")


def acknowledged_in_other_words() -> None:
    """What is written stands there already, written otherwise: it is acknowledged and shows as the CRM has it (I5)."""
    with told(HUB) as (team, watch):
        team.edit(team.a, "l1", title=" l1 title")
        team.a.round()
        watch.now()


def device_from_a_backup() -> None:
    """A call waits when a backup is made, is sent, and the backup is put back: it is asked for, not sent again (I1)."""
    with told(KEYLESS) as (team, watch):
        team.call(team.a, "l1")
        team.a.back_up()
        team.a.round()
        team.restore_device(team.a)
        watch.allow(team.a)


def backup_from_before_the_echo() -> None:
    """A CRM that answers with an id alone goes back to before a write whose echo was not read yet (I6)."""
    with told(TERSE) as (team, watch):
        team.crm.edit(team.remote("l2") or "", {"title": "news"})
        team.wait(60)
        team.a.round()
        team.saved = team.crm.save()
        key = team.edit(team.a, "l1", title="課長")
        while team.a.states()[key or ""] != "acked":
            team.a.advance(1)
        team.a.restart()
        team.restore_crm()
        watch.allow(None)


def asleep_before_the_request() -> None:
    """A machine sleeps between the mark and the request, which then comes late: asked for once *it* had its time."""
    with told(KEYLESS) as (team, _):
        _late_after_a_sleep(team)
        team.a.round()
        team.wait(2)
        team.a.round()


def asleep_and_killed() -> None:
    """The same, and the process ends before it could note the doubt."""
    with told(KEYLESS) as (team, _):
        _late_after_a_sleep(team)
        team.a.restart()
        team.a.round()
        team.wait(2)
        team.a.round()


def asleep_behind_the_greeting() -> None:
    """A machine sleeps after the CRM told the time: a clock that seems behind then was not set."""
    with told(KEYLESS) as (team, _):
        team.wait(3600)
        team.call(team.a, "l1")
        team.a.advance(3)
        team.wait(62)
        team.a.line.writes = ["late"]
        team.a.round()
        team.wait(2)
        team.a.round()


def removed_restored_and_removed_again() -> None:
    """A lead is removed in the CRM and here, comes back with a backup, is removed again: its call waits for nobody."""
    with told(KEYLESS) as (team, watch):
        saved = team.crm.save()
        team.call(team.a, "l2")
        team.wait(60)
        team.a.round()
        team.crm.delete(team.remote("l2") or "")
        team.wait(60)
        team.a.round(full=True)
        team.saved = saved
        team.restore_crm()
        watch.allow(None)
        team.crm.delete(team.remote("l2") or "")


def _late_after_a_sleep(team: Team) -> None:
    key = team.call(team.a, "l1") or ""
    while team.a.states()[key] != "sending":
        team.a.advance(1)
    team.wait(62)
    team.a.line.writes = ["late"]
    team.a.advance(1)


def _last(team: Team) -> str:
    return list(team.history.intents)[-1]


SCHEDULES: dict[str, Callable[[], None]] = {
    "no key": answer_lost,
    "blind overwrite": two_people_one_field,
    "strict cursor": late_commit,
    "cursor before rows": power_cut_while_storing,
    "in-flight edit lost": edit_during_the_answer,
    "skip-dirty-advance": news_of_an_edited_record,
    "echo resurrects a delete": deleted_before_its_echo,
    "ghost purge with open commands": gone_under_open_commands,
    "do-not-call cleared by merge": allowed_again_unheard,
    "200-not-201 resent": sent_twice_answered_once,
    "all-or-nothing batch stuck": one_bad_apple,
    "refresh token lost": killed_behind_the_renewal,
    "client wins unseen": given_up_unseen,
    "conflict not kept": given_up_unseen,
    "projection not refolded": an_ordinary_day,
    "suppression dropped": refused_elsewhere,
    "quarantine retried of itself": waits_for_a_person,
    "doubt forgotten at restart": killed_behind_the_write,
    "asked before the late write came": late_request,
    "doubt counted from the mark": asleep_before_the_request,
    "silence taken for success": half_an_answer,
    "cursor from the local clock": clock_ahead,
    "restore not noticed": hub_from_a_backup,
}
"""The story of every bug."""

FOUND: tuple[Callable[[], None], ...] = (
    refused_amid_a_round,
    acknowledged_in_other_words,
    device_from_a_backup,
    backup_from_before_the_echo,
    asleep_before_the_request,
    asleep_and_killed,
    asleep_behind_the_greeting,
    removed_restored_and_removed_again,
)
"""Stories of bugs that the simulator found in this program."""
