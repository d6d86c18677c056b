"""The log: one JSON line per event, with named fields from a list, and never anything personal or secret.

An event is a constant text (``log.info("sync_done", extra={"sent": 3})``); values travel in ``extra`` and are written
only under the names of `FIELDS`. Arguments of a message are not filled in, messages of exceptions are not written
(their types and the places in the code are), and whatever still looks like a phone number, a mail address, a token or
a line break is taken out of every text (SECURITY C3).
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from typing_extensions import override

from isdesk.domain.errors import IsdeskError

# fmt: off
FIELDS = frozenset({
    "adapter", "attempt", "attempts", "batch", "bytes", "code", "conflicts", "count", "deleted",
    "delivery", "device", "failed", "handoff_id", "journal_id", "kind", "lane", "lead_id", "made",
    "member_id", "ms", "obj", "ok", "op", "page", "pending", "platform", "playbook", "quarantined",
    "reason", "request_id", "retry_in", "rows", "schema", "seconds", "sent", "state", "status",
    "touch_id", "updated", "verb", "version", "window",
})
# fmt: on
"""The names of values that may be written: ids, counts, codes, durations."""

FILE = "isdesk.log"
BYTES = 2_000_000
FILES = 5
ROOTS = ("isdesk", "ui")
GONE = "[…]"

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_INSTANT = r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?"
_PERSONAL = re.compile(
    rf"(?P<stays>\b(?:{_UUID}|{_INSTANT})\b)"
    r"|[^\s@\"'<>,;:=]+[@＠][^\s@\"'<>,;]+"  # mail
    r"|(?i:bearer|basic|token|password|passphrase|secret|authorization|code|key)\s*[=:]?\s*[A-Za-z0-9+/_.\-]{8,}=*"
    r"|(?<![A-Za-z0-9])[A-Za-z0-9+/_\-]{32,}={0,2}"  # keys, tokens, cursors
    r"|\?[^\s\"']*=[^\s\"']*"  # what follows an address
    r"|[+＋]?[0-9０-９][0-9０-９()（）\-‐‑–—―ー−－ ]{7,}[0-9０-９]"  # phone
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


def clean(text: str) -> str:
    """Return ``text`` in one line, without what looks personal or secret; UUIDs and times stay."""
    return _PERSONAL.sub(lambda m: m.group("stays") or GONE, _CONTROL.sub(" ", text))


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON, by the rules of this module."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "in": clean(record.name),
            "event": clean(str(record.msg)),
        }
        for name in sorted(FIELDS & record.__dict__.keys()):
            value = record.__dict__[name]
            line[name] = value if isinstance(value, (bool, int, float)) or value is None else clean(str(value))
        if record.exc_info and record.exc_info[1] is not None:
            line["error"], line["where"] = _told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _told(error: BaseException) -> tuple[str, list[str]]:
    """Return what may be said of an exception: its type (and code), and where in the code it came from."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 5:
        kinds.append(f"{type(cause).__name__}:{cause.code}" if isinstance(cause, IsdeskError) else type(cause).__name__)
        cause = cause.__cause__
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(kinds), [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]


def start(folder: Path, level: str = "info") -> logging.Handler:
    """Write the program's events to ``folder`` from now on; `stop` with the handler that is returned.

    Files rotate at 2 MB, five are kept. Raises OSError where the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / FILE, maxBytes=BYTES, backupCount=FILES - 1, encoding="utf-8", delay=True)
    handler.setFormatter(JsonLines())
    for name in ROOTS:
        logger = logging.getLogger(name)
        logger.setLevel(level.upper())
        logger.addHandler(handler)
    return handler


def stop(handler: logging.Handler) -> None:
    """Write no more to a handler of `start`, and close its file."""
    for name in ROOTS:
        logging.getLogger(name).removeHandler(handler)
    handler.close()


for _name in ROOTS:
    logging.getLogger(_name).addHandler(logging.NullHandler())  # nothing ever falls through to stderr
