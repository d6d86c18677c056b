"""What is written once cannot be changed; values survive exactly; tables refuse what they cannot keep."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from isdesk.domain.errors import StoreError
from isdesk.store import Store
from isdesk.store.tables import WRITTEN_ONCE, Device, Draft
from isdesk.store.values import dumps, instant, loads_any, micros
from tests.store.conftest import NOW, Desk, change

ROWS = {
    "journal": "UPDATE journal SET verb = 'x'",
    "change": "UPDATE change SET after = '{}'",
    "touch": "UPDATE touch SET note = ''",
    "transition": "UPDATE transition SET action = 'x'",
    "suppression": "UPDATE suppression SET hmac = 'x'",
}


@pytest.fixture
def filled(desk: Desk) -> Store:
    desk.lead("l-1")
    desk.write(change("l-1", title="部長"), touches=(desk.touch("l-1", note="覚書"),))
    with desk.store.write() as tx:
        tx.sql(
            "INSERT INTO transition (id, handoff_id, lead_id, member_id, device_id, device_seq, at, action, payload) "
            "VALUES ('s', 'h', 'l-1', 'm', 'd', 1, 1, 'submit', '{}')"
        )
        tx.sql("INSERT INTO suppression (id, kind, hmac, at, member_id) VALUES ('x', 'lead', 'aa', 1, 'm')")
    return desk.store


def test_every_table_written_once_is_tried() -> None:
    assert ROWS.keys() == set(WRITTEN_ONCE)


@pytest.mark.parametrize("table", WRITTEN_ONCE)
@pytest.mark.parametrize("how", ["update", "delete"])
def test_facts_are_written_once(filled: Store, table: str, how: str) -> None:
    statement = ROWS[table] if how == "update" else f"DELETE FROM {table}"
    with filled.read() as tx:
        before = tx.sql(f"SELECT * FROM {table}").fetchall()
    with pytest.raises(StoreError) as caught, filled.write() as tx:
        tx.sql(statement)
    assert caught.value.code == "database_written_once"
    with filled.read() as tx:
        assert tx.sql(f"SELECT * FROM {table}").fetchall() == before != []


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"):
        micros(datetime(2026, 1, 1))
    with pytest.raises(Exception, match="naive"), store.write() as tx:
        tx.core(insert(Device).values(id="d", created_at=datetime(2026, 1, 1)))


def test_the_mapped_tables_read_what_statements_wrote(store: Store) -> None:
    with store.write() as tx:
        tx.core(insert(Draft).values(lead_id="l", kind="note", body="書きかけ", updated_at=NOW))
    with store.read() as tx:
        assert tx.core(select(Draft.body, Draft.updated_at)).one() == ("書きかけ", NOW)
        assert tx.sql("SELECT updated_at FROM draft").fetchone() == (micros(NOW),)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_instants_survive_to_the_microsecond(at: datetime) -> None:
    assert instant(micros(at)) == at


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=6))
def test_facts_survive_and_equal_facts_are_equal_bytes(facts: dict[str, object]) -> None:
    assert loads_any(dumps(facts)) == facts
    assert dumps(facts) == dumps(dict(reversed(facts.items())))
