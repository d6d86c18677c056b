"""Where a column of a list can go, and how a header is compared.

A target is ``company.FIELD`` or ``lead.FIELD``; those of `VIRTUAL` are taken apart or decided row by row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from isdesk.domain.changes import Obj
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Field
from isdesk.files.vocabulary import HEADERS

FAMILY = "lead.family_name"
GIVEN = "lead.given_name"
FAMILY_KANA = "lead.family_name_kana"
GIVEN_KANA = "lead.given_name_kana"
ANY_PHONE = "phone"
OWNER = "lead.owner_id"

VIRTUAL: dict[str, tuple[str, str]] = {
    FAMILY: ("姓", "Family name"),
    GIVEN: ("名", "Given name"),
    FAMILY_KANA: ("姓カナ", "Family name (kana)"),
    GIVEN_KANA: ("名カナ", "Given name (kana)"),
    ANY_PHONE: ("電話番号(種別は自動)", "Phone (kind found by itself)"),
}
"""Targets that are no field themselves, with their labels (ja, en)."""

NOT_IMPORTED = frozenset({
    "lead.company_id", "lead.stage", "lead.bad_numbers", "lead.snoozed_until", "lead.pinned", "lead.lease",
    "lead.merged_into", "lead.merged_from", "lead.deleted", "lead.fs_id", "lead.meeting_at", "lead.meeting_place",
    "lead.meeting_attendees", "lead.confidence_rank", "lead.refusal_reason", "lead.lost_reason", "lead.reaction_log",
    "company.closed", "company.deleted", "company.cooldown_until",
})  # fmt: skip
"""Fields that a file never sets: they are the program's own, or belong to a verb with rules of its own."""


@dataclass(frozen=True, slots=True)
class Target:
    """One place a column can go: ``code`` with its labels and, unless virtual, its field."""

    code: str
    ja: str
    en: str
    field: Field | None = None


def targets(extra: Iterable[Field] = ()) -> dict[str, Target]:
    """Return all places a column can go, the playbook's own fields (``extra``) included."""
    found: dict[str, Target] = {}
    for code, (ja, en) in VIRTUAL.items():
        found[code] = Target(code, ja, en)
    fields = [*COMPANY_FIELDS.values(), *LEAD_FIELDS.values(), *extra]
    for field in fields:
        code = f"{'company' if field.obj is Obj.COMPANY else 'lead'}.{field.code}"
        if code not in NOT_IMPORTED:
            found[code] = Target(code, field.ja, field.en, field)
    return found


_NOISE = re.compile(r"[\s_\-/・.,:：;()\[\]【】「」『』<>〈〉《》*※#\"'|＊必須任意]+")


def header_key(header: str) -> str:
    """Return a header as `HEADERS` has it: half-width, small letters, no blanks, brackets, or 必須/任意 marks."""
    text = unicodedata.normalize("NFKC", header).casefold()
    text = text.replace("(必須)", "").replace("(任意)", "")
    return _NOISE.sub("", text)


KNOWN: dict[str, str] = {header_key(word): target for target, words in HEADERS.items() for word in words.split()}
"""Target by normalised header."""
