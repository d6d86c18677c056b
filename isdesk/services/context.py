"""What every use case is given: the store, the clock, who works here, and the team's definitions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO, Clock, Ids
from isdesk.domain.cover import CoverMemory
from isdesk.domain.errors import NotFound, Refused
from isdesk.domain.ids import DeviceId, MemberId
from isdesk.domain.roles import LABELS, Right, may
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services.slots import SlotMemory
from isdesk.services.views import Member

if TYPE_CHECKING:
    from isdesk.domain.rules import Rules
    from isdesk.playbook import Playbook
    from isdesk.store import Store


@dataclass
class Context:
    """The hands of a use case. ``me`` is the person at this desk; ``suppression_key`` keys the do-not-call digests;
    ``older_keys`` are those that this desk used before it joined a team, so that what they bar stays barred.

    ``learned`` keeps the day's best times to call (`services.slots`), ``covers`` who stands in for whom. ``members``
    is the team as last heard from the hub.
    """

    store: Store
    clock: Clock
    ids: Ids
    playbook: Playbook
    calendar: WorkCalendar
    me: Member
    device_id: DeviceId
    suppression_key: bytes
    older_keys: tuple[bytes, ...] = ()
    members: dict[MemberId, Member] = field(default_factory=dict)
    my_company: str = ""
    lang: str = "ja"
    learned: SlotMemory = field(default_factory=SlotMemory)
    covers: CoverMemory = field(default_factory=CoverMemory)

    @property
    def rules(self) -> Rules:
        """Return the definitions in force."""
        return self.playbook.rules

    @property
    def dial_codes(self) -> frozenset[str]:
        """Return the codes of the outcomes that count as a dial."""
        return frozenset(o.code for o in self.rules.outcomes.values() if o.counts_as_dial)

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        return self.clock.now()

    def today(self) -> str:
        """Return the business date (Asia/Tokyo) as ISO text (GLOSSARY, KPI rule e)."""
        return self.clock.now().astimezone(TOKYO).date().isoformat()

    def member(self, member_id: str) -> Member:
        """Return a person of the team.

        Raises NotFound where nobody has that id.
        """
        found = self.members.get(MemberId(member_id))
        if found is None:
            raise NotFound("member_not_found", member=member_id)
        return found

    def may(self, right: Right) -> bool:
        """Return whether the person at this desk has a right; somebody who works alone has every one."""
        return may(self.me.role, right, self.rules.rights, alone=self.alone)

    def may_role(self, role: str, right: Right) -> bool:
        """Return whether people of a role have a right."""
        return may(role, right, self.rules.rights)

    @property
    def alone(self) -> bool:
        """Return whether nobody else is in the team."""
        return not any(one.active and one.id != self.me.id for one in self.members.values())

    def require(self, *rights: Right) -> None:
        """Refuse unless the person at this desk has at least one of ``rights``.

        Raises Refused (``not_allowed``).
        """
        if not any(self.may(right) for right in rights):
            raise Refused("not_allowed", right=LABELS[rights[0]].in_(self.lang))

    def name_of(self, member_id: str | None) -> str:
        """Return a person's name, or an empty text for nobody or somebody unknown."""
        if not member_id:
            return ""
        found = self.members.get(MemberId(member_id))
        return found.name if found else ""
