"""Writing mails (DOMAIN 10): the team's templates, a mail filled in for one lead, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from isdesk.domain import mail as rules
from isdesk.domain.errors import Incomplete, NotFound, Refused
from isdesk.domain.mail import Composed, missing_items
from isdesk.domain.outgoing import ANSWER
from isdesk.playbook.scripts import variables
from isdesk.services import consenting
from isdesk.services.entries import need
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.domain.rules import MailTemplate, Rules
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx

_WORDS = {
    "ja": {"sender": "送信者: ", "contact": "お問い合わせ: ", "unsubscribe": "配信停止: "},
    "en": {"sender": "Sender: ", "contact": "Contact: ", "unsubscribe": "Opt out: "},
}


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail as the lead would get it. ``forbidden`` is the code of what forbids it, ``problems`` of what is wrong with
    it as it stands; with neither it may be sent. ``missing_items``: what the law asks for and the team lacks.
    ``changed``: the text is no longer that of the template, which is not advertising; whether it is an answer to what
    the reader asked is for the person to say.
    """

    composed: Composed
    advertising: bool
    forbidden: str | None
    problems: tuple[str, ...]
    missing_items: tuple[str, ...] = ()
    changed: bool = False

    @property
    def may_send(self) -> bool:
        """Return whether the mail may go out as it stands."""
        return self.forbidden is None and not self.problems and not self.missing_items


def footer_words(lang: str) -> dict[str, str]:
    """Return the words before the items that the law asks for."""
    return _WORDS["en" if lang == "en" else "ja"]


def templates(ctx: Context) -> tuple[MailTemplate, ...]:
    """Return the team's templates in the order of the definitions."""
    return ctx.rules.mail.templates


def template(ctx: Context, code: str) -> MailTemplate:
    """Return one template. Raises NotFound (``mail_template_unknown``)."""
    for one in ctx.rules.mail.templates:
        if one.code == code:
            return one
    raise NotFound("mail_template_unknown", template=code, known=", ".join(t.code for t in ctx.rules.mail.templates))


def preview(
    ctx: Context,
    lead_id: LeadId,
    template_code: str = "",
    *,
    subject: str | None = None,
    body: str | None = None,
    answer: bool = False,
) -> Preview:
    """Return a mail filled in for a lead; ``subject`` and ``body`` stand in place of the template's where given.

    Without a template it is the rep's own mail, which counts as advertising; so does another text than that of a
    template which is not advertising, unless the person says that it answers what the reader asked (``answer``), which
    is kept with the mail. Raises NotFound, BadInput (template_…).
    """
    with ctx.store.read() as tx:
        return drafted(ctx, tx, need(tx, lead_id), template_code, subject=subject, body=body, answer=answer)


def drafted(
    ctx: Context,
    tx: Tx,
    facts: LeadFacts,
    template_code: str = "",
    *,
    subject: str | None = None,
    body: str | None = None,
    answer: bool = False,
) -> Preview:
    """Return a mail filled in for a lead that was read already."""
    chosen = template(ctx, template_code) if template_code else None
    filled = _filled(ctx, tx, facts, chosen) if chosen is not None else ("", "")
    given = (filled[0] if subject is None else subject, filled[1] if body is None else body)
    changed = chosen is not None and not chosen.advertising and [_said(t) for t in given] != [_said(t) for t in filled]
    advertising = chosen is None or chosen.advertising or (changed and not answer)
    word = ANSWER if changed and answer else ""
    sender = ctx.rules.mail.sender
    lacking = missing_items(sender) if advertising else ()
    lang = ctx.lang if chosen is None else chosen.language(ctx.lang)
    footer = rules.footer(sender, footer_words(lang)) if advertising and not lacking else ""
    composed = Composed(
        to=str(facts.get("email") or "").strip(),
        subject=rules.one_line(given[0]),
        body=rules.plain_body(given[1]),
        footer=footer,
        template=chosen.ref + word if chosen is not None else "",
    )
    forbidden = consenting.forbids(ctx, tx, facts, advertising=advertising)
    # What forbids the mail says the address's trouble already.
    wrong = tuple(code for code in rules.problems(composed) if code != forbidden)
    return Preview(composed, advertising, forbidden, wrong, lacking, changed)


def _said(text: str) -> str:
    """Return what a text says, however its lines and spaces are set: a field of the window sets them its own way."""
    return "".join(text.split())


def _filled(ctx: Context, tx: Tx, facts: LeadFacts, chosen: MailTemplate) -> tuple[str, str]:
    from isdesk.rendering import render_text

    lang = chosen.language(ctx.lang)
    words = variables(
        facts, leads.touches(tx, facts.id), me=ctx.me.name, rules=ctx.rules, lang=lang, my_company=ctx.my_company
    )
    subject, body = chosen.in_(ctx.lang)
    return render_text(subject, words), render_text(body, words)


def told(rules: Rules, code: str) -> dict[str, object]:
    """Return what the sentence of a code asks for that was noted without its parameters, as the rules stand now."""
    lacking = missing_items(rules.mail.sender) if code == "mail_law_items_missing" else ()
    return {"law_items": lacking} if lacking else {}


def sendable(found: Preview) -> Composed:
    """Return the mail of a preview that may be sent.

    Raises Refused (what forbids it or is wrong with it), Incomplete (``mail_law_items_missing``).
    """
    if found.forbidden is not None:
        raise Refused(found.forbidden)
    if found.missing_items:
        raise Incomplete("mail_law_items_missing", found.missing_items, law_items=found.missing_items)
    if found.problems:
        raise Refused(found.problems[0])
    return found.composed


def mailto(composed: Composed) -> str:
    """Return the ``mailto:`` link that hands a mail over to the person's own mail program (SECURITY C3).

    Exactly one address; every part is percent-encoded, so that nothing of a text becomes another header.
    Raises BadInput (``mail_address_invalid``).
    """
    to = quote(rules.address(composed.to), safe="@")
    text = quote(composed.text.replace("\n", "\r\n"), safe="")
    return f"mailto:{to}?subject={quote(composed.subject, safe='')}&body={text}"
