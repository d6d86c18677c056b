"""Drafts of mails: kept until sent, one for a lead; what was discarded can be taken back for a week."""

from __future__ import annotations

from pathlib import Path

import pytest

from isdesk.domain.errors import NotFound
from isdesk.domain.ids import LeadId
from isdesk.services import mail_account, mail_drafts, outgoing
from isdesk.services.context import Context
from isdesk.store import meta
from tests.services.conftest import HandClock
from tests.services.mailers import lead, team


@pytest.fixture
def one(ctx: Context) -> LeadId:
    ctx.playbook = team()
    return lead(ctx)


def listed(ctx: Context) -> list[LeadId]:
    with ctx.store.read() as tx:
        return [draft.lead_id for draft in mail_drafts.every(tx)]


def test_what_is_typed_is_kept_and_typed_on(ctx: Context, clock: HandClock, one: LeadId) -> None:
    assert mail_drafts.found(ctx, one) is None
    mail_drafts.keep(ctx, one, "plain", "件名", "本文\n二行目 <b>")
    clock.go(hours=20)
    mail_drafts.keep(ctx, one, "", "件名", "書き直し")
    found = mail_drafts.found(ctx, one)
    assert found is not None
    assert (found.template, found.subject, found.body, found.at) == ("", "件名", "書き直し", clock.now())
    assert listed(ctx) == [one]


def test_an_emptied_one_is_none(ctx: Context, one: LeadId) -> None:
    mail_drafts.keep(ctx, one, "plain", "件名", "本文")
    assert mail_drafts.keep(ctx, one, "plain", " ", "\n") is None
    assert (mail_drafts.found(ctx, one), listed(ctx)) == (None, [])


def test_discarding_asks_nothing_and_is_taken_back(ctx: Context, clock: HandClock, one: LeadId) -> None:
    mail_drafts.keep(ctx, one, "plain", "前", "前の文")
    mail_drafts.discard(ctx, one)
    assert (mail_drafts.found(ctx, one), listed(ctx)) == (None, [])
    mail_drafts.keep(ctx, one, "plain", "次", "次の文")
    assert mail_drafts.restore(ctx, one).body == "前の文"
    aside = mail_drafts.discarded(ctx, one)
    assert aside is not None
    assert aside.body == "次の文", "what was typed meanwhile is not lost either"
    assert mail_drafts.restore(ctx, one).body == "次の文"


def test_after_a_week_it_is_gone_for_good(ctx: Context, clock: HandClock, one: LeadId) -> None:
    mail_drafts.keep(ctx, one, "plain", "件名", "本文")
    mail_drafts.discard(ctx, one)
    clock.go(days=6)
    assert mail_drafts.discarded(ctx, one) is not None
    clock.go(days=1)
    assert mail_drafts.discarded(ctx, one) is None


def test_nothing_to_take_back_is_said(ctx: Context, one: LeadId) -> None:
    with pytest.raises(NotFound, match="mail_no_draft"):
        mail_drafts.restore(ctx, one)
    assert mail_drafts.discard(ctx, one) is None


def test_a_mail_in_the_outbox_is_no_draft_any_more(ctx: Context, one: LeadId) -> None:
    with ctx.store.write() as tx:
        kept: dict[str, object] = {
            "host": "h",
            "port": 465,
            "security": "tls",
            "user": "u",
            "address": "s@aoba.example",
        }
        meta.put(tx, mail_account.ACCOUNT, kept)
    mail_drafts.keep(ctx, one, "plain", "件名", "本文")
    outgoing.post(ctx, one, "plain", subject="件名", body="本文")
    assert (mail_drafts.found(ctx, one), listed(ctx)) == (None, [])


def test_a_draft_lies_encrypted(ctx: Context, one: LeadId, tmp_path: Path) -> None:
    mail_drafts.keep(ctx, one, "plain", "canary-subject", "canary-body-7421")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if b"canary" in path.read_bytes()] == []
    assert any(path.name.startswith("isdesk.db") for path in files)
