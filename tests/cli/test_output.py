"""What the command line prints: JSON with offsets, tables that know the width of Japanese letters."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from isdesk.cli import output, words
from isdesk.cli.output import Out
from isdesk.domain import queue
from isdesk.domain.touch import Reached

AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Thing:
    at: datetime
    names: frozenset[str]
    who: Reached


def test_json_has_times_with_offset_and_codes_as_strings() -> None:
    out = io.StringIO()
    Out(as_json=True, out=out).result(
        {"thing": Thing(AT, frozenset({"b", "a"}), Reached.STAFF), "day": date(2026, 1, 2)}, ""
    )
    assert json.loads(out.getvalue()) == {
        "thing": {"at": "2026-11-24T10:30:00+09:00", "names": ["a", "b"], "who": "staff"},
        "day": "2026-01-02",
    }


def test_json_is_one_document_and_japanese_stays_readable() -> None:
    out = io.StringIO()
    Out(as_json=True, out=out).result({"氏名": "山田 太郎"}, "山田")
    assert "山田 太郎" in out.getvalue()
    assert out.getvalue().endswith("}\n")


def test_people_get_the_text() -> None:
    out = io.StringIO()
    Out(as_json=False, out=out).result({"a": 1}, "山田")
    assert out.getvalue() == "山田\n"


def test_progress_is_silent_unless_a_person_is_looking() -> None:
    err = io.StringIO()
    Out(as_json=False, err=err).progress("取り込み", 1, 10)
    assert err.getvalue() == ""


def test_full_width_letters_take_two_columns() -> None:
    assert output.width("山田 A") == 6
    assert output.width("が") == 2  # a combining mark takes none
    assert output.fit("株式会社あおぞら製作所", 10) == "株式会社…"
    assert output.pad("山田", 6) == "山田  "
    assert output.pad("7", 3, right=True) == "  7"


def test_columns_of_a_table_are_aligned_and_figures_stand_at_the_right() -> None:
    shown = output.table(["氏名", "優先", "id"], [["山田 太郎", 82, "x"], ["李", 7, "y"]], columns=0).splitlines()
    assert len({output.width(line[: line.index(mark)]) for line, mark in zip(shown[2:], "xy", strict=True)}) == 1
    assert "  7" in shown[3]


def test_a_table_fits_the_terminal() -> None:
    shown = output.table(["a", "b"], [["長い名前" * 20, "短い"]], columns=40)
    assert all(output.width(line) <= 40 for line in shown.splitlines())
    assert "短い" in shown


def test_an_empty_table_has_its_head() -> None:
    assert output.table(["a"], [], columns=0).splitlines() == ["a", "─"]


def test_cells_are_one_line_without_control_characters() -> None:
    assert output.cell("a\x1b[31m\nb\x00") == "a [31m b"
    assert output.cell(None) == ""
    assert output.cell(AT) == "2026-11-24 10:30"
    assert output.cell(0.5) == "0.5"


@given(st.text(), st.integers(1, 40))
def test_a_cut_text_never_takes_more_columns(text: str, columns: int) -> None:
    assert output.width(output.fit(text, columns)) <= columns


def test_every_tier_of_the_queue_has_its_own_word() -> None:
    """The words follow the tiers by name: where their order changes, no lead is called late that came back from FS."""
    said = {tier: words.word(words.TIERS, tier, "ja") for tier in range(queue.OUTSIDE)}
    assert len(set(said.values())) == len(said)
    assert (said[queue.RETURNED], said[queue.SLA], said[queue.PROMISE]) == ("差戻し", "SLA", "約束")
