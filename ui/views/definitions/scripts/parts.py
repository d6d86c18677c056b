"""What a script's tree holds beside its texts: steps, branches, questions and objections, own ones and shared ones."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from isdesk.playbook.talk import INCOMING, OPENING, PHASES
from isdesk.services import script_editing, script_trials
from isdesk.services.script_editing import Path, Tree, Wrong
from ui.views.definitions.scripts.state import WHOLE, EditState, Row

PHASE_CODES = tuple(code for code, _ in PHASES)
LAST = PHASE_CODES[-1]


@dataclass(frozen=True, slots=True)
class Step:
    """A phase, or a step beside the phases; ``number`` is empty for one that only a branch leads to."""

    row: Row
    code: str
    label: str
    number: str
    text: str
    aside: bool = False


def named(tree: Tree, lang: str) -> str:
    """Return what a part is called."""
    ja, en = tree.get("ja"), tree.get("en")
    return str((en if lang == "en" and en else ja) or en or "")


def nodes(state: EditState) -> dict[str, Tree]:
    """Return the steps beside the phases by code."""
    return {code: one for code, one in state.table("node").items() if isinstance(one, dict)}


def steps(state: EditState, lang: str) -> list[Step]:
    """Return the phases with the steps beside them, in the order of the conversation."""
    out: list[Step] = []
    number, beside = 0, nodes(state)
    for code, label in PHASES:
        number += 1
        text = state.text("text_en", code) if lang == "en" else ""
        out.append(Step(("phase", code), code, label.in_(lang), str(number), text or state.text("text", code)))
        for own, node in beside.items():
            if node.get("after", "verify") == code:
                aside = node.get("aside") is not False
                number += not aside
                mark = "" if aside else str(number)
                out.append(Step(("node", own), own, named(node, lang) or own, mark, str(node.get("text", "")), aside))
    return out


def branches(state: EditState, phase: str = "") -> dict[str, Tree]:
    """Return the branches by code: of a phase, or all."""
    found = {code: one for code, one in state.table("branch").items() if isinstance(one, dict)}
    return {code: one for code, one in found.items() if not phase or one.get("phase") == phase}


def leads_to(state: EditState, branch: Tree) -> str:
    """Return the code of the step to which a branch leads."""
    to = branch.get("to")
    if isinstance(to, str) and to:
        return to
    codes = [one.code for one in steps(state, "ja")]
    phase = branch.get("phase")
    later = codes[codes.index(phase) + 1 :] if isinstance(phase, str) and phase in codes else codes[1:]
    return next((code for code in later if code in PHASE_CODES), LAST)


def later(state: EditState, phase: str, lang: str) -> list[Step]:
    """Return the steps to which a branch of a phase may lead: forward only."""
    every = steps(state, lang)
    at = next((n for n, one in enumerate(every) if one.code == phase), -1)
    return every[at + 1 :]


def _list(state: EditState, key: str, kind: str) -> list[str]:
    shared = state.sheet.tree((kind,)) if state.sheet is not None else {}
    own = state.table(kind)
    listed = state.texts(key) if isinstance(state.get(key), list) else [*shared, *(c for c in own if c not in shared)]
    return [code for code in listed if code in own or code in shared]


def objections(state: EditState) -> list[str]:
    """Return the codes of the script's objections in order."""
    found = _list(state, "objections", "objection")
    return [*found, *(code for code in state.table("objection") if code not in found)]


def questions(state: EditState, row: Row) -> list[str]:
    """Return the codes of the questions that are asked in a step; only one phase and the steps beside it ask."""
    kind, code = row
    if kind == "node":
        return state.texts("node", code, "questions")
    if code != "verify":
        return []
    found = _list(state, "questions", "question")
    elsewhere = {q for node in nodes(state).values() for q in _texts(node.get("questions"))}
    return [*found, *(q for q in state.table("question") if q not in found and q not in elsewhere)]


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def entry(state: EditState, kind: str, code: str) -> Tree:
    """Return a question or an objection: the script's own, else the shared one."""
    own = state.table(kind, code)
    return own or (state.sheet.tree((kind, code)) if state.sheet is not None else {})


def put_entry(state: EditState, kind: str, code: str, key: str, value: object, *, merge: bool = False) -> None:
    """Change a question or an objection; of a shared one the script gets its own from then on."""
    if not state.table(kind, code):
        tree = deepcopy(state.tree)
        table = tree.setdefault(kind, {})
        if isinstance(table, dict):
            table[code] = {**deepcopy(entry(state, kind, code)), key: value}
        state.change(tree)
    else:
        state.put(value, kind, code, key, merge=merge)


def fresh(state: EditState, kind: str, label: str) -> str:
    """Return a code for a new branch, step, question or objection."""
    taken = {*state.table(kind), *PHASE_CODES}
    if state.sheet is not None and kind in {"question", "objection"}:
        taken |= set(state.sheet.tree((kind,)))
    return script_editing.fresh_code(label, taken, kind)


def row_of(path: Path) -> Row:
    """Return in which row of a script something at a path stands."""
    head = path[0] if path else ""
    if head == "trial" and len(path) > 2:
        return ("phase" if path[2] in PHASE_CODES else "node", path[2])
    if head in {"text", "text_en"} and len(path) > 1:
        return ("phase", OPENING if path[1] == INCOMING else path[1])
    if head in {"node", "branch", "objection"} and len(path) > 1:
        return (head, path[1])
    return ("phase", "verify") if head in {"question", "questions"} else WHOLE


def wrong_by_row(state: EditState) -> dict[Row, list[Wrong]]:
    """Return what is wrong by the row in which it stands."""
    out: dict[Row, list[Wrong]] = {}
    for one in state.wrong:
        out.setdefault(row_of(one.path) if state.script else WHOLE, []).append(one)
    return out


def without(state: EditState, row: Row) -> Tree:
    """Return the tree without a step, a branch or an objection; branches that led to a step go with it."""
    kind, code = row
    tree = deepcopy(state.tree)
    table = tree.get(kind)
    if isinstance(table, dict):
        table.pop(code, None)
        if not table:
            tree.pop(kind)
    if kind == "node":
        tree = script_trials.dropped(tree, code)
        gone = [c for c, b in branches(state).items() if code in {b.get("to"), b.get("phase")}]
        every = tree.get("branch")
        if isinstance(every, dict):
            for one in gone:
                every.pop(one, None)
            if not every:
                tree.pop("branch")
    if kind == "objection":
        tree["objections"] = [one for one in objections(state) if one != code]
    return tree
