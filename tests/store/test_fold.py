"""I5: whatever happens, what people see is the fold of base and open changes, and a rebuild gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

from isdesk.domain.changes import Change, Obj, Value
from isdesk.domain.ids import JournalId
from isdesk.store import Store, fold
from isdesk.store.values import dumps, loads
from tests.store.conftest import KEY, Desk, change

STATES = ("pending", "sending", "uncertain", "quarantined", "acked", "cancelled", "conflict")


def shown(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All that is projected, without row numbers and derived states."""
    with store.read() as tx:
        return {
            "lead": tx.sql("SELECT id, company_id, owner_id, facts FROM lead ORDER BY id").fetchall(),
            "company": tx.sql("SELECT id, name_key, facts FROM company ORDER BY id").fetchall(),
            "identity": tx.sql("SELECT kind, value, obj_id, obj FROM identity ORDER BY 1, 2, 3").fetchall(),
            "search_text": tx.sql("SELECT lead_id, text FROM search_text ORDER BY lead_id").fetchall(),
        }


def test_open_changes_lie_over_the_base_in_journal_order(desk: Desk) -> None:
    desk.connect()
    for state in STATES:
        written = desk.write(Change(Obj.LEAD, "l-1", {state: None, "last": None}, {state: True, "last": state}))
        with desk.store.write() as tx:
            tx.sql("UPDATE delivery SET state = ? WHERE journal_id = ?", (state, written))
    with desk.store.write() as tx:
        tx.sql(
            "INSERT INTO base (adapter, obj, remote_id, local_id, fields) VALUES ('hub', 'lead', 'r', 'l-1', ?)",
            (dumps({"name": "山田", "last": "base", "none": None}),),
        )
        fold.refold(tx, Obj.LEAD, ["l-1"])
        (text,) = tx.sql("SELECT facts FROM lead").fetchone()
    assert loads(text) == {"name": "山田", "last": "quarantined", **dict.fromkeys(STATES[:4], True)}


def test_only_the_primary_adapter_decides(desk: Desk) -> None:
    desk.connect()
    written = desk.write(change("l-1", name="山田"))
    with desk.store.write() as tx:
        tx.sql(
            "INSERT INTO delivery (cmd_id, adapter, kind, journal_id, obj, obj_id, lane, state, made_at) "
            "VALUES (?, 'other', 'change', ?, 'lead', 'l-1', 3, 'acked', 1)",
            (f"{written}:l-1", written),
        )
        assert fold.folded(tx, Obj.LEAD, ["l-1"]) == {"l-1": {"name": "山田"}}


def test_a_rebuild_mends_what_was_damaged_and_says_so(desk: Desk) -> None:
    desk.company("c-1", "株式会社青葉")
    desk.lead("l-1", "c-1", email="a@example.com")
    desk.lead("l-2")
    before = shown(desk.store)
    with desk.store.write() as tx:
        tx.sql("UPDATE lead SET facts = '{}' WHERE id = 'l-1'")
        tx.sql("DELETE FROM lead WHERE id = 'l-2'")
        tx.sql("INSERT INTO lead (id, facts) VALUES ('stranger', '{}')")
        tx.sql("DELETE FROM identity")
        tx.sql("UPDATE search_text SET text = 'x'")
        assert fold.rebuild(tx) == ["l-1", "l-2", "stranger"]
    assert shown(desk.store) == before
    with desk.store.write() as tx:
        assert fold.rebuild(tx) == []


def test_a_rebuild_keeps_derived_states(desk: Desk) -> None:
    desk.lead("l-1")
    with desk.store.write() as tx:
        tx.sql("UPDATE lead SET stage = 'mql'")
        fold.rebuild(tx)
        assert tx.sql("SELECT stage FROM lead").fetchall() == [("mql",)]


KEYS = st.sampled_from(["x-1", "x-2", "x-3"])
OBJECTS = st.sampled_from(list(Obj))
VALUES: st.SearchStrategy[Value] = st.none() | st.sampled_from(["青葉", "ｱｵﾊﾞ", "+81312345678", "a@example.com"])
FIELDS = st.dictionaries(
    st.sampled_from(["name", "name_kana", "email", "phone_direct", "phone", "corporate_number", "owner_id"]),
    VALUES,
    max_size=4,
)


class Projection(RuleBasedStateMachine):
    """Any sequence of entries, undos, acknowledgements, pulls and losses."""

    @initialize(connected=st.booleans())
    def begin(self, connected: bool) -> None:
        self.folder = TemporaryDirectory()
        self.store = Store.create(Path(self.folder.name) / "a.db", KEY)
        self.desk = Desk(self.store)
        self.undone: set[JournalId] = set()
        self.connected = connected
        if connected:
            self.desk.connect()

    def key(self, obj: Obj, key: str) -> str:
        return f"{obj.value}-{key}"

    @rule(obj=OBJECTS, key=KEYS, fields=FIELDS, created=st.booleans(), company=KEYS | st.none())
    def write(self, obj: Obj, key: str, fields: dict[str, Value], created: bool, company: str | None) -> None:
        after = dict(fields)
        if obj is Obj.LEAD and company is not None:
            after["company_id"] = self.key(Obj.COMPANY, company)
        self.desk.write(Change(obj, self.key(obj, key), dict.fromkeys(after), after, created))

    @rule(obj=OBJECTS, key=KEYS, gone=st.booleans())
    def delete(self, obj: Obj, key: str, gone: bool) -> None:
        self.desk.write(change(self.key(obj, key), obj, deleted=True if gone else None))

    @rule(back=st.integers(0, 3))
    def undo(self, back: int) -> None:
        left = [j for j in self.desk.written if j not in self.undone]
        if len(left) > back:
            self.undone.add(left[-1 - back])
            self.desk.undo(left[-1 - back])

    @rule(state=st.sampled_from(STATES), which=st.integers(0, 5))
    def move_delivery(self, state: str, which: int) -> None:
        """What sync does: move a delivery, and fold the object again in the same transaction."""
        with self.store.write() as tx:
            rows = tx.sql("SELECT seq, obj, obj_id FROM delivery ORDER BY seq DESC LIMIT 6").fetchall()
            if len(rows) > which:
                seq, obj, obj_id = rows[which]
                tx.sql("UPDATE delivery SET state = ? WHERE seq = ?", (state, seq))
                fold.refold(tx, Obj(obj), [obj_id])

    @precondition(lambda self: self.connected)
    @rule(obj=OBJECTS, key=KEYS, fields=FIELDS)
    def pull(self, obj: Obj, key: str, fields: dict[str, Value]) -> None:
        with self.store.write() as tx:
            tx.sql(
                "INSERT INTO base (adapter, obj, remote_id, local_id, fields) VALUES ('hub', ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET fields = excluded.fields",
                (obj.value, key, self.key(obj, key), dumps(fields)),
            )
            fold.refold(tx, obj, [self.key(obj, key)])

    @precondition(lambda self: self.connected)
    @rule(obj=OBJECTS, key=KEYS)
    def lose(self, obj: Obj, key: str) -> None:
        with self.store.write() as tx:
            tx.sql("DELETE FROM base WHERE obj = ? AND remote_id = ?", (obj.value, key))
            fold.refold(tx, obj, [self.key(obj, key)])

    @invariant()
    def nothing_differs(self) -> None:
        with self.store.read() as tx:
            assert [key for obj in Obj for key in fold.differing(tx, obj)] == []

    @override
    def teardown(self) -> None:
        try:
            before = shown(self.store)
            with self.store.write() as tx:
                assert fold.rebuild(tx) == []
            assert shown(self.store) == before
        finally:
            self.store.close()
            self.folder.cleanup()


TestProjection = pytest.mark.slow(Projection.TestCase)
TestProjection.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
