"""Past imports: the list of them, how far back one lies for undo, and the problems of one as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk import messages
from isdesk.files.writing import write_table
from isdesk.services import history
from isdesk.store import imports as store

if TYPE_CHECKING:
    from isdesk.domain.ids import JournalId
    from isdesk.files.rows import Problem
    from isdesk.services.context import Context
    from isdesk.store.imports import Batch

_HEADERS = {
    "ja": (("row", "行"), ("column", "列"), ("value", "値"), ("problem", "問題")),
    "en": (("row", "Row"), ("column", "Column"), ("value", "Value"), ("problem", "Problem")),
}


def recent(ctx: Context, limit: int = 20) -> tuple[Batch, ...]:
    """Return past imports, newest first."""
    with ctx.store.read() as tx:
        return tuple(store.batches(tx, limit))


def undo_depth(ctx: Context, journal_id: JournalId | None) -> int:
    """Return how many entries an undo takes back until this import is gone: 1 is it alone, 0 it cannot be."""
    if journal_id is None:
        return 0
    steps = history.peek_undo(ctx, history.STEPS)
    return next((place for place, step in enumerate(steps, start=1) if step.journal_id == journal_id), 0)


def problem_text(problem: Problem, lang: str) -> str:
    """Return what is wrong in a cell, in words."""
    return messages.sentence(problem.code, {"column": problem.column, "value": problem.value}, lang).what


def save_problems(ctx: Context, problems: Sequence[Problem], path: Path) -> int:
    """Write the problems of an import to a CSV or Excel file; return how many.

    Raises BadInput (``file_ending``, ``file_not_writable``).
    """
    rows = ((p.row, p.column, p.value, problem_text(p, ctx.lang)) for p in problems)
    return write_table(path, _HEADERS["en" if ctx.lang == "en" else "ja"], rows)
