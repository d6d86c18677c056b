"""The one suite that every adapter passes, over all of them: each behind its own wire, none of them changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from isdesk.crm import contract
from tests.crm import rigs


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
    if make is None:
        pytest.skip(f"tests/crm has no rig {rig} yet")
    if rig == "sqlhub-postgres":
        (tmp_path / "server").write_text(request.getfixturevalue("postgres").new_database(), encoding="utf-8")
    result, why = rigs.FAILED, ""
    try:
        with make(tmp_path) as made:
            case.run(made)
        result = rigs.PASSED
    except contract.Absent as absent:
        result, why = rigs.ABSENT, str(absent)
    except BaseException as error:
        why = f"{type(error).__name__}: {error}".splitlines()[0]
        raise
    finally:
        rigs.TABLE.note(case.name, rig, result, why)


def test_every_case_says_what_has_to_hold() -> None:
    assert len({case.name for case in contract.CASES}) == len(contract.CASES)
    assert all(case.says.endswith((".", ")")) for case in contract.CASES if case.run.__doc__)
    assert all(case.run.__doc__ for case in contract.CASES)
