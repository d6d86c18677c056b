"""Changing the team's definitions: check a text, propose it, sign it off, and take over what is in force (DOMAIN 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from isdesk import playbook
from isdesk.domain import agreement
from isdesk.domain.agreement import DEPARTMENTS, KIND, PROPOSE, SIGN, WITHDRAW, Proposal
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.errors import BadInput, NotFound, PlaybookError, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.roles import Right
from isdesk.playbook import Difference, Playbook
from isdesk.services import version_numbers
from isdesk.services.definitions import TEAM_TEXT
from isdesk.services.entries import head
from isdesk.services.views import Written
from isdesk.store import filings, journal, lead_list, meta

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx

DRAFT = "definitions_draft"
"""Under this key the text is kept that is being edited."""
DRAFT_BASE = "definitions_draft_base"
"""Under this key the text is kept that was in force when the edit was begun."""
HEAD = frozenset({"name", "number", "ja", "en", "note", "note_en", "agreed_on", "agreed_by", "extends"})
"""What a text says about itself; it changes nothing that is defined."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A text as it was read: the ``book``, or the ``problems`` with their lines; what it changes key by key."""

    book: Playbook | None
    problems: tuple[PlaybookError, ...]
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """What a proposal carries out: the decision ``decision`` of an alignment meeting, in its words, and who agreed."""

    alignment: str
    decision: str
    agreed: tuple[str, ...]
    text: str = ""


def text_in_force(ctx: Context) -> str:
    """Return the text to begin an edit from: the team's, or an overlay over the chosen preset that changes nothing."""
    with ctx.store.read() as tx:
        text = meta.text(tx, TEAM_TEXT)
    if text:
        return text
    book = ctx.playbook
    return f'extends = "{book.name}"\nname = "team"\nnumber = 1\nja = "チームの定義"\nen = "The team\'s definitions"\n'


def draft(ctx: Context) -> str:
    """Return the edit that somebody began at this desk and has not proposed yet; empty where none is."""
    with ctx.store.read() as tx:
        return meta.text(tx, DRAFT) or ""


def draft_base(ctx: Context) -> str:
    """Return the text that was in force when the edit of this desk was begun; empty where none is."""
    with ctx.store.read() as tx:
        return meta.text(tx, DRAFT_BASE) or ""


def keep_draft(ctx: Context, text: str, base: str = "") -> None:
    """Keep an edit as it was typed, at this desk only; an empty text forgets it.

    ``base``: the text in force when it was begun; without it, the one that is known, else the one of now.
    """
    begun = base or draft_base(ctx) or text_in_force(ctx)
    with ctx.store.write() as tx:
        meta.put(tx, DRAFT, text or None)
        meta.put(tx, DRAFT_BASE, begun if text else None)


def check(ctx: Context, text: str) -> Checked:
    """Read a text as definitions; every problem is in the answer, none is raised."""
    try:
        book = playbook.loads(text, name="team")
    except PlaybookError as error:
        more = error.params.get("more")
        others = tuple(one for one in more if isinstance(one, PlaybookError)) if isinstance(more, tuple) else ()
        return Checked(None, (error, *others))
    return Checked(book, (), tuple(one for one in playbook.diff(ctx.playbook, book) if one.key not in HEAD))


def draft_at(ctx: Context, key: str) -> tuple[str, int]:
    """Return the text to edit with ``key`` in it as it stands, and its line.

    It is what was begun at this desk before, else what is in force. Raises Refused (``not_allowed``).
    """
    ctx.require(Right.DEFINITIONS)
    return playbook.begin_at(draft(ctx) or text_in_force(ctx), key, ctx.playbook.definitions)


def propose(
    ctx: Context,
    text: str,
    effective: date,
    note: str = "",
    *,
    origin: Origin | None = None,
) -> tuple[str, Written]:
    """Propose a text as the team's definitions from a day on; returns the proposal's id.

    ``origin``: the alignment meeting that decided on it. Raises PlaybookError, BadInput (``proposal_nothing``,
    ``proposal_past``), Refused (``not_allowed``, ``proposal_version``).
    """
    ctx.require(Right.DEFINITIONS)
    found = check(ctx, text)
    if found.book is None:
        raise found.problems[0]
    if not found.differences:
        raise BadInput("proposal_nothing")
    if effective.isoformat() < ctx.today():
        raise BadInput("proposal_past", day=effective.isoformat())
    proposal_id = ctx.ids.new()
    payload: dict[str, Value] = {
        "step": PROPOSE,
        "text": text,
        "effective": effective.isoformat(),
        "note": note.strip(),
        "version": found.book.version,
    }
    if origin is not None:
        payload |= {"alignment": origin.alignment, "decision": origin.decision, "agreed": [*origin.agreed]}
    with ctx.store.write() as tx:
        version_numbers.require_free(tx, ctx, found.book.definitions)
        return proposal_id, _file(ctx, tx, proposal_id, payload)


def sign(ctx: Context, proposal_id: str, department: str) -> Written:
    """Agree to a proposal for a department; with the last of them it comes into force on its day.

    Raises NotFound, BadInput (``department_unknown``), Refused (``not_allowed``, ``proposal_over``,
    ``proposal_signed``, ``proposal_version``: another was signed first that has its number).
    """
    ctx.require(Right.SIGN_OFF)
    if department not in DEPARTMENTS:
        raise BadInput("department_unknown", department=department, known=", ".join(DEPARTMENTS))
    with ctx.store.write() as tx:
        one = _open(tx, proposal_id)
        if department not in one.missing:
            raise Refused("proposal_signed", department=department)
        version_numbers.require_free(tx, ctx, playbook.inspect(one.text).definitions)
        return _file(ctx, tx, proposal_id, {"step": SIGN, "department": department})


def withdraw(ctx: Context, proposal_id: str) -> Written:
    """Take an own proposal back that is not agreed yet. Raises NotFound, Refused (``proposal_over``)."""
    with ctx.store.write() as tx:
        if _open(tx, proposal_id).by != ctx.me.id:
            raise Refused("proposal_over")
        return _file(ctx, tx, proposal_id, {"step": WITHDRAW})


def proposals(ctx: Context) -> Sequence[Proposal]:
    """Return every proposal, newest first."""
    with ctx.store.read() as tx:
        return agreement.proposals(filings.of_kind(tx, KIND))[::-1]


def in_force(ctx: Context) -> Proposal | None:
    """Return the proposal by which the team works today; None where its definitions came without one."""
    with ctx.store.read() as tx:
        every, text = filings.of_kind(tx, KIND), meta.text(tx, TEAM_TEXT)
    found = agreement.in_force(agreement.proposals(every), date.fromisoformat(ctx.today())) if every else None
    return found if found is not None and found.text == text else None


def take_over(ctx: Context) -> bool:
    """Make the agreed text of today the team's; returns whether it is another than before. The desk reads it then."""
    with ctx.store.read() as tx:
        every = filings.of_kind(tx, KIND)
        known = meta.text(tx, TEAM_TEXT)
    now = agreement.in_force(agreement.proposals(every), date.fromisoformat(ctx.today())) if every else None
    if now is None or now.text == known:
        return False
    with ctx.store.write() as tx:
        meta.put(tx, TEAM_TEXT, now.text)
        lead_list.forget_scores(tx)
    return True


def _open(tx: Tx, proposal_id: str) -> Proposal:
    found = agreement.proposals(filings.about(tx, KIND, proposal_id))
    if not found:
        raise NotFound("proposal_not_found", proposal=proposal_id)
    if found[0].withdrawn or found[0].agreed_at is not None:
        raise Refused("proposal_over")
    return found[0]


def _file(ctx: Context, tx: Tx, proposal_id: str, payload: dict[str, Value]) -> Written:
    entry = head(ctx, tx, Verb.DEFINITIONS, summary={"step": payload["step"]})
    said = Filing(
        ctx.ids.new(), KIND, proposal_id, ctx.me.id, ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at,
        None, payload, entry.id,
    )  # fmt: skip
    journal.append(tx, entry, filings=[said])
    return Written(Changes(outbox=True, undo=True, playbook=True), entry.id)
