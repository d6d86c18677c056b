"""Two wordings of a talk script under trial: begun step by step, heard by half of the leads each, ended by taking one.

The rival wording (B) stands beside the script's own (A) as its ``trial``; it is edited, proposed and signed with it.
What B does not word anew is as in A (`isdesk.playbook.talk`).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.playbook.scripts import choose
from isdesk.playbook.talk import PHASES
from isdesk.services import kpi
from isdesk.services.script_editing import Path, Sheet, Tree
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.services.context import Context

TRIAL: Final = "trial"
TEXTS: Final = ("text", "text_en")
_LOOKED_AT = 200
_WEEKS: Final = 12
_PHASES = frozenset(code for code, _ in PHASES)


@dataclass(frozen=True, slots=True)
class Shares:
    """Who hears which wording. ``own`` and ``rival`` are the names of the two versions (``code@version``); ``leads``
    how many of today's queue hear each, ``calls`` how many calls went with each in the last twelve weeks.
    """

    own: str
    rival: str
    leads: tuple[int, int]
    calls: tuple[int, int]


def place(code: str, key: str) -> Path:
    """Return where a step's own wording stands in the tree of its script; ``key`` is one of `TEXTS`."""
    return (key, code) if code in _PHASES else ("node", code, key)


def rival_place(code: str, key: str) -> Path:
    """Return where the rival wording of a step stands."""
    return (TRIAL, key, code)


def reworded(tree: Tree) -> tuple[str, ...]:
    """Return the codes of the steps that the rival words anew, in either language."""
    found = [table for key in TEXTS if isinstance(table := _get(tree, (TRIAL, key)), dict)]
    return tuple(dict.fromkeys(code for table in found for code in table))


def begun(tree: Tree, code: str) -> Tree:
    """Return a script in which a step has another wording under trial: to begin with, its own."""
    out = deepcopy(tree)
    own = _get(out, place(code, "text"))
    _put(out, rival_place(code, "text"), own if isinstance(own, str) else "")
    english = _get(out, place(code, "text_en"))
    if isinstance(english, str):
        _put(out, rival_place(code, "text_en"), english)
    return out


def dropped(tree: Tree, code: str) -> Tree:
    """Return a script in which one step is no longer under trial; the last one ends the trial."""
    out = deepcopy(tree)
    for key in TEXTS:
        table = _get(out, (TRIAL, key))
        if isinstance(table, dict):
            table.pop(code, None)
    rival = out.get(TRIAL)
    if isinstance(rival, dict):
        for key in TEXTS:
            if not rival.get(key):
                rival.pop(key, None)
    if not reworded(out):
        out.pop(TRIAL, None)
    return out


def ended(tree: Tree, *, rival: bool) -> Tree:
    """Return a script whose trial is over: with the ``rival`` wording as its own, or with its own as it was."""
    out = deepcopy(tree)
    if rival:
        for code in reworded(tree):
            for key in TEXTS:
                text = _get(tree, rival_place(code, key))
                if isinstance(text, str) and (text.strip() or key != "text"):
                    _put(out, place(code, key), text)
    out.pop(TRIAL, None)
    return out


def shares(ctx: Context, sheet: Sheet, code: str) -> Shares | None:
    """Return who hears which wording of a script, as the draft stands; None where none is under trial."""
    from isdesk.services import queue

    script = sheet.script(code)
    if script is None or script.trial is None:
        return None
    refs = (script.ref, script.trial.ref)
    first = [*queue.ids(ctx, limit=_LOOKED_AT), *queue.ids(ctx, held=True, limit=_LOOKED_AT)]
    with ctx.store.read() as tx:
        facts = leads.many(tx, first)
    heard = [found.ref for one in facts.values() if (found := choose(sheet.rules.scripts, one)) is not None]
    last = date.fromisoformat(ctx.today())
    rows = kpi.kept(ctx, first=last - timedelta(weeks=_WEEKS), last=last, by="script", unique=False)
    dials = {row.key: row.counts.dials for row in rows}
    return Shares(
        *refs,
        leads=(heard.count(refs[0]), heard.count(refs[1])),
        calls=(dials.get(refs[0], 0), dials.get(refs[1], 0)),
    )


def _get(tree: Tree, path: Path) -> object:
    here: object = tree
    for name in path:
        here = here.get(name) if isinstance(here, dict) else None
    return here


def _put(tree: Tree, path: Path, value: str) -> None:
    here = tree
    for name in path[:-1]:
        inner = here.setdefault(name, {})
        if not isinstance(inner, dict):
            inner = here[name] = {}
        here = inner
    here[path[-1]] = value
