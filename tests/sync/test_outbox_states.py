"""Every state of a delivery and everything that may happen to it: each pair has one outcome (SYNC E2)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from isdesk.crm.port import Auth, Offline, Permanent, Quota, Result, Status, Transient, Unknown
from isdesk.domain.errors import CrmError
from isdesk.store import deliveries
from isdesk.store.deliveries import OPEN
from isdesk.sync.backoff import POISON
from tests.sync.foreign import T1, T2, Abroad, Desk

STATES = ("pending", "sending", "uncertain", "acked", "conflict", "quarantined", "cancelled")
FINAL = ("acked", "conflict", "cancelled")


def _set(device: Desk, key: str, state: str) -> None:
    with device.store.write() as tx:
        tx.sql("UPDATE delivery SET state = ?, sent_at = 0 WHERE cmd_id = ?", (state, key))


def _state(device: Desk, key: str) -> str:
    return device.states()[key]


def _sync(device: Desk, key: str) -> None:
    device.sync()


def _offline(device: Desk, key: str) -> None:
    device.line.offline = True
    device.sync()


def _crash(device: Desk, key: str) -> None:
    device.restart()
    next(iter(device.engine.steps()), None)
    with device.store.write() as tx:
        deliveries.recover(tx, device.line.name, device.clock.now())


def _refuse(device: Desk, key: str) -> None:
    device.line.refuse[""] = "入力規則"
    device.sync()


def _lose(device: Desk, key: str) -> None:
    device.line.faults = ["before"]
    device.sync()


def _retry(device: Desk, key: str) -> None:
    with device.store.write() as tx:
        deliveries.retry(tx, key)


def _withdraw(device: Desk, key: str) -> None:
    with device.store.write() as tx:
        deliveries.withdraw(tx, key, why="withdrawn")


EVENTS: dict[str, Callable[[Desk, str], None]] = {
    "round": _sync,
    "round offline": _offline,
    "crash": _crash,
    "refused": _refuse,
    "answer lost": _lose,
    "person says again": _retry,
    "person withdraws": _withdraw,
}
SAME = {state: state for state in STATES}
TABLE: dict[str, dict[str, str]] = {
    "round": {**SAME, "pending": "acked", "sending": "acked", "uncertain": "acked"},
    "round offline": {**SAME, "sending": "uncertain"},
    "crash": {**SAME, "sending": "uncertain"},
    "refused": {**SAME, "pending": "quarantined", "sending": "quarantined", "uncertain": "quarantined"},
    "answer lost": {**SAME, "pending": "uncertain", "sending": "uncertain"},
    "person says again": {**SAME, "uncertain": "pending", "quarantined": "pending"},
    "person withdraws": {**SAME, "pending": "cancelled", "quarantined": "cancelled"},
}
"""For a CRM that knows keys."""


@pytest.mark.parametrize(("event", "state"), list(itertools.product(EVENTS, STATES)))
def test_every_state_meets_every_event(abroad: Abroad, event: str, state: str) -> None:
    abroad.crm.can = T1
    office = abroad.device()
    office.create("l1", name="高橋")
    office.sync()
    touch = office.call("l1")
    _set(office, touch, state)
    EVENTS[event](office, touch)
    assert _state(office, touch) == TABLE[event][state]


@pytest.mark.parametrize("can", [T1, T2])
@pytest.mark.parametrize("state", STATES)
def test_whatever_state_it_was_in_it_comes_to_an_end(abroad: Abroad, can: object, state: str) -> None:
    abroad.crm.can = T1 if can is T1 else T2
    office = abroad.device()
    office.create("l1", name="高橋")
    office.sync()
    touch = office.call("l1")
    _set(office, touch, state)
    office.line.faults = ["after"]
    for _ in range(4):
        abroad.clock.move(minutes=20)
        office.sync()
    assert _state(office, touch) in (*FINAL, "quarantined")
    assert abroad.crm.keys() == ([touch] if state in ("pending", "sending", "uncertain") else [])


ERRORS: list[tuple[CrmError, str, int]] = [
    (Offline("crm_offline"), "pending", 0),
    (Transient("crm_busy"), "pending", 1),
    (Transient("crm_busy", retry_after=90.0), "pending", 1),
    (Auth("crm_signed_out"), "pending", 0),
    (Quota("crm_quota", reset_in=600.0), "pending", 0),
    (Permanent("crm_schema", words="必須項目です"), "quarantined", 1),
    (Unknown("answer_lost"), "uncertain", 1),
]


@pytest.mark.parametrize(("error", "state", "attempts"), ERRORS, ids=lambda v: type(v).__name__)
def test_every_class_of_error_has_its_outcome(abroad: Abroad, error: CrmError, state: str, attempts: int) -> None:
    office = abroad.device()
    office.create("l1", name="高橋")
    office.sync()
    touch = office.call("l1")
    office.line.raising = [error]
    report = office.sync()
    (item,) = office.waiting()
    assert (item.head.cmd_id, item.head.state, item.head.attempts) == (touch, state, attempts)
    assert report.error == ("" if isinstance(error, Permanent) else error.code)
    if isinstance(error, Permanent):
        assert item.error_text == "必須項目です"
    if isinstance(error, Transient) and error.retry_after is not None:
        assert item.next_at is not None
        assert (item.next_at - abroad.clock.now()).total_seconds() == 90.0
        assert office.engine.delay() >= 90.0


@pytest.mark.parametrize("status", list(Status))
def test_every_answer_has_its_outcome(abroad: Abroad, status: Status) -> None:
    office = abroad.device()
    office.create("l1", name="高橋")
    office.sync()
    touch = office.call("l1")
    office.line.answers = {touch: Result(touch, status, code="why", message="CRMの言葉")}
    office.sync()
    expected = {Status.ACKED: "acked", Status.DUPLICATE: "acked"}.get(status, "quarantined")
    assert _state(office, touch) == expected
    if expected == "quarantined":
        assert [w.error_text for w in office.waiting()] in (["CRMの言葉"], [])


def test_a_command_that_fails_alone_for_ever_is_given_to_a_person(abroad: Abroad) -> None:
    office = abroad.device()
    office.create("l1", name="高橋")
    office.sync()
    touch = office.call("l1")
    for _ in range(POISON):
        office.line.faults = ["before"]
        abroad.clock.move(minutes=20)
        office.sync()
    (item,) = office.waiting()
    assert (item.head.cmd_id, item.head.state, item.head.error_class) == (touch, "quarantined", "poison")


def test_the_counts_reconcile(abroad: Abroad) -> None:
    office = abroad.device()
    office.create("l1", name="高橋")
    office.sync()
    recorded = 2
    for number in range(6):
        office.call("l1")
        office.edit("l1", title=f"{number}")
        recorded += 2
    office.suppress("+81312345678")
    office.line.faults = ["", "after"]
    office.sync()
    with office.store.read() as tx:
        by_state = dict(tx.sql("SELECT state, count(*) FROM delivery GROUP BY state").fetchall())
        reasons = {row[0] for row in tx.sql("SELECT error_class FROM delivery WHERE state = 'cancelled'")}
    assert sum(by_state.values()) == recorded
    assert None not in reasons
    assert sum(by_state.get(state, 0) for state in OPEN) == len(office.waiting())


def test_a_half_that_was_not_tried_goes_back_as_it_was(abroad: Abroad) -> None:
    abroad.crm.can = replace(T2, batch_atomic=True)
    office = abroad.device()
    for lead in ("l1", "l2", "l3", "l4"):
        office.create(lead, name=lead)
    office.sync()
    touches = [office.call(lead) for lead in ("l1", "l2", "l3", "l4")]
    office.line.raising = [Permanent("crm_schema"), Unknown("answer_lost")]
    office.sync()
    assert [_state(office, touch) for touch in touches] == ["uncertain", "uncertain", "pending", "pending"]
