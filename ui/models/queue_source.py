"""Where the queue panel reads from: the services, behind a few plain calls that run on a worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from isdesk.domain.ids import LeadId
from isdesk.domain.state import Scores
from isdesk.services.context import Context
from isdesk.services.views import QueueCounts, QueueRow, WindowState

VIEW = "view:"
"""Begins the code of a filter that is a saved view."""


class QueueSource(Protocol):
    """What the panel asks for; every call may take a while and runs off the main thread."""

    def ids(self, code: str, *, held: bool, limit: int) -> list[LeadId]:
        """Return the first ``limit`` ids of a filter chip (``all`` …) in order; ``held``: of those on hold."""
        ...

    def views(self) -> list[str]:
        """Return the names of the saved views; each is a filter too, as ``view:`` and its name."""
        ...

    def rows(self, ids: Sequence[LeadId]) -> list[QueueRow]:
        """Return what is painted of some rows."""
        ...

    def counts(self) -> QueueCounts:
        """Return the figures above the list."""
        ...

    def window(self) -> WindowState:
        """Return whether now may be called."""
        ...

    def scores(self, lead_id: LeadId) -> Scores:
        """Return a lead's scores with their explanation."""
        ...


class ServiceQueue:
    """The queue of the open profile."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def ids(self, code: str, *, held: bool, limit: int) -> list[LeadId]:
        """See QueueSource."""
        from isdesk.services import queue, view_queue

        if code.startswith(VIEW):
            view = view_queue.named(self._ctx, code.removeprefix(VIEW))
            return view_queue.ids(self._ctx, view, limit=limit) if view is not None else []
        return list(queue.ids(self._ctx, None if code == "all" else code, held=held, limit=limit))

    def views(self) -> list[str]:
        """See QueueSource."""
        from isdesk.domain.roles import Right
        from isdesk.services import team_views

        return [one.name for one in team_views.views(self._ctx)] if self._ctx.may(Right.SEE_TEAM) else []

    def rows(self, ids: Sequence[LeadId]) -> list[QueueRow]:
        """See QueueSource."""
        from isdesk.services import queue

        return list(queue.rows(self._ctx, ids))

    def counts(self) -> QueueCounts:
        """See QueueSource."""
        from isdesk.services import queue

        return queue.counts(self._ctx)

    def window(self) -> WindowState:
        """See QueueSource."""
        from isdesk.services import queue

        return queue.window(self._ctx)

    def scores(self, lead_id: LeadId) -> Scores:
        """See QueueSource."""
        from isdesk.services import leads

        return leads.view(self._ctx, lead_id).state.scores
