"""Which script a lead gets, and the words that fill it when nothing, some or everything is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isdesk import playbook
from isdesk.domain.errors import PlaybookError
from isdesk.domain.ids import CompanyId, DeviceId, LeadId, MemberId, TouchId
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import Channel, Touch
from isdesk.playbook import VARIABLES, choose, variables
from isdesk.playbook.scripts import company_short, last_name
from isdesk.rendering import render_script

YEARS = (2026,)
RULES = playbook.load("default", years=YEARS).rules
NOON = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)


def lead(company: dict[str, object] | None = None, **fields: object) -> LeadFacts:
    return LeadFacts(LeadId("l"), fields, CompanyId("c"), company or {})  # type: ignore[arg-type]


def touch(n: int, at: datetime = NOON, **more: object) -> Touch:
    return Touch(TouchId(f"t{n}"), LeadId("l"), None, MemberId("m"), DeviceId("d"), n, at, **more)  # type: ignore[arg-type]


EVERYTHING = lead(
    {"name": "青葉精機株式会社", "industry": "製造業", "employees": 320, "prefecture": "愛知県"},
    name="山田 太郎",
    title="部長",
    department="購買部",
    lead_source="download",
    issue="締め日の集計に丸1日かかる",
    purpose="残業を減らす",
    current_method="Excel",
    competitor="Aシステム",
    adoption_timing="3_months",
    contract_end="2027-03-31",
    stage="mql",
)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (lead(), "general"),
        (lead({"industry": "食品製造業"}), "outbound_manufacturing"),
        (lead({"industry": "人材派遣"}), "staffing"),
        (lead({"industry": "不動産仲介"}), "real_estate"),
        (lead(lead_source="inquiry"), "inbound_saas"),
        (lead(lead_source="資料請求"), "inbound_saas"),
        (lead({"industry": "製造業"}, lead_source="exhibition"), "event_follow"),
        (lead(lead_source="名刺交換"), "event_follow"),
        (lead({"industry": "製造業"}, competitor="Aシステム"), "competitor_renewal"),
        (lead({"industry": "製造業"}, competitor="なし"), "outbound_manufacturing"),
        (lead({"industry": "製造業"}, competitor="Aシステム", stage="nurture"), "nurture_recontact"),
        (lead(stage="lost", lost_reason="budget"), "nurture_recontact"),
    ],
)
def test_the_script_fits_the_lead(facts: LeadFacts, code: str) -> None:
    chosen = choose(RULES.scripts, facts)
    assert chosen is not None
    assert chosen.code == code


def test_presets_bring_scripts_of_their_own() -> None:
    trial = choose(playbook.load("saas_trial", years=YEARS).rules.scripts, lead(lead_source="trial"))
    large = choose(playbook.load("enterprise", years=YEARS).rules.scripts, lead({"employees": 3000}))
    assert (trial and trial.code, large and large.code) == ("trial", "enterprise_account")


def test_no_script_where_none_fits() -> None:
    assert choose([s for s in RULES.scripts if s.when], lead()) is None


@pytest.mark.parametrize("name", ["default", "enterprise", "saas_trial", "manufacturing"])
@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("facts", [lead(), EVERYTHING], ids=["nothing", "everything"])
def test_every_script_reads_for_a_lead_of_which_nothing_or_everything_is_known(
    name: str, lang: str, facts: LeadFacts
) -> None:
    rules = playbook.load(name, years=YEARS).rules
    words = variables(facts, [], me="鈴木 一郎", rules=rules, lang=lang)
    assert set(words) == set(VARIABLES)
    assert all(words.values())
    for script in rules.scripts:
        parts = [(p.code, p.in_(lang)) for p in script.phases] + [(o.code, o.in_(lang)) for o in script.objections]
        for code, template in parts:
            spoken = "".join(text for text, _ in render_script(template, words))
            assert spoken.strip()
            assert "{{" not in spoken
            assert "None" not in spoken
            for twice in (
                "様様",
                "さまさま",
                "御社さま",
                "様さま",
                "さま様",
                "のの",
                "がが",
                "。。",
                "株式会社株式会社",
            ):
                assert twice not in spoken, (script.code, code, twice)


def test_known_facts_are_spoken_as_people_speak() -> None:
    words = variables(EVERYTHING, [touch(1)], me="鈴木 一郎", rules=RULES)
    assert words["company_sama"] == "青葉精機さま"
    assert words["name_sama"] == "山田様"
    assert words["me"] == "鈴木"
    assert words["peers"] == "メーカー"
    assert "見積依頼" in words["typical_issue"]
    assert words["issue"] == "締め日の集計に丸1日かかる"
    assert words["source"] == "資料ダウンロード"
    assert words["adoption_timing"] == "3か月以内"
    assert words["contract_end"] == "3月"
    assert words["last_touch"] == "11月19日"


def test_unknown_facts_have_words_that_fit() -> None:
    words = variables(lead(), [], me="", rules=RULES)
    assert words["company_sama"] == "御社"
    assert words["name_sama"] == "ご担当者様"
    assert words["issue"] == words["typical_issue"]
    assert words["last_touch"] == "先日"


def test_the_last_signal_and_the_last_real_contact_are_told_apart() -> None:
    touches = [
        touch(1, NOON - timedelta(days=3), outcome="INTERESTED"),
        touch(2, NOON, channel=Channel.WEB, signal="visit_price"),
    ]
    words = variables(lead(), touches, me="鈴木", rules=RULES)
    assert words["last_touch"] == "11月16日"
    assert words["signal"] == "価格ページ閲覧"


def test_a_touch_that_was_taken_back_is_not_spoken_of() -> None:
    touches = [touch(1), touch(2, void=True, corrects=TouchId("t1"))]
    assert variables(lead(), touches, me="鈴木", rules=RULES)["last_touch"] == "先日"


def test_the_own_company_can_be_set_at_the_desk() -> None:
    assert variables(lead(), [], me="鈴木", rules=RULES, my_company="さくら商会")["my_company"] == "さくら商会"
    assert variables(lead(), [], me="鈴木", rules=RULES)["my_company"] == RULES.texts["my_company"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("青葉精機株式会社", "青葉精機"),
        ("株式会社コハク", "コハク"),
        ("(株)みなと", "みなと"),
        ("㈱みなと", "みなと"),
        ("(有)山田工業", "山田工業"),
        ("合同会社ひなた", "ひなた"),
        ("Aoba Precision Co., Ltd.", "Aoba Precision"),
        ("株式会社", "株式会社"),
        ("コロナ", "コロナ"),
        ("Costco", "Costco"),
    ],
)
def test_a_company_is_called_without_its_legal_form(name: str, short: str) -> None:
    assert company_short(name) == short


@pytest.mark.parametrize(
    ("name", "family"), [("山田 太郎", "山田"), ("山田\u3000太郎", "山田"), ("山田太郎", "山田太郎"), ("", "")]
)
def test_a_person_is_called_by_the_family_name(name: str, family: str) -> None:
    assert last_name(name) == family


@settings(max_examples=80)
@given(
    st.dictionaries(
        st.sampled_from(["name", "title", "department", "issue", "competitor", "lead_source", "contract_end", "stage"]),
        st.text(min_size=1, max_size=300),
    ),
    st.text(max_size=60),
)
def test_any_facts_give_one_spoken_line_each(fields: dict[str, object], company: str) -> None:
    facts = lead({"name": company, "industry": company}, **fields)
    words = variables(facts, [], me="鈴木", rules=RULES)
    assert set(words) == set(VARIABLES)
    assert all(w and "\n" not in w and len(w) <= 125 for w in words.values())
    script = choose(RULES.scripts, facts)
    assert script is not None
    assert all(render_script(p.text, words) for p in script.phases)


TRIAL = """
extends = "default"
ja = "自社"
[script.general.trial]
version = 2
[script.general.trial.text]
opening = "{{ company_sama }}、はじめに一つだけ伺います。"
"""


def test_half_of_the_leads_hear_the_rival_version_and_keep_hearing_it() -> None:
    rules = playbook.loads(TRIAL, years=YEARS).rules
    leads = [LeadFacts(LeadId(f"lead-{n}"), {}) for n in range(400)]
    heard = [choose(rules.scripts, one) for one in leads]
    refs = [one.ref for one in heard if one is not None]
    assert set(refs) == {"general@1", "general@2"}
    assert 150 < refs.count("general@2") < 250
    assert [one.ref for one in (choose(rules.scripts, lead) for lead in leads) if one is not None] == refs
    general = next(one for one in rules.scripts if one.code == "general")
    assert general.trial is not None
    texts = {phase.code: phase.text for phase in general.phases}
    rival = {phase.code: phase.text for phase in general.trial.phases}
    assert rival["opening"].endswith("一つだけ伺います。")
    assert {code for code in texts if texts[code] != rival[code]} == {"opening"}
    assert general.trial.objections == general.objections


def test_the_document_shows_what_is_being_compared() -> None:
    ours = playbook.loads(TRIAL, years=YEARS)
    said = playbook.document(ours)
    assert "general@2" in said
    assert said.count("はじめに一つだけ伺います") == 1
    assert "general@2" not in playbook.document(playbook.load("default", years=YEARS))


def test_a_rival_version_has_its_own_number_and_a_sound_text() -> None:
    wrong = TRIAL.replace("version = 2", "version = 1").replace("company_sama", "compnay")
    with pytest.raises(PlaybookError) as caught:
        playbook.loads(wrong, years=YEARS)
    more = caught.value.params["more"]
    assert isinstance(more, list | tuple)
    said = {(one.code, one.line) for one in (caught.value, *more)}
    assert ("playbook_trial_version", 5) in said
    assert ("playbook_template_unknown_variable_like", 7) in said


def test_every_script_that_is_delivered_has_an_opening_of_its_own_for_a_call_that_came_in() -> None:
    for preset in ("default", "enterprise", "saas_trial", "manufacturing"):
        for script in playbook.load(preset, years=YEARS).rules.scripts:
            first, *others = script.phases
            assert first.incoming.ja, script.code
            assert first.incoming.en, script.code
            assert "お電話しました" not in first.incoming.ja
            assert "calling {{" not in first.incoming.en
            assert not any(one.incoming.ja or one.incoming.en for one in others)


ANSWERING = """extends = "default"
name = "t"
ja = "t"
[script.general.text]
incoming = "お電話ありがとうございます。{{ my_compnay }}です。"
[script.general.text_en]
incoming = "[Here](http://elsewhere.example)"
"""


def test_an_opening_for_a_call_that_came_in_is_checked_like_every_text() -> None:
    with pytest.raises(PlaybookError) as caught:
        playbook.loads(ANSWERING, years=YEARS)
    more = caught.value.params["more"]
    assert isinstance(more, list | tuple)
    found = {(one.key, one.line) for one in (caught.value, *more)}
    assert found == {("script.general.text.incoming", 5), ("script.general.text_en.incoming", 7)}
    assert not any("unknown_key" in one.code for one in (caught.value, *more))


def test_no_step_takes_the_name_of_that_opening() -> None:
    wrong = """extends = "default"
name = "t"
ja = "t"
[script.general.node.incoming]
ja = "x"
text = "x"
"""
    with pytest.raises(PlaybookError) as caught:
        playbook.loads(wrong, years=YEARS)
    assert caught.value.code == "playbook_node_name"


def test_a_rival_wording_keeps_that_opening_and_the_document_shows_it() -> None:
    ours = playbook.loads(TRIAL, years=YEARS)
    general = next(one for one in ours.rules.scripts if one.code == "general")
    assert general.trial is not None
    assert general.trial.phases[0].incoming == general.phases[0].incoming
    assert "今日はどのようなことでお電話をいただきましたか" in playbook.document(ours)
