"""Marketing's signals out of the CRM: a response to a campaign raises the intent of its lead, once, and says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from isdesk.crm.port import Scope, Thing
from isdesk.desk import Desk
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import Channel
from isdesk.services import leads, queue
from tests.crm import rigs
from tests.crm.fakes.salesforce import CLIENT

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Any]:
    """Give the stand-in for Salesforce with a lead of 佐藤 who came to a webinar today."""
    make = rigs.find("salesforce")
    assert make is not None
    with make(tmp_path) as made:
        rig = cast("Any", made)
        lead = rig.make(Thing.LEAD, {"name": "山田 太郎", "email": "y@example.jp"}, owner="sato")
        rig.make(Thing.LEAD, {"name": "高橋 健", "email": "t@example.jp"}, owner="sato")
        seminar = rig.fake.put("Campaign", {"Name": "DX講座", "Type": "Webinar"})
        said = {"CampaignId": seminar, "LeadId": lead, "Status": "Responded", "HasResponded": True}
        rig.response = rig.fake.put("CampaignMember", said)
        rig.move(7200)
        yield rig


@pytest.fixture
def desk(tmp_path: Path, rig: Any) -> Iterator[Desk]:
    """Give a profile that is connected to it."""
    made, _ = Desk.create(tmp_path / "profile", name="佐藤", email="sato@example.jp", passphrase=PASSPHRASE)
    made.connect(
        "salesforce",
        url=rig.fake.url,
        user="",
        secret=rig.fake.secret("sato"),
        options={"client_id": CLIENT},
        scope=Scope.MINE,
    )
    yield made
    made.close()


def lead_of(desk: Desk, name: str) -> LeadId:
    every = [*queue.ids(desk.ctx), *queue.ids(desk.ctx, held=True)]
    return next(one for one in every if leads.view(desk.ctx, one).fields["name"] == name)


def test_a_response_raises_the_intent_of_its_lead_and_stands_in_the_timeline_once(desk: Desk, rig: Any) -> None:
    desk.sync(full=True)
    came, other = lead_of(desk, "山田 太郎"), lead_of(desk, "高橋 健")
    view = leads.view(desk.ctx, came)
    (touch,) = [one.touch for one in view.timeline if one.touch is not None]
    assert (touch.signal, touch.channel, touch.note) == ("seminar", Channel.WEBINAR, "DX講座")
    rule = next(one for one in desk.ctx.rules.scoring.signals if one.code == "seminar")
    assert any(part.ja.startswith(rule.label.ja) for part in view.state.scores.parts)
    assert view.state.scores.intent > leads.view(desk.ctx, other).state.scores.intent
    assert view.state.hot_signal == "seminar"
    rig.fake.touch("CampaignMember", rig.response, {"Status": "Attended"})
    rig.move(7200)
    desk.sync(full=True)
    assert len([one for one in leads.view(desk.ctx, came).timeline if one.touch is not None]) == 1
