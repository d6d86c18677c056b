"""A CRM that can only import files: outcomes and edits go into a file of this device, in a folder that is imported.

``outcomes-<device>.csv`` (UTF-8 with mark, one line per command, its key in the first column) is replaced as a whole:
temporary file, fsync, rename (SYNC E2, T3). The importer may take the file away; a new one is begun then. Which keys
were ever written stands beside it in ``keys-<device>.txt``, keys and ids only, so that nothing goes into the folder
twice. Leads come by the import of a table, not from here: nothing is read back but our own lines.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from isdesk.crm.port import (
    PAGE,
    Adapter,
    Asked,
    Capabilities,
    Command,
    FieldInfo,
    Glance,
    Hello,
    Offline,
    Page,
    Person,
    Result,
    Row,
    Scope,
    Signals,
    Status,
    Thing,
    Transient,
    Unknown,
)
from isdesk.crm.registry import Place
from isdesk.crm.writing import seal
from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS
from isdesk.domain.formulas import guard, unguard
from isdesk.domain.ids import MemberId

NAME: Final = "filedrop"
COLUMNS: Final = (
    "key", "kind", "action", "at", "lead_id", "company_id", "member", "channel", "direction", "outcome", "reached",
    "talk_s", "number", "note", "next_action", "next_at", "handoff_id", "reason", "name", "email", "phone", "fields",
    "data",
)  # fmt: skip
"""The columns of the file. ``fields``: changed fields as JSON (null clears); ``data``: the whole fact as JSON."""
MARK: Final = ".isdesk-folder"
_ROLL_BYTES: Final = 8 * 1024 * 1024
_OBJECTS: Final = frozenset({Thing.LEAD, Thing.COMPANY, Thing.TOUCH, Thing.TRANSITION})
_ODD: Final = re.compile(r"[^0-9A-Za-z_-]")
_NOT_TEXT: Final = re.compile("[\ud800-\udfff\x00]")


def connect(
    *,
    url: str,
    user: str,  # noqa: ARG001 - a folder asks nobody who they are
    secret: str | None,  # noqa: ARG001 - and has no key
    options: Mapping[str, str],
    place: Place,
) -> Adapter:
    """Return the adapter of a folder: ``url`` is its path or its ``file:`` address; it has to be there.

    ``leads=no`` among the options writes no lines for records that are made here (they came from the CRM's own table).
    Raises BadInput.
    """
    parts = urlsplit(url)
    path = Path(unquote(parts.path)) if parts.scheme == "file" else Path(url).expanduser()
    if not url.strip() or (parts.scheme not in {"", "file"} and len(parts.scheme) > 1):
        raise BadInput("filedrop_no_folder")
    me = place.me
    person = Person(MemberId(me.id), me.name, me.role, me.email)
    return FileDrop(path.absolute(), person, makes=options.get("leads") != "no", name=options.get("name", NAME))


@dataclass(frozen=True, slots=True)
class _Written:
    """One key that stands in the folder: what kind of record it wrote, and which."""

    kind: str
    id: str


class FileDrop:
    """The adapter of one folder, which several devices may share: each writes its own files."""

    def __init__(self, folder: Path, me: Person, *, makes: bool = True, name: str = NAME) -> None:
        self._folder, self._me, self._makes, self._name = folder, me, makes, name

    @property
    def name(self) -> str:
        """Return the name under which deliveries are kept."""
        return self._name

    @property
    def signals(self) -> Signals:
        """Return nothing: a folder has no clock and no allowance."""
        return Signals()

    def hello(self) -> Hello:
        """Return ourselves and which folder this is; one that is not there is away, not new. Raises Offline."""
        mark = self._folder / MARK
        try:
            if not self._folder.is_dir():
                raise Offline("filedrop_folder_gone", folder=self._folder.name)
            if not mark.exists():
                _replace(mark, f"{uuid.uuid4()}\n".encode())
            return Hello(self._me, mark.read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            raise Offline("filedrop_folder_gone", folder=self._folder.name) from None

    def capabilities(self) -> Capabilities:
        """Return what a folder can promise: each key once; nothing comes back."""
        return Capabilities(
            upsert_key="per_object",
            probe_by_key="strong",
            cursor="none",
            batch_max=PAGE,
            batch_atomic=True,
            activity_target="file",
            atomic_activity_with_lead=True,
            max_note_len=1_000_000,
            objects=_OBJECTS,
            own_ids=True,
            keeps_edits=True,
            brings_history=True,
        )

    # ------------------------------------------------------------------------------------------------------- reading

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return every field: the file takes all of them."""
        known = {Thing.LEAD: LEAD_FIELDS, Thing.COMPANY: COMPANY_FIELDS}.get(obj, {})
        return [FieldInfo(code, one.ja, one.kind) for code, one in known.items()]

    def members(self) -> Sequence[Person]:
        """Return ourselves: a folder knows nobody."""
        return [self._me]

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        """Return nothing: leads come by the import of a table."""
        return Page([], cursor or "", more=False)

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        """Return nothing, as `changes`."""
        return []

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        """Return the records that were ever written here, so that none of them passes for removed."""
        found: dict[str, str] = {}
        for device in self._devices():
            found |= {one.id: "" for one in self._keys(device).values() if one.kind == obj}
        return list(found.items())

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        """Return nothing: our own facts are here already."""
        return []

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        """Raise Offline: there is nobody to ask."""
        raise Offline("crm_offline")

    def carried(self, obj: Thing) -> frozenset[str] | None:
        """Return None: the file takes every field."""
        return None

    def link(self, obj: Thing, remote_id: str) -> str | None:
        """Return None: a line of a file has no address."""
        return None

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        """Return those of the keys that were written by any device of this folder."""
        wanted = {one.key for one in asked}
        found: dict[str, str] = {}
        for device in self._devices():
            found |= {key: one.id for key, one in self._keys(device).items() if key in wanted}
        return found

    # ------------------------------------------------------------------------------------------------------- writing

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        """Add a line for each command whose key the folder does not have: all of them or none.

        Raises Offline, Transient (nothing was written) or Unknown.
        """
        self.hello()
        results: dict[str, Result] = {}
        for device in dict.fromkeys(_device(one) for one in batch):
            known = self._keys(device)
            new: dict[str, Command] = {}
            for one in (one for one in batch if _device(one) == device):
                if one.key in known:
                    results[one.key] = Result(one.key, Status.DUPLICATE, known[one.key].id)
                elif one.obj not in _OBJECTS:
                    results[one.key] = Result(one.key, Status.REFUSED, one.id, code="not_carried")
                else:
                    new[one.key] = one
            if new:
                self._append(device, list(new.values()))
            results |= {key: Result(key, Status.ACKED, _id(one), "") for key, one in new.items()}
        return [results[one.key] for one in batch]

    def _append(self, device: str, commands: Sequence[Command]) -> None:
        path = self._folder / f"outcomes-{device}.csv"
        lines = [_line(one) for one in commands if self._makes or not _makes(one)]
        try:
            before = path.read_bytes() if path.exists() else b""
            if before and len(before) > _ROLL_BYTES:
                path.replace(self._older(device))
                before = b""
            whole = before + _table(lines, head=not before)
        except OSError:
            raise Transient("filedrop_not_written", file=path.name) from None
        if lines:
            _replace(path, whole)
        told = "".join(f"{one.key}\t{one.obj}\t{_id(one)}\n" for one in commands)
        try:
            with (self._folder / f"keys-{device}.txt").open("ab") as ledger:
                ledger.write(f"\n{told}".encode())  # a line of its own, also behind one that a crash cut short
                ledger.flush()
                os.fsync(ledger.fileno())
        except OSError:
            raise Unknown("answer_lost") from None

    def _older(self, device: str) -> Path:
        """Return a free name for a file that has grown too long to be written anew each time."""
        number = 1
        while (path := self._folder / f"outcomes-{device}-{number}.csv").exists():
            number += 1
        return path

    # --------------------------------------------------------------------------------------------------------- keys

    def _devices(self) -> list[str]:
        """Return the devices that have written here. Raises Offline where the folder is away."""
        self.hello()
        names = [path.stem for kind in ("keys-*.txt", "outcomes-*.csv") for path in self._folder.glob(kind)]
        return sorted({name.partition("-")[2] for name in names})

    def _keys(self, device: str) -> dict[str, _Written]:
        """Return what a device has written: by its list, and by the file, which is a step ahead after a crash.

        Raises Transient where one of them cannot be read: better no line than one twice.
        """
        found: dict[str, _Written] = {}
        for path, reader in (
            (self._folder / f"keys-{device}.txt", _of_ledger),
            (self._folder / f"outcomes-{device}.csv", _of_table),
        ):
            try:
                if path.exists():
                    found |= dict(reader(path.read_bytes()))
            except (OSError, ValueError, csv.Error):
                raise Transient("filedrop_not_read", file=path.name) from None
        return found

    def close(self) -> None:
        """Nothing is held."""


# --------------------------------------------------------------------------------------------------------------- files


def _replace(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``: it is on the disk before it has its name.

    Raises Transient (what was there stays), or Unknown where it may have taken its place.
    """
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink()
        raise Transient("filedrop_not_written", file=path.name) from None
    if os.name == "posix":
        try:
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError:
            raise Unknown("answer_lost") from None


def _table(lines: Sequence[Sequence[str]], *, head: bool) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    if head:
        writer.writerow(COLUMNS)
    writer.writerows([guard(cell) for cell in line] for line in lines)
    return (b"\xef\xbb\xbf" if head else b"") + text.getvalue().encode()


def _of_table(content: bytes) -> Iterator[tuple[str, _Written]]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    head = next(rows, None)
    if head is None:
        return
    if tuple(head[:2]) != COLUMNS[:2]:
        raise ValueError(head)
    for row in rows:
        cells = dict(zip(head, map(unguard, row), strict=False))
        kind = cells.get("kind", "")
        identity = cells.get("company_id" if kind == Thing.COMPANY else "lead_id", "")
        yield cells["key"], _Written(kind, identity if kind in {Thing.LEAD, Thing.COMPANY} else cells["key"])


def _of_ledger(content: bytes) -> Iterator[tuple[str, _Written]]:
    """Yield the lines of a list of keys; one that a crash cut short is none."""
    for line in content.decode("ascii").split("\n"):
        if line.count("\t") == 2:
            key, kind, identity = line.split("\t")
            yield key, _Written(kind, identity)


# --------------------------------------------------------------------------------------------------------------- lines


def _device(command: Command) -> str:
    return _ODD.sub("_", command.device_id or "desk")


def _id(command: Command) -> str:
    return command.id or command.local or command.key


def _makes(command: Command) -> bool:
    """Return whether a command makes a record: it has seen no value of it, and gives it its name."""
    return command.obj in {Thing.LEAD, Thing.COMPANY} and "name" in command.payload and not any(command.base.values())


def _line(command: Command) -> list[str]:
    """Return the line of a command, in the order of COLUMNS."""
    payload = command.payload
    told: dict[str, Value] = {"key": command.key, "kind": command.obj.value, "action": command.do.value}
    if command.obj in {Thing.LEAD, Thing.COMPANY}:
        told |= {"company_id" if command.obj is Thing.COMPANY else "lead_id": _id(command), "fields": seal(payload)}
        shown = _FIRM if command.obj is Thing.COMPANY else _PERSON
        told |= {column: payload[code] for column, code in shown.items() if code in payload}
        return [_text(told.get(column)) for column in COLUMNS]
    plan = payload.get("plan")
    told |= {column: payload[column] for column in COLUMNS[3:18] if column in payload}
    told |= {"member": payload.get("member_id"), "data": seal(payload)}
    if command.obj is Thing.TRANSITION:
        told["action"] = payload.get("action")
    if isinstance(plan, dict):
        told |= {"next_action": _value(plan.get("action")) or "none", "next_at": _value(plan.get("due_at"))}
    return [_text(told.get(column)) for column in COLUMNS]


_PERSON: Final = {
    "name": "name", "email": "email", "phone": "phone_direct", "member": "owner_id", "company_id": "company_id",
}  # fmt: skip


_FIRM: Final = {"name": "name", "phone": "phone"}


def _value(said: object) -> Value:
    return said if isinstance(said, str) else None


def _text(value: Value) -> str:
    if value is None or value is False:
        return ""
    return _NOT_TEXT.sub("\ufffd", "yes" if value is True else str(value))
