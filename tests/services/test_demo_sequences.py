"""A fresh demo has leads on different steps of the sequences, a sender that is nobody, and sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from isdesk.clock import TOKYO
from isdesk.desk import DERIVED_UNDER, Desk
from isdesk.domain.booking import clashes
from isdesk.domain.errors import Refused
from isdesk.domain.outgoing import MailAccount
from isdesk.domain.sequence import KIND
from isdesk.domain.touch import Channel, Direction
from isdesk.services import (
    booking,
    calls,
    consenting,
    history,
    leads,
    mail_account,
    mails,
    material,
    outgoing,
    queue,
    sequence_board,
    sequences,
)
from isdesk.services.sequence_board import Board
from isdesk.store import filings, meta
from isdesk.store import leads as stored
from isdesk.store.sequences import KEPT
from tests.services.conftest import HandClock

WORDS = "correct horse battery staple"
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=TOKYO).astimezone(UTC)
"""A Wednesday; the Monday of that week is a public holiday."""
SUNDAY = datetime(2026, 11, 22, 21, 0, tzinfo=TOKYO).astimezone(UTC)


def made(root: Path, at: datetime, lang: str = "ja") -> Desk:
    clock = HandClock(at)
    Desk.demo(root, leads=600, reps=2, days=30, passphrase=WORDS, clock=clock, lang=lang)
    return Desk.open(root, passphrase=WORDS, clock=clock, lang=lang)


@pytest.fixture(scope="module", params=[NOON, SUNDAY], ids=["at work", "on a Sunday night"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    found = made(tmp_path_factory.mktemp("demo") / "profile", request.param)
    yield found
    found.close()


def board(desk: Desk) -> Board:
    return sequence_board.look(desk.ctx)


def test_leads_stand_on_different_steps_and_have_ended_in_different_ways(desk: Desk) -> None:
    found = board(desk)
    shown = sorted((line.enrolment.code, line.state, line.number, line.why) for line in found.running)
    assert shown == [
        ("follow", "blocked", 1, "mail_no_consent"),
        ("follow", "call", 2, ""),
        ("follow", "later", 1, ""),
        ("follow", "later", 1, ""),
        ("follow", "later", 3, ""),
        ("social", "confirm", 2, ""),
    ]
    assert sorted((line.state, line.why) for line in found.ended) == [
        ("finished", ""), ("stopped", "opt_out"), ("stopped", "reply"),
    ]  # fmt: skip
    (follow,) = [one for one in found.sequences if one.code == "follow"]
    assert (follow.enrolled, follow.running, follow.finished) == (8, 5, 1)
    assert follow.results == {"reply": 1, "opt_out": 1}
    assert [step.done for step in follow.steps] == [5, 2, 1]
    for line in (*found.running, *found.ended):
        assert leads.view(desk.ctx, line.lead_id).state.next_action is not None


def test_all_of_it_lies_before_now_and_is_known_to_the_hub(desk: Desk) -> None:
    ctx = desk.ctx
    with ctx.store.read() as tx:
        told = filings.of_kind(tx, KIND)
        open_ = tx.sql("SELECT count(*) FROM delivery WHERE state <> 'acked'").fetchone()[0]
    assert told
    assert open_ == 0
    assert max(one.at for one in told) < ctx.now()
    assert {one.device_id for one in told} == {ctx.device_id}
    lines = (*board(desk).running, *board(desk).ended)
    with ctx.store.read() as tx:
        touched = [touch for line in lines for touch in stored.touches(tx, line.lead_id) if not touch.signal]
    assert max(touch.at for touch in touched) < ctx.now()
    assert all(ctx.calendar.is_open_day(ctx.calendar.day_of(touch.at)) for touch in touched)


def test_a_mail_can_be_looked_at_and_none_ever_leaves(desk: Desk) -> None:
    ctx = desk.ctx
    (waits,) = board(desk).in_state("confirm")
    found = mails.preview(ctx, waits.lead_id, "first")
    assert found.may_send
    assert "ハルカ・ワークス株式会社" in found.composed.text
    assert found.composed.to.endswith(".example")
    assert ctx.rules.mail.sender.unsubscribe.endswith(".example")
    account = MailAccount("smtp.example.jp", 465, "tls", "me", "me@example.jp", "私")
    for refused in (
        lambda: sequences.confirm(ctx, waits.lead_id),
        lambda: outgoing.post(ctx, waits.lead_id, "first"),
        lambda: mail_account.keep(ctx, desk.secrets, account, "secret"),
        lambda: mail_account.try_out(ctx, desk.secrets, account, "secret"),
    ):
        with pytest.raises(Refused) as told:
            refused()
        assert told.value.code == "mail_demo"
    assert outgoing.outbox(ctx) == []
    assert mail_account.read(ctx) is None


def test_a_mail_that_would_leave_by_itself_says_that_it_is_a_demo(tmp_path: Path) -> None:
    desk = made(tmp_path / "profile", NOON, "en")
    ctx = desk.ctx
    assert "Haruka Works" in ctx.rules.mail.sender.organisation
    clock = ctx.clock
    assert isinstance(clock, HandClock)
    clock.at += timedelta(days=2)
    desk.sync()
    queue.settle(ctx)
    assert sequences.run(ctx).blocked == 2
    assert sorted(line.why for line in board(desk).in_state("blocked")) == ["mail_demo", "mail_demo", "mail_no_consent"]
    (bare,) = [line.lead_id for line in board(desk).running if line.why == "mail_no_consent"]
    consenting.consent(ctx, bare, "notified", "Business card")
    sequences.run(ctx)
    assert [line.why for line in board(desk).in_state("blocked")] == ["mail_demo"] * 3
    assert outgoing.outbox(ctx) == []
    desk.close()


def test_the_stories_go_on_by_the_same_verbs(tmp_path: Path) -> None:
    desk = made(tmp_path / "profile", NOON)
    (due,) = board(desk).in_state("call")
    calls.record(desk.ctx, due.lead_id, "NO_ANSWER")
    assert [line.lead_id for line in board(desk).in_state("call")] == []
    history.undo(desk.ctx)
    assert [line.lead_id for line in board(desk).in_state("call")] == [due.lead_id]
    sequences.stop(desk.ctx, [due.lead_id])
    assert board(desk).past == 4
    desk.close()


def test_a_profile_of_before_learns_at_once_what_its_sequences_came_to(tmp_path: Path) -> None:
    desk = made(tmp_path / "profile", NOON)
    before = board(desk)
    with desk.ctx.store.write() as tx:
        tx.sql(f"DELETE FROM meta WHERE key LIKE '{KEPT}%'")
        mark = str(meta.text(tx, DERIVED_UNDER)).rpartition(" ")[0]
        meta.put(tx, DERIVED_UNDER, mark)
    assert board(desk) == before
    desk.close()
    desk = Desk.open(tmp_path / "profile", passphrase=WORDS, clock=HandClock(NOON))
    queue.settle(desk.ctx)
    with desk.ctx.store.read() as tx:
        assert tx.sql(f"SELECT count(*) FROM meta WHERE key LIKE '{KEPT}%'").fetchone()[0] == 9
    assert board(desk) == before
    desk.close()


def test_every_meeting_to_come_is_one_that_was_agreed_at_a_time_that_is_free(desk: Desk) -> None:
    ctx = desk.ctx
    with ctx.store.read() as tx:
        mine = stored.many(tx, stored.owned_by(tx, ctx.me.id))
        touched = {one: stored.touches(tx, one) for one in mine}
        assert clashes(booking.coming(tx, ctx.now()), ctx.now()) == []
    said = {one: at for one, facts in mine.items() if (at := booking.instant(facts.get("meeting_at"))) is not None}
    assert said
    for one in said:
        assert any(touch.outcome == "MEETING_SET" for touch in touched[one]), "no meeting without a call that set it"
    coming = {one: at for one, at in said.items() if at > ctx.now()}
    assert coming
    for one, at in coming.items():
        agreed = booking.standing(ctx, one)
        assert agreed is not None, "an invitation to what the panel says can be sent"
        assert agreed.at == at


def test_most_of_the_promised_material_was_mailed(desk: Desk) -> None:
    with desk.ctx.store.read() as tx:
        me, now = desk.ctx.me.id, desk.ctx.now()
        touches = stored.touches_between(tx, now - timedelta(days=40), now, me)
        owed = {lead for lead, _ in material.owed(desk.ctx, tx, now)}
    promised = {touch.lead_id for touch in touches if touch.outcome == "INFO_REQUESTED"}
    mailed = {t.lead_id for t in touches if t.channel is Channel.MAIL and t.direction is Direction.OUT}
    assert promised & mailed
    assert len(owed) < len(promised) / 2
