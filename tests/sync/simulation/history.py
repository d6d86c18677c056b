"""What happened, in its order: every write with what it met, every edit with what its author saw, and a trace of all.

The checks here look at each write as it is made (SYNC, history checker): an end state may look right although a value
that nobody had seen was written over and written again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from isdesk.crm.port import Do, Thing
from isdesk.domain.changes import Value
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Field, Kind, Merge
from isdesk.domain.merge import same as same_value

Fields = dict[str, Value]


class Violation(AssertionError):
    """An invariant of SYNC E13 does not hold; ``code`` says which."""

    def __init__(self, code: str, *words: object) -> None:
        super().__init__(f"{code}: {' '.join(str(word) for word in words)}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Intent:
    """An edit as a person made it: what they saw, and what they wrote."""

    device: str
    key: str
    obj: str
    obj_id: str
    before: Fields
    after: Fields
    created: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """One write at the CRM: ``before`` is the record as it met it, ``payload`` what it asked for, ``changes`` what came
    of it. No ``device``: a person in the CRM."""

    device: str
    key: str
    do: Do
    obj: Thing
    remote: str
    before: Mapping[str, Value]
    payload: Mapping[str, Value]
    created: bool
    changes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class History:
    """The log of one simulation."""

    intents: dict[str, Intent] = field(default_factory=dict)
    applied: dict[str, set[str]] = field(default_factory=dict)
    made: dict[str, list[str]] = field(default_factory=dict)
    broken: list[Violation] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    restores: int = 0

    def note(self, *words: object) -> None:
        """Add a line to the trace."""
        self.lines.append(" ".join(str(word) for word in words))

    def digest(self) -> str:
        """Return the digest of the trace: two runs of the same seed give the same."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()

    def meant(self, intent: Intent) -> None:
        """Remember an edit."""
        self.intents[intent.key] = intent

    def restored(self) -> None:
        """Note that the CRM went back to a backup."""
        self.restores += 1
        self.note("crm", "restored")

    def wrote(self, write: Write) -> None:
        """Remember a write and look whether it wrote over what its author had not seen."""
        self.note(write.device or "crm", write.do.value, write.key, write.remote, sorted(write.payload.items()))
        if write.created:
            self.made.setdefault(write.key, []).append(write.remote)
        self.applied.setdefault(write.key, set()).update(write.payload)
        if write.do is Do.PATCH and write.device and not write.created:
            self._seen(write)

    def _seen(self, write: Write) -> None:
        intent = self.intents.get(write.key)
        if intent is None:
            return
        for code, value in write.changes.items():
            of, old = spec(write.obj, code), write.before.get(code)
            if same_value(old, value, of.kind) or of.merge is Merge.SCRATCH:
                continue
            before = self.saw(intent, code)
            if of.merge is Merge.RESTRICT:
                if old is True and before[0] is not True:
                    self.broken.append(Violation("I8", write.key, "cleared", code, "unseen"))
            elif not any(same_value(old, one, of.kind) for one in before):
                self.broken.append(Violation("I4", write.key, f"{code}: saw {before!r}, wrote {value!r} over {old!r}"))

    def saw(self, last: Intent, code: str) -> list[Value]:
        """Return what the author saw of a field, and before the edits of theirs that this one may carry with it."""
        saw = [last.before.get(code)]
        of = spec(last.obj, code).kind
        keys = list(self.intents)
        for key in reversed(keys[: keys.index(last.key)]):
            one = self.intents[key]
            if (one.device, one.obj_id) == (last.device, last.obj_id) and code in one.after:
                if not same_value(one.after[code], saw[-1], of):
                    break
                saw.append(one.before.get(code))
        return saw


def spec(obj: str, code: str) -> Field:
    """Return the definition of a field; one that is not known is a human fact."""
    known = (LEAD_FIELDS if obj == "lead" else COMPANY_FIELDS).get(code)
    return known if known is not None else Field(code, next(iter(LEAD_FIELDS.values())).obj, Kind.TEXT, code, code)
