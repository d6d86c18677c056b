"""Every CRM looked at, connected and synced through the desk, as the window does it, against its stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from isdesk import messages
from isdesk.crm.port import Auth, Offline, Permanent, Scope, Thing
from isdesk.desk import Desk
from isdesk.domain.errors import BadInput, CrmError, IsdeskError
from isdesk.services import field_map, lead_table
from isdesk.services.connecting import FORMS
from isdesk.services.field_map import FIT_GONE, FIT_WRONG
from tests.crm import rigs
from tests.crm.fakes.odoo import DATABASE
from tests.crm.fakes.salesforce import CLIENT
from tests.crm.rig_odoo import USERS

PASSPHRASE = "correct horse battery staple"


@dataclass(frozen=True)
class Way:
    """What a person types to connect, and the other side."""

    kind: str
    rig: Any
    url: str
    secret: str
    user: str = ""
    options: dict[str, str] = field(default_factory=dict)
    mapping: str | None = None


def ways(kind: str, rig: Any) -> Way:
    """Return what is typed for a CRM's stand-in."""
    match kind:
        case "salesforce":
            return Way(kind, rig, rig.fake.url, rig.fake.secret("sato"), options={"client_id": CLIENT})
        case "hubspot":
            return Way(kind, rig, rig.fake.url, min(rig.fake.keys), "sato@example.jp")
        case "kintone":
            tokens = ",".join(rig.server.tokens)
            return Way(kind, rig, rig.server.url, tokens, "sato", dict(rig.options), rig.mapping)
    return Way(kind, rig, rig.fake.url, rig.fake.key(USERS["sato"]), "", {"database": DATABASE})


@pytest.fixture(params=["salesforce", "hubspot", "kintone", "odoo"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    """Give a stand-in with two leads of 佐藤 and one of somebody else."""
    kind = str(request.param)
    make = rigs.find(kind)
    assert make is not None
    with make(tmp_path) as rig:
        for name, owner in (("山田 太郎", "sato"), ("高橋 健", "sato"), ("田中 実", "ito")):
            rig.make(Thing.LEAD, {"name": name, "email": f"{abs(hash(name)) % 99}@example.jp"}, owner=owner)
        rig.move(7200)
        yield ways(kind, cast("Any", rig))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a fresh profile."""
    made, _ = Desk.create(tmp_path / "profile", name="佐藤", email="sato@example.jp", passphrase=PASSPHRASE)
    yield made
    made.close()


def test_the_form_asks_for_what_the_adapter_takes(way: Way) -> None:
    asked = {ask.code for ask in FORMS[way.kind].asks if ask.needed} - {"url", "user", "secret"}
    assert asked <= set(way.options) | {"client_id"}


def test_a_look_finds_people_fields_samples_and_counts(way: Way, desk: Desk) -> None:
    found = desk.survey(
        way.kind, url=way.url, user=way.user or None, secret=way.secret, options=way.options, mapping=way.mapping
    )
    assert found.ready, found.findings
    assert found.me.name
    assert found.mapping is not None
    assert Thing.LEAD in field_map.things(found)
    lines = field_map.lines(desk.ctx, found, found.mapping, Thing.LEAD)
    assert [(one.code, one.remote) for one in lines if one.fit == FIT_WRONG] == []
    assert sum(one.fit == FIT_GONE for one in lines) <= 1, "a field that this server does not have (Odoo's mobile)"
    name = next(one for one in lines if one.code == "name")
    assert any("山田" in sample or "太郎" in sample for sample in name.samples)
    assert name.labels
    assert found.estimates.get(Scope.TEAM) in {None, 3}
    assert field_map.read_map(field_map.text_of(found.mapping), way.kind) is not None
    assert desk.connection is None


def test_it_is_connected_and_its_leads_come_down(way: Way, desk: Desk) -> None:
    done = desk.connect(
        way.kind,
        url=way.url,
        user=way.user or None,
        secret=way.secret,
        options=way.options,
        scope="team",
        mapping=way.mapping,
    )
    assert done.me.name
    report = desk.sync(full=True)
    assert report.error == ""
    assert sum(lead_table.stage_counts(desk.ctx, lead_table.Filter(scope="team")).values()) == 3


def bad(way: Way, **other: str) -> dict[str, Any]:
    typed = {"url": way.url, "user": way.user or None, "secret": way.secret, **other}
    return {**typed, "options": way.options, "mapping": way.mapping}


@pytest.mark.parametrize(
    "url", ["http://crm.example.org", "https://user:word@crm.example.org", "crm example", "ftp://x"]
)
def test_an_address_that_cannot_be_trusted_is_one_sentence(way: Way, desk: Desk, url: str) -> None:
    with pytest.raises(IsdeskError) as told:
        desk.survey(way.kind, **bad(way, url=url))
    assert isinstance(told.value, BadInput)
    assert plain(told.value)


def test_a_wrong_key_is_one_sentence(way: Way, desk: Desk) -> None:
    with pytest.raises(IsdeskError) as told:
        desk.survey(way.kind, **bad(way, secret="not-the-key"))
    assert isinstance(told.value, (Auth, Permanent, BadInput))
    assert plain(told.value)
    assert "not-the-key" not in plain(told.value)


def test_nobody_there_is_one_sentence(way: Way, desk: Desk) -> None:
    if way.kind == "salesforce":
        pytest.skip("the address of the data comes with the sign-in")
    with pytest.raises(Offline) as told:
        desk.survey(way.kind, **bad(way, url="http://127.0.0.1:9"))
    assert "届きません" in plain(told.value)


def test_the_page_of_a_hotels_network_is_no_answer(way: Way, desk: Desk) -> None:
    way.rig.fail("html", on="read", count=9)
    with pytest.raises(CrmError) as told:
        desk.survey(way.kind, **bad(way))
    assert told.value.code == "captive_portal"
    assert "ブラウザー" in plain(told.value)
    assert desk.connection is None


def plain(error: IsdeskError) -> str:
    """Return what a person is told: never the sentence for an unknown code."""
    assert error.code in messages.catalogue("ja"), error.code
    return messages.say(error, "ja").line


def test_the_callback_in_the_form_is_the_one_that_is_listened_to() -> None:
    from isdesk.crm.salesforce import PROVIDER

    host, path = PROVIDER.callback
    assert FORMS["salesforce"].callback == f"http://{host}:{PROVIDER.port}{path}"
