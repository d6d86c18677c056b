"""The verb ``phone-account``: how this desk dials."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from isdesk.channels.telephony import OWN, SCHEMES
from isdesk.cli.output import facts
from isdesk.cli.session import Session, Verb
from isdesk.domain.errors import BadInput
from isdesk.services.phone_account import KINDS, PhoneAccount

if TYPE_CHECKING:
    from argparse import Namespace

_TEXTS = ("domain", "prefix", "host", "user", "channel", "context", "template")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", choices=KINDS, help="what takes the number: the system, baresip or an Asterisk")
    parser.add_argument("--scheme", choices=[*SCHEMES, OWN], help="the link that is handed to the system")
    parser.add_argument("--template", metavar="T", help="a link of your own: vendor:call?to={number}")
    parser.add_argument("--domain", metavar="D", help="what stands behind the number (sip:number@D)")
    parser.add_argument("--national", action=argparse.BooleanOptionalAction, help="dial 03… in place of +813…")
    parser.add_argument("--prefix", metavar="N", help="digits that are dialled before the number")
    parser.add_argument("--host", metavar="H", help="where baresip or Asterisk listens")
    parser.add_argument("--port", metavar="N", type=int, help="default: 4444 for baresip, 5038 or 5039 for Asterisk")
    parser.add_argument("--user", metavar="U", help="the manager user of Asterisk")
    parser.add_argument("--secret-env", metavar="VAR", help="environment variable that holds the manager's password")
    parser.add_argument("--channel", metavar="C", help="your own telephone in Asterisk, as PJSIP/101")
    parser.add_argument("--context", metavar="C", help="where Asterisk dials out from")
    parser.add_argument("--ring", metavar="S", type=int, dest="ring_s", help="seconds until nobody has answered")
    parser.add_argument("--test", action="store_true", help="reach the telephone before anything is kept; calls nobody")
    parser.add_argument("--forget", action="store_true", help="dial through the system again")


def phone(session: Session) -> int | None:
    """Show, set, test or forget how this desk dials."""
    from isdesk.services import phone_account

    args = session.args
    with session.desk() as desk:
        ctx = desk.ctx
        known = phone_account.account(ctx)
        wanted, secret = _wanted(args, known), _secret(args.secret_env)
        if args.forget:
            phone_account.forget_account(ctx, desk.secrets)
        else:
            if args.test:
                phone_account.try_account(ctx, desk.secrets, wanted, secret)
            if wanted != known or secret is not None:
                phone_account.keep_account(ctx, desk.secrets, wanted, secret)
        shown = {name: value for name, value in asdict(phone_account.account(ctx)).items() if value not in ("", 0)}
    session.out.result({"account": shown}, facts(shown.items()))
    return None


def _wanted(args: Namespace, known: PhoneAccount) -> PhoneAccount:
    """Return what is wanted: another kind begins anew, the same kind keeps what is not named."""
    kind = args.kind or known.kind
    if args.template is not None and args.scheme is None:
        args.scheme = OWN
    base = known if kind == known.kind else PhoneAccount(kind)
    given = {name: getattr(args, name) for name in (*_TEXTS, "scheme", "national", "port", "ring_s")}
    return replace(base, **{name: value for name, value in given.items() if value is not None})


def _secret(variable: str | None) -> str | None:
    if not variable:
        return None
    found = os.environ.get(variable)
    if not found:
        raise BadInput("secret_env_missing", name=variable)
    return found


VERBS: tuple[Verb, ...] = (
    Verb(
        "phone-account",
        "how this desk dials: through the system, baresip or Asterisk",
        "電話のかけ方(電話アプリ・baresip・Asterisk)の設定とテスト",
        (
            "phone-account --scheme callto",
            "phone-account --template 'vendor:call?to={number}'",
            "phone-account --kind baresip --domain sip.example.jp --national --test",
            "phone-account --kind asterisk --host pbx.example.jp --user isdesk --secret-env AMI --channel PJSIP/101",
        ),
        _arguments,
        phone,
    ),
)
