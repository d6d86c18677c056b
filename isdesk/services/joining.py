"""Joining a team: the leads that a person gathered alone stay theirs under the id that the team's hub gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.domain.changes import Change, Changes, Obj, Verb
from isdesk.services import projection
from isdesk.services.entries import head
from isdesk.store import journal, leads

if TYPE_CHECKING:
    from isdesk.domain.ids import MemberId
    from isdesk.services.context import Context


def take_along(ctx: Context, former: MemberId) -> Changes:
    """Give the leads of ``former``, whom the team does not know, to whoever sits at this desk now.

    One entry, which is sent like any other; undo passes over it, for nobody else could own these leads.
    """
    with ctx.store.write() as tx:
        mine = leads.owned_by(tx, former)
        if not mine:
            return Changes()
        entry = head(ctx, tx, Verb.JOIN, summary={"count": len(mine)})
        moved = [Change(Obj.LEAD, one, {"owner_id": former}, {"owner_id": ctx.me.id}) for one in mine]
        projection.refresh(ctx, tx, sorted({*mine, *journal.append(tx, entry, changes=moved)}))
    return Changes(queue=True, outbox=True, all_leads=True)
