"""One run of the command line: its options, where its result goes, and the desk it opens."""

from __future__ import annotations

import argparse
import getpass
import locale
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from isdesk.cli.output import Out
from isdesk.domain.errors import IsdeskError

if TYPE_CHECKING:
    from isdesk.desk import Desk

ASKABLE = frozenset({"vault_passphrase_needed", "vault_no_keyring", "vault_keyring_failed", "vault_entry_gone"})
"""Problems of the vault that a passphrase may help with."""

Made = TypeVar("Made")
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
        """Return the language of tables and sentences: ``--lang``, else the profile's setting, else the system's."""
        given = getattr(self.args, "lang", None)
        return str(given) if given else self._set_language() or system_language()

    def _set_language(self) -> str | None:
        """Return what the profile's settings say; None where they leave it to the system or cannot be read."""
        from isdesk.paths import Profile
        from isdesk.settings import Settings

        try:
            said = Settings.load(Profile(self.profile).settings).text("language")
        except Exception:  # noqa: BLE001 # asked for while a problem is being worded: nothing may come on top
            return None
        return said if said in {"ja", "en"} else None

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

        Raises Refused (``no_profile``) where there is none yet, StoreError and VaultError where it does not open.
        """
        from isdesk.desk import Desk
        from isdesk.domain.errors import Refused
        from isdesk.paths import Profile

        if not Profile(self.profile).exists:
            raise Refused("no_profile", path=self.profile)
        with self._log():
            desk = self.unlocking(lambda passphrase: Desk.open(self.profile, passphrase=passphrase, lang=self.lang))
            try:
                yield desk
            finally:
                desk.close()

    @contextmanager
    def _log(self) -> Iterator[None]:
        """Write the events of this run to the profile's log; where that cannot be, the verb works without."""
        from isdesk import logs
        from isdesk.paths import Profile
        from isdesk.settings import Settings

        profile, handler = Profile(self.profile), None
        with suppress(OSError):
            handler = logs.start(profile.logs, Settings.load(profile.settings).text("log_level"))
        try:
            logging.getLogger("isdesk.cli").info("verb", extra={"verb": getattr(self.args, "verb", "")})
            yield
        except IsdeskError as error:
            logging.getLogger("isdesk.cli").info("refused", extra={"code": error.code})
            raise
        except Exception:
            logging.getLogger("isdesk.cli").exception("bug")
            raise
        finally:
            if handler is not None:
                logs.stop(handler)

    def unlocking(self, act: Callable[[str | None], Made]) -> Made:
        """Do what needs the key; where no keyring gives it, ask the person at the terminal for the passphrase.

        Raises VaultError where nobody sits there, or what they type is wrong too.
        """
        from isdesk.domain.errors import VaultError

        given = os.environ.get("ISDESK_PASSPHRASE") or None
        try:
            return act(given)
        except VaultError as error:
            typed = None if given or error.code not in ASKABLE else self._ask_passphrase()
            if typed is None:
                raise
            return act(typed)

    def _ask_passphrase(self) -> str | None:
        if not (sys.stdin and sys.stdin.isatty()):
            return None
        return getpass.getpass(self.words("パスフレーズ: ", "Passphrase: ")) or None

    def labels(self, *pairs: tuple[str, str]) -> Sequence[str]:
        """Return a table's head in the session's language from (Japanese, English) pairs."""
        return [self.words(ja, en) for ja, en in pairs]


def system_language() -> str:
    """Return Japanese unless the system speaks another language, as the window does."""
    said = (os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or "").lower()
    return "ja" if said.startswith(("ja", "c.", "posix")) or said in {"", "c"} else "en"
