"""The tree of known problems. Each carries a code and its parameters; the sentence is made where it is shown.

::

    IsdeskError
    ├── Refused            the rule of the house says no (gate, do-not-call, missing item, wrong state)
    │   ├── NotFound       there is no such lead, member, handoff, journal entry …
    │   └── Incomplete     required items are missing: ``missing`` names them
    ├── BadInput           a value, a file or an argument that cannot be understood
    │   └── PlaybookError  a definition is wrong: file, line and key
    ├── StoreError         the database cannot be opened, read or written
    │   ├── WrongKey       it is there but does not open with this key; nothing was touched
    │   ├── NewerSchema    it was written by a newer isdesk; nothing was touched
    │   └── Locked         another process holds it
    ├── VaultError         no keyring is usable and no passphrase was given, or the entry is gone
    ├── TelephoneError     the telephone could not be reached, refused us or was lost
    ├── CalendarError      a calendar's server refused, failed or could not be reached
    │   └── EventChanged   somebody changed the event in the meantime; it was left as it is
    └── CrmError           the other side of a sync: see isdesk.crm.port for its classes

The sentences live in ``resources/messages/{ja,en}.toml``: ``[code]`` with ``what``, ``kept`` and ``do``.
"""

from __future__ import annotations


class IsdeskError(Exception):
    """A known problem: a stable ``code`` (key of the message catalogue) and its parameters.

    As text it shows the code and the names of the parameters, never their values, which may be personal data.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code}({', '.join(params)})")
        self.code = code
        self.params: dict[str, object] = params


class Refused(IsdeskError):
    """A rule of the playbook or of the house says no."""


class NotFound(Refused):
    """There is nothing of that name."""


class Incomplete(Refused):
    """Required items are missing."""

    def __init__(self, code: str, missing: tuple[str, ...], **params: object) -> None:
        super().__init__(code, missing=missing, **params)
        self.missing = missing


class BadInput(IsdeskError):
    """A value, a file or an argument that cannot be understood."""


class PlaybookError(BadInput):
    """A definition is wrong; ``file``, ``line`` and ``key`` say where."""

    def __init__(self, code: str, *, file: str, line: int, key: str, **params: object) -> None:
        super().__init__(code, file=file, line=line, key=key, **params)
        self.file, self.line, self.key = file, line, key


class StoreError(IsdeskError):
    """The database cannot be opened, read or written."""


class WrongKey(StoreError):
    """The database is there but does not open with this key; it was left as it is."""


class NewerSchema(StoreError):
    """The database was written by a newer isdesk; it was left as it is."""


class Locked(StoreError):
    """Another process holds the database."""


class VaultError(IsdeskError):
    """No keyring is usable and no passphrase was given, or the entry is gone."""


class TelephoneError(IsdeskError):
    """The telephone could not be reached, refused us, or was lost; what was recorded of a call is kept."""


class CrmError(IsdeskError):
    """The other side of a sync refused, failed or could not be reached."""


class CalendarError(IsdeskError):
    """A calendar's server refused, failed or could not be reached."""


class EventChanged(CalendarError):
    """Somebody changed an event in the meantime; it was left as it is."""
