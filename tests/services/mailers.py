"""What tests of mail share: a team that may send, and a lead that may be written to."""

from __future__ import annotations

from isdesk import playbook
from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId
from isdesk.playbook import Playbook
from isdesk.services import consenting
from isdesk.services.context import Context
from tests.services.conftest import add

TEXT = """
extends = "default"
name = "team"
ja = "チーム"
[mail]
per_hour = 3
[mail.sender]
organisation = "青葉クラウド株式会社"
address = "〒100-0001 東京都千代田区千代田1-1"
contact = "03-0000-0000"
unsubscribe = "stop@aoba.example"
[mail.template.plain]
ja = "短いメール"
subject = "{{ company_short }}さまへ"
[mail.template.plain.text]
issue = "{{ name_sama }}"
solution = "{{ product }}のご案内です。"
action = "ご返信ください。"
"""


def team() -> Playbook:
    """The default definitions with a sender."""
    return playbook.loads(TEXT, years=(2026, 2027))


def lead(ctx: Context, name: str = "山田 太郎", mail: str = "yamada@example.jp", **fields: Value) -> LeadId:
    """A lead whose address was given on a business card."""
    fields.setdefault("company__name", "青葉精機株式会社")
    made = add(ctx, name, email=mail, **fields)
    consenting.consent(ctx, made, "notified", "展示会の名刺")
    return made
