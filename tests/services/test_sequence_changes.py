"""What changes in the midst of a sequence, its owner, its lead, the definitions, while a mail is on its way."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isdesk import playbook, vault
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailAccount, MailState
from isdesk.services import bulk, calls, history, mail_account, merging, outgoing, queue, sequences
from isdesk.services.context import Context
from isdesk.store import mails
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.services.conftest import OTHER, HandClock
from tests.services.mailers import TEXT, lead
from tests.services.test_sequences import STEPS, at, blocked_by, due, now_of, round_, state


@pytest.fixture(scope="module")
def book() -> playbook.Playbook:
    return playbook.loads(TEXT.replace("per_hour = 3", "per_hour = 1000") + STEPS, years=(2026, 2027))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    return trusted(tmp_path, monkeypatch)


@pytest.fixture
def house(server: ssl.SSLContext) -> Iterator[Posthouse]:
    with opened(server) as house:
        yield house


@pytest.fixture
def secrets(ctx: Context, tmp_path: Path, house: Posthouse, book: playbook.Playbook) -> Secrets:
    vault.write(tmp_path / "envelope.json", vault.Envelope("p", ()))
    made = Secrets(tmp_path / "envelope.json", b"k" * 32, Shelf(ctx.store))
    ctx.playbook = book
    account = MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example", "鈴木 一郎")
    mail_account.keep(ctx, made, account, PASSWORD)
    return made


@pytest.fixture
def one(ctx: Context, secrets: Secrets) -> LeadId:
    """A lead that was called once, without an answer: its first contact is Tuesday, 24 November."""
    made = lead(ctx)
    calls.record(ctx, made, "NO_ANSWER")
    return made


@pytest.mark.parametrize("asked", [False, True])
def test_a_mail_that_waits_in_the_outbox_stays_there_once_the_lead_has_another_owner(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock, asked: bool
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).queued == 1
    if asked:
        sequences.confirm(ctx, one)
    bulk.run(ctx, [one], bulk.Step(bulk.ASSIGN, member_id=OTHER.id))
    assert outgoing.send(ctx, secrets).stopped == 1
    assert (house.got, blocked_by(ctx, one)) == ([], "sequence_other_owner")
    history.undo(ctx)
    assert round_(ctx, secrets) == 1, "it is ours again, and goes on by itself"
    assert now_of(ctx, one).steps[0].state == "done"


def uncertain(ctx: Context) -> str:
    (mail,) = outgoing.outbox(ctx)
    with ctx.store.write() as tx:
        mails.claim(tx, mail.id, ctx.device_id, ctx.now())
        claimed = mails.one(tx, mail.id)
        assert claimed is not None
        mails.move(tx, claimed, replace(claimed, state=MailState.UNCERTAIN))
    return mail.id


@pytest.mark.parametrize("delivered", [True, False])
def test_a_mail_in_doubt_stays_the_step_where_the_lead_is_merged_meanwhile(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock, delivered: bool
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    sequences.run(ctx)
    mail = uncertain(ctx)
    twin = lead(ctx, "山田 太郎", phone_direct="052-211-9999", lead_source="list")
    clock.go(minutes=5)
    merging.merge(ctx, one, twin)
    assert (round_(ctx, secrets), blocked_by(ctx, twin)) == (0, "sequence_mail_uncertain")
    outgoing.resolve(ctx, mail, delivered=delivered)
    assert round_(ctx, secrets) == 0
    if delivered:
        assert outgoing.outbox(ctx)[0].state == "sent"
        assert now_of(ctx, twin).steps[0].state == "done"
        assert due(ctx, twin) == "retry 12-03 10:00"
    else:
        assert blocked_by(ctx, twin) == "sequence_mail_failed"
        sequences.confirm(ctx, twin)
        assert outgoing.send(ctx, secrets).sent == 1
        assert now_of(ctx, twin).steps[0].state == "done"


def test_a_mail_that_waits_when_its_lead_is_merged_leaves_once_for_the_one_that_stays(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).queued == 1
    twin = lead(ctx, "山田 太郎", phone_direct="052-211-9999", lead_source="list")
    merging.merge(ctx, one, twin)
    assert [round_(ctx, secrets), round_(ctx, secrets), round_(ctx, secrets)].count(1) == 1
    assert len(house.got) == 1
    assert now_of(ctx, twin).steps[0].state == "done"
    history.undo(ctx)
    clock.go(hours=1)
    assert [round_(ctx, secrets), round_(ctx, secrets)] == [0, 0]
    assert len(house.got) == 1
    assert sequences.of_lead(ctx, twin) == ()


def test_of_two_leads_in_sequences_that_are_merged_one_goes_on(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    twin = lead(ctx, "山田 太郎", "taro@example.jp", phone_direct="052-211-9999", lead_source="list")
    sequences.enrol(ctx, "follow", [one])
    sequences.enrol(ctx, "social", [twin])
    clock.go(minutes=5)
    merging.merge(ctx, one, twin)
    assert [(e.code, e.state) for e in sequences.of_lead(ctx, twin)] == [("social", "running")]
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 0
    assert state(ctx, twin).next_action is not None
    at(clock, "12-20 10:00")
    assert round_(ctx, secrets) == 0
    assert house.got == []


def test_steps_that_are_taken_out_of_the_definitions_run_on_and_a_template_that_is_gone_waits_for_a_person(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    text = TEXT.replace("[mail.template.plain", "[mail.template.other").replace("per_hour = 3", "per_hour = 1000")
    had = ctx.playbook
    ctx.playbook = playbook.loads(text, years=(2026, 2027))
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 0
    assert blocked_by(ctx, one) == "mail_template_unknown"
    ctx.playbook = had
    assert round_(ctx, secrets) == 1
    assert [s.state for s in now_of(ctx, one).steps] == ["done", "open", "later"]
