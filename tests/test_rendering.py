"""Filled-in texts: what came from a variable is known, nothing can be smuggled in, and a memo reads for anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from isdesk import playbook, rendering
from isdesk.domain.errors import BadInput
from isdesk.domain.handoff import checklist
from isdesk.domain.ids import CompanyId, DeviceId, LeadId, MemberId, TouchId
from isdesk.domain.score import score
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import Touch

RULES = playbook.load("default", years=(2026,)).rules
NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
MEMBERS = {"fs": "中村 健", "me": "鈴木 一郎"}

FULL: dict[str, object] = {
    "name": "山田 太郎",
    "department": "購買部",
    "title": "部長",
    "lead_source": "download",
    "issue": "締め日の集計に丸1日",
    "purpose": "残業を減らす",
    "adoption_timing": "3_months",
    "interest_product": "見積・受発注",
    "competitor": "なし",
    "issue_hypothesis": "見積の回答が\nメールと紙に分かれている",
    "reaction_log": "デモに前向き",
    "is_memo": "現場は乗り気",
    "meeting_at": "2026-11-26T05:00:00+00:00",
    "meeting_place": "オンライン",
    "meeting_attendees": "山田様、佐々木様",
    "fs_id": "fs",
}
COMPANY: dict[str, object] = {"name": "青葉精機株式会社", "industry": "製造", "employees": 320, "prefecture": "愛知県"}


def memo(
    fields: Mapping[str, object], company: Mapping[str, object], notes: int = 2, lang: str = "ja"
) -> rendering.Memo:
    facts = LeadFacts(LeadId("l"), dict(fields), CompanyId("c"), dict(company))  # type: ignore[arg-type]
    touches = [
        Touch(
            TouchId(f"t{n}"),
            LeadId("l"),
            None,
            MemberId("me"),
            DeviceId("d"),
            n,
            NOW,
            outcome="INFO_REQUESTED",
            note=f"メモ{n}",
        )
        for n in range(notes)
    ]
    scores = score(facts, touches, rules=RULES, now=NOW)
    lines = checklist(facts, touches, scores, RULES, NOW.date(), lang=lang)
    return rendering.build_memo(
        facts,
        touches,
        lines,
        scores,
        rules=RULES,
        grade="A",
        name_of=lambda i: MEMBERS.get(i or "", ""),
        rep="鈴木 一郎",
        now=NOW,
        lang=lang,
    )


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.text = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    @override
    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_script_says_which_pieces_came_from_variables() -> None:
    assert rendering.render_script(
        "「{{ a }}さま、{% if b %}{{ b }}の{% endif %}件です」", {"a": "青葉", "b": "資料"}
    ) == [
        ("「", False),
        ("青葉", True),
        ("さま、", False),
        ("資料", True),
        ("の件です」", False),
    ]


@pytest.mark.parametrize(
    "name", ["{{ 7*7 }}", "<b>太字</b>", "{% for x in y %}", "{# #}", "${x}", "%(x)s", "\\n", "a&b"]
)
def test_a_name_stays_literal(name: str) -> None:
    assert rendering.render_script("{{ name }}様", {"name": name}) == [(name, True), ("様", False)]


def test_marks_cannot_be_forged() -> None:
    pieces = rendering.render_script("{{ a }}-{{ b }}", {"a": "x\x03y\x02", "b": "\x02z"})
    assert pieces == [("xy", True), ("-", False), ("z", True)]
    with pytest.raises(BadInput):
        rendering.render_script("a\x02b\x03", {})


@given(st.dictionaries(st.sampled_from(["a", "b"]), st.text(max_size=40), min_size=2))
def test_pieces_put_together_are_the_whole(values: dict[str, str]) -> None:
    pieces = rendering.render_script("前{{ a }}中{{ b }}後", values)
    plain = rendering.render_text("前{{ a }}中{{ b }}後", values)
    assert "".join(text for text, _ in pieces) == plain
    assert [text for text, marked in pieces if not marked] == ["前", "中", "後"]


def test_an_unknown_variable_is_an_error_with_its_line() -> None:
    with pytest.raises(BadInput) as caught:
        rendering.render_script("一\n二 {{ nobody }}", {})
    assert caught.value.code == "template_unknown_variable"
    assert caught.value.params["line"] == 2
    assert caught.value.params["name"] == "nobody"


def test_html_texts_escape_their_values() -> None:
    assert rendering.render_text("<p>{{ a }}</p>", {"a": "<b>&"}, html=True) == "<p>&lt;b&gt;&amp;</p>"


def test_a_memo_carries_everything_that_fs_needs() -> None:
    text = rendering.render_memo(memo(FULL, COMPANY))
    for words in (
        "青葉精機株式会社",
        "山田 太郎 様",
        "確度 A",
        "2026-11-26 14:00",
        "オンライン",
        "山田様、佐々木様",
        "中村 健",
        "鈴木 一郎",
        "業種: 製造",
        "従業員数: 320",
        "愛知県",
        "購買部",
        "部長",
        "締め日の集計に丸1日",
        "残業を減らす",
        "3か月以内",
        "接触回数: 2回",
        "資料送付希望",
        "メモ1",
        "見積・受発注",
        "デモに前向き",
        "現場は乗り気",
        "資料ダウンロード",
        "優先度",
        RULES.version,
    ):
        assert words in text, words
    assert "見積の回答が\n  メールと紙に" in text
    assert "None" not in text


def test_what_is_missing_is_shown_as_missing_item_by_item() -> None:
    empty = memo({}, {}, notes=0)
    text = rendering.render_memo(empty)
    assert text.count("未確認") >= 10
    assert "確認が残っている項目" in text
    assert {x.label for x in empty.open_items} >= {"課題", "目的", "検討時期", "会社(業種・規模・所在地)"}
    assert "いつごろまでに" in text
    assert "(氏名未確認)" in text


def test_a_memo_has_the_same_form_for_everybody() -> None:
    full, empty = memo(FULL, COMPANY), memo({}, {}, notes=0)
    titles = [s.title for s in full.sections]
    assert titles == ["企業", "担当者", "ニーズ", "接触履歴", "商談確度", "関心領域・競合", "課題仮説と反応", "ISメモ"]
    assert [s.title for s in empty.sections] == [t for t in titles if t != "ISメモ"]
    assert [line.label for line in full.head] == [line.label for line in empty.head]


def test_a_long_history_is_cut_and_says_so() -> None:
    text = rendering.render_memo(memo(FULL, COMPANY, notes=20))
    assert "接触回数: 20回" in text
    assert "ほか8件" in text
    assert "メモ19" in text


def test_the_html_memo_says_the_same_and_is_plain_rich_text() -> None:
    page = rendering.render_memo(memo(FULL, COMPANY), "html")
    tags = Tags()
    tags.feed(page)
    allowed = {"html", "head", "style", "body", "h1", "p", "table", "tr", "td", "hr", "b", "i"}
    assert set(tags.seen) <= allowed
    for words in ("青葉精機株式会社", "確度 A", "締め日の集計に丸1日", "2026-11-26 14:00"):
        assert words in tags.text


@pytest.mark.parametrize("kind", ["text", "html"])
def test_a_memo_cannot_be_made_to_say_something_else(kind: str) -> None:
    evil = "<img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}\x02"
    page = rendering.render_memo(memo(dict.fromkeys(FULL, evil) | {"fs_id": "fs"}, {"name": evil}), kind)
    assert "{{ 7*7 }}" in page
    assert "49" not in page
    assert ("<img" in page) == (kind == "text")
    assert "\x02" not in page


def test_the_memo_speaks_english() -> None:
    text = rendering.render_memo(memo(FULL, COMPANY, lang="en"))
    assert "Handoff memo" in text
    assert "Within 3 months" in text
    assert "Issue hypothesis" in text


def test_another_form_of_memo_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        rendering.render_memo(memo({}, {}), "pdf")
    assert caught.value.code == "memo_kind"
