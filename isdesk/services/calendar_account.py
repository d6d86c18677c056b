"""The calendar account of a desk: tested before it is kept, the password in the vault, and the rounds that use it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from isdesk.channels.caldav import CalDav, Found, address
from isdesk.domain.booking import MINUTES
from isdesk.domain.changes import Changes
from isdesk.domain.errors import BadInput, CalendarError, Refused
from isdesk.domain.ids import MemberId
from isdesk.services import booking, carrying
from isdesk.services.booking import Account
from isdesk.services.carrying import Imported, Round

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.vault import Secrets

KEPT_AS = "calendar"
"""Name of the password in the vault."""
SHORTEST, LONGEST = 10, 480
"""Minutes that a meeting may last."""


class CalendarAccount:
    """What the desk does with its calendar account. Any thread may carry; one round runs at a time."""

    def __init__(self, ctx: Context, secrets: Callable[[], Secrets]) -> None:
        self._ctx, self._secrets = ctx, secrets
        self._one = threading.Lock()

    @property
    def account(self) -> Account:
        """Return the account; one with an empty address where there is none."""
        with self._ctx.store.read() as tx:
            return booking.account(tx)

    def test(self, url: str, user: str, password: str | None = None) -> list[Found]:
        """Sign in and return the calendars there; nothing is kept. ``password`` None: the one kept for this account.

        Raises BadInput (``calendar_address``), CalendarError, VaultError, Refused (``calendar_password_needed``).
        """
        made = CalDav(address(url), user, self._password(url, user, password))
        try:
            return made.calendars()
        finally:
            made.close()

    def keep(
        self,
        url: str,
        user: str,
        password: str | None,
        calendars: Mapping[MemberId, str],
        minutes: int = MINUTES,
    ) -> Changes:
        """Keep an account with the calendar of each person of FS; it is tested first, and the earlier one stays else.

        Raises as `test`, and BadInput (``meeting_minutes``), CalendarError (``calendar_missing``) for a calendar that
        is not among those of the account.
        """
        _length(minutes)
        here = {one.url for one in self.test(url, user, password)}
        for fs_id, place in calendars.items():
            self._ctx.member(fs_id)
            if place not in here:
                raise CalendarError("calendar_missing")
        secret = self._password(url, user, password)
        self._secrets().set(KEPT_AS, secret)
        with self._ctx.store.write() as tx:
            before = booking.account(tx).calendars or {}
            for gone in before.keys() - calendars.keys():
                booking.forget_busy(tx, gone)
            booking.keep_account(tx, Account(address(url), user, dict(calendars), minutes))
        return Changes(settings=True, meetings=True)

    def keep_minutes(self, minutes: int) -> Changes:
        """Let a meeting last so long from now on. Raises BadInput (``meeting_minutes``)."""
        _length(minutes)
        with self._ctx.store.write() as tx:
            now = booking.account(tx)
            booking.keep_account(tx, Account(now.url, now.user, now.calendars, minutes))
        return Changes(settings=True, meetings=True)

    def forget(self) -> Changes:
        """Forget the account, its password and what was read from it; meetings stay as they are."""
        self._secrets().set(KEPT_AS, None)
        with self._ctx.store.write() as tx:
            now = booking.account(tx)
            for fs_id in now.calendars or {}:
                booking.forget_busy(tx, fs_id)
            booking.keep_account(tx, Account(minutes=now.minutes))
        return Changes(settings=True, meetings=True)

    def import_file(self, fs_id: MemberId, text: bytes) -> Imported:
        """Take which times of somebody of FS are taken from a calendar file, off the thread that writes.

        Raises BadInput (``ics_…``), NotFound.
        """
        return carrying.import_file(self._ctx, fs_id, text)

    def carry(self, rest: timedelta = timedelta(0)) -> Round:
        """Do one round: bring meetings to the calendars and hear what is taken there. Being offline is in the result.

        Calendars that were read within ``rest`` are not read again. Nothing to do without an account. Raises VaultError
        where the password cannot be read.
        """
        account = self.account
        password = self._secrets().get(KEPT_AS) if account.url else None
        if not account.url or password is None or not self._one.acquire(blocking=False):
            return Round()
        try:
            made = CalDav(account.url, account.user, password)
            try:
                return carrying.run(self._ctx, made, rest)
            finally:
                made.close()
        finally:
            self._one.release()

    def _password(self, url: str, user: str, given: str | None) -> str:
        """Return the password; the one that is kept goes to the account that it was given for and no other."""
        if given:
            return given
        known = self.account
        kept = self._secrets().get(KEPT_AS) if (known.url, known.user) == (address(url), user) else None
        if kept is None:
            raise Refused("calendar_password_needed")
        return kept


def _length(minutes: int) -> None:
    if not SHORTEST <= minutes <= LONGEST:
        raise BadInput("meeting_minutes", least=SHORTEST, most=LONGEST)
