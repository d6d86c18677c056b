"""How an overlay lies over its base: merged by key, removed, replaced; versions and differences follow."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isdesk import playbook

YEARS = (2026,)
HEAD = 'extends = "default"\nname = "team"\nnumber = 4\nja = "チーム"\nen = "Team"\n'


def team(text: str = "", **more: object) -> playbook.Playbook:
    return playbook.loads(HEAD + text, years=YEARS, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def default() -> playbook.Playbook:
    return playbook.load("default", years=YEARS)


def test_an_overlay_changes_just_what_it_says(default: playbook.Playbook) -> None:
    book = team('[outcome.NO_ANSWER]\nja = "不在"\n')
    changed = book.rules.outcomes["NO_ANSWER"]
    assert changed.label.ja == "不在"
    assert changed.label.en == "No answer"
    assert changed.follow == default.rules.outcomes["NO_ANSWER"].follow
    assert book.rules.outcomes["BUSY"] == default.rules.outcomes["BUSY"]
    assert list(book.rules.outcomes) == list(default.rules.outcomes)


def test_an_overlay_adds_and_removes_entries(default: playbook.Playbook) -> None:
    book = team('[source.radio]\nja = "ラジオ"\ninbound = true\n[script.real_estate]\nremove = true\n')
    assert book.rules.sources["radio"].inbound
    assert "real_estate" not in {s.code for s in book.rules.scripts}
    assert len(book.rules.scripts) == len(default.rules.scripts) - 1


def test_an_inactive_outcome_stays_known_but_loses_its_key() -> None:
    book = team("[outcome.NO_ANSWER]\nactive = false\n[outcome.BUSY]\nhotkey = '1'\n")
    assert not book.rules.outcomes["NO_ANSWER"].active
    assert book.rules.by_hotkey()["1"].code == "BUSY"


def test_anything_else_that_is_inactive_is_gone() -> None:
    assert "sns" not in team("[source.sns]\nactive = false\n").rules.sources


def test_a_list_replaces_the_bases_list() -> None:
    book = team("[policy.P_NOANS]\nsteps = [{ days = 3 }]\n")
    policy = book.rules.policies["P_NOANS"]
    assert [s.days for s in policy.steps] == [3]
    assert policy.exhausted_days == 30


def test_replace_starts_a_table_afresh() -> None:
    book = team("[policy.P_NOANS]\nreplace = true\nja = '不在'\nsteps = [{ days = 3 }]\nexhausted_days = 5\n")
    assert book.rules.policies["P_NOANS"].mail_days == ()


def test_another_kind_starts_a_follow_up_afresh() -> None:
    book = team("[outcome.BUSY.follow]\nkind = 'plan'\nstep = { minutes = 20 }\n")
    follow = book.rules.outcomes["BUSY"].follow
    assert (follow.kind, follow.policy) == ("plan", None)
    assert follow.step is not None
    assert follow.step.minutes == 20


def test_a_step_is_always_given_whole() -> None:
    step = team("[outcome.CALLBACK_LOOSE.follow.step]\ndays = 4\n").rules.outcomes["CALLBACK_LOOSE"].follow.step
    assert step is not None
    assert (step.bd, step.days) == (None, 4)


def test_a_script_may_replace_a_shared_rebuttal_and_add_its_own() -> None:
    book = team('[script.general.objection.busy]\nja = "忙しい"\ntext = "{{ me }}です"\n')
    script = next(s for s in book.rules.scripts if s.code == "general")
    assert [o.code for o in script.objections][:3] == ["no_budget", "have_other", "busy"]
    assert next(o for o in script.objections if o.code == "busy").text == "{{ me }}です"
    shared = next(s for s in book.rules.scripts if s.code == "inbound_saas")
    assert next(o for o in shared.objections if o.code == "busy").text != "{{ me }}です"


def test_an_overlay_of_an_overlay_lies_over_both(tmp_path: Path) -> None:
    (tmp_path / "area.toml").write_text('extends = "smb"\nja = "地域"\n[caps]\nper_contact_cycle = 5\n', "utf-8")
    (tmp_path / "branch.toml").write_text('extends = "area"\nja = "支店"\n[sla]\nfeedback_days = 4\n', "utf-8")
    book = playbook.load(tmp_path / "branch.toml", years=YEARS)
    assert [s.name for s in book.sources] == ["default", "smb", "area", "branch"]
    assert book.name == "branch"
    assert book.rules.caps.per_contact_cycle == 5
    assert book.rules.sla.feedback_days == 4
    assert not book.rules.caps.company_rests_after_dial


def test_own_fields_work_in_scores_questions_and_the_checklist() -> None:
    book = team(
        "[field.sites]\nobj = 'company'\nja = '拠点'\nkind = 'int'\n"
        "[score.fit.sites]\nja = '多い'\npoints = 5\nfield = 'company.sites'\nat_least = 3\n"
        "[checklist.sites]\nja = '拠点'\nfields = ['company.sites']\n"
        "[question.sites]\nja = '拠点'\nfield = 'company.sites'\n"
    )
    assert [f.code for f in book.rules.fields] == ["sites"]
    assert any(r.field == "company.sites" for r in book.rules.scoring.fit)


def test_the_version_says_name_number_and_content() -> None:
    plain, changed = team(), team("[caps]\nminutes_between = 90\n")
    assert plain.version.startswith("team@4+")
    assert plain.version != changed.version
    assert plain.version == team("# ただの説明\n").version
    assert plain.version == team('agreed_on = 2026-04-01\nagreed_by = ["佐藤"]\n').version


def test_the_sign_off_is_the_files_own() -> None:
    book = team('agreed_on = 2026-04-01\nagreed_by = ["佐藤", "鈴木"]\n')
    assert book.agreed_on == date(2026, 4, 1)
    assert book.agreed_by == ("佐藤", "鈴木")


def test_diff_names_each_changed_key(default: playbook.Playbook) -> None:
    book = team("[caps]\nminutes_between = 90\n[script.staffing]\nremove = true\n[source.radio]\nja = 'ラジオ'\n")
    changes = {d.key: (d.before, d.after) for d in playbook.diff(default, book)}
    assert changes["caps.minutes_between"] == (60, 90)
    assert changes["source.radio.ja"] == (None, "ラジオ")
    assert changes["script.staffing.rank"] == (30, None)
    assert "caps.per_number_day" not in changes
    assert playbook.diff(default, default) == []


def test_company_closing_days_and_open_holidays() -> None:
    book = team(
        '[business]\nclosed_days = [2026-08-13]\nclosed_yearly = ["12-28/01-04"]\nopen_days = [2026-11-23]\n',
        extra_closed_days=(date(2026, 8, 14),),
    )
    closed = book.rules.business.closed
    assert {date(2026, 8, 13), date(2026, 8, 14), date(2026, 12, 28), date(2026, 1, 4)} <= closed
    assert date(2026, 11, 23) not in closed
    assert date(2026, 11, 3) in closed
    without = team("[business]\npublic_holidays = false\n").rules.business.closed
    assert date(2026, 11, 3) not in without


@settings(max_examples=8)
@given(minutes=st.integers(0, 1440), days=st.integers(0, 60), hours=st.floats(0.1, 100).map(lambda x: round(x, 2)))
def test_what_an_overlay_sets_is_what_the_rules_hold(minutes: int, days: int, hours: float) -> None:
    text = f"[caps]\nminutes_between = {minutes}\n[sla]\nfeedback_days = {days}\nfs_decision_hours = {hours}\n"
    rules = playbook.loads(HEAD + text, years=YEARS).rules
    assert (rules.caps.minutes_between, rules.sla.feedback_days, rules.sla.fs_decision_hours) == (minutes, days, hours)
