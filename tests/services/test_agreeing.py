"""Definitions come into force when all departments have signed and their day has come, on every desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from isdesk import vault
from isdesk.crm.port import Person
from isdesk.crm.sqlhub import SqlHub
from isdesk.desk import Desk
from isdesk.domain.agreement import DEPARTMENTS
from isdesk.domain.errors import BadInput, PlaybookError, Refused
from isdesk.domain.ids import MemberId
from isdesk.services import agreeing, leads
from tests.services.conftest import TUESDAY, HandClock

WORDS = "correct horse battery staple"
REP = Person(MemberId("m-rep"), "鈴木 一郎", "rep", "rep@example.jp")
LEAD = Person(MemberId("m-lead"), "森 恵", "team_lead", "lead@example.jp")
FAST = """extends = "default"
name = "team"
number = 2
ja = "チームの定義"
en = "The team's definitions"
[sla]
first_response_hours = 2.0
"""


@pytest.fixture
def clock() -> HandClock:
    """Ten in the morning."""
    return HandClock(TUESDAY)


@pytest.fixture
def team(tmp_path: Path, clock: HandClock) -> Iterator[tuple[Desk, Desk]]:
    """A team lead's desk and a rep's at one hub."""
    path = tmp_path / "hub.db"
    key, _ = vault.create(Path(f"{path}.key"), WORDS)
    SqlHub.create(f"sqlite:///{path}", people=[REP, LEAD], user=LEAD.id, key=key).close()
    desks = []
    for person in (LEAD, REP):
        made, _ = Desk.create(tmp_path / person.id, name=person.name, email=person.email, passphrase=WORDS, clock=clock)
        made.connect("sqlhub", url=f"sqlite:///{path}", user=person.email, secret=WORDS, scope="team")
        made.sync()
        desks.append(made)
    with closing(desks[0]), closing(desks[1]):
        yield desks[0], desks[1]


def hours(desk: Desk) -> float:
    return desk.ctx.rules.sla.first_response_hours


def test_a_wrong_text_says_where_and_a_right_one_what_it_changes(team: tuple[Desk, Desk]) -> None:
    lead, _ = team
    wrong = agreeing.check(lead.ctx, FAST.replace("2.0", '"two"') + "unknown = 1\n")
    assert [(one.line, one.key) for one in wrong.problems] == [
        (7, "sla.first_response_hours"), (8, "sla.unknown")
    ]  # fmt: skip
    right = agreeing.check(lead.ctx, FAST)
    assert [(one.key, one.before, one.after) for one in right.differences] == [("sla.first_response_hours", 4.0, 2.0)]
    with pytest.raises(PlaybookError):
        agreeing.propose(lead.ctx, "[", date(2026, 11, 24))


def test_it_holds_on_every_desk_once_all_have_signed_and_the_day_has_come(
    team: tuple[Desk, Desk], clock: HandClock
) -> None:
    lead, rep = team
    made, _ = leads.create(rep.ctx, {"name": "山田 太郎", "phone_direct": "052-211-1234", "lead_source": "exhibition"})
    before = leads.view(rep.ctx, made).state.sla_due_at
    proposal, _ = agreeing.propose(lead.ctx, FAST, date(2026, 11, 25), "初回架電を速く")
    for department in DEPARTMENTS:
        lead.sync(), rep.sync()
        assert (hours(lead), hours(rep)) == (4.0, 4.0)
        agreeing.sign(lead.ctx, proposal, department)
    lead.sync(), rep.sync()
    assert hours(rep) == 4.0
    clock.go(days=1)
    assert lead.sync().changes.playbook
    assert rep.sync().changes.playbook
    assert (hours(lead), hours(rep)) == (2.0, 2.0)
    after = leads.view(rep.ctx, made).state.sla_due_at
    assert before is not None
    assert after is not None
    assert after < before
    assert not rep.sync().changes.playbook


def test_one_department_does_not_sign_twice_nor_after_it_is_over(team: tuple[Desk, Desk]) -> None:
    lead, rep = team
    proposal, _ = agreeing.propose(lead.ctx, FAST, date(2026, 11, 24))
    agreeing.sign(lead.ctx, proposal, "marketing")
    for act in (
        lambda: agreeing.sign(lead.ctx, proposal, "marketing"),
        lambda: agreeing.sign(rep.ctx, proposal, "inside_sales"),
        lambda: agreeing.propose(rep.ctx, FAST, date(2026, 11, 24)),
    ):
        with pytest.raises(Refused):
            act()
    agreeing.withdraw(lead.ctx, proposal)
    with pytest.raises(Refused):
        agreeing.sign(lead.ctx, proposal, "inside_sales")
    assert agreeing.proposals(lead.ctx)[0].withdrawn


def test_what_changes_nothing_or_began_yesterday_is_refused(team: tuple[Desk, Desk]) -> None:
    lead, _ = team
    with pytest.raises(BadInput):
        agreeing.propose(lead.ctx, agreeing.text_in_force(lead.ctx), date(2026, 11, 24))
    with pytest.raises(BadInput):
        agreeing.propose(lead.ctx, FAST, date(2026, 11, 23))
