"""Verbs about the connection: ``connect`` looks at a CRM and stores it, ``mapping`` shows and shares its field map."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.cli.output import table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import pair
from isdesk.domain.errors import BadInput, CrmError, Refused

if TYPE_CHECKING:
    from isdesk.crm.mapping import FieldMapping
    from isdesk.crm.port import Finding
    from isdesk.desk import Connected, Desk
    from isdesk.paths import Profile

_SQLITE = "sqlite:///"
_HUB = "sqlhub"
_SIGNS = {"ok": "✓", "warn": "!", "stop": "✗"}


def _connect_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("adapter", metavar="ADAPTER", help="which CRM: salesforce, hubspot, kintone, odoo, sqlhub …")
    parser.add_argument("--url", metavar="URL", default="", help="its address: https://…, sqlite:///…, postgresql://…")
    parser.add_argument("--user", metavar="U", help="who you are there: name, mail or id")
    parser.add_argument("--secret-env", metavar="VAR", help="environment variable that holds the password or key")
    parser.add_argument("--browser", action="store_true", help="sign in with the browser instead (salesforce)")
    parser.add_argument("--option", metavar="K=V", type=pair, action="append", default=[], help="an adapter's option")
    parser.add_argument("--scope", choices=("mine", "team"), default="mine", help="whose leads (default: mine)")
    parser.add_argument("--mapping", metavar="FILE", help="the team's field map (TOML) to use")
    parser.add_argument("--no-test-record", action="store_true", help="check without writing a test activity")


def connect(session: Session) -> int | None:
    """Store a connection (its secret in the vault) and test it; makes the profile where there is none yet."""
    args = session.args
    text = _map_text(args.mapping, args.adapter) if args.mapping else None
    secret = _secret(args.secret_env)
    with _desk_or_new(session) as desk:
        if args.browser:
            secret = _sign_in(session, desk)
        findings = _look(session, desk, secret, text) if args.adapter != _HUB else ()
        if any(one.level == "stop" for one in findings):
            _tell(session, findings)
            raise CrmError("connect_stopped", count=sum(one.level == "stop" for one in findings))
        done = desk.connect(
            args.adapter,
            url=absolute(args.url),
            user=args.user,
            secret=secret,
            options=dict(args.option),
            scope=args.scope,
            mapping=text,
        )
    _tell(session, findings)
    session.out.result(_connected_json(session, done, findings), _connected_text(session, done))
    return None


def _secret(variable: str | None) -> str | None:
    if not variable:
        return None
    found = os.environ.get(variable)
    if not found:
        raise BadInput("secret_env_missing", name=variable)
    return found


def _sign_in(session: Session, desk: Desk) -> str:
    """Let the person sign in with the browser; the address is printed too, for a browser elsewhere on this machine."""

    def show(address: str) -> None:
        print(session.words("ブラウザーで続けてください", "Go on in the browser") + f": {address}", file=sys.stderr)
        webbrowser.open(address)

    args = session.args
    return desk.sign_in(args.adapter, url=args.url, options=dict(args.option), open_browser=show)


def _look(session: Session, desk: Desk, secret: str | None, text: str | None) -> tuple[Finding, ...]:
    args = session.args
    found = desk.survey(
        args.adapter,
        url=absolute(args.url),
        user=args.user,
        secret=secret,
        options=dict(args.option),
        mapping=text,
        write=not args.no_test_record,
        progress=session.out.progress,
    )
    return found.findings


def _tell(session: Session, findings: tuple[Finding, ...]) -> None:
    """Print what was found, for a person; a script reads it in the JSON document."""
    from isdesk.messages import sentence

    if not session.out.as_json:
        for one in findings:
            print(f"{_SIGNS.get(one.level, '!')} {sentence(one.code, one.params, session.lang).line}", file=sys.stderr)


def _connected_json(session: Session, done: Connected, findings: tuple[Finding, ...]) -> dict[str, object]:
    from isdesk.messages import sentence

    return {
        "adapter": done.adapter,
        "ok": True,
        "me": done.me.id,
        "me_name": done.me.name,
        "me_role": done.me.role,
        "capabilities": done.capabilities,
        "findings": [
            {
                "level": one.level,
                "code": one.code,
                "params": dict(one.params),
                "message": sentence(one.code, one.params, session.lang).line,
            }
            for one in findings
        ],
    }


def _connected_text(session: Session, done: Connected) -> str:
    return session.words(
        f"{done.adapter} に {done.me.name} さんとしてつながりました。isdesk sync で受信を始めます。",
        f"Connected to {done.adapter} as {done.me.name}. Start with isdesk sync.",
    )


def absolute(url: str) -> str:
    """Return the address of a SQLite file with its whole path, so that it holds wherever isdesk is started next."""
    path = url.removeprefix(_SQLITE)
    if path == url or not path or Path(path).is_absolute():
        return url
    return _SQLITE + Path(path).absolute().as_posix()


@contextmanager
def _desk_or_new(session: Session) -> Iterator[Desk]:
    """Open the profile, or make a fresh one, which is thrown away again where what follows fails."""
    from isdesk.desk import Desk
    from isdesk.paths import Profile

    if Profile(session.profile).exists:
        with session.desk() as desk:
            yield desk
        return
    name = session.args.user or getpass.getuser()
    made, recovery = session.unlocking(
        lambda passphrase: Desk.create(session.profile, name=name, passphrase=passphrase, lang=session.lang)
    )
    try:
        yield made
    except BaseException:
        made.close()
        _throw_away(made.profile)
        raise
    made.close()
    said = session.words(
        "回復用パスフレーズ(今だけ表示。紙に控えてください)", "recovery passphrase (shown this once: write it down)"
    )
    print(f"{said}: {recovery}", file=sys.stderr)


def _throw_away(profile: Profile) -> None:
    from isdesk import vault
    from isdesk.store.engine import remove

    remove(profile.database)
    vault.forget(profile.envelope)


# -------------------------------------------------------------------------------------------------------- the field map


def _mapping_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("adapter", metavar="ADAPTER", nargs="?", help="of which CRM (default: the connected one)")
    step = parser.add_mutually_exclusive_group()
    step.add_argument("--out", metavar="FILE", help="write the field map in force, to share it")
    step.add_argument("--in", metavar="FILE", dest="source", help="use this field map from the next sync on")
    step.add_argument("--reset", action="store_true", help="go back to the map that comes with the program")


def mapping(session: Session) -> int | None:
    """Show, share or replace the field map: which field of the CRM holds which of ours."""
    from isdesk.services import field_map

    args = session.args
    with session.desk() as desk:
        adapter = args.adapter or (desk.connection.adapter if desk.connection is not None else "")
        if not adapter:
            raise Refused("not_connected")
        if args.source or args.reset:
            desk.keep_mapping(adapter, _map_text(args.source, adapter) if args.source else None)
        text = desk.mapping_text(adapter)
        map_ = field_map.read_map(text, adapter)
        if map_ is None:
            raise BadInput("mapping_none", adapter=adapter)
        if args.out:
            field_map.write_file(Path(args.out), map_)
    session.out.result(_map_json(adapter, map_, own=text is not None), _map_table(session, map_))
    return None


def _map_text(file: str, kind: str) -> str:
    from isdesk.services import field_map

    return field_map.text_of(field_map.read_file(Path(file), kind))


def _map_json(adapter: str, map_: FieldMapping, *, own: bool) -> Mapping[str, object]:
    fields = [
        {
            "table": name,
            "field": one.code,
            "remote": list(one.remote),
            "convert": one.convert,
            "direction": one.direction,
            "values": dict(one.values),
        }
        for name, of in map_.objects.items()
        for one in of.fields.values()
    ]
    return {"adapter": adapter, "own": own, "fields": fields}


def _map_table(session: Session, map_: FieldMapping) -> str:
    signs = {"both": "<->", "in": "<-", "out": "->"}
    head = session.labels(("表", "table"), ("isdeskの項目", "field"), ("向き", "way"), ("CRMの項目", "remote"))
    return table(
        head,
        [
            (name, one.code, signs[one.direction], " + ".join(one.remote))
            for name, of in map_.objects.items()
            for one in of.fields.values()
        ],
    )


VERBS: tuple[Verb, ...] = (
    Verb(
        "connect",
        "store a connection to a hub or CRM and test it",
        "ハブ・CRMへの接続を保存して確かめる",
        (
            "connect sqlhub --url sqlite:///team-hub.db --user yamada@example.jp",
            "connect sqlhub --url postgresql://db/isdesk --user yamada@example.jp --secret-env PW --option create=yes",
            "connect odoo --url https://example.odoo.com --secret-env ODOO_KEY --mapping team.toml",
            "connect salesforce --url https://example.my.salesforce.com --option client_id=3MVG9… --browser",
        ),
        _connect_arguments,
        connect,
    ),
    Verb(
        "mapping",
        "show, share or replace the field map of a CRM",
        "CRMとの項目の対応表を見る・共有する・入れ替える",
        ("mapping", "mapping --out isdesk-odoo.toml", "mapping --in team.toml", "mapping kintone --json"),
        _mapping_arguments,
        mapping,
    ),
)
