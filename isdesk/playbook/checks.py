"""What must hold between the parts of a playbook, beyond each value being well formed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from isdesk.domain.changes import Obj
from isdesk.domain.errors import BadInput
from isdesk.domain.fields import STANDARD, Field, Kind
from isdesk.domain.mail import LAW_ITEMS, PARTS, SUBJECT_LIMIT, has_markup, literal_length, missing_items, reachable
from isdesk.domain.rules import MailSender, MailTemplate, Outcome, Rules, ScoreRule, Script, Sequence
from isdesk.domain.touch import Channel, Reached
from isdesk.playbook.funnel import FILLED
from isdesk.playbook.positions import Path
from isdesk.playbook.reader import Problems, hint
from isdesk.playbook.scripts import VARIABLES
from isdesk.playbook.talk import INCOMING, PHASES


def known_fields(own: Iterable[Field]) -> dict[str, Field]:
    """Return all fields by the name under which rules call them: ``x`` of a lead, ``company.x`` of a company."""
    return {f.code if f.obj is Obj.LEAD else f"company.{f.code}": f for f in (*STANDARD, *own)}


def check(rules: Rules, problems: Problems) -> None:
    """Note everything in ``rules`` that contradicts itself or names what is not there."""
    fields = known_fields(rules.fields)
    _policies(rules, problems)
    for outcome in rules.outcomes.values():
        _outcome(outcome, rules, fields, problems)
    _hotkeys(rules, problems)
    _presence(rules, problems)
    _fields(rules, fields, problems)
    for script in rules.scripts:
        _templates(script, rules.link_hosts, problems)
    _sender(rules.mail.sender, problems)
    for mail in rules.mail.templates:
        _mail(mail, problems)
    for sequence in rules.sequences.values():
        _sequence(sequence, rules, problems)


def _known(name: str, known: Iterable[str], path: Path, problems: Problems) -> None:
    names = tuple(known)
    if name not in names:
        problems.add(
            "playbook_unknown_value", path, value=name, known=", ".join(sorted(names)), hint=hint(name, names)
        )  # fmt: skip


def _policies(rules: Rules, problems: Problems) -> None:
    for code, policy in rules.policies.items():
        seen, then = {code}, policy.then
        if then is not None:
            _known(then, rules.policies, ("policy", code, "then"), problems)
        while then in rules.policies:
            if then in seen:
                problems.add("playbook_ladder_circle", ("policy", code, "then"), value=then)
                break
            seen.add(then)
            then = rules.policies[then].then


def _outcome(o: Outcome, rules: Rules, fields: Mapping[str, Field], problems: Problems) -> None:
    at: Path = ("outcome", o.code)
    rules_of_flags = (
        (o.dm_reached and not o.answered, "dm_reached", "playbook_dm_not_answered"),
        (o.meeting_set and not o.answered, "meeting_set", "playbook_meeting_not_answered"),
        (o.dnc and not o.terminal, "dnc", "playbook_dnc_not_terminal"),
        (o.dnc_company and not o.dnc, "dnc_company", "playbook_dnc_company_alone"),
        (o.follow.kind == "close" and not o.terminal, "terminal", "playbook_close_not_terminal"),
        (o.follow.kind == "callback" and "callback_at" not in o.requires, "requires", "playbook_callback_time"),
        (o.follow.kind == "handoff" and "meeting_at" not in o.requires, "requires", "playbook_meeting_time"),
        (not o.answered and o.default_reached is not Reached.NONE, "default_reached", "playbook_reached_nobody"),
        (
            o.default_reached is Reached.DECISION_MAKER and not (o.dm_reached or o.dm_override),
            "default_reached",
            "playbook_reached_dm",
        ),
    )
    for wrong, key, code in rules_of_flags:
        if wrong:
            problems.add(code, (*at, key))
    if o.follow.policy is not None:
        _known(o.follow.policy, rules.policies, (*at, "follow", "policy"), problems)
    if o.advance is not None:
        _known(o.advance, rules.stages, (*at, "advance"), problems)
    if o.follow.field is not None:
        _wake_field(o.follow.field, fields, (*at, "follow", "field"), problems)


def _wake_field(name: str, fields: Mapping[str, Field], path: Path, problems: Problems) -> None:
    _known(name, fields, path, problems)
    if name in fields and fields[name].kind not in (Kind.DATE, Kind.DATETIME, Kind.INT):
        problems.add("playbook_wake_field", path, value=name)


def _hotkeys(rules: Rules, problems: Problems) -> None:
    taken: dict[str, str] = {}
    for code, outcome in rules.outcomes.items():
        if not outcome.active or outcome.hotkey is None:
            continue
        if outcome.hotkey in taken:
            problems.add(
                "playbook_hotkey_twice", ("outcome", code, "hotkey"), value=outcome.hotkey, other=taken[outcome.hotkey]
            )
        taken.setdefault(outcome.hotkey, code)


def _presence(rules: Rules, problems: Problems) -> None:
    active = [o for o in rules.outcomes.values() if o.active]
    for there, key, code in (
        (any(o.dnc for o in active), "outcome", "playbook_no_dnc_outcome"),
        (any(o.meeting_set for o in active), "outcome", "playbook_no_meeting_outcome"),
        (any(not s.when for s in rules.scripts), "script", "playbook_no_general_script"),
        (bool(rules.stages), "stage", "playbook_empty"),
        (bool(rules.slots), "slot", "playbook_empty"),
        (bool(rules.sources), "source", "playbook_empty"),
        (bool(rules.checklist), "checklist", "playbook_empty"),
    ):
        if not there:
            problems.add(code, (key,))


def _fields(rules: Rules, fields: Mapping[str, Field], problems: Problems) -> None:
    for stage in rules.stages.values():
        for criterion in stage.entry:
            if criterion.field is not None:
                _known(criterion.field, fields, ("stage", stage.code, "entry"), problems)
    for item in rules.checklist:
        for i, name in enumerate(item.fields):
            _known(name, (*fields, *FILLED), ("checklist", item.code, "fields", i), problems)
    _conditions(rules.handoff.approval, ("handoff", "approval"), fields, problems)
    scoring = rules.scoring
    for axis, given in (("fit", scoring.fit), ("intent", scoring.intent), ("timing", scoring.timing)):
        _conditions(given, ("score", axis), fields, problems)
    for script in rules.scripts:
        _conditions(script.when, ("script", script.code, "when"), fields, problems)
        for branch in script.branches:
            _conditions(branch.when, ("script", script.code, "branch", branch.code, "when"), fields, problems)


def _conditions(given: Iterable[ScoreRule], at: Path, fields: Mapping[str, Field], problems: Problems) -> None:
    for rule in given:
        _known(rule.field, fields, (*at, rule.code, "field"), problems)


def _templates(script: Script, hosts: tuple[str, ...], problems: Problems) -> None:
    at: Path = ("script", script.code)
    if script.trial is not None:
        if script.trial.phases == script.phases:
            problems.add("playbook_trial_same", (*at, "trial"))
        if script.trial.version == script.version:
            problems.add("playbook_trial_version", (*at, "trial", "version"), version=script.version)
        for phase in script.trial.phases:
            _template(phase.text, (*at, "trial", "text", phase.code), problems, hosts)
            _template(phase.text_en, (*at, "trial", "text_en", phase.code), problems, hosts)
    phases = {code for code, _ in PHASES}
    for phase in script.phases:
        own = phase.code not in phases
        ja: Path = (*at, "node", phase.code, "text") if own else (*at, "text", phase.code)
        en: Path = (*at, "node", phase.code, "text_en") if own else (*at, "text_en", phase.code)
        _template(phase.text, ja, problems, hosts)
        _template(phase.text_en, en, problems, hosts)
        _template(phase.incoming.ja, (*at, "text", INCOMING), problems, hosts)
        _template(phase.incoming.en, (*at, "text_en", INCOMING), problems, hosts)
    for branch in script.branches:
        _template(branch.text, (*at, "branch", branch.code, "text"), problems, hosts)
        _template(branch.text_en, (*at, "branch", branch.code, "text_en"), problems, hosts)
    for objection in script.objections:
        _template(objection.text, (*at, "objection", objection.code, "text"), problems, hosts)
        _template(objection.text_en, (*at, "objection", objection.code, "text_en"), problems, hosts)


def _template(text: str, path: Path, problems: Problems, hosts: tuple[str, ...] | None = None) -> None:
    from isdesk.playbook import marking, sandbox

    if not text:
        return
    try:
        sandbox.check(text, VARIABLES)
        if hosts is not None:
            marking.check(text, hosts)
    except BadInput as error:
        params = {k: v for k, v in error.params.items() if k != "line"}
        name = str(params.get("name", ""))
        problems.add(
            f"playbook_{error.code}", path, **params, template_line=error.params.get("line", 1),
            hint=hint(name, VARIABLES) if error.code == "template_unknown_variable" else "",
        )  # fmt: skip


def _sender(sender: MailSender, problems: Problems) -> None:
    """A sender is given whole or not at all: half of it would look lawful and not be (特定電子メール法)."""
    lacking = missing_items(sender)
    if len(lacking) == len(LAW_ITEMS):
        return
    for code in lacking:
        problems.add("playbook_mail_law_item", ("mail", "sender", code), law_items=(code,))
    if "unsubscribe" not in lacking and not reachable(sender.unsubscribe):
        problems.add("playbook_mail_unsubscribe", ("mail", "sender", "unsubscribe"), value=sender.unsubscribe)


def _mail(mail: MailTemplate, problems: Problems) -> None:
    at: Path = ("mail", "template", mail.code)
    for key, subject in (("subject", mail.subject), ("subject_en", mail.subject_en)):
        _template(subject, (*at, key), problems)
        if len(subject.strip().splitlines()) > 1:
            problems.add("playbook_mail_subject_lines", (*at, key))
        length = literal_length(subject)
        if length > SUBJECT_LIMIT:
            problems.add("playbook_mail_subject_long", (*at, key), length=length, limit=SUBJECT_LIMIT)
    for lang, parts in (("text", mail.parts), ("text_en", mail.parts_en)):
        for code, text in zip(PARTS, parts, strict=True):
            _template(text, (*at, lang, code), problems)
            if has_markup(text):
                problems.add("playbook_mail_markup", (*at, lang, code))


def _sequence(sequence: Sequence, rules: Rules, problems: Problems) -> None:
    """Steps stand in the order of their days, within the hours of work, and never two mails on one day."""
    mails, before = {template.code for template in rules.mail.templates}, -1
    mailed: set[int] = set()
    for i, step in enumerate(sequence.steps):
        at: Path = ("sequence", sequence.code, "steps", i)
        if step.days < before:
            problems.add("playbook_sequence_order", (*at, "days"), value=step.days, before=before)
        before = max(before, step.days)
        if step.channel is Channel.MAIL:
            if step.template:
                _known(step.template, mails, (*at, "template"), problems)
            if step.days in mailed:
                problems.add("playbook_sequence_two_mails", (*at, "days"), value=step.days)
            mailed.add(step.days)
        hours = rules.windows.soft if step.channel is Channel.PHONE else rules.business.hours
        if step.at is not None and not any(start <= step.at < end for start, end in hours):
            problems.add("playbook_sequence_time", (*at, "time"), value=step.at.strftime("%H:%M"))
