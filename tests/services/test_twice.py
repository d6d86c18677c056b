"""The same mail does not go to a lead twice within a day, from whichever desk of a rep the first one left."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from isdesk import vault
from isdesk.domain.errors import Refused
from isdesk.domain.outgoing import MailAccount
from isdesk.services import consenting, mail_account, outgoing
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.services.conftest import REP, HandClock
from tests.services.desks import Room, Seat
from tests.services.mailers import team


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Posthouse]:
    server: ssl.SSLContext = trusted(tmp_path, monkeypatch)
    with opened(server) as made:
        yield made


@pytest.fixture
def room(tmp_path: Path, clock: HandClock) -> Iterator[Room]:
    made = Room(tmp_path, team(), clock)
    yield made
    made.close()


def _may_send(seat: Seat, house: Posthouse, folder: Path) -> Secrets:
    place = folder / f"{seat.ctx.device_id}.json"
    vault.write(place, vault.Envelope("p", ()))
    secrets = Secrets(place, b"k" * 32, Shelf(seat.store))
    account = MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example", "鈴木 一郎")
    mail_account.keep(seat.ctx, secrets, account, PASSWORD)
    return secrets


def test_a_mail_that_left_from_the_other_desk_does_not_leave_from_this_one_within_a_day(
    room: Room, house: Posthouse, tmp_path: Path, clock: HandClock
) -> None:
    here, there = room.seat("here", REP), room.seat("there", REP)
    one = here.add("山田 太郎", email="yamada@example.jp")
    room.settle()
    consenting.consent(here.ctx, one, "notified", "名刺")
    first, second = _may_send(here, house, tmp_path), _may_send(there, house, tmp_path)
    outgoing.post(here.ctx, one, "plain")
    assert outgoing.send(here.ctx, first).sent == 1
    room.settle()
    clock.go(hours=1)
    with pytest.raises(Refused) as caught:
        outgoing.post(there.ctx, one, "plain")
    assert caught.value.code == "mail_twice"
    outgoing.post(there.ctx, one, "plain", subject="別のご案内です")
    assert outgoing.send(there.ctx, second).sent == 1, "another one may go"
    clock.go(hours=24)
    outgoing.post(there.ctx, one, "plain")
    assert outgoing.send(there.ctx, second).sent == 1
    assert len(house.got) == 3
