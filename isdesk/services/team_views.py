"""Saved views of the review of queues: whose leads, of which kind, found by what, in which order; at this desk only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import MemberId
from isdesk.services.team import EVERYBODY
from isdesk.store import meta

if TYPE_CHECKING:
    from isdesk.services.context import Context

KEY = "team_views"


@dataclass(frozen=True, slots=True)
class View:
    """A view by its name. ``rep``: see `team.ids` (None: nobody's leads); ``sort`` empty: the order of the queue."""

    name: str
    rep: MemberId | None = EVERYBODY
    kind: str = "open"
    text: str = ""
    sort: str = ""
    descending: bool = False


def views(ctx: Context) -> tuple[View, ...]:
    """Return the saved views in the order in which they were made; one that cannot be read is passed over."""
    with ctx.store.read() as tx:
        kept = meta.get(tx, KEY)
    found = (_view(one) for one in kept) if isinstance(kept, list) else ()
    return tuple(one for one in found if one is not None)


def keep(ctx: Context, view: View) -> None:
    """Save a view; one of the same name is replaced. Raises BadInput (``value_bad``) without a name."""
    if not view.name.strip():
        raise BadInput("value_bad", field="name", value="")
    _put(ctx, [*(one for one in views(ctx) if one.name != view.name), view])


def drop(ctx: Context, name: str) -> None:
    """Forget a view."""
    _put(ctx, [one for one in views(ctx) if one.name != name])


def _put(ctx: Context, kept: list[View]) -> None:
    rows: list[object] = [asdict(one) for one in kept]
    with ctx.store.write() as tx:
        meta.put(tx, KEY, rows or None)


def _view(one: object) -> View | None:
    if not isinstance(one, dict) or not isinstance(one.get("name"), str):
        return None
    known: dict[str, Value] = {key: one[key] for key in ("kind", "text", "sort") if isinstance(one.get(key), str)}
    rep = one.get("rep")
    return View(
        str(one["name"]),
        MemberId(rep) if isinstance(rep, str) else None,
        str(known.get("kind", "open")),
        str(known.get("text", "")),
        str(known.get("sort", "")),
        one.get("descending") is True,
    )
