"""What an import would do, before anything is written: figures, rows with their problems, repeats, look-alikes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from isdesk.domain.changes import Value
from isdesk.files.mapping import Columns
from isdesk.files.rows import Parsed, Problem
from isdesk.files.targets import ANY_PHONE, FAMILY, FAMILY_KANA, GIVEN, GIVEN_KANA
from isdesk.services.import_past import problem_text
from isdesk.services.imports import ImportPlan, ImportReport, Near, PreviewRow
from ui import words
from ui.field_words import FieldWords
from ui.models.records import Cell, Column, RecordModel
from ui.noop import QT_TRANSLATE_NOOP
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.widgets import Card, EmptyState, SegmentedTabs, label
from ui.widgets.table import ClearStack, DataTable

ACTIONS: dict[str, tuple[str, str]] = {
    "create": (QT_TRANSLATE_NOOP("imports", "新規"), "good"),
    "update": (QT_TRANSLATE_NOOP("imports", "更新"), "promise"),
    "same": (QT_TRANSLATE_NOOP("imports", "変更なし"), "plain"),
    "skip": (QT_TRANSLATE_NOOP("imports", "取り込まない"), "bad"),
}
BY: dict[str, str] = {
    "mail": QT_TRANSLATE_NOOP("imports", "メールが同じ"),
    "phone": QT_TRANSLATE_NOOP("imports", "電話番号が同じ"),
    "person": QT_TRANSLATE_NOOP("imports", "会社と氏名が同じ"),
    "company": QT_TRANSLATE_NOOP("imports", "会社が同じ"),
    "company_name": QT_TRANSLATE_NOOP("imports", "会社名が似ている"),
    "person_name": QT_TRANSLATE_NOOP("imports", "同じ会社で氏名が似ている"),
    "shared_mail": QT_TRANSLATE_NOOP("imports", "別の人とメールが同じ"),
    "shared_phone": QT_TRANSLATE_NOOP("imports", "別の人と電話番号が同じ"),
}
_STANDS_FOR = {
    FAMILY: "lead.name",
    GIVEN: "lead.name",
    FAMILY_KANA: "lead.name_kana",
    GIVEN_KANA: "lead.name_kana",
    ANY_PHONE: "lead.phone_direct",
}
_WIDE = {"company.name": 190, "lead.email": 200, "company.address": 220, "lead.name": 120}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file as it would be taken in."""

    row: PreviewRow
    parsed: Parsed

    def value(self, path: str) -> Value:
        """Return a field by ``company.x`` or ``lead.x``."""
        obj, _, code = path.partition(".")
        return (self.parsed.company if obj == "company" else self.parsed.lead).get(code)


def action_words(action: str) -> tuple[str, str]:
    """Return what happens with a row, and the tone of it."""
    text, tone = ACTIONS[action]
    return words.translate("imports", text), tone


def by_words(by: str) -> str:
    """Return by what two were found alike."""
    return words.translate("imports", BY[by]) if by in BY else ""


class Tile(Card):
    """A figure with what it counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(14, 9, 14, 10))
        self.body.setSpacing(1)
        self.name = label("", "small")
        self.figure = label("")
        self.figure.setFont(figures(Size.NAME, bold=True))
        self.note = label("", "small")
        for part in (self.name, self.figure, self.note):
            self.body.addWidget(part)

    def show_figure(self, name: str, count: int, note: str = "", tone: str = "") -> None:
        """Show a count; ``tone`` colours it where it is not zero."""
        self.name.setText(name)
        self.figure.setText(f"{count:,}")
        self.note.setText(note)
        self.figure.setProperty("role", tone if count else "dim")
        self.figure.style().polish(self.figure)
        self.setAccessibleName(f"{name} {count:,} {note}".strip())


class Figures(QWidget):
    """The counts of a plan or of a report in one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        self.tiles = [Tile() for _ in range(6)]
        for tile in self.tiles:
            line.addWidget(tile, 1)

    def show_plan(self, plan: ImportPlan) -> None:
        """Show what would be."""
        self._show(
            plan.creates, plan.updates, plan.same, plan.companies_created, len(plan.near), plan.problem_count,
            plan.skipped, plan.suppressed,
        )  # fmt: skip

    def show_report(self, report: ImportReport) -> None:
        """Show what was done."""
        self._show(
            report.created, report.updated, report.same, report.companies_created, report.near_count,
            report.problem_count, report.skipped, report.suppressed,
        )  # fmt: skip

    def _show(
        self, new: int, changed: int, same: int, companies: int, near: int, problems: int, skipped: int, barred: int
    ) -> None:
        created = self.tr("会社 {n}社も追加").format(n=f"{companies:,}") if companies else ""
        stopped = self.tr("うち{n}件は架電・配信の停止対象").format(n=f"{barred:,}") if barred else ""
        shown = (
            (self.tr("新規"), new, stopped or created, "good"),
            (self.tr("更新"), changed, self.tr("登録済みのリード"), ""),
            (self.tr("変更なし"), same, self.tr("登録済みと同じ"), ""),
            (self.tr("似た登録"), near, self.tr("自動では統合しません"), "warn"),
            (self.tr("読めない値"), problems, self.tr("その値だけ除いて取り込み"), "warn"),
            (self.tr("取り込まない行"), skipped, self.tr("相手を特定できない行"), "bad"),
        )
        for tile, (name, count, note, tone) in zip(self.tiles, shown, strict=True):
            tile.show_figure(name, count, note, tone)


class PlanTables(QWidget):
    """The lists of a plan behind tabs: rows, problems, repeats, look-alikes."""

    def __init__(self, speech: FieldWords, lang: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._lang = speech, lang
        self.tabs = SegmentedTabs([], "underline")
        self.rows: RecordModel[Line] = RecordModel([], self)
        self.problems: RecordModel[Problem] = RecordModel(self._problem_columns(), self)
        self.repeats: RecordModel[PreviewRow] = RecordModel(self._repeat_columns(), self)
        self.near: RecordModel[Near] = RecordModel(self._near_columns(), self)
        self._stack = ClearStack()
        self.tables = [
            self._add(self.rows, self.tr("行のプレビュー"), self.tr("取り込む行はありません")),
            self._add(self.problems, self.tr("読めない値"), self.tr("読めない値はありません")),
            self._add(self.repeats, self.tr("重複"), self.tr("重複はありません")),
            self._add(self.near, self.tr("似た登録"), self.tr("似た登録はありません")),
        ]
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.tabs)
        box.addWidget(self._stack, 1)
        self.tabs.changed.connect(self._stack.setCurrentIndex)

    def _add(self, model: RecordModel[Any], name: str, nothing: str) -> DataTable:
        table = DataTable(name)
        table.setModel(model)
        table.dress(model.columns)
        inner = ClearStack()
        inner.addWidget(table)
        inner.addWidget(EmptyState("check", nothing))
        model.modelReset.connect(lambda: inner.setCurrentIndex(0 if model.rowCount() else 1))
        self._stack.addWidget(inner)
        return table

    def show_plan(self, plan: ImportPlan) -> None:
        """Show the lists of a plan."""
        lines = [Line(row, parsed) for row, parsed in zip(plan.preview, plan.parsed, strict=False)]
        self.rows.set_columns(self._row_columns(lines, plan.mapping))
        self.rows.show_records(lines)
        self.tables[0].dress(self.rows.columns)
        self.repeats.show_records(plan.duplicate_rows)
        self.near.show_records(plan.near)
        self.show_problems(plan.problems)
        shown = self.tr("行のプレビュー")
        if plan.rows > len(lines):
            shown = self.tr("行のプレビュー(先頭{n}行)").format(n=len(lines))
        self.tabs.set_tabs(
            [
                shown,
                _counted(self.tr("読めない値"), plan.problem_count),
                _counted(self.tr("重複"), plan.duplicates),
                _counted(self.tr("似た登録"), len(plan.near)),
            ],
            current=self.tabs.current(),
        )
        self._stack.setCurrentIndex(self.tabs.current())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show the problems of a plan or report."""
        self.problems.show_records(problems)

    # ------------------------------------------------------------------ columns

    def _row_columns(self, lines: Iterable[Line], mapping: Columns) -> list[Column[Line]]:
        paths = _paths(lines, mapping)
        headers: dict[str, list[str]] = {}
        for column in mapping.columns:
            if column.target is not None:
                headers.setdefault(_STANDS_FOR.get(column.target, column.target), []).append(column.header)
        return [
            Column("row", self.tr("行"), 56, lambda x: Cell(f"{x.row.row:,}", "dim", right=True), right=True),
            Column("action", self.tr("取り込み"), 136, self._action),
            *(
                Column(
                    path,
                    self._label(path),
                    _WIDE.get(path, 130),
                    self._value(path, tuple(headers.get(path, ())), first=not place),
                )
                for place, path in enumerate(paths)
            ),
        ]

    def _label(self, path: str) -> str:
        return self._words.label(path.removeprefix("lead."))

    def _action(self, line: Line) -> Cell:
        text, tone = action_words(line.row.action)
        whole = [p for p in line.parsed.problems if not p.column]
        if whole:
            return Cell(text, tone=tone, icon="warning", tip=problem_text(whole[0], self._lang))
        return Cell(text, tone=tone)

    def _value(self, path: str, headers: tuple[str, ...], *, first: bool) -> Callable[[Line], Cell]:
        def cell(line: Line) -> Cell:
            value = line.value(path)
            if first and value is None and line.row.action == "skip":
                said = "".join(problem_text(p, self._lang) for p in line.parsed.problems if not p.column)
                return Cell(said, "bad", tip=said)
            problem = next((p for p in line.parsed.problems if p.column in headers), None) if headers else None
            if problem is not None and (value is None or problem.code == "cell_cut"):
                said = problem_text(problem, self._lang)
                return Cell(problem.value or "—", "bad", icon="warning", tip=said, said=said)
            if value is None:
                return Cell("")
            text = self._words.value(path.removeprefix("lead."), value)
            return Cell(text, "text" if line.row.action != "skip" else "dim", tip=text)

        return cell

    def _problem_columns(self) -> list[Column[Problem]]:
        return [
            Column("row", self.tr("行"), 70, lambda p: Cell(f"{p.row:,}", "dim", right=True), right=True),
            Column("column", self.tr("列"), 180, lambda p: Cell(p.column or self.tr("(行全体)"), bold=True)),
            Column("value", self.tr("値"), 240, lambda p: Cell(p.value or "—", "bad", icon="warning", tip=p.value)),
            Column("what", self.tr("問題"), 400, lambda p: Cell(problem_text(p, self._lang)), stretch=True),
        ]

    def _repeat_columns(self) -> list[Column[PreviewRow]]:
        return [
            Column("row", self.tr("行"), 70, lambda r: Cell(f"{r.row:,}", "dim", right=True), right=True),
            Column("name", self.tr("氏名"), 160, lambda r: Cell(r.name or "—", bold=True)),
            Column("company", self.tr("会社"), 240, lambda r: Cell(r.company), stretch=True),
            Column("by", self.tr("一致したもの"), 190, lambda r: Cell(by_words(r.by))),
            Column("of", self.tr("相手"), 190, self._other),
            Column("action", self.tr("取り込むと"), 120, self._repeat_action),
        ]

    def _other(self, row: PreviewRow) -> Cell:
        if row.of_row:
            return Cell(self.tr("このファイルの{n}行目").format(n=f"{row.of_row:,}"), "dim")
        return Cell(self.tr("登録済みのリード"), "dim")

    def _repeat_action(self, row: PreviewRow) -> Cell:
        text, tone = action_words(row.action)
        return Cell(text, tone=tone)

    def _near_columns(self) -> list[Column[Near]]:
        return [
            Column("row", self.tr("行"), 70, lambda n: Cell(f"{n.row:,}", "dim", right=True), right=True),
            Column("this", self.tr("この行"), 260, lambda n: _pair(n.name, n.company), stretch=True),
            Column("other", self.tr("似ている相手"), 260, lambda n: _pair(n.other_name, n.other_company), stretch=True),
            Column("by", self.tr("理由"), 200, lambda n: Cell(by_words(n.by))),
            Column("like", self.tr("近さ"), 80, lambda n: Cell(f"{n.likeness}%", right=True), right=True),
        ]


def _pair(name: str, company: str) -> Cell:
    return Cell(name or company, bold=True, sub=company if name else "")


def _counted(text: str, count: int) -> str:
    return f"{text} {count:,}" if count else text


def _paths(lines: Iterable[Line], mapping: Columns) -> list[str]:
    """Return the fields that the columns fill, in the order of the file, and those that values were sorted into."""
    found = dict.fromkeys(
        _STANDS_FOR.get(column.target, column.target) for column in mapping.columns if column.target is not None
    )
    if mapping.of(ANY_PHONE) is not None:
        for line in islice(lines, 200):
            found |= dict.fromkeys(f"lead.{k}" for k in ("phone_direct", "phone_mobile") if k in line.parsed.lead)
            found |= dict.fromkeys(["company.phone"] if "phone" in line.parsed.company else [])
    return list(found)
