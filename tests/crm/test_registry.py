"""Which adapter a name means, and that a hub which is away is never made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from isdesk.clock import SystemClock
from isdesk.crm import registry
from isdesk.desk import Desk
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from isdesk.services import leads, outbox

WORDS = "correct horse battery staple"
ME = Member(MemberId("m-me"), "佐藤 花子", "rep", "sato@example.jp")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that made its hub in a folder of its own."""
    made, _ = Desk.create(tmp_path / "profile", name=ME.name, email=ME.email, passphrase=WORDS, clock=SystemClock())
    made.connect("sqlhub", url=f"sqlite:///{(tmp_path / 'share' / 'hub.db').as_posix()}", secret=WORDS)
    yield made
    made.close()


def test_an_unknown_name_is_refused() -> None:
    assert "sqlhub" in registry.names()
    with pytest.raises(BadInput) as problem:
        registry.connect("nosuchcrm", url="x", user="x", place=registry.Place(ME, SystemClock().now))
    assert problem.value.code == "adapter_unknown"


def test_a_hub_whose_folder_is_gone_is_away_and_not_made_anew(desk: Desk, tmp_path: Path) -> None:
    lead, _ = leads.create(desk.ctx, {"name": "山田 太郎", "email": "yamada@example.jp"})
    share = tmp_path / "share"
    share.rename(tmp_path / "unmounted")
    report = desk.sync()
    assert (report.online, report.sent) == (False, 0)
    assert not share.exists()
    assert [item.lead_id for item in outbox.items(desk.ctx) if item.obj == "lead"] == [lead]
    (tmp_path / "unmounted").rename(share)
    assert desk.sync().pending == 0
    with closing(Desk.open(tmp_path / "profile", passphrase=WORDS)) as again:
        assert outbox.items(again.ctx) == ()
