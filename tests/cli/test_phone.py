"""The verb of the telephone on a real profile, against an exchange on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.exchange import REP, SECRET, USER, Exchange
from tests.cli.conftest import Shell


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    """Give an exchange that lets in who knows the secret."""
    made = Exchange()
    yield made
    made.close()


def test_the_telephone_is_the_systems_until_it_is_said_otherwise(desk: Shell) -> None:
    assert desk.json("phone-account")["account"]["kind"] == "system"
    set_up = desk.json("phone-account", "--scheme", "sip", "--domain", "sip.example.jp", "--national")["account"]
    assert (set_up["scheme"], set_up["domain"], set_up["national"]) == ("sip", "sip.example.jp", True)
    assert desk.json("phone-account", "--prefix", "0")["account"]["domain"] == "sip.example.jp", "the rest stays"
    own = desk.json("phone-account", "--template", "vendor:call?to={number}")["account"]
    assert (own["scheme"], own["template"]) == ("template", "vendor:call?to={number}")
    assert desk.json("phone-account", "--forget")["account"]["scheme"] == "tel"


def test_an_exchange_is_tried_before_it_is_kept(
    desk: Shell, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (
        "phone-account", "--kind", "asterisk", "--host", "127.0.0.1", "--port", str(exchange.port),
        "--user", USER, "--channel", REP, "--test",
    )  # fmt: skip
    assert "パスワード" in desk(*words).err
    monkeypatch.setenv("AMI", "wrong")
    assert "受け付けません" in desk(*words, "--secret-env", "AMI").err
    assert desk.json("phone-account")["account"]["kind"] == "system"
    monkeypatch.setenv("AMI", SECRET)
    kept = desk.json(*words, "--secret-env", "AMI")
    assert kept["account"]["channel"] == REP
    assert SECRET not in str(kept)
    assert desk("phone-account", "--test").code == 0, "the password that is kept is used for the same place"
    assert desk("phone-account", "--host", "localhost", "--test").code == 1, "and for no other"


def test_a_baresip_is_on_this_machine_or_nowhere(desk: Shell) -> None:
    assert "この端末の中から" in desk("phone-account", "--kind", "baresip", "--host", "sip.example.jp").err
    assert "prefix" in desk("phone-account", "--prefix", "*21#").err
