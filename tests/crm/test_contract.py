"""The one suite that every adapter passes, over all of them: each behind its own wire, none of them changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from isdesk.crm import contract
from tests.crm import rigs
from tests.crm.absent import ABSENT


def _marks(rig: str, case: contract.Case) -> list[pytest.MarkDecorator]:
    marks = [pytest.mark.postgres] if rig == "sqlhub-postgres" else []
    return [*marks, pytest.mark.slow] if case.slow else marks


EVERY = [
    pytest.param(rig, case, id=f"{rig}-{case.name}", marks=_marks(rig, case))
    for rig in rigs.NAMES
    for case in contract.CASES
]


@pytest.mark.parametrize(("rig", "case"), EVERY)
def test_contract(rig: str, case: contract.Case, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    make = rigs.find(rig)
    assert make is not None, f"tests/crm has no rig {rig}"
    if rig == "sqlhub-postgres":
        (tmp_path / "server").write_text(request.getfixturevalue("postgres").new_database(), encoding="utf-8")
    result, why = rigs.FAILED, ""
    try:
        with make(tmp_path) as made:
            case.run(made)
        result = rigs.PASSED
        assert case.name not in ABSENT[rig], "it is there now: take it out of tests.crm.absent"
    except contract.Absent as absent:
        if case.name not in ABSENT[rig]:
            pytest.fail(f"passed over: {absent}; where that is right, name it in tests.crm.absent")
        result, why = rigs.ABSENT, str(absent)
    except BaseException as error:
        why = f"{type(error).__name__}: {error}".splitlines()[0]
        raise
    finally:
        rigs.TABLE.note(case.name, rig, result, why)


def test_what_is_absent_is_of_the_suite() -> None:
    assert set(ABSENT) == set(rigs.NAMES)
    assert frozenset().union(*ABSENT.values()) <= {case.name for case in contract.CASES}


def test_every_case_says_what_has_to_hold() -> None:
    assert len({case.name for case in contract.CASES}) == len(contract.CASES)
    assert all(case.says.endswith((".", ")")) for case in contract.CASES if case.run.__doc__)
    assert all(case.run.__doc__ for case in contract.CASES)
