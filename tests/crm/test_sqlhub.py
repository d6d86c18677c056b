"""What is particular to the SQL hub: encryption, versions of its schema, commit order, lost connections."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from isdesk.crm.port import Auth, Command, Do, Offline, Permanent, Row, Scope, Status, Thing, Transient, Unknown
from isdesk.crm.sqlhub import SqlHub
from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput
from tests.crm.conftest import PEOPLE, Connect
from tests.postgres import Server

KEY = bytes(range(32))


def _lead(identity: str, name: str, base: str | None = None) -> Command:
    seen: dict[str, Value] = {} if base is None else {"name": base}
    return Command(f"{identity}:{name}", Do.PATCH, Thing.LEAD, identity, {"name": name}, seen, lead_id=identity)


def _touch(identity: str) -> Command:
    return Command(identity, Do.APPEND, Thing.TOUCH, identity, {"id": identity, "lead_id": "l"}, lead_id="l")


def _all(hub: SqlHub, obj: Thing, cursor: str | None = None) -> tuple[list[Row], str]:
    page = hub.changes(obj, cursor, Scope.TEAM)
    return list(page.rows), page.next_cursor


Open = Callable[[str], SqlHub]


@pytest.fixture
def at() -> Iterator[Open]:
    """Opens hubs and closes them at the end."""
    opened: list[SqlHub] = []

    def open_(url: str) -> SqlHub:
        opened.append(SqlHub(url, user="m-sato", key=KEY if url.startswith("sqlite") else None))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[SqlHub]:
    made = SqlHub.create(f"sqlite:///{tmp_path / 'hub.db'}", people=PEOPLE, user="m-sato", key=KEY)
    yield made
    made.close()


@pytest.fixture
def pg(postgres: Server) -> str:
    url = postgres.new_database()
    SqlHub.create(url, people=PEOPLE, user="m-sato").close()
    return url


def test_the_file_is_encrypted_and_needs_its_key(hub: SqlHub, tmp_path: Path) -> None:
    hub.push([_lead("l", "canary-高橋")])
    hub.close()
    for file in tmp_path.iterdir():
        assert b"canary" not in file.read_bytes()
        assert not file.read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(Permanent, match="hub_wrong_key"):
        SqlHub(f"sqlite:///{tmp_path / 'hub.db'}", user="m-sato", key=bytes(32)).hello()


def test_a_missing_hub_is_not_made_by_looking(tmp_path: Path, at: Open) -> None:
    with pytest.raises(Offline):
        at(f"sqlite:///{tmp_path / 'none.db'}").hello()
    assert list(tmp_path.iterdir()) == []


def test_a_hub_of_a_newer_schema_is_refused_and_left_alone(connect: Connect) -> None:
    hub = connect("m-sato")
    with hub.engine.begin() as link:
        link.exec_driver_sql("UPDATE hub_meta SET value = '99' WHERE name = 'schema'")
    fresh = connect("m-sato")
    with pytest.raises(Permanent) as refused:
        fresh.push([_lead("l", "a")])
    assert refused.value.code == "hub_newer"


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "no url at all://"])
def test_an_address_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(BadInput):
        SqlHub(url, user="m-sato")


def test_a_busy_hub_is_transient(hub: SqlHub, at: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isdesk.crm.sqlhub.link._BUSY_MS", 10)
    other = at(f"sqlite:///{tmp_path / 'hub.db'}")
    other.hello()
    with hub.engine.connect() as link:
        link.exec_driver_sql("INSERT INTO hub_meta VALUES ('x', 'y')")
        with pytest.raises(Transient):
            other.push([_lead("l", "a")])
    assert other.push([_lead("l", "a")])[0].status is Status.ACKED


def test_seeding_keeps_what_is_there(connect: Connect) -> None:
    hub = connect("m-ito")
    rows: list[tuple[str, str | None, dict[str, Value]]] = [("l1", "l1", {"name": "a", "owner_id": "m-ito"})]
    hub.seed(Thing.LEAD, rows)
    hub.seed(Thing.TOUCH, [("t1", "l1", {"id": "t1", "lead_id": "l1"})])
    hub.push([_lead("l1", "b", "a")])
    hub.seed(Thing.LEAD, rows)
    assert _all(hub, Thing.LEAD)[0][0].fields["name"] == "b"
    assert [r.id for r in hub.changes(Thing.TOUCH, None, Scope.MINE).rows] == ["t1"]


@pytest.mark.postgres
def test_a_late_commit_is_not_lost(pg: str, at: Open) -> None:
    early, late, reader = (at(pg) for _ in range(3))
    early.push([_lead("l0", "first")])
    _, cursor = _all(reader, Thing.LEAD)
    slow = late.engine.connect()
    slow.exec_driver_sql(
        "INSERT INTO record (object, id, data, version, xact) VALUES "
        "('lead', 'slow', '{}', nextval('hub_version'), pg_current_xact_id()::text::bigint)"
    )
    early.push([_lead("fast", "second")])
    seen, cursor = _all(reader, Thing.LEAD, cursor)
    assert seen == [], "what a running transaction may still come before is held back"
    slow.commit()
    slow.close()
    seen, cursor = _all(reader, Thing.LEAD, cursor)
    assert [r.id for r in seen] == ["slow", "fast"]
    assert _all(reader, Thing.LEAD, cursor)[0] == []


@pytest.mark.postgres
def test_two_devices_pushing_the_same_at_once_write_it_once(pg: str, at: Open) -> None:
    hubs = [at(pg) for _ in range(4)]
    batch = [_touch(f"t{n}") for n in range(40)]
    statuses: list[Status] = []
    start = threading.Barrier(4)

    def push(hub: SqlHub) -> None:
        start.wait()
        statuses.extend(r.status for r in hub.push(batch))

    threads = [threading.Thread(target=push, args=(hub,)) for hub in hubs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(Status.ACKED) == 40
    assert statuses.count(Status.DUPLICATE) == 120
    assert len(_all(hubs[0], Thing.TOUCH)[0]) == 40


@pytest.mark.postgres
def test_a_server_that_goes_away_is_offline_and_comes_back(postgres: Server, pg: str, at: Open) -> None:
    hub = at(pg)
    hub.push([_lead("l", "a")])
    postgres.stop()
    try:
        for asked in (hub.hello, lambda: hub.push([_lead("l", "b", "a")]), lambda: hub.ids(Thing.LEAD, Scope.TEAM)):
            with pytest.raises(Offline):
                asked()
    finally:
        postgres.start()
    assert hub.push([_lead("l", "b", "a")])[0].status is Status.ACKED


@pytest.mark.postgres
def test_a_connection_lost_while_committing_is_unknown(pg: str, at: Open) -> None:
    hub = at(pg)
    with psycopg.connect(pg, autocommit=True) as link:
        link.execute(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$"
        )
        link.execute(
            "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON record DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION die()"
        )
    with pytest.raises(Unknown):
        hub.push([_lead("l", "a")])
    with psycopg.connect(pg, autocommit=True) as link:
        link.execute("DROP TRIGGER die ON record")
    assert hub.push([_lead("l", "a")])[0].status is Status.ACKED


@pytest.mark.postgres
def test_a_wrong_login_and_a_wrong_database_say_so(postgres: Server, at: Open) -> None:
    with pytest.raises(Auth):
        at(f"postgresql://nobody@/postgres?host={postgres.folder}").hello()
    with pytest.raises(Permanent, match="hub_missing"):
        at(postgres.url("nowhere")).hello()


@pytest.mark.postgres
def test_a_dump_restored_into_another_cluster_is_readable_and_a_new_life(pg: str, at: Open) -> None:
    hub = at(pg)
    hub.push([_lead("l", "a")])
    before = hub.hello()
    with psycopg.connect(pg, autocommit=True) as link:
        link.execute("UPDATE record SET xact = xact + 1000000000")
    assert _all(hub, Thing.LEAD)[0] == []
    assert hub.hello().epoch != before.epoch
    assert [r.id for r in _all(hub, Thing.LEAD)[0]] == ["l"]
