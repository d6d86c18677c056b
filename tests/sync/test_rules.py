"""The small rules of sync, one by one: rebasing, back-off, keys of do-not-calls, and one process at a time."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.crm.port import Scope, Thing
from isdesk.domain.changes import Value
from isdesk.domain.suppression import digest
from isdesk.store import meta
from isdesk.store.lock import only_one
from isdesk.sync.backoff import LONGEST_S, jitter
from isdesk.sync.merging import rebase
from isdesk.sync.rekeying import OLDER_KEYS, SUPPRESSION_KEY
from tests.postgres import Server
from tests.sync.world import World

VALUES = st.sampled_from([None, "", "a", "b", "c", " a"])
FIELD = st.sampled_from(["title", "stage", "snoozed_until", "dnc"])
FIELDS = st.dictionaries(FIELD, VALUES)


@given(FIELDS, FIELDS, FIELDS)
def test_rebasing_invents_nothing_and_forgets_nothing(
    mine: dict[str, Value], base: dict[str, Value], theirs: dict[str, Value]
) -> None:
    left = rebase("lead", mine, base, theirs)
    assert left.payload.items() <= mine.items()
    assert left.payload.keys() == left.base.keys()
    assert all(left.base[code] == theirs.get(code) for code in left.base)
    clashed = {clash.field for clash in left.clashes}
    for code in mine.keys() - left.payload.keys() - clashed:
        assert (mine[code] or "").strip() == (base.get(code) or "").strip()  # type: ignore[union-attr]
    again = rebase("lead", left.payload, left.base, theirs)
    assert (again.payload, again.base, again.clashes) == (left.payload, left.base, [])


@given(st.integers(0, 100), st.integers())
def test_back_off_grows_to_a_quarter_of_an_hour(attempts: int, seed: int) -> None:
    assert 0 <= jitter(Random(seed), attempts) <= min(LONGEST_S, 2.0 * 2**attempts)


def test_one_process_syncs_at_a_time(world: World, tmp_path: Path) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    with only_one(office.path) as alone:
        assert alone
        assert office.sync().error == "sync_busy"
    assert office.sync().sent == 1


def test_do_not_calls_from_before_the_team_reach_the_team(world: World) -> None:
    office, ito = world.device("office", connected=False), world.device("ito", "m-ito")
    own = bytes(32)
    with office.store.write() as tx:
        meta.put(tx, SUPPRESSION_KEY, own.hex())
    office.create("l1", name="高橋", phone_direct="+81312345678")
    team_key, world.suppression_key = world.suppression_key, own
    office.suppress("+81312345678")
    world.suppression_key = team_key
    office.connect()
    office.sync()
    ito.sync()
    assert ito.numbers_off() == {digest(team_key, "number", "+81312345678")}
    with office.store.read() as tx:
        assert meta.text(tx, SUPPRESSION_KEY) == team_key.hex()
        assert meta.get(tx, OLDER_KEYS) == [own.hex()]


@pytest.mark.postgres
def test_a_team_on_postgresql(postgres: Server, tmp_path: Path) -> None:
    world = World(tmp_path, postgres.new_database())
    sato, ito = world.device("sato", "m-sato", Scope.MINE), world.device("ito", "m-ito", Scope.MINE)
    sato.company("c1", name="甲")
    sato.create("l1", name="高橋", company_id="c1")
    touch = sato.call("l1")
    sato.line.faults = ["after"]
    world.settle(2)
    slow = world.hub().engine.connect()
    slow.exec_driver_sql(
        "INSERT INTO record (object, id, lead_id, owner_id, data, version, xact) VALUES ('lead', 'l9', 'l9', 'm-ito', "
        '\'{"name":"slow","owner_id":"m-ito"}\', nextval(\'hub_version\'), pg_current_xact_id()::text::bigint)'
    )
    sato.edit("l1", owner_id="m-ito")
    world.settle(1)
    slow.commit()
    slow.close()
    world.settle(1)
    assert ito.fields("l9")["name"] == "slow"
    assert ito.fields("l1")["owner_id"] == "m-ito"
    assert ito.touches("l1") == [touch]
    assert list(world.rows(Thing.TOUCH)) == [touch]
    world.close()
