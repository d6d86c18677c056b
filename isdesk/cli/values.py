"""What people type on the command line, read into values: times, days, pairs, sizes."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, date, datetime

from isdesk.clock import TOKYO

_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?")


def instant(text: str) -> datetime:
    """Return the UTC instant of an RFC 3339 time, or of a local (Asia/Tokyo) one such as ``2026-11-24 10:30``.

    A bare date means its midnight. Raises argparse.ArgumentTypeError for anything else.
    """
    said = text.strip()
    if said.endswith(("z", "Z")):
        said = said[:-1] + "+00:00"
    if _LOCAL.fullmatch(said) and " " in said and len(said.split(" ")[1].split(":")[0]) == 1:
        said = said.replace(" ", " 0", 1)
    try:
        read = datetime.fromisoformat(said)
        return (read if read.tzinfo else read.replace(tzinfo=TOKYO)).astimezone(UTC)
    except (ValueError, OverflowError):
        msg = f"{text!r} is not a time: write 2026-11-24T10:30:00+09:00 or '2026-11-24 10:30'"
        raise argparse.ArgumentTypeError(msg) from None


def day(text: str) -> date:
    """Return a business day from ``2026-11-24``. Raises argparse.ArgumentTypeError for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        msg = f"{text!r} is not a day: write 2026-11-24"
        raise argparse.ArgumentTypeError(msg) from None


def pair(text: str) -> tuple[str, str]:
    """Return name and value of ``name=value``; the value may be empty. Raises argparse.ArgumentTypeError."""
    name, found, value = text.partition("=")
    if not found or not name.strip():
        msg = f"{text!r} is not of the form NAME=VALUE"
        raise argparse.ArgumentTypeError(msg)
    return name.strip(), value


def count(text: str) -> int:
    """Return a whole number of at least one. Raises argparse.ArgumentTypeError for anything else."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        msg = f"{text!r} is not a whole number of at least 1"
        raise argparse.ArgumentTypeError(msg)
    return number


def natural(text: str) -> int:
    """Return a whole number of at least zero. Raises argparse.ArgumentTypeError for anything else."""
    return 0 if text.strip() == "0" else count(text)
