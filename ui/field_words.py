"""Fields and their values in words: labels, choices, people, numbers and times instead of codes."""

from __future__ import annotations

from datetime import datetime

from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput
from isdesk.domain.fields import Field, Kind
from isdesk.services.context import Context
from isdesk.services.values import field_of
from ui import words
from ui.words import Words


class FieldWords:
    """Words for the fields of a profile; ``path`` is ``x`` of a lead or ``company.x``."""

    def __init__(self, ctx: Context, speech: Words) -> None:
        self._ctx, self._speech = ctx, speech

    def field(self, path: str) -> Field | None:
        """Return a field's declaration, None where there is none."""
        try:
            return field_of(self._ctx, path)
        except BadInput:
            return None

    def label(self, path: str) -> str:
        """Return what a field is called."""
        found = self.field(path)
        if found is None:
            return path
        return found.en if self._ctx.lang == "en" else found.ja

    def value(self, path: str, value: Value) -> str:
        """Return a value as people read it; an empty one as a dash."""
        if value is None or value == "":
            return "—"
        if isinstance(value, bool):
            return words.tr("はい") if value else words.tr("いいえ")
        if isinstance(value, (list, dict)):
            return words.tr("{n}件").format(n=len(value))
        if not isinstance(value, str):
            return f"{value:,}" if isinstance(value, int) else str(value)
        found = self.field(path)
        return self._text(path, value, found) if found is not None else value

    def _text(self, path: str, value: str, found: Field) -> str:
        from isdesk.files.phones import shown

        english = self._ctx.lang == "en"
        if found.kind is Kind.PHONE:
            return shown(value)
        if found.kind is Kind.MEMBER:
            return self._ctx.name_of(value) or value
        if found.kind is Kind.CHOICE:
            return next((en if english else ja for code, ja, en in found.choices if code == value), value)
        if found.kind is Kind.DATETIME:
            return _moment(value)
        if path == "stage":
            return self._speech.stage(value) or value
        if path == "lead_source":
            return self._speech.source(value) or value
        return value


def _moment(text: str) -> str:
    try:
        return words.moment_full(datetime.fromisoformat(text))
    except ValueError:
        return text
