"""Approvals: who asks for what, who may decide, and when it is decided (DOMAIN 2, 6, 11).

A request and every answer to it is a filing of kind ``approval`` whose subject is the request's id. Nobody decides on
their own request; lifting a do-not-call needs two people. The first rejection ends a request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from isdesk.domain.changes import Value
from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import LeadId, MemberId

KIND = "approval"


class Asks(StrEnum):
    """What may be asked for."""

    STAGE = "stage"
    LIFT_DO_NOT_CALL = "lift_do_not_call"
    CLOSE = "close"
    HANDOFF = "handoff"


class Answer(StrEnum):
    """The steps of a request."""

    REQUEST = "request"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Status(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


PEOPLE_NEEDED = {Asks.LIFT_DO_NOT_CALL: 2}
"""How many have to approve; one where it is not named."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it stands. ``details`` is what was asked for (``stage``: the code; ``leads``: ids of a close;
    ``handoff`` and ``fs_id`` of a handoff).

    ``approved_by`` are those who have approved so far, in order; ``reason`` is the asker's, ``answer`` the decider's.
    """

    id: str
    asks: Asks
    lead_id: LeadId | None
    asked_by: MemberId
    asked_at: datetime
    reason: str = ""
    details: dict[str, Value] = field(default_factory=dict)
    approved_by: tuple[MemberId, ...] = ()
    status: Status = Status.OPEN
    answer: str = ""
    decided_at: datetime | None = None

    @property
    def needed(self) -> int:
        """Return how many more have to approve."""
        return max(0, PEOPLE_NEEDED.get(self.asks, 1) - len(self.approved_by))

    def may_decide(self, member: MemberId) -> bool:
        """Return whether this person may answer: not on their own request, and not twice."""
        return self.status is Status.OPEN and member != self.asked_by and member not in self.approved_by

    def completes(self, member: MemberId) -> bool:
        """Return whether this person's approval would be the last one needed."""
        return self.may_decide(member) and self.needed == 1


def requests(filings: Iterable[Filing]) -> list[Request]:
    """Return every request as it stands, oldest first. Answers that nobody had a right to make count for nothing.

    Who answers has seen the request, whatever the clocks of the two devices say: requests are taken first.
    """
    found: dict[str, Request] = {}
    for one in sorted(standing(filings), key=lambda one: one.payload.get("step") != Answer.REQUEST):
        if one.kind != KIND:
            continue
        step = one.payload.get("step")
        if step == Answer.REQUEST and one.subject not in found:
            asked = _asked(one)
            if asked is not None:
                found[one.subject] = asked
        elif one.subject in found:
            found[one.subject] = _answered(found[one.subject], one)
    return list(found.values())


def _asked(one: Filing) -> Request | None:
    try:
        asks = Asks(str(one.payload.get("asks")))
    except ValueError:
        return None
    details = one.payload.get("details")
    return Request(
        one.subject,
        asks,
        one.lead_id,
        one.member_id,
        one.at,
        str(one.payload.get("reason") or ""),
        _table(details),
    )


def _table(value: Value) -> dict[str, Value]:
    known = (str, int, float, bool, list, dict)
    pairs = value.items() if isinstance(value, dict) else ()
    return {key: item for key, item in pairs if item is None or isinstance(item, known)}


def _answered(request: Request, one: Filing) -> Request:
    if request.status is not Status.OPEN:
        return request
    words = str(one.payload.get("reason") or "")
    match one.payload.get("step"):
        case Answer.WITHDRAW if one.member_id == request.asked_by:
            return replace(request, status=Status.WITHDRAWN, answer=words, decided_at=one.at)
        case Answer.REJECT if request.may_decide(one.member_id):
            return replace(request, status=Status.REJECTED, answer=words, decided_at=one.at)
        case Answer.APPROVE if request.may_decide(one.member_id):
            done = request.completes(one.member_id)
            return replace(
                request,
                approved_by=(*request.approved_by, one.member_id),
                status=Status.APPROVED if done else Status.OPEN,
                answer=words or request.answer,
                decided_at=one.at if done else None,
            )
    return request
