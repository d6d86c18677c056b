"""An answer counts where its device's clock is behind that of who asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from isdesk.domain import agreement, approvals
from isdesk.domain.approvals import Status
from isdesk.domain.changes import Value
from isdesk.domain.filing import Filing
from isdesk.domain.ids import DeviceId, LeadId, MemberId

ASKED = datetime(2026, 11, 24, 1, tzinfo=UTC)


def filed(kind: str, who: str, late: timedelta, payload: dict[str, Value]) -> Filing:
    return Filing(
        f"f-{who}-{payload['step']}", kind, "s", MemberId(who), DeviceId(f"d-{who}"), 1, ASKED + late, LeadId("l"),
        payload,
    )  # fmt: skip


@pytest.mark.parametrize("late", [timedelta(minutes=-5), timedelta(0), timedelta(minutes=5)])
def test_an_approval_counts_whatever_the_clocks_say(late: timedelta) -> None:
    asked = filed("approval", "rep", timedelta(0), {"step": "request", "asks": "stage", "reason": "x"})
    given = filed("approval", "boss", late, {"step": "approve", "reason": ""})
    (found,) = approvals.requests([given, asked])
    assert (found.status, found.approved_by) == (Status.APPROVED, ("boss",))


@pytest.mark.parametrize("late", [timedelta(minutes=-5), timedelta(0), timedelta(minutes=5)])
def test_a_signature_counts_whatever_the_clocks_say(late: timedelta) -> None:
    proposed = filed("definitions", "rep", timedelta(0), {"step": "propose", "text": "x", "effective": "2026-11-25"})
    signed = filed("definitions", "boss", late, {"step": "sign", "department": "marketing"})
    (found,) = agreement.proposals([signed, proposed])
    assert (found.effective, [one.department for one in found.signatures]) == (date(2026, 11, 25), ["marketing"])
