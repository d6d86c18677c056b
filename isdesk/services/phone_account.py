"""How this desk dials: through the system, through baresip, or through an Asterisk; tested before it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from isdesk.channels import ami, baresip, line
from isdesk.channels.ami import Ami, Extension
from isdesk.channels.baresip import Baresip
from isdesk.channels.telephony import Form, Tell, form
from isdesk.domain.changes import Changes
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.phone import Limits
from isdesk.store import meta

if TYPE_CHECKING:
    from isdesk.channels.speech import Speech
    from isdesk.services.context import Context
    from isdesk.vault import Secrets

ACCOUNT = "phone_account"
SECRET = "telephone"  # noqa: S105 - the name of the secret, not the secret
SYSTEM, BARESIP, ASTERISK = "system", "baresip", "asterisk"
KINDS: Final = (SYSTEM, BARESIP, ASTERISK)
RING_LEAST, RING_MOST = 10, 180
"""Seconds for which a call may ring until it is given up."""
HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class PhoneAccount:
    """How this desk dials. ``kind``: ``system`` (a link that the system's program takes), ``baresip``, ``asterisk``.

    ``scheme`` and ``domain`` make the link (``template`` is one of one's own: ``vendor:call?to={number}``), or what
    baresip is asked to dial (``sip:<number>@<domain>``; without a domain the number alone). ``national``: 03… in place
    of +813…; ``prefix`` is dialled before. ``host`` and ``port`` are where baresip or Asterisk listens. ``user``,
    ``channel`` (the rep's own telephone, ``PJSIP/101``) and ``context`` are Asterisk's. ``ring_s``: after so many
    seconds nobody has answered.
    """

    kind: str = SYSTEM
    scheme: str = "tel"
    domain: str = ""
    national: bool = False
    prefix: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    channel: str = ""
    context: str = "from-internal"
    ring_s: int = 60
    template: str = ""

    @property
    def tells(self) -> bool:
        """Return whether such a telephone tells what becomes of its calls."""
        return self.kind != SYSTEM

    @property
    def form(self) -> Form:
        """Return how numbers are written. Raises BadInput (``telephone_setting_wrong``)."""
        scheme = self.scheme if self.kind == SYSTEM else "sip" if self.domain else "tel"
        return form(scheme, self.domain, national=self.national, prefix=self.prefix, template=self.template)

    @property
    def place(self) -> line.Place:
        """Return where the telephone listens; Asterisk beyond this machine by TLS."""
        usual = baresip.PORT if self.kind == BARESIP else ami.PORT if self.host in line.LOOPBACK else ami.TLS_PORT
        return line.Place(self.host or HERE, self.port or usual)


def account(ctx: Context) -> PhoneAccount:
    """Return how this desk dials: through the system where nothing else was said."""
    with ctx.store.read() as tx:
        kept = meta.get(tx, ACCOUNT)
    if not isinstance(kept, dict):
        return PhoneAccount()
    usual = PhoneAccount()
    return PhoneAccount(
        kind=_text(kept, "kind", usual.kind),
        scheme=_text(kept, "scheme", usual.scheme),
        domain=_text(kept, "domain", ""),
        national=bool(kept.get("national")),
        prefix=_text(kept, "prefix", ""),
        host=_text(kept, "host", ""),
        port=int(str(kept.get("port") or 0)),
        user=_text(kept, "user", ""),
        channel=_text(kept, "channel", ""),
        context=_text(kept, "context", usual.context),
        ring_s=int(str(kept.get("ring_s") or usual.ring_s)),
        template=_text(kept, "template", ""),
    )


def _text(kept: dict[str, object], name: str, usual: str) -> str:
    return str(kept.get(name) or usual)


def checked(wanted: PhoneAccount) -> None:
    """Refuse an account that cannot be one.

    Raises BadInput: ``telephone_setting_wrong`` names the field, ``telephone_only_here`` is for a baresip elsewhere.
    """
    if wanted.kind not in KINDS:
        raise BadInput("telephone_setting_wrong", what="kind")
    if wanted.form.prefix != wanted.prefix or not RING_LEAST <= wanted.ring_s <= RING_MOST:
        raise BadInput("telephone_setting_wrong", what="ring_s")
    if not 0 <= wanted.port < 65536:
        raise BadInput("telephone_setting_wrong", what="port")
    if wanted.kind == BARESIP and not wanted.place.local:
        raise BadInput("telephone_only_here")
    if wanted.kind == ASTERISK:
        for name in ("host", "user", "channel", "context"):
            if not getattr(wanted, name).strip():
                raise BadInput("telephone_setting_wrong", what=name)
    if wanted.tells:
        _speech(wanted, "checked")


def keep_account(ctx: Context, secrets: Secrets, wanted: PhoneAccount, password: str | None = None) -> Changes:
    """Dial so from now on; the password goes to the vault, None keeps the one that is there for this Asterisk.

    Raises as `checked`, Refused (``telephone_password_needed``), VaultError.
    """
    checked(wanted)
    if wanted.kind == ASTERISK:
        secrets.set(SECRET, _password(ctx, secrets, wanted, password))
    else:
        secrets.set(SECRET, None)
    kept: dict[str, object] = {name: getattr(wanted, name) for name in PhoneAccount.__slots__}
    with ctx.store.write() as tx:
        meta.put(tx, ACCOUNT, kept)
    return Changes(settings=True)


def forget_account(ctx: Context, secrets: Secrets) -> Changes:
    """Dial through the system again, and forget the password."""
    secrets.set(SECRET, None)
    with ctx.store.write() as tx:
        meta.put(tx, ACCOUNT, None)
    return Changes(settings=True)


def try_account(ctx: Context, secrets: Secrets, wanted: PhoneAccount, password: str | None = None) -> None:
    """Reach the telephone once and hear that it takes us; nothing is kept and nobody is called.

    Raises as `keep_account`, and TelephoneError.
    """
    checked(wanted)
    if wanted.tells:
        secret = _password(ctx, secrets, wanted, password) if wanted.kind == ASTERISK else ""
        line.greet(wanted.place, _speech(wanted, secret))


def _password(ctx: Context, secrets: Secrets, wanted: PhoneAccount, given: str | None) -> str:
    """Return the password; the one that is kept goes to the place and person that it was given for and no other."""
    if given:
        return given
    known = account(ctx)
    same = (known.kind, known.place, known.user) == (wanted.kind, wanted.place, wanted.user)
    kept = secrets.get(SECRET) if same else None
    if kept is None:
        raise Refused("telephone_password_needed")
    return kept


def _speech(wanted: PhoneAccount, secret: str, limits: Limits | None = None) -> Speech:
    bounds = limits or Limits(ring_s=float(wanted.ring_s))
    if wanted.kind == BARESIP:
        return Baresip(wanted.form, bounds)
    return Ami(Extension(wanted.user, secret, wanted.channel, wanted.context), wanted.form, bounds)


def open_line(
    wanted: PhoneAccount, secrets: Secrets, tell: Tell, now: Callable[[], float], limits: Limits | None = None
) -> line.Line:
    """Return a line to a telephone that tells, kept while it lives. Raises BadInput, VaultError."""
    checked(wanted)
    secret = secrets.get(SECRET) or "" if wanted.kind == ASTERISK else ""
    return line.Line(wanted.place, _speech(wanted, secret, limits), tell, now)
