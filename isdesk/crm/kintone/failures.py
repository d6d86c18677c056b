"""What kintone's refusals mean: by their ``code``, for the messages follow the language of whoever made the token.

kintone publishes no list of codes; those here stand in its own tests and clients (cli-kintone, js-sdk, embulk-output)
and in measurements of a real tenant. Some came with HTTP 520 for years and come with 400 now: the status decides
nothing where the code is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from isdesk.crm.port import Auth, Permanent, Transient, Unknown
from isdesk.domain.errors import CrmError

_AUTH: Final = frozenset({"CB_AU01", "CB_WA01", "CB_NO03", "GAIA_IA02", "GAIA_IA01", "GAIA_AP15", "GAIA_NO01"})
"""Not signed in, a token that is none, one of another app, one without the right that the request needs."""
_RIGHT: Final = frozenset({"GAIA_NO01", "GAIA_AP15"})
_LOCKED: Final = frozenset({"GAIA_DA02", "GAIA_RE18", "GAIA_TM12", "GAIA_TO04"})
"""The database could not be locked, or too many requests at once: nothing was written."""
_STALE: Final = "GAIA_CO02"
_GONE: Final = frozenset({"GAIA_RE01", "GAIA_RE20"})
_CODES: Final = {
    "GAIA_AP01": "kintone_app_gone",
    "GAIA_LO04": "kintone_lookup",
    "GAIA_IQ11": "kintone_field_gone",
    "CB_NO02": "kintone_no_right",
    "CB_VA01": "kintone_invalid",
}
_KEY: Final = re.compile(r"records?(?:\[(\d+)\])?(?:\.record)?(?:\.([^.\[\]]+)|\[([^\]]+)\])")
_NAMED: Final = re.compile(r"id\s*[:：]\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that kintone says is wrong: ``index`` of the record in the request, the field, and its own words."""

    index: int | None
    field: str
    words: str


class Refused(Permanent):
    """kintone will not take it. ``api``: its code; ``words``: its message; ``request`` of a bulk request, else 0."""

    def __init__(self, api: str, words: str, faults: tuple[Fault, ...] = (), request: int = 0) -> None:
        field = next((one.field for one in faults if one.field), "")
        super().__init__(_CODES.get(api, "kintone_refused"), api=api, field=field)
        self.api, self.words, self.faults, self.request = api, words, faults, request

    @property
    def message(self) -> str:
        """Return kintone's own words, those of the fields behind its sentence."""
        said = [one.words for one in self.faults if one.words]
        return " ".join([self.words, *dict.fromkeys(said)]).strip()


def shown(error: Refused, label: Callable[[str], str]) -> Permanent:
    """Return a refusal as it leaves the adapter: code and label of the field, none of kintone's words about values."""
    field = next((one.field for one in error.faults if one.field), "")
    return Permanent(error.code, api=error.api, field=label(field) if field else "")


class Stale(Transient):
    """A record has a newer revision than the one that was read; nothing was written."""

    def __init__(self, words: str, request: int = 0) -> None:
        super().__init__("kintone_locked")
        self.words, self.request = words, request


class Missing(Refused):
    """A record of the request is not there; ``record`` is its id where kintone names it."""

    @property
    def record(self) -> str | None:
        """Return the id that the message names."""
        found = _NAMED.search(self.words)
        return found.group(1) if found is not None else None


def failure(data: Any) -> CrmError | None:
    """Return the error that an answer of kintone is; None where it names no code that means anything here."""
    if not isinstance(data, Mapping):
        return None
    results = data.get("results")
    if isinstance(results, list):
        return _of_bulk(results)
    return _of(data, 0)


def _of_bulk(results: list[Any]) -> CrmError | None:
    for place, one in enumerate(results):
        if isinstance(one, Mapping) and one.get("code"):
            return _of(one, place)
    return None


def _of(data: Mapping[str, Any], request: int) -> CrmError | None:
    code = str(data.get("code") or "")
    words = str(data.get("message") or "")
    if not code:
        return None
    if code in _AUTH:
        return Auth("kintone_token_right" if code in _RIGHT else "kintone_token_refused", api=code)
    if code in _LOCKED:
        return Transient("crm_busy" if code == "GAIA_TO04" else "kintone_locked")
    if code == _STALE:
        return Stale(words, request)
    kind = Missing if code in _GONE else Refused
    return kind(code, words, tuple(_faults(data.get("errors"))), request)


def _faults(errors: Any) -> Iterator[Fault]:
    """Yield what ``errors`` says by field: ``records[3].code.value`` or ``records[3].record.code.value``."""
    for key, said in errors.items() if isinstance(errors, Mapping) else ():
        found = _KEY.match(str(key))
        messages = said.get("messages", ()) if isinstance(said, Mapping) else ()
        words = " ".join(str(one) for one in messages)
        if found is None:
            yield Fault(None, "", words)
            continue
        index = found.group(1)
        yield Fault(int(index) if index else None, found.group(2) or found.group(3) or "", words)


def known(data: Any) -> bool:
    """Return whether a 5xx answer is a refusal in kintone's own words, so that nothing was written."""
    found = failure(data)
    return found is not None and not (isinstance(found, Refused) and found.code == "kintone_refused")


def maintenance(error: CrmError) -> CrmError:
    """Return an error that says 503 in anything but JSON as what it most likely is: kintone's maintenance."""
    if error.params.get("status") != 503:
        return error
    return Unknown("kintone_maintenance") if isinstance(error, Unknown) else type(error)("kintone_maintenance")
