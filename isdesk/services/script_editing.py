"""Editing talk scripts and mail templates part by part: the team's text behind them, what is wrong where, a preview.

What is edited is the same draft that the text of the definitions is (`services.agreeing`), and it is proposed and
signed the same way: there is one road to a new version.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING

from isdesk import playbook
from isdesk.domain.errors import BadInput, PlaybookError
from isdesk.domain.fields import Kind
from isdesk.domain.handoff import checklist
from isdesk.domain.mail import PARTS
from isdesk.domain.rules import Label
from isdesk.domain.script_flow import Flow, flow
from isdesk.domain.state import Scores
from isdesk.playbook import sandbox
from isdesk.playbook.checks import known_fields
from isdesk.playbook.scripts import VARIABLES, choose, variables
from isdesk.playbook.talk import answering
from isdesk.services import agreeing, version_numbers
from isdesk.services.entries import need
from isdesk.services.version_numbers import Taken
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.changes import Value
    from isdesk.domain.ids import LeadId
    from isdesk.domain.rules import MailTemplate, Rules, Script
    from isdesk.services.context import Context
    from isdesk.services.scripts import RenderedScript

Tree = dict[str, object]
Path = tuple[str, ...]

SCRIPT, MAIL = ("script",), ("mail", "template")
"""Under these tables of the definitions the parts stand that are edited one by one."""
SENDER = ("mail", "sender")
"""What the law asks a mail to show (特定電子メール法 4条), a part of its own."""
CARRIED, LEFT = "carried", "left"
FRESH = {
    "branch": ("新しい分岐", "New branch"),
    "answer": ("答えがあるとき", "With an answer"),
    "node": ("新しいステップ", "New step"),
    "objection": ("新しい切り返し", "New objection"),
}
"""What is new is called so in both languages until somebody names it."""
BEGUN = {
    "node": ("ここに話す文面を書きます。", "Write here what is said."),
    "objection": ("ここに切り返しトークを書きます。", "Write here what is answered."),
}
_LOOKED_AT = 200
_CHUNKS = 5
"""So many thousands of leads are looked through for one that hears a script."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong in a part: at which ``path`` in it, on which ``line`` of that text (1 = first; 0: in no
    text), and the error with its sentence.
    """

    path: Path
    line: int
    error: PlaybookError


@dataclass(frozen=True, slots=True)
class Sheet:
    """A draft as it was read: the whole ``definitions``, the ``rules`` as far as they can be read, all ``problems``.

    ``base`` is the text in force when it was begun. ``moved``: another came into force since, and the draft was
    `CARRIED` over to it or `LEFT` as it is; ``both`` are the parts that both had changed.
    """

    text: str
    definitions: Tree
    rules: Rules
    problems: tuple[PlaybookError, ...]
    base: str = ""
    moved: str = ""
    both: tuple[Path, ...] = ()

    def codes(self, kind: Path) -> tuple[str, ...]:
        """Return the codes of the scripts or templates in order."""
        found = self.tree(kind)
        return tuple(code for code, one in found.items() if isinstance(one, dict) and one.get("active") is not False)

    def tree(self, path: Path) -> Tree:
        """Return the table at a path; empty where there is none."""
        here: object = self.definitions
        for part in path:
            here = here.get(part) if isinstance(here, dict) else None
        return here if isinstance(here, dict) else {}

    def script(self, code: str) -> Script | None:
        """Return a script as far as it can be read."""
        return next((one for one in self.rules.scripts if one.code == code), None)

    def template(self, code: str) -> MailTemplate | None:
        """Return a mail template as far as it can be read."""
        return next((one for one in self.rules.mail.templates if one.code == code), None)

    def wrong(self, part: Path) -> tuple[Wrong, ...]:
        """Return what is wrong in one script or template."""
        prefix = ".".join(part) + "."
        out = []
        for one in self.problems:
            if f"{one.key}.".startswith(prefix):
                inside = one.key[len(prefix) :].split("[", maxsplit=1)[0]
                line = one.params.get("text_line")
                out.append(Wrong(tuple(inside.split(".")) if inside else (), line if isinstance(line, int) else 0, one))
        return tuple(out)

    def flow(self, code: str) -> Flow:
        """Return where a script can lead."""
        found = self.script(code)
        return flow(found, fixed_choices(self.rules), self.rules.checklist) if found is not None else Flow(())


@dataclass(frozen=True, slots=True)
class Walk:
    """A script gone through for a real lead with answers tried out: nothing of it is recorded.

    ``chosen`` false: the lead would get another script; of two wordings under trial it ``hears_rival``, or the script's
    own. ``filled`` are the labels of the handoff checklist with whether
    each is done and whether the answers did it. ``broken`` holds what is wrong with a step or objection by its code;
    the others read all the same.
    """

    script: RenderedScript
    values: Mapping[str, Value]
    chosen: bool
    filled: tuple[tuple[str, str, bool, bool], ...]
    broken: Mapping[str, BadInput]
    hears_rival: bool = False


def fixed_choices(rules: Rules) -> dict[str, tuple[str, ...]]:
    """Return the values of those fields that have a fixed list of them."""
    return {
        name: tuple(code for code, _, _ in one.choices)
        for name, one in known_fields(rules.fields).items()
        if one.kind is Kind.CHOICE and one.choices
    }


def begin(ctx: Context) -> Sheet:
    """Return the draft of this desk, or what is in force where none was begun.

    Where another text came into force since the draft was begun, the parts that the draft changes are carried over to
    it, so that it takes nothing back that others had signed; a draft that changes more than parts is left.
    Raises PlaybookError where the draft is no TOML: it is mended where the whole text is edited.
    """
    draft, now = agreeing.draft(ctx), agreeing.text_in_force(ctx)
    base = agreeing.draft_base(ctx) or now
    if not draft or base == now:
        return replace(read(draft or now), base=now)
    mine = read(draft)
    try:
        made, both = _carried(ctx, read(base), mine, read(now))
    except PlaybookError:
        return replace(mine, base=base, moved=LEFT)
    agreeing.keep_draft(ctx, "" if made.text == now else made.text, now)
    return replace(made, base=now, moved=CARRIED, both=both)


def _carried(ctx: Context, base: Sheet, mine: Sheet, now: Sheet) -> tuple[Sheet, tuple[Path, ...]]:
    """Return what is in force with the parts that a draft changed, and those of them that changed there too.

    Raises PlaybookError (``definitions_by_hand``) where the draft changed more than parts.
    """
    places = [(*kind, code) for kind in (SCRIPT, MAIL) for code in {**base.tree(kind), **mine.tree(kind)}]
    changed = [part for part in (*places, SENDER) if base.tree(part) != mine.tree(part)]
    if _beside(base) != _beside(mine):
        raise PlaybookError("definitions_by_hand", file="team.toml", line=0, key="")
    made = now
    for part in changed:
        if mine.tree(part) or made.tree(part):
            made = put(ctx, made, part, mine.tree(part) or None)
    return made, tuple(part for part in changed if now.tree(part) != base.tree(part))


def _beside(sheet: Sheet) -> Tree:
    """Return what is defined beside the parts."""
    out = deepcopy(_defined(sheet.definitions))
    for *heads, last in (SCRIPT, MAIL, SENDER):
        here: object = out
        for name in heads:
            here = here.get(name) if isinstance(here, dict) else None
        if isinstance(here, dict):
            here.pop(last, None)
    return out


def read(text: str) -> Sheet:
    """Read a draft. Raises PlaybookError where it is no TOML."""
    found = playbook.inspect(text)
    return Sheet(text, found.definitions, found.rules, found.problems)


def put(ctx: Context, sheet: Sheet, part: Path, tree: Tree | None) -> Sheet:
    """Return the draft with a part written anew (None: without it); its version is one above all taken.

    Raises PlaybookError where only the whole text can change the part (``definitions_by_hand``).
    """
    try:
        if tree is None:
            return _without(sheet, part)
        now = version_numbers.at(ctx.playbook.definitions, part)
        whole: Tree | None = tree if part == SENDER else numbered(tree, now, _taken(ctx, part))
        if whole == now or not whole:
            whole = version_numbers.at(tomllib.loads(agreeing.text_in_force(ctx)), part) or None
        else:
            whole = {"replace": True, **(whole or {})}
        return read(playbook.put_table(sheet.text, part, whole))
    except ValueError as error:
        raise PlaybookError("definitions_by_hand", file="team.toml", line=0, key=".".join(part)) from error


def by_hand(sheet: Sheet, part: Path) -> bool:
    """Return whether a part is written in a form that only the whole text can change."""
    try:
        playbook.put_table(sheet.text, part, None)
    except ValueError:
        return True
    return False


def differs(ctx: Context, sheet: Sheet) -> bool:
    """Return whether a draft defines anything else than what is in force."""
    return _defined(sheet.definitions) != _defined(ctx.playbook.definitions)


def _defined(definitions: Mapping[str, object]) -> Tree:
    return {key: one for key, one in definitions.items() if key not in agreeing.HEAD}


def _without(sheet: Sheet, part: Path) -> Sheet:
    made = read(playbook.put_table(sheet.text, part, None))
    return made if not made.tree(part) else read(playbook.put_table(sheet.text, part, {"remove": True}))


def _taken(ctx: Context, part: Path) -> list[Taken]:
    with ctx.store.read() as tx:
        return version_numbers.taken(tx, ctx.playbook.definitions, part)


def numbered(tree: Tree, in_force: Tree, taken: Iterable[Taken] = ()) -> Tree:
    """Return a part with its version: that of the same text where it is in force or agreed on and none was after it,
    else the one after all that are ``taken`` (DOMAIN 5: results are counted by version, so that another text never
    goes under an old number). The version compared with it, if there is one, has the number after that.
    """
    out = {k: deepcopy(v) for k, v in tree.items() if k not in ("version", "replace")}
    was = {k: v for k, v in in_force.items() if k not in ("version", "replace")}
    known = list(taken) or ([Taken(version_numbers.number_of(in_force), in_force)] if in_force else [])
    after = max((one.most for one in known), default=0) + 1
    last = max(known, key=lambda one: one.number, default=None)
    trial = out.get("trial")
    if in_force and out == was:
        version = version_numbers.number_of(in_force)
    elif last is not None and version_numbers.same(last.tree, out):
        version = last.number
    else:
        version = after
        if isinstance(trial, dict):
            trial["version"] = version + 1
    return {"version": version, **out}


def fresh_code(label: str, taken: Iterable[str], otherwise: str = "new") -> str:
    """Return a code that is not taken yet, made from a label where that is plain."""
    known = set(taken)
    plain = "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in label.casefold()).split()) or otherwise
    return (
        plain if plain not in known else next(f"{plain}_{n}" for n in range(2, 10_000) if f"{plain}_{n}" not in known)
    )


def named(kind: str) -> Tree:
    """Return the names of something new, with a text to begin from where it must have one."""
    (ja, en), text = FRESH[kind], BEGUN.get(kind)
    return {"ja": ja, "en": en, **({"text": text[0], "text_en": text[1]} if text is not None else {})}


def new_script(sheet: Sheet, label: str) -> tuple[str, Tree]:
    """Return a code and the tree of a new script to begin from: the general one's texts under its own name."""
    base = next((one for one in sheet.rules.scripts if not one.when), None)
    begun = deepcopy(sheet.tree((*SCRIPT, base.code))) if base is not None else {}
    for key in ("version", "trial", "branch", "node", "replace"):
        begun.pop(key, None)
    code = fresh_code(label, sheet.tree(SCRIPT), "script")
    when = {"industry": {"field": "company.industry", "any_of": [label]}}
    return code, {**begun, "ja": label, "en": label, "rank": 10, "when": when}


def new_template(sheet: Sheet, label: str) -> tuple[str, Tree]:
    """Return a code and the tree of a new mail template with the three parts to fill."""
    code = fresh_code(label, sheet.tree(MAIL), "mail")
    parts = {"issue": "{{ company }}\n{{ name_sama }}\n", "solution": "{{ product }}", "action": "{{ me }}"}
    return code, {"ja": label, "en": label, "subject": label, "text": {one: parts[one] for one in PARTS}}


# ------------------------------------------------------------------ previews


def words_for(ctx: Context, sheet: Sheet, lead_id: LeadId) -> dict[str, str]:
    """Return what the variables stand for with a lead. Raises NotFound."""
    with ctx.store.read() as tx:
        facts, touches = need(tx, lead_id), leads.touches(tx, lead_id)
    return variables(facts, touches, me=ctx.me.name, rules=sheet.rules, lang=ctx.lang, my_company=ctx.my_company)


def walk(
    ctx: Context, sheet: Sheet, code: str, lead_id: LeadId, answers: Mapping[str, Value], *, rival: bool = False
) -> Walk | None:
    """Return a script as it reads for a lead with these answers, or the ``rival`` that is under trial where there is
    one; None where there is no such script.

    Raises NotFound.
    """
    from isdesk.services.scripts import fill_with

    script = sheet.script(code)
    if script is None:
        return None
    other = script.trial
    script = other if rival and other is not None else script
    with ctx.store.read() as tx:
        before, touches = need(tx, lead_id), leads.touches(tx, lead_id)
        known = leads.state(tx, lead_id)
    scores = known[0].scores if known is not None else Scores(0, 0, 0, 0)
    facts, rules = before.with_fields(answers), sheet.rules
    words = variables(facts, touches, me=ctx.me.name, rules=rules, lang=ctx.lang, my_company=ctx.my_company)
    day = date.fromisoformat(ctx.today())
    was = {one.code for one in checklist(before, touches, scores, rules, day) if one.done}
    filled = tuple(
        (one.ja, one.en, one.done, one.done and one.code not in was)
        for one in checklist(facts, touches, scores, rules, day)
    )
    fitting = choose(rules.scripts, before)
    asked = {q.field for phase in script.phases for q in phase.questions}
    readable, broken = _readable(script, ctx.lang)
    return Walk(
        fill_with(readable, words, facts, lang=ctx.lang),
        {name: facts.get(name) for name in asked},
        fitting is not None and fitting.code == code,
        filled,
        broken,
        fitting is not None and other is not None and fitting.ref == other.ref,
    )


def _readable(script: Script, lang: str) -> tuple[Script, dict[str, BadInput]]:
    """Return a script without the texts that cannot be filled in, and what is wrong with those by step or objection."""
    broken: dict[str, BadInput] = {}

    def text(code: str, template: str) -> str:
        try:
            sandbox.check(template, VARIABLES)
        except BadInput as error:
            broken.setdefault(code, error)
            return ""
        return template

    return replace(
        script,
        phases=tuple(
            replace(
                p,
                text=text(p.code, p.in_(lang)),
                text_en="",
                incoming=Label(text(p.code, answering(p, lang)), ""),
            )
            for p in script.phases
        ),
        branches=tuple(replace(b, text=text(b.phase, b.in_(lang)), text_en="") for b in script.branches),
        objections=tuple(replace(o, text=text(o.code, o.in_(lang)), text_en="") for o in script.objections),
    ), broken


def lead_for(ctx: Context, sheet: Sheet, code: str) -> LeadId | None:
    """Return a lead that would hear this script: of today's queue where one is there (a team lead has none of her own),
    else any of the desk. None of them hearing it: the first; None where there is no lead at all.
    """
    from isdesk.services import queue

    mine = [*queue.ids(ctx, limit=_LOOKED_AT), *queue.ids(ctx, held=True, limit=_LOOKED_AT)]
    first = None
    with ctx.store.read() as tx:
        for some in chain((mine,), islice(leads.all_ids(tx), _CHUNKS)):
            facts = leads.many(tx, some)
            for lead_id in (one for one in some if one in facts):
                first = first or lead_id
                found = choose(sheet.rules.scripts, facts[lead_id])
                if found is not None and found.code == code:
                    return lead_id
    return first


def lead_name(ctx: Context, lead_id: LeadId) -> str:
    """Return a lead's name with its company's. Raises NotFound."""
    with ctx.store.read() as tx:
        facts = need(tx, lead_id)
    return "  ".join(str(part) for part in (facts.get("name"), facts.get("company.name")) if part)


def mail_for(ctx: Context, sheet: Sheet, code: str, lead_id: LeadId) -> tuple[str, str, str]:
    """Return subject, body and what the law asks for below it, as a template reads for a lead.

    Raises NotFound, BadInput (``template_…``).
    """
    from isdesk.domain import mail as law
    from isdesk.rendering import render_text
    from isdesk.services.mails import footer_words

    template = sheet.template(code)
    if template is None:
        return "", "", ""
    words = words_for(ctx, sheet, lead_id)
    subject, body = template.in_(ctx.lang)
    sender = sheet.rules.mail.sender
    lacking = law.missing_items(sender)
    below = law.footer(sender, footer_words(ctx.lang)) if template.advertising and not lacking else ""
    return law.one_line(render_text(subject, words)), law.plain_body(render_text(body, words)), below
