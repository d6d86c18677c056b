"""The tools of development: ``dev.py`` needs nothing but Python, CI runs it, and Qt counts its references right."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.house import sources

DEV = sources.ROOT / "dev.py"
COUNTED = """
import sys
from PySide6.QtCore import QObject
thing = QObject()
before = sys.getrefcount(None)
for _ in range(1000):
    thing.setObjectName("x")
sys.exit(before - sys.getrefcount(None) > 500)
"""


def test_dev_needs_only_the_standard_library() -> None:
    foreign = [module for _, module in sources.imports(DEV) if module.split(".")[0] not in sys.stdlib_module_names]
    assert not foreign


def test_dev_has_help_for_every_verb() -> None:
    done = subprocess.run([sys.executable, str(DEV), "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    for verb in ("run", "test", "lint", "bench", "build", "demo", "docs", "lock", "setup"):
        assert f"    {verb}" in done.stdout


def test_ci_runs_what_developers_run() -> None:
    script = sources.ROOT / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert "python3 dev.py test" in text
    assert os.name == "nt" or os.access(script, os.X_OK)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_qt_gives_no_reference_to_none_away() -> None:
    """PySide6 6.12.0 does, which ends in "deallocating None" on Python 3.11."""
    assert subprocess.run([sys.executable, "-c", COUNTED], check=False).returncode == 0
