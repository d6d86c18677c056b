"""Telephony: the port behind which a number is dialled, and the only door through which a number becomes a link.

Numbers come from people, files and CRMs. Nothing of them reaches the system's handler, a telephone program or an
exchange but ``+`` and digits, so that neither MMI codes (``*21#``) nor a second link or command can ride along
(SECURITY C3).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from isdesk.domain.errors import BadInput
from isdesk.domain.phone import PhoneCall

_DIALABLE = re.compile(r"\+?[0-9]{3,15}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::[0-9]{1,5})?")
_PREFIX = re.compile(r"[0-9]{0,6}")
JAPAN, ABROAD = "+81", "010"

SCHEMES: dict[str, str] = {
    "tel": "tel:{number}",
    "callto": "callto:{number}",
    "sip": "sip:{number}@{domain}",
    "sips": "sips:{number}@{domain}",
    "phone": "phone:{number}",
    "ciscotel": "ciscotel:{number}",
}
"""The links that may be handed to the system, by scheme. ``sip`` and ``sips`` need a domain. ``phone`` is estos
ProCall, ``ciscotel`` Cisco Jabber; Zoom Phone takes ``callto`` and ``tel``. Any other is a template of one's own."""
OWN = "template"
"""The scheme of a link that is a template of one's own."""
_TEMPLATE = re.compile(r"([a-z][a-z0-9+.-]{1,31}):[A-Za-z0-9/?=&_.:@+-]{0,100}\{number\}[A-Za-z0-9/?=&_.:@+-]{0,100}")
_HOST_NUMBER = re.compile(r":/{2,}[^/?]*\{number\}")
"""A number in the place of a host: readers of addresses take it for one of the internet and change it."""
_NO_TELEPHONES = frozenset(
    {"http", "https", "file", "ftp", "ftps", "sftp", "ssh", "smb", "ldap", "data", "about", "blob", "javascript",
     "vbscript", "view-source", "shell", "search-ms", "mailto", "jar"}
)  # fmt: skip
"""Schemes that open files, pages, programs or mails: a number handed to these would be no call. What Windows keeps for
itself (``ms-…``) is refused too."""


@dataclass(frozen=True, slots=True)
class DialNumber:
    """A number that may be handed to the system: made by `dial_number` only."""

    digits: str

    @property
    def url(self) -> str:
        """Return the ``tel:`` link of the number."""
        return f"tel:{self.digits}"


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers are written for one telephone: ``scheme`` of the link, ``domain`` behind it, and how they begin.

    ``national`` writes Japanese numbers as 03… instead of +813…; ``prefix`` is dialled before (a trunk's digit, 184).
    Behind a prefix a number is always written as it is dialled in Japan, for nobody reads a ``+`` there: Japanese ones
    as 03…, those of other countries behind 010 (国際プレフィックス).
    ``template`` is the link itself where the scheme is `OWN`.
    """

    scheme: str = "tel"
    domain: str = ""
    national: bool = False
    prefix: str = ""
    template: str = ""

    def digits(self, number: DialNumber) -> str:
        """Return the number as it is dialled."""
        plain = number.digits
        if (self.national or self.prefix) and plain.startswith(JAPAN):
            plain = "0" + plain.removeprefix(JAPAN)
        if self.prefix and plain.startswith("+"):
            plain = ABROAD + plain.removeprefix("+")
        return self.prefix + plain

    def url(self, number: DialNumber) -> str:
        """Return the link of a number."""
        shape = self.template if self.scheme == OWN else SCHEMES[self.scheme]
        return shape.format(number=self.digits(number), domain=self.domain)


def form(
    scheme: str = "tel", domain: str = "", *, national: bool = False, prefix: str = "", template: str = ""
) -> Form:
    """Return how numbers are written.

    Raises BadInput (``telephone_setting_wrong``) for a scheme that is not allowed, a template that is none, a domain
    that is none, or a prefix of anything but digits.
    """
    if scheme == OWN:
        _check_template(template)
    elif scheme not in SCHEMES:
        raise BadInput("telephone_setting_wrong", what="scheme")
    if (domain or "{domain}" in SCHEMES.get(scheme, "")) and _HOST.fullmatch(domain) is None:
        raise BadInput("telephone_setting_wrong", what="domain")
    if _PREFIX.fullmatch(prefix) is None:
        raise BadInput("telephone_setting_wrong", what="prefix")
    return Form(scheme, domain, national, prefix, template if scheme == OWN else "")


def _check_template(template: str) -> None:
    found = _TEMPLATE.fullmatch(template)
    if found is None or found[1] in _NO_TELEPHONES or found[1].startswith("ms-") or _HOST_NUMBER.search(template):
        raise BadInput("telephone_setting_wrong", what="template")


DIALLED = "dialled"
"""Stands for the id of the call that was dialled here last, while nothing was told of it yet."""


@dataclass(frozen=True, slots=True)
class LineState:
    """Whether a telephone is there; ``code`` is the sentence for why it is not, empty while it is being looked for."""

    up: bool
    code: str = ""


Tell = Callable[[PhoneCall | LineState], None]
"""Takes news of a telephone, on whatever thread they come."""


class Dialler(Protocol):
    """Something that starts a call on behalf of the person at the desk. Every method returns at once."""

    @property
    def tells(self) -> bool:
        """Return whether it tells what becomes of its calls."""
        ...

    def dial(self, number: DialNumber) -> bool:
        """Start the call; return False where nothing takes it."""
        ...

    def hang_up(self, call: str = "") -> None:
        """End a call by its id, or refuse it while it rings; without an id the one that is on."""
        ...

    def accept(self, call: str = "") -> None:
        """Take a call that comes in by its id; without one the newest."""
        ...

    def close(self) -> None:
        """Let go of the telephone; calls that are on go on there."""
        ...


def dial_number(text: str) -> DialNumber:
    """Return ``text`` as a number that may be dialled.

    Raises BadInput (``number_not_dialable``) for anything but an optional ``+`` and 3 to 15 digits.
    """
    if not text.isascii() or _DIALABLE.fullmatch(text) is None:
        raise BadInput(code="number_not_dialable")
    return DialNumber(text)
