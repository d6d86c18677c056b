"""The playbooks that come with the program: all load, and the default says what the catalogue of outcomes asks for."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, time
from typing import Protocol

import pytest

from isdesk import messages, playbook
from isdesk.domain import phone
from isdesk.domain.phone import End, PhoneCall
from isdesk.domain.rules import Label, Outcome, Rules
from isdesk.domain.touch import TOUCH_CHANNELS, Channel
from isdesk.playbook import sources

NAMES = sources.shipped_names()


class Labelled(Protocol):
    @property
    def label(self) -> Label: ...


YEARS = (2025, 2026)

# key, code, A (answered), D (decision maker; ± = may be overridden), M (meeting), T (terminal; * = without number), N
CATALOGUE = """
1 NO_ANSWER 0 0 0 - -
- BUSY 0 0 0 - -
2 VOICEMAIL 0 0 0 - -
- VOICEMAIL_LEFT 0 0 0 - -
- IVR_STUCK 0 0 0 - -
- NOT_IN_SERVICE 0 0 0 T* -
- FAX 0 0 0 T* -
- CALL_FAILED 0 0 0 - -
- CANCELED - - - - -
3 DM_ABSENT_TIME 1 0 0 - -
- DM_ABSENT 1 0 0 - -
- DM_AWAY_SHORT 1 0 0 - -
- RETURN_CALL_PROMISED 1 0 0 - -
4 GATEKEEPER_BLOCK 1 0 0 - -
- GATEKEEPER_REFUSED 1 0 0 T -
- REFERRED 1 0 0 - -
- STAFF_TALK 1 0± 0 - -
- DM_LEFT 1 0 0 T* -
- WRONG_NUMBER 1 0 0 T* -
- HANGUP_EARLY 1 0± 0 - -
5 CALLBACK_AT 1 1± 0 - -
- CALLBACK_LOOSE 1 1± 0 - -
6 INFO_REQUESTED 1 1± 0 - -
7 INTERESTED 1 1± 0 - -
- SCHEDULING 1 1 0 - -
- NURTURE_TIMING 1 1 0 - -
- NURTURE_LOW 1 1± 0 - -
- NO_BUDGET 1 1 0 - -
- COMPETITOR 1 1 0 - -
9 MEETING_SET 1 1± 1 T -
- MEETING_RESCHEDULED 1 1± 0 T -
- MEETING_CANCELED 1 1± 0 - -
- NO_SHOW - - - - -
8 NOT_INTERESTED 1 1± 0 T -
- UNQUALIFIED 1 0± 0 T -
- EXISTING_CUSTOMER 1 0± 0 T -
- COMPANY_CLOSED 0 0 0 T -
- DUPLICATE - - - T -
0 DNC_REQUEST 1 0± 0 T N
- COMPLAINT 1 0± 0 T N
"""
ROWS = [line.split() for line in CATALOGUE.strip().splitlines()]


@pytest.fixture(scope="module")
def default() -> playbook.Playbook:
    return playbook.load("default", years=YEARS)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_playbook_loads_and_is_named_as_its_file(name: str) -> None:
    book = playbook.load(name, years=YEARS)
    assert book.name == name
    assert book.version.startswith(f"{name}@{book.number}+")
    assert book.rules.version == book.version
    assert book.title.ja
    assert book.title.en


def test_all_presets_of_the_operating_models_are_there() -> None:
    offered = playbook.presets()
    assert offered[0].name == "default"
    wanted = {"inbound", "outbound", "hybrid", "smb", "enterprise", "saas_trial", "manufacturing", "staffing"}
    assert wanted | {"default", "real_estate"} == {p.name for p in offered}
    assert all(p.label.ja and p.label.en and p.note.ja and p.note.en for p in offered)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "default"])
def test_a_preset_is_an_overlay_that_changes_something_of_weight(name: str, default: playbook.Playbook) -> None:
    book = playbook.load(name, years=YEARS)
    assert len(book.sources) >= 2
    assert book.sources[0].name == "default"
    assert len(book.text) < len(default.text) / 3, "an overlay, not a copy"
    changed = {d.key.split(".")[0] for d in playbook.diff(default, book)}
    assert "sla" in changed
    assert changed & {"score", "policy", "caps", "checklist", "script", "windows"}


def test_the_catalogue_is_complete(default: playbook.Playbook) -> None:
    known = [code for code, outcome in default.rules.outcomes.items() if outcome.on(Channel.PHONE)]
    assert [row[1] for row in ROWS] == sorted(known, key=[row[1] for row in ROWS].index)
    assert len(known) == len(ROWS)


def test_every_channel_that_is_logged_by_hand_has_outcomes_that_are_no_dials(default: playbook.Playbook) -> None:
    for channel in TOUCH_CHANNELS:
        own = [one for one in default.rules.outcomes_on(channel) if not one.on(Channel.PHONE)]
        assert len(own) >= 2, channel
        assert not any(one.counts_as_dial or one.hotkey for one in own)
        assert any(one.meeting_set for one in default.rules.outcomes_on(channel))
        assert any(one.dnc for one in default.rules.outcomes_on(channel))


@pytest.mark.parametrize(("key", "code", "a", "d", "m", "t", "n"), ROWS, ids=[r[1] for r in ROWS])
def test_flags_are_those_of_the_catalogue(
    key: str, code: str, a: str, d: str, m: str, t: str, n: str, default: playbook.Playbook
) -> None:
    outcome = default.rules.outcomes[code]
    assert outcome.hotkey == (None if key == "-" else key)
    assert outcome.counts_as_dial == (a != "-")
    assert outcome.answered == (a == "1")
    assert outcome.dm_reached == d.startswith("1")
    assert outcome.dm_override == d.endswith("±")
    assert outcome.meeting_set == (m == "1")
    assert outcome.terminal == (t == "T")
    assert outcome.terminal_if_no_number == (t == "T*")
    assert outcome.dnc == (n == "N")


def test_keys_one_to_zero_record_ten_outcomes(default: playbook.Playbook) -> None:
    assert set(default.rules.by_hotkey()) == set("0123456789")


def test_the_no_answer_ladder_is_the_agreed_one(default: playbook.Playbook) -> None:
    ladder = default.rules.policies["P_NOANS"]
    assert [(s.business_minutes, s.bd, s.slot) for s in ladder.steps] == [
        (180, None, "other_half"),
        (None, 1, "other_slot"),
        (None, 2, "other_slot"),
        (None, 4, "other_slot"),
        (None, 7, "other_slot"),
    ]
    assert ladder.exhausted_days == 30
    assert ladder.mail_days == (3, 7, 14)


def test_limits_are_the_agreed_ones(default: playbook.Playbook) -> None:
    rules = default.rules
    caps = rules.caps
    assert (caps.minutes_between, caps.per_number_day, caps.per_company_day, caps.per_contact_cycle) == (60, 2, 3, 6)
    assert rules.windows.hard == (time(8), time(21))
    assert rules.windows.soft == ((time(9, 30), time(12)), (time(13), time(17, 30)))
    assert [s.code for s in rules.slots] == ["AM1", "AM2", "PM1", "PM2"]


def test_follow_ups_with_figures_are_the_agreed_ones(default: playbook.Playbook) -> None:
    out = default.rules.outcomes
    assert out["DM_ABSENT_TIME"].follow.minutes == 10
    assert out["DM_ABSENT"].cap == 6
    assert out["SCHEDULING"].cap == 5
    assert (out["NURTURE_TIMING"].follow.days_before, out["NURTURE_TIMING"].follow.min_days) == (60, 30)
    assert out["NO_BUDGET"].follow.else_days == 120
    assert (out["COMPETITOR"].follow.days_before, out["COMPETITOR"].follow.else_days) == (90, 180)
    assert out["NOT_INTERESTED"].cooldown_days == 180
    assert (out["HANGUP_EARLY"].cooldown_days, out["HANGUP_EARLY"].repeat_cooldown_days) == (30, 90)
    assert out["GATEKEEPER_REFUSED"].company_cooldown_days == 90
    assert out["INFO_REQUESTED"].follow.mail_today
    assert out["COMPLAINT"].dnc_company
    assert out["COMPLAINT"].alert_team_lead


def test_the_year_end_and_the_holidays_of_japan_are_closed(default: playbook.Playbook) -> None:
    closed = default.rules.business.closed
    assert {date(2025, 12, 29), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 3)} <= closed
    assert date(2026, 11, 23) in closed
    assert date(2026, 11, 24) not in closed
    assert all(d.year in YEARS for d in closed)


@pytest.mark.parametrize("name", NAMES)
def test_every_label_is_said_in_both_languages(name: str) -> None:
    rules = playbook.load(name, years=YEARS).rules
    labelled: list[Labelled] = [
        *rules.outcomes.values(),
        *rules.stages.values(),
        *rules.checklist,
        *rules.sources.values(),
        *rules.reasons,
        *rules.raci,
        *rules.scripts,
        *rules.scoring.fit,
        *rules.scoring.signals,
    ]
    for thing in labelled:
        assert thing.label.ja
        assert thing.label.en
        assert not any("぀" <= c <= "ヿ" for c in thing.label.en), thing.label.en


@pytest.mark.parametrize("name", NAMES)
def test_scripts_have_four_phases_questions_and_rebuttals_in_both_languages(name: str) -> None:
    rules = playbook.load(name, years=YEARS).rules
    assert len(rules.scripts) >= 8
    for script in rules.scripts:
        assert [p.code for p in script.phases] == ["opening", "value", "verify", "next"]
        assert all(p.text and p.text_en for p in script.phases)
        assert 2 <= len(script.phases[2].questions) <= 5, script.code
        assert any(q.choices for q in script.phases[2].questions)
        assert 3 <= len(script.objections) <= 8, script.code
        assert all(o.text and o.text_en for o in script.objections)


@pytest.mark.parametrize("name", NAMES)
def test_an_opening_names_caller_and_company_before_anything_is_asked(name: str) -> None:
    for script in playbook.load(name, years=YEARS).rules.scripts:
        opening = script.phases[0].text
        first_question = opening.index("でしょうか") if "でしょうか" in opening else len(opening)
        assert opening.index("{{ my_company }}") < opening.index("{{ me }}") < first_question, script.code
        assert "お電話しました" in opening


def test_mails_and_dials_never_go_by_an_outcomes_name(default: playbook.Playbook) -> None:
    renamed = default.text.replace("[outcome.NO_ANSWER]", "[outcome.ZZZ]")
    rules: Rules = playbook.loads(renamed, years=YEARS).rules
    moved, old = rules.outcomes["ZZZ"], default.rules.outcomes["NO_ANSWER"]
    for spec in fields(Outcome):
        if spec.name != "code":
            assert getattr(moved, spec.name) == getattr(old, spec.name)


NOT_IN_A_FILE = {"playbook_not_found", "playbook_unreadable", "playbook_of_team", "playbook_of_team_unreadable"}
"""Problems with a playbook as a whole, where there is no line to name."""


def test_every_shipped_text_of_an_error_names_file_line_and_key() -> None:
    for lang in messages.LANGUAGES:
        for code, sentence in messages.catalogue(lang).items():
            if code.startswith("playbook_") and code not in NOT_IN_A_FILE:
                assert {"file", "line"} <= messages.parameters(sentence.what), code


@pytest.mark.parametrize("name", NAMES)
def test_every_end_of_a_call_but_a_talk_proposes_one_outcome(name: str) -> None:
    outcomes = playbook.load(name).rules.outcomes
    for end, code in (
        ("no_answer", "NO_ANSWER"),
        ("busy", "BUSY"),
        ("failed", "CALL_FAILED"),
        ("cancelled", "CANCELED"),
    ):
        over = PhoneCall("1", "+81312345678", 0.0, over=9.0, end=End(end))
        assert phone.proposed(over.end, outcomes) == (code,)
