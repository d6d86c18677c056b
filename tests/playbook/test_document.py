"""The definition document says all that is enforced, in both languages, and shows in the window's rich text."""

from __future__ import annotations

import re
from html import unescape
from typing import Protocol

import pytest

from isdesk import playbook
from isdesk.domain.rules import Label
from isdesk.playbook import document, sources


class Labelled(Protocol):
    @property
    def label(self) -> Label: ...


YEARS = (2026,)
NAMES = sources.shipped_names()


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_the_document_mentions_everything(name: str, lang: str) -> None:
    book = playbook.load(name, years=YEARS)
    page, rules = unescape(document(book, lang)), book.rules
    named: list[Labelled] = [
        *rules.outcomes.values(),
        *rules.stages.values(),
        *rules.checklist,
        *rules.scripts,
        *rules.raci,
        *rules.reasons,
        *rules.sources.values(),
        *rules.scoring.fit,
        *rules.scoring.signals,
    ]
    for thing in named:
        assert thing.label.in_(lang) in page, thing
    for script in rules.scripts:
        assert script.ref in page
        assert all(o.label.in_(lang) in page for o in script.objections)
    assert book.version in page


def test_it_says_which_handoffs_are_approved_first() -> None:
    head = 'extends = "default"\nname = "team"\nja = "チーム"\n'
    plain = playbook.loads(head, file="team.toml", years=YEARS)
    assert "引き渡しの前に" not in document(plain, "ja")
    said = "[handoff]\napproval_grades = ['C']\n[handoff.approval.small]\nja = '小さな会社'\n"
    book = playbook.loads(head + said + "field = 'company.employees'\nat_most = 49", file="team.toml", years=YEARS)
    page = unescape(document(book, "ja"))
    assert "引き渡しの前にチームリーダーが承認するもの: 確度 C ・ 小さな会社 (" in page
    assert "49" in page.split("小さな会社")[1][:40]
    every = playbook.loads(head + "[handoff]\nneeds_approval = true", file="team.toml", years=YEARS)
    assert "Approved by the team lead before FS gets them: every handoff" in document(every, "en")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_figures_that_are_enforced_are_the_figures_that_are_read(lang: str) -> None:
    text = 'extends = "default"\nja = "x"\n[sla]\nfs_decision_hours = 7.25\n[caps]\nminutes_between = 77\n'
    page = document(playbook.loads(text, years=YEARS), lang)
    assert "7.25" in page
    assert "77" in page


def test_follow_ups_are_told_in_words() -> None:
    page = document(playbook.load("default", years=YEARS), "ja")
    for words in (
        "再架電ルール「不在」、まず +3営業時間(逆の半日)",
        "戻り時刻の10分後に架電",
        "クールダウン180日",
        "「検討時期(日付)」の60日前に復帰(早くても30日後)",
        "「現契約の満了」の90日前に復帰、不明なら180日後",
        "会社全体のクールダウン90日",
        "当日メール、+3営業日に架電",
        "メール 3・7・14営業日後 → 30日後に育成から復帰",
        "クールダウン30日・2回目から90日",
        "終了(架電禁止を登録)",
        "次の番号にかける。なければ+1営業日(別の時間帯)",
    ):
        assert words in page, words


def test_names_of_a_playbook_cannot_bring_tags_in() -> None:
    text = 'extends = "default"\nja = "<b>{{ 7*7 }}</b>"\n[outcome.FAX]\nja = "<img src=x>"\n'
    page = document(playbook.loads(text, years=YEARS), "ja")
    assert "<img" not in page
    assert "&lt;img src=x&gt;" in page
    assert "{{ 7*7 }}" in page


def test_the_document_loads_nothing_and_uses_the_themes_colours() -> None:
    page = document(playbook.load("default", years=YEARS), "ja", {"accent": "#6ea3ff"})
    assert "#6ea3ff" in page
    assert not re.search(r"<(img|script|link|iframe)|https?://|url\(", page)


def test_the_sign_off_is_shown() -> None:
    text = 'extends = "default"\nja = "x"\nagreed_on = 2026-11-17\nagreed_by = ["佐藤 花子"]\n'
    page = document(playbook.loads(text, years=YEARS), "ja")
    assert "2026-11-17" in page
    assert "佐藤 花子" in page
    assert "まだ合意の記録がありません" in document(playbook.load("default", years=YEARS), "ja")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_mail_templates_stand_in_the_document_with_the_sender(lang: str) -> None:
    bare = playbook.load("default", years=(2026,))
    html = document(bare, lang)
    for one in bare.rules.mail.templates:
        assert one.label.in_(lang) in html
        assert one.in_(lang)[0] in unescape(html)
    assert ("まだ書かれていません" if lang == "ja" else "not written yet") in html
    team = playbook.loads(
        'extends = "default"\nname = "team"\nja = "チーム"\n[mail.sender]\norganisation = "青葉クラウド"\n'
        'address = "千代田区"\ncontact = "03-0000-0000"\nunsubscribe = "stop@aoba.example"\n',
        years=(2026,),
    )
    html = document(team, lang)
    for said in ("青葉クラウド", "千代田区", "03-0000-0000", "stop@aoba.example"):
        assert said in html


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_sequences_stand_in_the_document_with_days_channels_and_what_stops_them(lang: str) -> None:
    book = playbook.load("default", years=(2026,))
    html = unescape(document(book, lang))
    for one in book.rules.sequences.values():
        assert one.label.in_(lang) in html
        assert one.ref in html
    ja, en = ("7営業日目", "配信停止", "担当者との会話"), ("business day 7", "opted out", "talk with")
    for said in ja if lang == "ja" else en:
        assert said in html


def test_a_team_changes_a_sequence_without_giving_it_whole_and_counts_days_by_default() -> None:
    team = playbook.loads(
        'extends = "default"\nname = "team"\nja = "チーム"\n[sequence.follow]\nautomatic = false\n'
        "[sequence.own]\nja = '自社'\nsteps = [{ channel = 'mail', template = 'first' }, { channel = 'phone' }, "
        "{ channel = 'x', ja = '一言' }]\n",
        years=(2026,),
    )
    follow, own = team.rules.sequences["follow"], team.rules.sequences["own"]
    assert not follow.automatic
    assert len(follow.steps) == 3
    assert [step.days for step in own.steps] == [3, 7, 14]
    assert [step.channel.value for step in own.steps] == ["mail", "phone", "x"]
    assert team.version != playbook.load("default", years=(2026,)).version
