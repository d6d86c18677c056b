"""Profiles that are opened by a passphrase, and the program run from outside as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "correct horse battery staple"


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a run: the passphrase instead of a keyring, and this checkout."""
    return {**os.environ, "ISDESK_PASSPHRASE": PASSPHRASE, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **(more or {})}


def isdesk(profile: Path, *args: str, under: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run the command line on ``profile``, ``under`` another program where given."""
    command = [*under, sys.executable, "-m", "isdesk", "--profile", str(profile), *args]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=120)
