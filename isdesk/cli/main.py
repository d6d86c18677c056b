"""Entry of ``isdesk``: reads the arguments, runs one verb, and turns every known problem into one sentence.

Exit codes: 0 done, 1 refused or failed (one sentence on standard error), 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from typing_extensions import override

from isdesk import __version__
from isdesk.cli import (
    admin,
    alignment,
    calls,
    connecting,
    costs,
    day,
    figures,
    files,
    handoffs,
    hub,
    introducing,
    leads,
    mail,
    meetings,
    phone,
    sequences,
    signals,
    team,
)
from isdesk.cli.session import Session, Verb
from isdesk.domain.errors import IsdeskError

VERBS: tuple[Verb, ...] = (
    *admin.DEMO,
    *connecting.VERBS,
    *hub.VERBS,
    *leads.VERBS,
    *calls.VERBS,
    *handoffs.VERBS,
    *mail.VERBS,
    *phone.VERBS,
    *sequences.VERBS,
    *meetings.VERBS,
    *files.VERBS,
    *signals.VERBS,
    *figures.VERBS,
    *day.VERBS,
    *alignment.VERBS,
    *costs.VERBS,
    *team.VERBS,
    *introducing.VERBS,
    *admin.VERBS,
)

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

_EPILOG = """\
PROFILE holds everything of one user (database, settings, logs, backups); ISDESK_PROFILE names it too.
Where no keyring is usable, ISDESK_PASSPHRASE or a prompt unlocks the database.
LEAD is an id, the beginning of one that no other has, or an exact name, mail or phone.
Times are RFC 3339 (2026-11-24T10:30:00+09:00) or local ('2026-11-24 10:30').
Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

examples:
  isdesk demo --profile ~/demo
  isdesk queue --limit 10
  isdesk record 山田太郎 CALLBACK_AT --callback '2026-11-24 10:30' --note 折返し希望
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and where help is; the usage of 16 flags helps nobody."""

    @override
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(WRONG_USAGE)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(
        prog="isdesk",
        description="The desk of an inside-sales rep, from the command line: the same services as the window.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_common()],
    )
    top.add_argument("--version", action="version", version=f"isdesk {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=_Parser)
    for verb in VERBS:
        made = verbs.add_parser(
            verb.name,
            help=verb.help,
            description=verb.about or verb.help[0].upper() + verb.help[1:] + ".",
            epilog="\n".join(["examples:", *(f"  isdesk {example}" for example in verb.examples)]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[_common()],
        )
        verb.arguments(made)
        made.set_defaults(run=verb.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _prepare_streams()
    try:
        args = parser().parse_args(argv)
    except SystemExit as leaving:  # argparse has said why, or has printed the help that was asked for
        return leaving.code if isinstance(leaving.code, int) else FAILED
    session = Session(args)
    try:
        return int(args.run(session) or DONE)
    except IsdeskError as error:
        return _failed(session, error.code, error.params)
    except KeyboardInterrupt:
        _failed(session, "interrupted", {})
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = io.TextIOWrapper(Path(os.devnull).open("wb"), encoding="utf-8")  # noqa: SIM115 # until the end
        return FAILED
    except OSError as error:
        return _failed(session, "file_unreadable", {"path": error.filename or error.strerror or ""})
    except Exception as error:  # noqa: BLE001 # a bug: never a traceback unless it is asked for
        return _failed(session, "bug", {"kind": type(error).__name__})


def _common() -> _Parser:
    """Return the options that may stand before or after the verb."""
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = common.add_argument_group("everywhere")
    group.add_argument("--profile", metavar="DIR", help="the folder that holds everything of one user")
    group.add_argument("--json", action="store_true", dest="as_json", help="one JSON document instead of tables")
    group.add_argument("--lang", choices=("ja", "en"), help="language of tables and sentences")
    group.add_argument("--debug", action="store_true", help="show the traceback of a problem")
    return common


def _failed(session: Session, code: str, params: dict[str, object]) -> int:
    """Print the one sentence (with ``--debug`` the traceback too) and return the exit code of a failure."""
    from isdesk.messages import sentence

    if session.debug:
        traceback.print_exc()
    print(f"isdesk: {sentence(code, params, session.lang).line}", file=sys.stderr)
    return FAILED


def _prepare_streams() -> None:
    """Write UTF-8 wherever the output is not a terminal of another encoding; never fail over a letter."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
