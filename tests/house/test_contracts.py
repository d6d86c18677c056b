"""The layers of the house hold (import-linter's contracts in pyproject.toml)."""

from __future__ import annotations

import subprocess
import sys

from tests.house import sources


def test_nobody_reaches_upwards() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as c; c()",
        "--no-logo",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=sources.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " 0 broken" in done.stdout
