"""Reads the sender and the mail templates (DOMAIN 10)."""

from __future__ import annotations

from isdesk.domain.mail import LAW_ITEMS, PARTS
from isdesk.domain.rules import MailRules, MailSender, MailTemplate
from isdesk.playbook.reader import Table


def mail(top: Table) -> MailRules:
    """Read ``[mail]``: ``per_hour``, ``heard_hours``, ``[mail.sender]`` and ``[mail.template.x]``."""
    t = top.table("mail")
    given = t.table("sender")
    sender = MailSender(*(given.text(code, "").strip() for code in LAW_ITEMS))
    given.done()
    out = MailRules(
        sender,
        tuple(_template(code, one) for code, one in t.entries("template")),
        t.whole("per_hour", MailRules().per_hour, least=1, most=1000),
        t.whole("heard_hours", MailRules().heard_hours, least=1, most=168),
    )
    t.done()
    return out


def _template(code: str, t: Table) -> MailTemplate:
    ja, en = t.table("text"), t.table("text_en")
    issue, solution, action = (ja.text(part).strip() for part in PARTS)
    other = tuple(en.text(part, "").strip() for part in PARTS)
    ja.done()
    en.done()
    out = MailTemplate(
        code,
        t.whole("version", 1, least=1),
        t.label(),
        t.text("subject").strip(),
        (issue, solution, action),
        t.text("subject_en", "").strip(),
        (other[0], other[1], other[2]),
        advertising=t.flag("advertising", default=True),
    )
    t.done()
    return out
