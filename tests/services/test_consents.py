"""The basis of mail for many: noted once, kept per address, never over a refusal, one undo."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from isdesk.domain.errors import BadInput
from isdesk.domain.ids import LeadId
from isdesk.services import bulk, consenting, consents, history, imports, leads, sequences
from isdesk.services.bulk import Outlook, Step
from isdesk.services.context import Context
from isdesk.services.imports import ImportOptions
from isdesk.store import leads as stored
from tests.services.conftest import add
from tests.services.mailers import team

CARD = Step(bulk.CONSENT, basis="notified", source="名刺、展示会X")


@pytest.fixture
def cards(ctx: Context) -> list[LeadId]:
    """Three who may be written to once a basis is noted (two at one address), and four who may not, or may already."""
    ctx.playbook = team()
    made = [
        add(ctx, "青木", email="aoki@example.jp", phone_direct="03-3211-1001"),
        add(ctx, "石井", email="ishii@example.jp", phone_direct="03-3211-1002"),
        add(ctx, "石井 別", email="Ishii@example.jp", phone_direct="03-3211-1003"),
        add(ctx, "上田", email="ueda@example.jp", phone_direct="03-3211-1004"),
        add(ctx, "江口", email="eguchi@example.jp", phone_direct="03-3211-1005"),
        add(ctx, "番号だけ", email="", phone_direct="03-3211-1006"),
        add(ctx, "上田 再", email="ueda@example.jp", phone_direct="03-3211-1007"),
    ]
    consenting.opt_out(ctx, made[3])
    consenting.consent(ctx, made[4], "opt_in", "フォーム")
    return made


def test_a_basis_is_noted_for_those_who_lack_it_and_one_undo_takes_it_back(ctx: Context, cards: list[LeadId]) -> None:
    assert bulk.preview(ctx, cards, CARD) == Outlook(7, 3)
    written = bulk.run(ctx, cards, CARD)
    assert written.changes.leads == frozenset(cards[:3])
    for one in cards[:3]:
        assert consenting.gate(ctx, one) is None
    (kept,) = consenting.ledger(ctx, cards[1])
    assert (kept.basis, kept.source) == ("notified", "名刺、展示会X")
    assert len(consenting.ledger(ctx, cards[4])) == 1, "what is known already is not noted twice"
    assert bulk.preview(ctx, cards, CARD) == Outlook(7, 0)
    history.undo(ctx)
    assert {consenting.gate(ctx, one) for one in cards[:3]} == {"mail_no_consent"}


def test_no_opt_out_is_lifted_by_it_whoever_has_the_address(ctx: Context, cards: list[LeadId]) -> None:
    bulk.run(ctx, cards, CARD)
    assert [consenting.gate(ctx, one) for one in (cards[3], cards[6])] == ["mail_opted_out"] * 2
    assert not consenting.ledger(ctx, cards[6])


def test_what_a_person_withdrew_is_not_noted_again_among_many(ctx: Context, cards: list[LeadId]) -> None:
    bulk.run(ctx, cards, CARD)
    consenting.withdraw(ctx, cards[0], consenting.ledger(ctx, cards[0])[0].id)
    assert consents.lacking(ctx, cards) == []
    consents.note(ctx, cards, "notified", "展示会Y")
    assert consenting.gate(ctx, cards[0]) == "mail_no_consent"
    consenting.consent(ctx, cards[0], "opt_in", "本人から電話で")
    assert consenting.gate(ctx, cards[0]) is None, "one by one it is"


@pytest.mark.parametrize(("basis", "source"), [("guess", "名刺"), ("notified", " ")])
def test_it_needs_a_basis_of_the_law_and_where_it_was_heard(
    ctx: Context, cards: list[LeadId], basis: str, source: str
) -> None:
    with pytest.raises(BadInput, match="consent_"):
        bulk.run(ctx, cards, Step(bulk.CONSENT, basis=basis, source=source))
    assert consents.lacking(ctx, cards) == cards[:3]


def test_a_sequence_says_who_lacks_it_before_they_are_put_in(ctx: Context, cards: list[LeadId]) -> None:
    foreseen = sequences.forecast(ctx, "mails", cards[:2])
    assert set(foreseen.lacking) == set(cards[:2])
    consents.note(ctx, foreseen.lacking, "notified", "名刺、展示会X")
    assert sequences.forecast(ctx, "mails", cards[:2]).lacking == ()


def test_an_import_notes_it_for_its_addresses_and_its_undo_takes_it_back(
    ctx: Context, cards: list[LeadId], tmp_path: Path
) -> None:
    path = tmp_path / "cards.csv"
    rows = [
        ["会社名", "氏名", "メールアドレス", "電話番号"],
        ["新規株式会社", "新規 一郎", "new@example.jp", "03-3211-2001"],
        ["同住所株式会社", "停止 済み", "ueda@example.jp", "03-3211-2002"],
        ["番号株式会社", "番号 のみ", "", "03-3211-2003"],
    ]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    with pytest.raises(BadInput, match="consent_source_missing"):
        imports.plan(ctx, imports.probe(ctx, path), options=ImportOptions(basis="notified"))
    options = ImportOptions(basis="notified", basis_source="名刺、展示会X")
    plan = imports.plan(ctx, imports.probe(ctx, path), options=options)
    assert plan.bases == 1
    assert imports.run(ctx, plan).bases == 1
    with ctx.store.read() as tx:
        every = [one for block in stored.all_ids(tx) for one in block]
    found = {str(leads.view(ctx, one).fields.get("email") or one): one for one in every}
    assert consenting.gate(ctx, found["new@example.jp"]) is None
    assert [one.source for one in consenting.ledger(ctx, found["new@example.jp"])] == ["名刺、展示会X"]
    assert consenting.gate(ctx, found["ueda@example.jp"]) == "mail_opted_out"
    again = imports.plan(ctx, imports.probe(ctx, path), options=options)
    assert (again.creates, again.bases) == (0, 0)
    history.undo(ctx)
    assert consents.lacking(ctx, cards) == cards[:3]
    lone = add(ctx, "新規 一郎", email="new@example.jp", phone_direct="03-3211-2009")
    assert consenting.gate(ctx, lone) == "mail_no_consent", "the basis went with the import"
