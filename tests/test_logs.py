"""The log names events and never a person; whatever is planted in any field stays out of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk import logs
from isdesk.domain.errors import BadInput

CANARIES = (
    "山田太郎-canary",
    "taro.canary@example.co.jp",
    "03-1234-5678",
    "+819012345678",
    "０９０－１２３４－５６７８",
    "Bearer canarytoken.abcdefgh",
    "access_token=canaryabcdefgh",
    "A" * 40,
    "https://example.my.salesforce.com/query?cursor=canary-cursor",
)
LEAD = "0192f0c1-2345-7abc-8def-0123456789ab"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    handler = logs.start(tmp_path, "debug")
    yield tmp_path
    logs.stop(handler)


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / logs.FILE).read_text(encoding="utf-8").splitlines()]


def test_an_event_has_named_fields(folder: Path) -> None:
    logging.getLogger("isdesk.sync").info("sync_done", extra={"sent": 3, "lead_id": LEAD, "note": "メモ", "ok": True})
    (line,) = lines(folder)
    assert line.pop("at")
    assert line == {"level": "info", "in": "isdesk.sync", "event": "sync_done", "sent": 3, "lead_id": LEAD, "ok": True}


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize("canary", CANARIES)
def test_nothing_personal_or_secret_is_written(folder: Path, canary: str) -> None:
    log = logging.getLogger("isdesk.test")
    log.info("said %s", canary)
    log.info("note", extra={"note": canary, "email": canary})
    if canary != CANARIES[0]:  # a name has no shape: it stays out because no field carries it
        log.warning(f"spliced {canary}")  # noqa: G004 - what a careless author might do
        log.info("status", extra={"status": canary, "reason": f"because {canary}"})
    try:
        raise BadInput("cell_bad", value=canary) from ValueError(canary)
    except BadInput:
        log.exception("failed")
    text = (folder / logs.FILE).read_text(encoding="utf-8")
    assert canary not in text
    assert "canary" not in text
    assert "BadInput:cell_bad < ValueError" in text
    assert "test_logs.py:" in text


def test_a_line_is_one_line(folder: Path) -> None:
    logging.getLogger("ui").info("a\r\n{forged}\u2028b", extra={"code": "x\ny"})
    (line,) = lines(folder)
    assert (line["event"], line["code"]) == ("a {forged} b", "x y")


@pytest.mark.allow_log_warnings
def test_below_the_level_nothing_is_written(tmp_path: Path) -> None:
    handler = logs.start(tmp_path, "warning")
    try:
        logging.getLogger("isdesk").info("quiet")
        logging.getLogger("isdesk").warning("loud")
    finally:
        logs.stop(handler)
    assert [line["event"] for line in lines(tmp_path)] == ["loud"]


def test_files_rotate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "BYTES", 500)
    handler = logs.start(tmp_path)
    try:
        for _ in range(100):
            logging.getLogger("isdesk").info("event")
    finally:
        logs.stop(handler)
    assert len(list(tmp_path.iterdir())) == logs.FILES


@pytest.mark.allow_log_warnings
def test_nothing_goes_to_the_terminal(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("isdesk").error("x")
    assert capfd.readouterr() == ("", "")


@given(st.text())
def test_cleaning_leaves_one_line_and_is_done_after_once(text: str) -> None:
    once = logs.clean(text)
    assert "\n" not in once
    assert "\r" not in once


def test_ids_stay() -> None:
    assert logs.clean(f"lead {LEAD} 5 rows in 12.5 s at 2026-11-24") == f"lead {LEAD} 5 rows in 12.5 s at 2026-11-24"
