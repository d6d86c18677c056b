"""One run of the command line: its options, where its result goes, and the desk it opens."""

from __future__ import annotations

import argparse
import getpass
import locale
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.cli.output import Out

if TYPE_CHECKING:
    from isdesk.desk import Desk

Arguments = Callable[[argparse.ArgumentParser], None]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: ``help`` in a few words, ``examples`` without the program's name, ``about`` where more is needed."""

    name: str
    help: str
    help_ja: str
    examples: tuple[str, ...]
    arguments: Arguments
    run: Callable[[Session], int | None]
    about: str = ""


class Session:
    """What a verb is given."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.debug: bool = getattr(args, "debug", False)
        self.out = Out(as_json=getattr(args, "as_json", False))

    @cached_property
    def lang(self) -> str:
        """Return the language of tables and sentences: ``--lang``, else the system's, else Japanese."""
        given = getattr(self.args, "lang", None)
        if given:
            return str(given)
        system = (os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or "").lower()
        return "en" if system.startswith("en") else "ja"

    def words(self, ja: str, en: str) -> str:
        """Return the text in the session's language."""
        return en if self.lang == "en" else ja

    @cached_property
    def profile(self) -> Path:
        """Return the profile's folder: ``--profile``, else ``ISDESK_PROFILE``, else the platform's own place."""
        from isdesk import paths

        return paths.profile_dir(getattr(self.args, "profile", None) or None)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Open the desk of the profile and close it at the end.

        Raises StoreError where there is no database yet, or where it does not open.
        """
        from isdesk.desk import Desk

        desk = Desk.open(self.profile, passphrase=self.passphrase())
        try:
            yield desk
        finally:
            desk.close()

    def passphrase(self) -> str | None:
        """Return ``ISDESK_PASSPHRASE``, or None where the keyring is to unlock the database."""
        return os.environ.get("ISDESK_PASSPHRASE") or None

    def ask_passphrase(self) -> str | None:
        """Ask the person at the terminal for the passphrase; None where nobody sits there."""
        if not sys.stdin.isatty():
            return None
        return getpass.getpass(self.words("パスフレーズ: ", "Passphrase: ")) or None

    def labels(self, *pairs: tuple[str, str]) -> Sequence[str]:
        """Return a table's head in the session's language from (Japanese, English) pairs."""
        return [self.words(ja, en) for ja, en in pairs]
