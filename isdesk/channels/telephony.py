"""Telephony: the port behind which a number is dialled, and the only door through which a number becomes a link.

Numbers come from people, files and CRMs. Nothing of them reaches the system's handler but ``+`` and digits, so that
neither MMI codes (``*21#``) nor a second link can ride along (SECURITY C3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from isdesk.domain.errors import BadInput

_DIALABLE = re.compile(r"\+?[0-9]{3,15}")


@dataclass(frozen=True, slots=True)
class DialNumber:
    """A number that may be handed to the system: made by `dial_number` only."""

    digits: str

    @property
    def url(self) -> str:
        """Return the ``tel:`` link of the number."""
        return f"tel:{self.digits}"


class Dialler(Protocol):
    """Something that starts a call on behalf of the person at the desk."""

    def dial(self, number: DialNumber) -> bool:
        """Start the call; return False where nothing on this machine takes it."""
        ...


def dial_number(text: str) -> DialNumber:
    """Return ``text`` as a number that may be dialled.

    Raises BadInput (``number_not_dialable``) for anything but an optional ``+`` and 3 to 15 digits.
    """
    if not text.isascii() or _DIALABLE.fullmatch(text) is None:
        raise BadInput(code="number_not_dialable")
    return DialNumber(text)
