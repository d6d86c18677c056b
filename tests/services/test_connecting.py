"""Connecting a CRM without a window: what is found, the field map as a table, and changing it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typing_extensions import override

from isdesk.crm import mapping
from isdesk.crm.mapping import FieldMapping
from isdesk.crm.port import Auth, Capabilities, Finding, Scope, Thing
from isdesk.domain.errors import BadInput, CrmError
from isdesk.domain.fields import Kind
from isdesk.services import connecting, field_map
from isdesk.services.connecting import Survey
from isdesk.services.context import Context
from isdesk.services.field_map import FIT_GONE, FIT_LOOSE, FIT_NONE, FIT_OK, FIT_WORDS, FIT_WRONG, Line
from tests.ui import crm_made
from tests.ui.crm_made import MadeAdapter, MadeCrm


@pytest.fixture
def crm() -> Iterator[MadeCrm]:
    """Give a CRM of this test's own."""
    yield crm_made.fresh()
    crm_made.fresh()


@pytest.fixture
def found(crm: MadeCrm) -> Survey:
    """Give what a look at it brings."""
    return connecting.survey(MadeAdapter("odoo"), "odoo", crm_made.MAP)


def line(ctx: Context, found: Survey, code: str, thing: Thing = Thing.LEAD, map_: FieldMapping | None = None) -> Line:
    used = map_ or found.mapping
    assert used is not None
    return next(one for one in field_map.lines(ctx, found, used, thing) if one.code == code)


def test_a_look_brings_who_we_are_fields_samples_and_how_much_there_is(crm: MadeCrm) -> None:
    seen: list[str] = []
    found = connecting.survey(
        MadeAdapter("odoo"), "odoo", crm_made.MAP, progress=lambda what, _done, _total: seen.append(what)
    )
    assert found.me.name == "鈴木 一郎"
    assert found.estimates == {Scope.MINE: 3, Scope.TEAM: 12_480}
    assert field_map.things(found) == (Thing.LEAD, Thing.COMPANY, Thing.TOUCH)
    assert found.remote[Thing.LEAD][0].label == "連絡先名"
    assert seen[0] == "hello"
    assert seen[-1] == "done"
    assert found.ready


def test_what_stops_comes_first_and_forbids_the_connection(crm: MadeCrm) -> None:
    crm.findings = [Finding("ok", "crm_slow"), Finding("warn", "crm_busy"), Finding("stop", "crm_signed_out")]
    found = connecting.survey(MadeAdapter("odoo"), "odoo", crm_made.MAP)
    assert [one.level for one in found.findings][:2] == ["stop", "warn"]
    assert not found.ready


@pytest.mark.parametrize(
    ("able", "code"),
    [
        (Capabilities(upsert_key="per_object"), "promise_no_duplicates"),
        (Capabilities(probe_by_key="lagged"), "promise_asks_before_resending"),
        (Capabilities(), "promise_none"),
    ],
)
def test_it_says_plainly_whether_something_may_be_recorded_twice(crm: MadeCrm, able: Capabilities, code: str) -> None:
    crm.able, crm.findings = able, []
    found = connecting.survey(MadeAdapter("odoo"), "odoo", crm_made.MAP)
    assert [one.code for one in found.findings] == [code]
    assert found.findings[0].level == ("ok" if code == "promise_no_duplicates" else "warn")


def test_a_key_that_is_refused_is_an_error_and_what_fails_later_a_finding(crm: MadeCrm) -> None:
    crm.fails = Auth("crm_signed_out")
    with pytest.raises(CrmError):
        connecting.survey(MadeAdapter("odoo"), "odoo", crm_made.MAP)
    crm.fails = None

    class Poor(MadeAdapter):
        @override
        def samples(self, obj: Thing, limit: int = 5) -> list[dict[str, str]]:
            raise Auth("crm_signed_out")

    found = connecting.survey(Poor("odoo"), "odoo", crm_made.MAP)
    assert "crm_signed_out" in {one.code for one in found.findings}
    assert found.samples[Thing.LEAD] == ()


def test_every_line_says_how_the_field_suits(ctx: Context, found: Survey) -> None:
    assert line(ctx, found, "name").fit == FIT_OK
    assert line(ctx, found, "name").samples == ("山田 太郎", "佐藤 花子", "高橋 健")
    assert line(ctx, found, "name").labels == ("連絡先名",)
    assert line(ctx, found, "stage").fit == FIT_WORDS
    assert line(ctx, found, "budget").fit == FIT_GONE
    assert line(ctx, found, "name_kana").fit == FIT_NONE
    assert line(ctx, found, "outcome", Thing.TOUCH).kind is Kind.CHOICE


@pytest.mark.parametrize(
    ("ours", "theirs", "fit"),
    [
        (Kind.TEXT, Kind.INT, FIT_OK),
        (Kind.PHONE, Kind.TEXT, FIT_OK),
        (Kind.LONG_TEXT, Kind.TEXT, FIT_LOOSE),
        (Kind.DATE, Kind.DATETIME, FIT_LOOSE),
        (Kind.INT, Kind.TEXT, FIT_LOOSE),
        (Kind.INT, Kind.DATE, FIT_WRONG),
        (Kind.MEMBER, Kind.TEXT, FIT_OK),
        (Kind.MEMBER, Kind.DATE, FIT_WRONG),
        (Kind.MEMBER, Kind.MEMBER, FIT_OK),
    ],
)
def test_types_are_checked(ours: Kind, theirs: Kind, fit: str) -> None:
    assert field_map.fit(ours, theirs) == fit


def test_a_required_field_that_nothing_fills_is_named(ctx: Context, found: Survey) -> None:
    assert found.mapping is not None
    assert [one.code for one in field_map.unfilled(found, found.mapping, Thing.LEAD)] == ["name"]
    info = found.remote[Thing.LEAD][1]
    map_ = field_map.choose(found.mapping, line(ctx, found, "is_memo"), info)
    assert field_map.unfilled(found, map_, Thing.LEAD) == ()
    assert field_map.unfilled(found, map_, Thing.COMPANY) == ()


def test_another_field_is_chosen_with_choices_translated_by_their_names(ctx: Context, found: Survey) -> None:
    assert found.mapping is not None
    stage = line(ctx, found, "stage")
    info = next(one for one in found.remote[Thing.LEAD] if one.code == "stage_id")
    map_ = field_map.choose(found.mapping, stage, info, field_map.our_words(ctx, stage))
    assert map_.of("lead").fields["stage"].values == {"3": "nurture", "4": "sql"}
    again = mapping.loads(field_map.text_of(map_), "odoo")
    assert again.of("lead").fields["stage"] == map_.of("lead").fields["stage"]


def test_words_and_directions_change_and_a_line_can_be_taken_out(ctx: Context, found: Survey) -> None:
    assert found.mapping is not None
    outcome = line(ctx, found, "outcome", Thing.TOUCH)
    assert ("connected", "通電", "") in outcome.words
    label = ctx.rules.outcomes["MEETING_SET"].label.in_("ja")
    assert label in field_map.wordless(ctx, outcome)
    map_ = field_map.word(found.mapping, outcome, "appointment", "MEETING_SET")
    assert label not in field_map.wordless(ctx, line(ctx, found, "outcome", Thing.TOUCH, map_))
    map_ = field_map.word(map_, outcome, "appointment", "")
    assert "appointment" not in map_.of("touch").fields["outcome"].values
    map_ = field_map.turn(map_, line(ctx, found, "name"), "in")
    assert not map_.of("lead").fields["name"].writes
    with pytest.raises(BadInput):
        field_map.turn(map_, line(ctx, found, "name"), "sideways")
    map_ = field_map.choose(map_, line(ctx, found, "name"), None)
    assert "name" not in map_.of("lead").fields


def test_a_field_map_is_shared_as_a_file(ctx: Context, found: Survey, tmp_path: Path) -> None:
    assert found.mapping is not None
    path = tmp_path / "team.toml"
    field_map.write_file(path, found.mapping)
    assert path.read_text(encoding="utf-8") == crm_made.MAP
    assert field_map.read_file(path, "odoo").objects == found.mapping.objects
    with pytest.raises(BadInput, match="field_map_kind"):
        field_map.read_file(path, "kintone")
    path.write_text("kind = ", encoding="utf-8")
    with pytest.raises(BadInput, match="field_map_syntax"):
        field_map.read_file(path, "odoo")
    with pytest.raises(BadInput, match="field_map_unreadable"):
        field_map.read_file(tmp_path / "none.toml", "odoo")
    with pytest.raises(BadInput, match="file_not_writable"):
        field_map.write_file(tmp_path / "none" / "x.toml", found.mapping)


def test_only_some_crms_are_signed_in_to_by_browser(ctx: Context) -> None:
    with pytest.raises(BadInput, match="adapter_no_browser"):
        connecting.sign_in("odoo", "https://example.odoo.com", {}, ctx.now, lambda _: None, lambda: False)
