"""Canaries: texts that are planted in every field and must be found in clear in no file and no process."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from isdesk.domain.fields import Field, Kind

JAPANESE, LATIN, DIGITS = "金糸雀", "kanaria", "7391-55"
"""What every canary holds: of a text the first two, of a mail the second, of a number the third."""

FIRST = 10


class Canaries:
    """Gives one canary per field, each its own, and remembers where it was planted."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}

    def text(self, where: str) -> str:
        """Return a text of one line for a field."""
        return self._plant(where, "金糸雀{n}号の歌zqKanaria{n}end")

    def for_field(self, spec: Field) -> str | None:
        """Return a canary in the form of a field; None for kinds whose values are chosen, not typed."""
        where = f"{spec.obj}.{spec.code}"
        if spec.kind is Kind.MAIL:
            return self._plant(where, "zqkanaria{n}@kanaria.example")
        if spec.kind is Kind.PHONE:
            return self._plant(where, "03-7391-55{n}")
        if spec.kind is Kind.URL:
            return self._plant(where, "https://kanaria{n}.example/zq")
        return self.text(where) if spec.kind in {Kind.TEXT, Kind.LONG_TEXT} else None

    def _plant(self, where: str, form: str) -> str:
        return self.planted.setdefault(where, form.format(n=FIRST + len(self.planted)))


def needles() -> dict[str, bytes]:
    """Return every form in which a canary would lie in clear."""
    found = {f"latin {code}": LATIN.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")}
    digits = (DIGITS, DIGITS.replace("-", ""))
    found |= {f"{text} {code}": text.encode(code) for text in digits for code in ("utf-8", "utf-16-le")}
    for code in ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp"):
        found[f"japanese {code}"] = JAPANESE.encode(code)
    escaped = json.dumps(JAPANESE).strip('"')
    for text in (escaped, escaped.upper().replace("\\U", "\\u"), escaped.replace("\\", "\\\\")):
        found[f"japanese {text}"] = text.encode()
    found["japanese in an address"] = quote(JAPANESE).encode()
    found["japanese in HTML"] = "".join(f"&#{ord(one)};" for one in JAPANESE).encode()
    return found


NEEDLES = needles()


def forms_in(data: bytes) -> list[str]:
    """Return the forms of canaries that some bytes hold in clear."""
    small = data.lower()
    return [form for form, needle in NEEDLES.items() if needle in data or (needle.isascii() and needle in small)]


def sung_in(*roots: Path) -> list[str]:
    """Return every file below ``roots`` that holds a canary, in its bytes or in its name."""
    found: list[str] = []
    for path in _files(roots):
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue
        found.extend(f"{path}: {form}" for form in (*forms_in(data), *forms_in(path.name.encode())))
    return found


def _files(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        yield from (path for path in root.rglob("*") if path.is_file())


def sung_by_processes() -> list[str]:
    """Return every process of ours whose arguments or environment hold a canary (Linux)."""
    found: list[str] = []
    for pid in _family():
        for part in ("cmdline", "environ"):
            try:
                data = Path(f"/proc/{pid}/{part}").read_bytes()
            except OSError:
                continue
            found.extend(f"process {pid} {part}: {form}" for form in forms_in(data))
    now = "\0".join(f"{name}={value}" for name, value in os.environ.items()).encode(errors="surrogateescape")
    return found + [f"our environment: {form}" for form in forms_in(now)]


def _family() -> list[int]:
    """Return this process and all that it started."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    family = [os.getpid()]
    for pid in family:
        family.extend(child for child, parent in parents.items() if parent == pid)
    return family


def writes(trace: str) -> Iterator[tuple[str, str]]:
    """Return (file, bytes in hex) of every write of an strace run (``-y -xx``), but for pipes and devices."""
    for line in trace.splitlines():
        plain = line.replace("\\x", "").lower()
        place = plain.partition("<")[2].partition(">")[0]
        with suppress(ValueError):
            place = bytes.fromhex(place).decode(errors="replace")
        if place.startswith("/") and not place.startswith("/dev/"):
            yield place, plain.partition(">")[2]


def written_in_clear(trace: str, free: Path | None = None) -> list[str]:
    """Return the writes of an strace run that hold a canary, but for those to files below ``free``."""
    hexed = {form: needle.hex() for form, needle in NEEDLES.items()}
    return [
        f"{place}: {form}"
        for place, data in writes(trace)
        if free is None or not place.startswith(str(free))
        for form, needle in hexed.items()
        if needle in data
    ]
