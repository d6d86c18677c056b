"""How a desk dials: what is refused, what is kept, and where a password may go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from isdesk.channels.telephony import dial_number
from isdesk.domain.errors import BadInput, Refused
from isdesk.services import phone_account
from isdesk.services.context import Context
from isdesk.services.phone_account import ASTERISK, BARESIP, PhoneAccount
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets, create

PBX = PhoneAccount(ASTERISK, host="pbx.example.jp", user="isdesk", channel="PJSIP/101")

WORD = "knock knock"


@pytest.fixture
def secrets(ctx: Context, tmp_path: Path) -> Secrets:
    """The vault of a desk that is unlocked by a passphrase."""
    key, _ = create(tmp_path / "envelope.json", "correct horse battery staple")
    return Secrets(tmp_path / "envelope.json", key, Shelf(ctx.store))


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        (PhoneAccount("fax"), "kind"),
        (PhoneAccount(scheme="javascript"), "scheme"),
        (PhoneAccount(scheme="sip"), "domain"),
        (PhoneAccount(scheme="template"), "template"),
        (PhoneAccount(scheme="template", template="https://evil.example/{number}"), "template"),
        (PhoneAccount(scheme="template", template="ms-msdt:/id {number}"), "template"),
        (PhoneAccount(scheme="template", template="ms-msdt:/id/{number}"), "template"),
        (PhoneAccount(scheme="template", template="vendor:{number.__class__}"), "template"),
        (PhoneAccount(scheme="template", template="vendor:call"), "template"),
        (PhoneAccount(scheme="template", template="vendor:{number}{number}"), "template"),
        (PhoneAccount(scheme="template", template="vendor:%0d{number}"), "template"),
        (PhoneAccount(scheme="template", template="vendor://{number}"), "template"),
        (PhoneAccount(scheme="template", template="vendor://0{number}/call"), "template"),
        (PhoneAccount(domain="a b"), "domain"),
        (PhoneAccount(prefix="*21#"), "prefix"),
        (PhoneAccount(ring_s=5), "ring_s"),
        (PhoneAccount(BARESIP, port=70_000), "port"),
        (replace(PBX, host=""), "host"),
        (replace(PBX, user=" "), "user"),
        (replace(PBX, channel=""), "channel"),
        (replace(PBX, context=""), "context"),
        (replace(PBX, channel="PJSIP/101\r\nAction: Command"), "channel"),
    ],
)
def test_what_cannot_be_a_telephone_is_refused_by_field(
    ctx: Context, secrets: Secrets, wanted: PhoneAccount, what: str
) -> None:
    with pytest.raises(BadInput) as told:
        phone_account.keep_account(ctx, secrets, wanted, WORD)
    assert (told.value.code, told.value.params["what"]) == ("telephone_setting_wrong", what)
    assert phone_account.account(ctx) == PhoneAccount(), "the former one stays"


def test_a_baresip_elsewhere_is_refused_its_line_is_open(ctx: Context, secrets: Secrets) -> None:
    with pytest.raises(BadInput) as told:
        phone_account.keep_account(ctx, secrets, PhoneAccount(BARESIP, host="192.0.2.7"))
    assert told.value.code == "telephone_only_here"


def test_the_password_is_for_one_place_and_one_person(ctx: Context, secrets: Secrets) -> None:
    with pytest.raises(Refused) as told:
        phone_account.keep_account(ctx, secrets, PBX)
    assert told.value.code == "telephone_password_needed"
    phone_account.keep_account(ctx, secrets, PBX, WORD)
    phone_account.keep_account(ctx, secrets, replace(PBX, channel="PJSIP/102"))
    assert secrets.get(phone_account.SECRET) == WORD
    for other in (replace(PBX, host="evil.example"), replace(PBX, user="admin"), replace(PBX, port=1234)):
        with pytest.raises(Refused):
            phone_account.try_account(ctx, secrets, other)
    with ctx.store.read() as tx:
        rows = [str(row) for row in tx.sql("SELECT * FROM meta", ())]
    assert not any(WORD in row for row in rows), "it lies sealed"
    phone_account.keep_account(ctx, secrets, PhoneAccount())
    assert secrets.get(phone_account.SECRET) is None, "a password that nothing needs is forgotten"


def test_beyond_this_machine_the_usual_port_is_the_encrypted_one() -> None:
    assert (PBX.place.port, PBX.place.local) == (5039, False)
    assert replace(PBX, host="127.0.0.1").place.port == 5038
    assert PhoneAccount(BARESIP).place.port == 4444


@pytest.mark.parametrize(
    ("account", "url"),
    [
        (PhoneAccount(), "tel:+81312345678"),
        (PhoneAccount(scheme="callto", national=True), "callto:0312345678"),
        (
            PhoneAccount(scheme="sip", domain="sip.example.jp", national=True, prefix="0"),
            "sip:00312345678@sip.example.jp",
        ),
        (PhoneAccount(scheme="template", template="vendor://call?to={number}"), "vendor://call?to=+81312345678"),
    ],
)
def test_a_number_becomes_the_link_that_was_chosen(account: PhoneAccount, url: str) -> None:
    assert account.form.url(dial_number("+81312345678")) == url
