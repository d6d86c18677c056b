"""The command line as a process from outside, on a profile of its own; every run is held to the habits of CLI.md."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.conftest import isdesk

KEYS = {
    "demo": {"profile", "hub_url", "leads", "reps", "touches", "me"},
    "connect": {"adapter", "ok", "me", "capabilities"},
    "sync": {"pulled", "pushed", "conflicts", "pending", "seconds"},
    "queue": {"items"},
    "lead": {"lead", "state", "scores", "timeline", "checklist"},
    "search": {"items"},
    "set": {"journal_id", "changed"},
    "record": {"journal_id", "touch_id", "next_action", "due_at", "stage"},
    "undo": {"undone"},
    "redo": {"undone"},
    "handoff": {"handoff", "status", "missing", "memo"},
    "import": {"encoding", "delimiter", "rows", "created", "updated", "duplicates", "errors", "batch_id"},
    "export": {"rows"},
    "kpi": {"rows"},
    "conflicts": {"items"},
    "outbox": {"items"},
    "backup": {"bytes", "verified"},
    "restore": {"bytes", "verified"},
    "doctor": {"checks"},
}
"""What each verb's JSON document gives at least."""


@dataclass
class Cli:
    """One profile, driven by the program's name only."""

    profile: Path

    def ok(self, verb: str, *words: str) -> dict[str, Any]:
        """Run a verb with ``--json``: it must succeed, print one document with the promised keys, and nothing else."""
        ran = isdesk(self.profile, verb, *words, "--json")
        assert ran.returncode == 0, (verb, words, ran.stderr)
        document = json.loads(ran.stdout)
        assert KEYS[verb] <= document.keys(), (verb, document.keys())
        assert ran.stderr == "" or (verb == "connect" and len(ran.stderr.splitlines()) == 1), ran.stderr
        return dict(document)

    def fails(self, *words: str, code: int = 1) -> str:
        """Run what must be refused: nothing on standard output, one sentence without a traceback on standard error."""
        ran = isdesk(self.profile, *words)
        assert ran.returncode == code, (words, ran.returncode, ran.stdout, ran.stderr)
        assert ran.stdout == "", words
        assert "Traceback" not in ran.stderr
        assert len(ran.stderr.strip().splitlines()) == 1, ran.stderr
        assert ran.stderr.startswith("isdesk"), ran.stderr
        return ran.stderr

    def text(self, *words: str) -> str:
        """Run a verb for people to read."""
        ran = isdesk(self.profile, *words)
        assert ran.returncode == 0, (words, ran.stderr)
        return ran.stdout
