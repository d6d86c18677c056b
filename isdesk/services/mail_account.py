"""The mail account of this desk: where mail leaves and answers come in, kept with its app password in the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.mail import address
from isdesk.domain.mail_pause import Way
from isdesk.domain.outgoing import IMAP_PORT, SECURITY, MailAccount, password_anew
from isdesk.services import pausing
from isdesk.store import meta

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx
    from isdesk.vault import Secrets

ACCOUNT = "mail_account"
SECRET = "mail"  # noqa: S105 - the name of the secret, not the secret
DEMO: Final = "demo"
"""Where the database keeps that it is a demo: no account is kept in it, so that no mail ever leaves it."""


def read(ctx: Context) -> MailAccount | None:
    """Return where mail leaves from this desk, None where that was not said."""
    with ctx.store.read() as tx:
        return within(tx)


def within(tx: Tx) -> MailAccount | None:
    """Return where mail leaves, within a transaction."""
    kept = meta.get(tx, ACCOUNT)
    if not isinstance(kept, dict):
        return None
    return MailAccount(
        str(kept.get("host") or ""),
        int(str(kept.get("port") or 0)),
        str(kept.get("security") or "tls"),
        str(kept.get("user") or ""),
        str(kept.get("address") or ""),
        str(kept.get("name") or ""),
        str(kept.get("imap_host") or ""),
        int(str(kept.get("imap_port") or IMAP_PORT)),
    )


def keep(ctx: Context, secrets: Secrets, wanted: MailAccount, password: str | None) -> None:
    """Keep where mail leaves; the app password goes to the vault, None keeps the one that is there. An account that is
    paused is tried again; about mails that waited for days with no account a person is asked.

    Raises BadInput (``mail_account_invalid``, ``mail_address_invalid``, ``mail_password_anew``), Refused
    (``mail_demo``), VaultError.
    """
    _refuse_demo(ctx)
    checked(wanted)
    _refuse_elsewhere(ctx, wanted, password)
    if password is not None:
        secrets.set(SECRET, password)
    kept: dict[str, object] = {
        "host": wanted.host.strip(),
        "port": wanted.port,
        "security": wanted.security,
        "user": wanted.user.strip(),
        "address": wanted.address.strip(),
        "name": wanted.name.strip(),
        "imap_host": wanted.imap_host.strip(),
        "imap_port": wanted.imap_port,
    }
    with ctx.store.write() as tx:
        if within(tx) is None:
            pausing.ask_about_late(ctx, tx)
        meta.put(tx, ACCOUNT, kept)
        pausing.let_try(tx)
        if not wanted.imap_host.strip():
            pausing.forget(tx, Way.IN)


def forget(ctx: Context, secrets: Secrets) -> None:
    """Forget where mail leaves, and its password."""
    secrets.set(SECRET, None)
    with ctx.store.write() as tx:
        meta.put(tx, ACCOUNT, None)
        pausing.forget(tx, *Way)


def checked(wanted: MailAccount) -> None:
    """Refuse an account that cannot be one: raises BadInput (``mail_account_invalid``, ``mail_address_invalid``)."""
    address(wanted.address)
    ports = (wanted.port, wanted.imap_port)
    if not wanted.host.strip() or not all(0 < one < 65536 for one in ports) or wanted.security not in SECURITY:
        raise BadInput("mail_account_invalid")


def _refuse_demo(ctx: Context) -> None:
    """Refuse to send from a demo: its people are made up. Raises Refused (``mail_demo``)."""
    with ctx.store.read() as tx:
        if meta.get(tx, DEMO):
            raise Refused("mail_demo")


def _refuse_elsewhere(ctx: Context, wanted: MailAccount, password: str | None) -> None:
    """Refuse to take the kept password to a server or a user for which nobody entered it."""
    if password is None and password_anew(read(ctx), wanted):
        raise BadInput("mail_password_anew")


def try_out(ctx: Context, secrets: Secrets, wanted: MailAccount, password: str | None) -> None:
    """Connect and sign in, also to the mailbox where there is one; send nothing. ``password`` None: the one kept.

    Raises BadInput (``mail_account_invalid``, ``mail_address_invalid``, ``mail_password_anew``), Refused
    (``mail_demo``, ``mail_server_unreachable``, ``mail_server_insecure``, ``mail_sign_in``).
    """
    from isdesk.channels.smtp import Session

    _refuse_demo(ctx)
    checked(wanted)
    _refuse_elsewhere(ctx, wanted, password)
    secret = secrets.get(SECRET) or "" if password is None else password
    with Session(wanted, secret):
        pass
    if wanted.imap_host:
        from isdesk.channels.imap import Box

        with Box(wanted, secret):
            pass
