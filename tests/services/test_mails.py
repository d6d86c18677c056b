"""Mails filled in for a lead, the ledger of consent, and the gate before every mail."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from isdesk import messages
from isdesk.domain.errors import BadInput, Incomplete, NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.services import calls, consenting, history, leads, mails
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import HandClock, add
from tests.services.mailers import lead, team


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """The desk of a team with a sender."""
    ctx.playbook = team()
    return ctx


@pytest.fixture
def one(ctx: Context) -> LeadId:
    return lead(ctx)


def test_every_shipped_template_reads_well_for_a_full_and_an_empty_lead(ctx: Context, one: LeadId) -> None:
    bare = add(ctx, "佐藤", email="sato@example.jp")
    for lang in ("ja", "en"):
        ctx.lang = lang
        for template in mails.templates(ctx):
            for who in (one, bare):
                found = mails.preview(ctx, who, template.code)
                assert found.problems == (), (template.code, found.composed.subject)
                assert 0 < len(found.composed.subject) <= 40
                assert "{{" not in found.composed.text
                assert "None" not in found.composed.text


def test_a_preview_is_what_is_sent_with_the_items_of_the_law(ctx: Context, one: LeadId) -> None:
    found = mails.preview(ctx, one, "plain")
    assert found.may_send
    mail = mails.sendable(found)
    assert (mail.to, mail.subject, mail.template) == ("yamada@example.jp", "青葉精機さまへ", "plain@1")
    assert mail.text.startswith("山田様\n\n業務管理クラウドのご案内です。\n\nご返信ください。\n\n")
    for item in ("青葉クラウド株式会社", "東京都千代田区千代田1-1", "03-0000-0000", "配信停止: stop@aoba.example"):
        assert item in mail.text


def test_without_a_sender_no_advertising_mail_goes(ctx: Context, one: LeadId, book: object) -> None:
    from isdesk import playbook

    ctx.playbook = playbook.load("default")
    found = mails.preview(ctx, one, "first")
    with pytest.raises(Incomplete) as caught:
        mails.sendable(found)
    assert caught.value.code == "mail_law_items_missing"
    assert caught.value.missing == ("organisation", "address", "contact", "unsubscribe")
    said = {lang: messages.say(caught.value, lang).what for lang in ("ja", "en")}
    assert "(送信者(会社名)、住所、問い合わせ先、配信停止の窓口)" in said["ja"]
    assert "(Sender (company), Postal address, Contact, Where to opt out)" in said["en"]
    assert mails.preview(ctx, one, "requested").may_send


def test_a_name_cannot_become_a_template_a_tag_or_a_header(ctx: Context) -> None:
    name = "<script>alert(1)</script>{{ me }}\r\nBcc: evil@example.com"
    one = lead(ctx, name, company__name="悪意\r\nBcc: x@example.com 株式会社")
    found = mails.preview(ctx, one, "plain")
    assert "\n" not in found.composed.subject
    assert "\r" not in found.composed.subject
    assert "{{ me }}" in leads.view(ctx, one).fields["name"]  # type: ignore[operator]
    assert not any(line.startswith("Bcc:") for line in found.composed.text.splitlines())
    assert "鈴木" not in found.composed.body


def test_a_subject_of_ones_own_is_one_short_line(ctx: Context, one: LeadId) -> None:
    found = mails.preview(ctx, one, subject="ご案内\r\nBcc: evil@example.com", body="本文")
    assert found.composed.subject == "ご案内 Bcc: evil@example.com"
    long = mails.preview(ctx, one, subject="長" * 41, body="本文")
    with pytest.raises(Refused, match="mail_subject_too_long"):
        mails.sendable(long)


def test_an_unknown_template_is_refused(ctx: Context, one: LeadId) -> None:
    with pytest.raises(NotFound, match="mail_template_unknown"):
        mails.preview(ctx, one, "nothing")


def test_a_mailto_link_has_one_address_and_no_other_header(ctx: Context, one: LeadId) -> None:
    found = mails.preview(ctx, one, subject="A&bcc=evil@example.com?x#y", body="1行目\n2行目 & 100%")
    link = urlsplit(mails.mailto(found.composed))
    assert (link.scheme, link.path, link.fragment) == ("mailto", "yamada@example.jp", "")
    said = parse_qs(link.query, strict_parsing=True)
    assert set(said) == {"subject", "body"}
    assert said["subject"] == ["A&bcc=evil@example.com?x#y"]
    assert said["body"][0].startswith("1行目\r\n2行目 & 100%\r\n\r\n")


# ------------------------------------------------------------------------------------------------------------- the gate


def test_advertising_needs_a_basis_and_an_answer_does_not(ctx: Context) -> None:
    one = add(ctx, "山田", email="yamada@example.jp")
    assert consenting.gate(ctx, one) == "mail_no_consent"
    assert consenting.gate(ctx, one, advertising=False) is None
    with pytest.raises(Refused, match="mail_no_consent"):
        mails.sendable(mails.preview(ctx, one, "plain"))
    consenting.consent(ctx, one, "opt_in", "資料請求フォーム", evidence="受付番号 12")
    assert consenting.gate(ctx, one) is None


def test_the_ledger_says_who_when_what_and_until_when(ctx: Context, clock: HandClock, one: LeadId) -> None:
    clock.go(hours=1)
    consenting.consent(ctx, one, "opt_in", "セミナーの申込書", evidence="控え 3")
    newest, first = consenting.ledger(ctx, one)
    assert (newest.basis, newest.source, newest.evidence, newest.by) == (
        "opt_in", "セミナーの申込書", "控え 3", ctx.me.id,
    )  # fmt: skip
    clock.go(hours=1)
    consenting.withdraw(ctx, one, newest.id, " 電話で本人から ")
    consenting.withdraw(ctx, one, first.id)
    assert [x.withdrawn_why for x in consenting.ledger(ctx, one)] == ["電話で本人から", ""]
    assert [x.withdrawn_at for x in consenting.ledger(ctx, one)] == [clock.now(), clock.now()]
    assert consenting.gate(ctx, one) == "mail_no_consent"
    with pytest.raises(NotFound, match="consent_not_found"):
        consenting.withdraw(ctx, one, first.id)


def test_consent_is_for_the_address_that_gave_it(ctx: Context, one: LeadId) -> None:
    leads.edit(ctx, one, {"email": "other@example.jp"})
    assert consenting.gate(ctx, one) == "mail_no_consent"
    again = add(ctx, "山田 (2)", email="YAMADA@example.jp")
    assert consenting.gate(ctx, again) is None


def test_an_opt_out_bars_the_address_also_under_another_name(ctx: Context, one: LeadId) -> None:
    consenting.opt_out(ctx, one)
    assert consenting.gate(ctx, one, advertising=False) == "mail_opted_out"
    again = add(ctx, "山田 (2)", email="yamada@example.jp")
    consenting.consent(ctx, again, "opt_in", "フォーム")
    assert consenting.gate(ctx, again) == "mail_opted_out"
    assert not consenting.opt_out(ctx, one).changes.outbox


def test_an_opt_out_ends_what_the_ledger_holds(ctx: Context, clock: HandClock, one: LeadId) -> None:
    clock.go(days=1)
    consenting.opt_out(ctx, one)
    (entry,) = consenting.ledger(ctx, one)
    assert entry.withdrawn_at == clock.now()
    leads.edit(ctx, one, {"email": "yamada.new@example.jp"})
    assert consenting.gate(ctx, one) == "mail_opted_out"


def test_a_slip_is_taken_back(ctx: Context, one: LeadId) -> None:
    consenting.opt_out(ctx, one)
    history.undo(ctx)
    assert consenting.gate(ctx, one) is None
    history.undo(ctx)
    assert consenting.gate(ctx, one) == "mail_no_consent"


def test_a_do_not_call_bars_mail_too(ctx: Context) -> None:
    one = lead(ctx, phone_direct="03-3211-3000")
    calls.record(ctx, one, "DNC_REQUEST", RecordInput(note="今後不要"))
    assert consenting.gate(ctx, one, advertising=False) == "mail_do_not_call"


def test_without_an_address_there_is_nothing_to_write_to(ctx: Context) -> None:
    assert consenting.gate(ctx, add(ctx, "山田", email="")) == "mail_no_address"


def test_what_is_noted_wrongly_is_refused(ctx: Context, one: LeadId) -> None:
    with pytest.raises(BadInput, match="consent_basis_unknown"):
        consenting.consent(ctx, one, "hope", "x")
    with pytest.raises(BadInput, match="consent_source_missing"):
        consenting.consent(ctx, one, "opt_in", "  ")
    with pytest.raises(BadInput, match="mail_address_invalid"):
        consenting.consent(ctx, add(ctx, "佐藤", email=""), "opt_in", "フォーム")


# --------------------------------------------------------------------------------------------------------- an answer


def test_another_text_than_that_of_an_answer_is_advertising_until_somebody_says_otherwise(ctx: Context) -> None:
    one = add(ctx, "佐藤", email="sato@example.jp")
    untouched = mails.preview(ctx, one, "requested")
    assert (untouched.advertising, untouched.changed, untouched.may_send) == (False, False, True)
    said = untouched.composed
    same = mails.preview(
        ctx, one, "requested", subject=f" {said.subject} ", body=said.body.replace("\n", "\r\n") + "\n"
    )
    assert (same.advertising, same.changed) == (False, False)
    subject, body = "夏のキャンペーン", "いまなら半額です。"
    for other, text in ((subject, body), (subject, None), (None, said.body + body)):
        found = mails.preview(ctx, one, "requested", subject=other, body=text)
        assert (found.advertising, found.changed, found.forbidden) == (True, True, "mail_no_consent")
        assert "配信停止: stop@aoba.example" in found.composed.text
        with pytest.raises(Refused, match="mail_no_consent"):
            mails.sendable(found)
    answer = mails.preview(ctx, one, "requested", subject=subject, body=body, answer=True)
    assert (answer.advertising, answer.changed, answer.may_send) == (False, True, True)
    assert answer.composed.template == "requested@1+answer"


def test_no_word_of_the_person_lifts_an_advertising_template_or_a_refusal(ctx: Context, one: LeadId) -> None:
    bare = add(ctx, "佐藤", email="sato@example.jp")
    for template in ("plain", ""):
        found = mails.preview(ctx, bare, template, subject="ご案内", body="本文", answer=True)
        assert (found.advertising, found.forbidden) == (True, "mail_no_consent")
        assert not found.composed.template.endswith("+answer")
    consenting.opt_out(ctx, one)
    assert mails.preview(ctx, one, "requested", body="本文", answer=True).forbidden == "mail_opted_out"


def test_a_mail_is_in_one_language_throughout(ctx: Context, one: LeadId) -> None:
    english = replace(ctx, lang="en")
    japanese = mails.preview(english, one, "second").composed
    assert "manufacturers" not in japanese.body
    assert "配信停止: " in japanese.footer
    whole = mails.preview(english, one, "first").composed
    assert whole.subject == "An idea for manufacturers"
    assert "Opt out: " in whole.footer
    assert not any("ぁ" <= letter <= "ん" for letter in whole.body)
