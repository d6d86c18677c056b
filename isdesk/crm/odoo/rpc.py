"""JSON-2: one model's method per request, each its own transaction, and Odoo's errors read by their name.

Odoo answers a refused request with 4xx, but an unknown field or a wrong choice with 500: what it means stands in
``name``, the Python class of the error (measured on 19.0). An error also brings ``debug``, a traceback with data in it:
it is dropped here and goes nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from isdesk.crm import http
from isdesk.crm.http import Client, ServerFailed
from isdesk.crm.port import Auth, Permanent, Signals, Transient, Unknown

STAMP: Final = "%Y-%m-%d %H:%M:%S"
"""How Odoo writes an instant: UTC without a zone, whole seconds."""

ARCHIVED_TOO: Final = ("active", "in", [True, False])
"""Names archived records in a domain, which would be left out. (A context of ``active_test`` False does so too, but
reaches into what Odoo computes: it then counts as blacklisted who was taken off the list.)"""

_GONE: Final = frozenset({"MissingError"})
_LOCKED: Final = frozenset(
    {
        "SerializationFailure",
        "DeadlockDetected",
        "LockNotAvailable",
        "LockError",
        "TransactionRollbackError",
        "PoolError",
        "QueryCanceled",
        "QueryCanceledError",
        "TooManyConnections",
        "RateLimited",
        "ConcurrencyError",
    }
)
"""Errors after which PostgreSQL has rolled the transaction back for certain: nothing was written, try again."""
_LOCK_WORDS: Final = ("could not serialize access", "deadlock detected", "could not obtain lock")
"""What PostgreSQL says then, in the messages of ``load``."""
_REFUSED: Final = frozenset(
    {
        "AccessError",
        "AssertionError",
        "AttributeError",
        "BadRequest",
        "CheckViolation",
        "DataError",
        "Forbidden",
        "ForeignKeyViolation",
        "IndexError",
        "IntegrityError",
        "InvalidTextRepresentation",
        "KeyError",
        "NotFound",
        "NotImplementedError",
        "NotNullViolation",
        "NumericValueOutOfRange",
        "RedirectWarning",
        "StringDataRightTruncation",
        "TypeError",
        "UniqueViolation",
        "UnprocessableEntity",
        "UserError",
        "ValidationError",
        "ValueError",
    }
)
"""Errors of the request itself: the same request will never succeed, whatever the status says."""
_SIGNED_OUT: Final = frozenset({"AccessDenied", "Unauthorized", "SessionExpiredException"})
LOAD: Final = "load"
"""The kind of a refusal that came in the messages of ``load``."""


class Refusal(Exception):
    """Odoo will not do it; nothing was written. ``words`` are its own, for the person, never for a log.

    ``kind`` is the error's class without its module. It does not leave this package.
    """

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(kind)
        self.kind, self.words = kind, words

    @property
    def gone(self) -> bool:
        """Return whether the record is no longer there."""
        return self.kind in _GONE


class Rpc:
    """Calls methods of models. ``context`` goes with every call (the language)."""

    def __init__(self, client: Client, now: http.Now) -> None:
        self._client = client
        self._now = now
        self.context: dict[str, Any] = {}

    @property
    def origin(self) -> str:
        """Return the origin of the server."""
        return self._client.origin

    @property
    def signals(self) -> Signals:
        """Return what the last answer said of the server's clock."""
        return self._client.signals()

    def server_now(self) -> datetime:
        """Return the server's clock as of the last answer; ours where it has never said anything."""
        return self._now() + timedelta(milliseconds=self._client.skew_ms or 0)

    def read(self, model: str, method: str, *, budget_s: float | None = None, **arguments: Any) -> Any:
        """Call a method that changes nothing.

        Raises Offline, Transient or Auth; Permanent (``odoo_refused``) where Odoo refuses it.
        """
        try:
            return self._call(model, method, arguments, writes=False, budget_s=budget_s)
        except Refusal as refusal:
            code = "odoo_no_right" if refusal.kind == "AccessError" else "odoo_refused"
            raise Permanent(code, model=model, error=refusal.kind) from None

    def asked(self, model: str, method: str, **arguments: Any) -> Any:
        """Call a method that changes nothing and may be refused. Raises `Refusal` besides the errors of `read`."""
        return self._call(model, method, arguments, writes=False)

    def write(self, model: str, method: str, *, context: Mapping[str, Any] | None = None, **arguments: Any) -> Any:
        """Call a method that writes. Raises `Refusal`; Offline, Transient, Auth; Unknown where nobody knows."""
        return self._call(model, method, arguments, writes=True, context=context)

    def version(self) -> tuple[int, ...]:
        """Return the version of Odoo, () where it does not say. Raises Offline, Transient or Auth."""
        try:
            reply = self._client.get("/json/version")
        except ServerFailed:
            raise Transient("crm_slow") from None
        said = reply.data.get("version_info") if isinstance(reply.data, dict) else None
        return tuple(n for n in said[:2] if isinstance(n, int)) if isinstance(said, list) else ()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _call(
        self,
        model: str,
        method: str,
        arguments: Mapping[str, Any],
        *,
        writes: bool,
        budget_s: float | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = clean({**arguments, "context": {**self.context, **(context or {})}})
        path = f"/json/2/{model}/{method}"
        try:
            reply = self._client.request("POST", path, json=body, writes=writes, budget_s=budget_s)
        except ServerFailed as failed:
            _understand(failed.data)
            if not writes:
                raise Transient("crm_slow") from None
            raise Unknown("answer_lost", status=failed.status) from None
        if not reply.ok:
            _understand(reply.data)
            raise Refusal(str(reply.status), "")
        return reply.data


def locked(words: str) -> bool:
    """Return whether ``load`` failed because another request writes the same: it swallows what would be an error."""
    return any(said in words for said in _LOCK_WORDS)


def _understand(data: Any) -> None:
    """Raise what an error of Odoo means; return where its name says nothing for certain."""
    said = data if isinstance(data, dict) else {}
    kind = str(said.get("name") or "").rpartition(".")[2]
    if kind in _SIGNED_OUT:
        raise Auth("crm_signed_out") from None
    if kind in _LOCKED:
        raise Transient("crm_busy") from None
    if kind in _REFUSED or kind in _GONE:
        raise Refusal(kind, str(said.get("message") or "")) from None


def clean(value: Any) -> Any:
    """Return JSON without what PostgreSQL or UTF-8 cannot hold: half characters and the character zero."""
    if isinstance(value, str):
        if value.isascii() and "\0" not in value:
            return value
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [clean(one) for one in value]
    return value


def stamp(at: datetime) -> str:
    """Return an instant as Odoo writes it, its fraction dropped."""
    return at.astimezone(UTC).strftime(STAMP)
