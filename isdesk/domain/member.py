"""A person of the team."""

from __future__ import annotations

from dataclasses import dataclass

from isdesk.domain.ids import MemberId


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team: ``role`` is ``rep`` | ``team_lead`` | ``fs`` | ``admin``."""

    id: MemberId
    name: str
    role: str
    email: str = ""
    active: bool = True
