"""Everything that can be wrong in a playbook is said with file, line and key; all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from isdesk import messages, playbook
from isdesk.domain.errors import PlaybookError

YEARS = (2026,)
HEAD = 'extends = "default"\nname = "team"\nja = "チーム"\n'


def failing(text: str) -> PlaybookError:
    with pytest.raises(PlaybookError) as caught:
        playbook.loads(text, file="team.toml", years=YEARS)
    return caught.value


def all_of(error: PlaybookError) -> list[PlaybookError]:
    more = error.params["more"]
    assert isinstance(more, tuple)
    return [error, *more]


CASES = {
    "unknown key": ("[outcome.NO_ANSWER]\nansered = true", "playbook_unknown_key_like", 5, "outcome.NO_ANSWER.ansered"),
    "unknown table": ("[outcomes.X]\nja = 'x'", "playbook_unknown_key_like", 4, "outcomes"),
    "unheard-of key": ("[caps]\nzzzz = 1", "playbook_unknown_key", 5, "caps.zzzz"),
    "text": ("[outcome.NO_ANSWER]\nja = 3", "playbook_not_text", 5, "outcome.NO_ANSWER.ja"),
    "whole number": ("[caps]\nminutes_between = '60'", "playbook_not_whole_number", 5, "caps.minutes_between"),
    "flag": ("[outcome.FAX]\n\nanswered = 1", "playbook_not_true_false", 6, "outcome.FAX.answered"),
    "list": ("[outcome.FAX]\nrequires = 'note'", "playbook_not_list", 5, "outcome.FAX.requires"),
    "table": ("outcome = 3", "playbook_not_table", 4, "outcome"),
    "number": ("[sla]\nfirst_response_hours = 'soon'", "playbook_not_number", 5, "sla.first_response_hours"),
    "range": ("[caps]\nminutes_between = -1", "playbook_out_of_range", 5, "caps.minutes_between"),
    "span": ("[windows]\nsoft = ['9-12']", "playbook_not_time_span", 5, "windows.soft[0]"),
    "span order": ("[windows]\nhard = '21:00-08:00'", "playbook_not_ordered", 5, "windows.hard"),
    "spans overlap": (
        "[windows]\nsoft = [\n  '09:30-12:00',\n  '11:00-13:00',\n]",
        "playbook_not_ordered",
        7,
        "windows.soft[1]",
    ),
    "outside hard": ("[windows]\nsoft = ['07:00-08:30']", "playbook_outside_hard", 5, "windows.soft[0]"),
    "day span": (
        "[business]\nclosed_yearly = ['12-32/01-03']",
        "playbook_not_day_span",
        5,
        "business.closed_yearly[0]",
    ),
    "date": ("[business]\nclosed_days = ['2026-08-13']", "playbook_not_date", 5, "business.closed_days[0]"),
    "pair": ("[score]\ntiming_by_months = [[1, 2], 3]", "playbook_not_number_pair", 5, "score.timing_by_months[1]"),
    "half a sender": (
        "[mail.sender]\norganisation = 'A'\naddress = 'B'\nunsubscribe = 'stop@example.jp'",
        "playbook_mail_law_item",
        4,
        "mail.sender.contact",
    ),
    "nowhere to opt out": (
        "[mail.sender]\norganisation = 'A'\naddress = 'B'\ncontact = 'C'\nunsubscribe = '電話で'",
        "playbook_mail_unsubscribe",
        8,
        "mail.sender.unsubscribe",
    ),
    "long subject": (
        f"[mail.template.first]\nsubject = '{'長' * 41}'",
        "playbook_mail_subject_long",
        5,
        "mail.template.first.subject",
    ),
    "subject of two lines": (
        '[mail.template.first]\nsubject = "a\\nBcc: b@example.jp"',
        "playbook_mail_subject_lines",
        5,
        "mail.template.first.subject",
    ),
    "unknown variable in a mail": (
        "[mail.template.first.text]\nissue = '{{ compny }}'",
        "playbook_template_unknown_variable_like",
        5,
        "mail.template.first.text.issue",
    ),
    "a mail without its call to action": (
        "[mail.template.x]\nja = 'x'\nsubject = 's'\n[mail.template.x.text]\nissue = 'a'\nsolution = 'b'",
        "playbook_missing_key",
        7,
        "mail.template.x.text.action",
    ),
    "tags in a mail": (
        "[mail.template.first.text]\naction = '<a href=\"https://example.jp\">here</a>'",
        "playbook_mail_markup",
        5,
        "mail.template.first.text.action",
    ),
    "a sequence with an unknown template": (
        "[sequence.follow]\nsteps = [\n  { days = 3, channel = 'mail', template = 'frist' },\n]",
        "playbook_unknown_value_like",
        6,
        "sequence.follow.steps[0].template",
    ),
    "a sequence with an unknown channel": (
        "[sequence.follow]\nsteps = [\n  { days = 3, channel = 'phone' },\n  { days = 7, channel = 'fax' },\n]",
        "playbook_unknown_value",
        7,
        "sequence.follow.steps[1].channel",
    ),
    "steps of a sequence out of order": (
        "[sequence.x]\nja = 'x'\nsteps = [\n  { days = 7, channel = 'phone' },\n  { days = 3, channel = 'x' },\n]",
        "playbook_sequence_order",
        8,
        "sequence.x.steps[1].days",
    ),
    "a sequence without steps": ("[sequence.x]\nja = 'x'\nsteps = []", "playbook_empty", 6, "sequence.x.steps"),
    "two mails of a sequence on one day": (
        (
            "[sequence.x]\nja = 'x'\nsteps = [\n  { days = 3, channel = 'mail', template = 'first' },\n"
            "  { days = 3, channel = 'mail', template = 'last' },\n]"
        ),
        "playbook_sequence_two_mails",
        8,
        "sequence.x.steps[1].days",
    ),
    "a mail step without its template": (
        "[sequence.x]\nja = 'x'\nsteps = [{ days = 3, channel = 'mail' }]",
        "playbook_missing_key",
        6,
        "sequence.x.steps[0].template",
    ),
    "a template of a call step": (
        "[sequence.x]\nja = 'x'\nsteps = [{ days = 3, channel = 'phone', template = 'first' }]",
        "playbook_not_for_kind",
        6,
        "sequence.x.steps[0].template",
    ),
    "a step at night": (
        "[sequence.x]\nja = 'x'\nsteps = [{ days = 3, channel = 'phone', time = '22:00' }]",
        "playbook_sequence_time",
        6,
        "sequence.x.steps[0].time",
    ),
    "a step at no time": (
        "[sequence.x]\nja = 'x'\nsteps = [{ days = 3, channel = 'phone', time = 'noon' }]",
        "playbook_not_time",
        6,
        "sequence.x.steps[0].time",
    ),
    "what cannot stop a sequence": (
        "[sequence.follow]\nstops = ['weather']",
        "playbook_unknown_value",
        5,
        "sequence.follow.stops[0]",
    ),
    "approval of handoffs": (
        "[handoff]\nneeds_approval = 'yes'",
        "playbook_not_true_false",
        5,
        "handoff.needs_approval",
    ),
    "approval of a grade": (
        "[handoff]\napproval_grades = ['D']",
        "playbook_unknown_value",
        5,
        "handoff.approval_grades[0]",
    ),
    "approval by a condition": (
        "[handoff.approval.x]\nfield = 'company.employes'\nat_most = 49",
        "playbook_unknown_value_like",
        5,
        "handoff.approval.x.field",
    ),
    "approval by no condition": (
        "[handoff.approval.x]\nfield = 'company.employees'",
        "playbook_one_condition",
        4,
        "handoff.approval.x",
    ),
    "no such policy": (
        "[outcome.BUSY.follow]\npolicy = 'P_NOAN'",
        "playbook_unknown_value_like",
        5,
        "outcome.BUSY.follow.policy",
    ),
    "no such stage": ("[outcome.BUSY]\nadvance = 'mqll'", "playbook_unknown_value_like", 5, "outcome.BUSY.advance"),
    "no such group": ("[outcome.BUSY]\ngroup = 'qqqq'", "playbook_unknown_value", 5, "outcome.BUSY.group"),
    "hotkey twice": ("[outcome.BUSY]\nhotkey = '1'", "playbook_hotkey_twice", 5, "outcome.BUSY.hotkey"),
    "requires": ("[outcome.BUSY]\nrequires = ['notes']", "playbook_unknown_value_like", 5, "outcome.BUSY.requires[0]"),
    "dm not answered": ("[outcome.BUSY]\ndm_reached = true", "playbook_dm_not_answered", 5, "outcome.BUSY.dm_reached"),
    "dnc not terminal": (
        "[outcome.DNC_REQUEST]\nterminal = false",
        "playbook_dnc_not_terminal",
        0,
        "outcome.DNC_REQUEST.dnc",
    ),
    "meeting not answered": (
        "[outcome.BUSY]\nmeeting_set = true",
        "playbook_meeting_not_answered",
        5,
        "outcome.BUSY.meeting_set",
    ),
    "close but open": (
        "[outcome.BUSY]\nfollow = { kind = 'close' }",
        "playbook_close_not_terminal",
        4,
        "outcome.BUSY.terminal",
    ),
    "callback without time": (
        "[outcome.CALLBACK_AT]\nrequires = []",
        "playbook_callback_time",
        5,
        "outcome.CALLBACK_AT.requires",
    ),
    "meeting without time": (
        "[outcome.MEETING_SET]\nrequires = ['fs_id']",
        "playbook_meeting_time",
        5,
        "outcome.MEETING_SET.requires",
    ),
    "reached nobody": (
        "[outcome.BUSY]\ndefault_reached = 'staff'",
        "playbook_reached_nobody",
        5,
        "outcome.BUSY.default_reached",
    ),
    "reached the decision maker": (
        "[outcome.REFERRED]\ndefault_reached = 'decision_maker'",
        "playbook_reached_dm",
        5,
        "outcome.REFERRED.default_reached",
    ),
    "dnc of company alone": (
        "[outcome.BUSY]\ndnc_company = true",
        "playbook_dnc_company_alone",
        5,
        "outcome.BUSY.dnc_company",
    ),
    "wake by text": (
        "[outcome.NO_BUDGET.follow]\nfield = 'need'",
        "playbook_wake_field",
        5,
        "outcome.NO_BUDGET.follow.field",
    ),
    "not for the kind": (
        "[outcome.BUSY.follow]\nminutes = 5",
        "playbook_not_for_kind",
        5,
        "outcome.BUSY.follow.minutes",
    ),
    "follow is missing": (
        "[outcome.MINE]\nja = '自社'\ngroup = 'talk'",
        "playbook_missing_key",
        4,
        "outcome.MINE.follow",
    ),
    "empty ladder": ("[policy.P_BUSY]\nsteps = []", "playbook_empty", 5, "policy.P_BUSY.steps"),
    "two waits": (
        "[policy.P_BUSY]\nsteps = [{ bd = 1, days = 2 }]",
        "playbook_one_wait",
        5,
        "policy.P_BUSY.steps[0]",
    ),
    "ladder without end": (
        "[policy.P_NEW]\nsteps = [{ bd = 1 }]",
        "playbook_ladder_end",
        4,
        "policy.P_NEW",
    ),
    "ladders in a circle": ("[policy.P_NOANS]\nthen = 'P_BUSY'", "playbook_ladder_circle", 5, "policy.P_NOANS.then"),
    "slots overlap": ("[slot.AM2]\ntime = '10:00-12:00'", "playbook_not_ordered", 5, "slot.AM2.time"),
    "unknown field of the checklist": (
        "[checklist.issue]\nfields = ['isue']",
        "playbook_unknown_value_like",
        5,
        "checklist.issue.fields[0]",
    ),
    "unknown field of a rule": (
        "[score.fit.region]\nfield = 'company.prefectur'",
        "playbook_unknown_value_like",
        5,
        "score.fit.region.field",
    ),
    "two conditions": (
        "[score.fit.region]\nequals = '東京'",
        "playbook_one_condition",
        4,
        "score.fit.region",
    ),
    "bounds reversed": (
        "[score.fit.size_core]\nat_most = 10",
        "playbook_not_ordered",
        5,
        "score.fit.size_core.at_most",
    ),
    "ranks reversed": ("[score]\nrank_b = 90", "playbook_not_ordered", 5, "score.rank_b"),
    "standard field again": (
        "[field.issue]\nja = '課題'",
        "playbook_standard_field",
        4,
        "field.issue",
    ),
    "choice without choices": (
        "[field.mine]\nja = '私'\nkind = 'choice'",
        "playbook_empty",
        4,
        "field.mine.choices",
    ),
    "choice of a field": (
        "[question.adoption_timing]\nchoices = ['3_month']",
        "playbook_unknown_value_like",
        5,
        "question.adoption_timing.choices[0]",
    ),
    "question of no field": (
        "[question.issue]\nfield = 'isue'",
        "playbook_unknown_value_like",
        5,
        "question.issue.field",
    ),
    "script of no question": (
        "[script.general]\nquestions = ['isue']",
        "playbook_unknown_value_like",
        5,
        "script.general.questions[0]",
    ),
    "reason of no kind": ("[reason.refusl.x]\nja = 'x'", "playbook_unknown_value_like", 4, "reason.refusl"),
    "nobody responsible": (
        "[raci.run_meeting]\nfield_sales = 'I'",
        "playbook_nobody_responsible",
        4,
        "raci.run_meeting",
    ),
    "nothing to remove": ("[script.generall]\nremove = true", "playbook_nothing_to_remove_like", 4, "script.generall"),
    "no general script": ("[script.general]\nremove = true", "playbook_no_general_script", 4, "script"),
    "no outcome that forbids": (
        "[outcome.DNC_REQUEST]\nactive = false\n[outcome.COMPLAINT]\nactive = false",
        "playbook_no_dnc_outcome",
        4,
        "outcome",
    ),
    "sign-off": ("agreed_on = 'yesterday'", "playbook_not_date", 4, "agreed_on"),
    "unknown variable": (
        "[script.general.text]\nopening = '''\n一行目\n二行目 {{ compny }}\n'''",
        "playbook_template_unknown_variable_like",
        7,
        "script.general.text.opening",
    ),
    "broken template": (
        "[script.general.text]\nvalue = 'はい {{ company'",
        "playbook_template_unclosed",
        5,
        "script.general.text.value",
    ),
    "loop in a script": (
        "[script.general.text]\nvalue = '{% for x in company %}{% endfor %}'",
        "playbook_template_forbidden",
        5,
        "script.general.text.value",
    ),
    "attribute in a script": (
        "[script.general.text]\nvalue = '{{ company.__class__ }}'",
        "playbook_template_forbidden",
        5,
        "script.general.text.value",
    ),
}


@pytest.mark.parametrize(("text", "code", "line", "key"), CASES.values(), ids=CASES)
def test_an_error_names_file_line_and_key(text: str, code: str, line: int, key: str) -> None:
    found = [e for e in all_of(failing(HEAD + text + "\n")) if (e.code, e.key) == (code, key)]
    assert found, [(e.code, e.key) for e in all_of(failing(HEAD + text + "\n"))]
    error = found[0]
    if line:
        assert (error.file, error.line) == ("team.toml", line)
    else:
        assert error.file.endswith("default.toml")
        assert error.line > 1
    for lang in messages.LANGUAGES:
        said = messages.say(error, lang)
        assert error.file in said.what
        assert str(error.line) in said.what
        assert key in said.what
        assert "…" not in said.line


def test_all_errors_come_at_once_in_the_order_of_the_lines() -> None:
    error = failing(HEAD + "[caps]\nminutes_between = 'x'\nper_number_dai = 1\n[outcome.BUSY]\nhotkey = '1'\n")
    assert [(e.line, e.key) for e in all_of(error)] == [
        (5, "caps.minutes_between"),
        (6, "caps.per_number_dai"),
        (8, "outcome.BUSY.hotkey"),
    ]
    assert all_of(error)[1].params["hint"] == "per_number_day"


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("[caps]\nminutes_between = \n", 2, "caps.minutes_between"),
        ('name = "x"\n[outcome.A]\nja = "abc\n', 3, "outcome.A.ja"),
        ("[caps]\n[caps]\n", 2, "caps"),
        ("[sequence.a]\nja = 'a'\n[sequence.a]\n", 3, "sequence.a"),
        ('業種 = "x"\n', 1, "業種"),
        ("[caps\n", 1, ""),
    ],
)
def test_a_syntax_error_names_line_and_key(text: str, line: int, key: str) -> None:
    error = failing(text)
    assert (error.code, error.line, error.key) == ("playbook_syntax", line, key)
    assert messages.say(error, "ja").what


def test_a_playbook_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(PlaybookError) as caught:
        playbook.load("inbond")
    assert caught.value.code == "playbook_not_found"
    assert "inbound" in str(caught.value.params["known"])


def test_a_base_that_is_not_there_is_the_overlays_error() -> None:
    error = failing('# 説明\nextends = "nothing"\nja = "x"\n')
    assert (error.code, error.file, error.line, error.key) == ("playbook_base", "team.toml", 2, "extends")


def test_bases_in_a_circle_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "b"\nja = "a"\n', "utf-8")
    (tmp_path / "b.toml").write_text('ja = "b"\nextends = "a"\n', "utf-8")
    with pytest.raises(PlaybookError) as caught:
        playbook.load(tmp_path / "a.toml")
    assert caught.value.code == "playbook_extends_circle"
    assert caught.value.file == str(tmp_path / "b.toml")
    assert caught.value.line == 2


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "cp932.toml"
    path.write_bytes('name = "x"\nja = "標準"\n'.encode("cp932"))
    with pytest.raises(PlaybookError) as caught:
        playbook.load(path)
    assert (caught.value.code, caught.value.line) == ("playbook_not_utf8", 2)


def test_an_empty_playbook_lacks_everything_and_says_so() -> None:
    error = failing("")
    codes = {e.code for e in all_of(error)}
    assert "playbook_missing_key" in codes
    assert {"outcome", "script", "stage"} <= {e.key for e in all_of(error)}
