"""Every action of the window declared once: id, words, keys, where it holds; actions, palette and help read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.noop import QT_TRANSLATE_NOOP

ANY = "any"


@dataclass(frozen=True, slots=True)
class Command:
    """One action. ``text`` is Japanese and a translation source; ``where`` a page's id or ``any``.

    ``keys`` are portable key sequences, the first one is printed. ``palette`` False: too small for the palette.
    """

    id: str
    text: str
    group: str
    keys: tuple[str, ...] = ()
    where: str = ANY
    icon: str = "command"
    palette: bool = True


GROUPS: dict[str, str] = {
    "app": QT_TRANSLATE_NOOP("commands", "全体"),
    "page": QT_TRANSLATE_NOOP("commands", "ページ"),
    "queue": QT_TRANSLATE_NOOP("commands", "キュー"),
    "call": QT_TRANSLATE_NOOP("commands", "架電"),
    "outcome": QT_TRANSLATE_NOOP("commands", "架電結果"),
    "script": QT_TRANSLATE_NOOP("commands", "トークスクリプト"),
    "leads": QT_TRANSLATE_NOOP("commands", "リード"),
    "handoff": QT_TRANSLATE_NOOP("commands", "引き継ぎ"),
    "team": QT_TRANSLATE_NOOP("commands", "チーム"),
    "figures": QT_TRANSLATE_NOOP("commands", "分析"),
    "import": QT_TRANSLATE_NOOP("commands", "取り込み"),
    "sync": QT_TRANSLATE_NOOP("commands", "同期"),
    "definitions": QT_TRANSLATE_NOOP("commands", "定義"),
    "sequences": QT_TRANSLATE_NOOP("commands", "シーケンス"),
    "alignment": QT_TRANSLATE_NOOP("commands", "握り直し会議"),
    "day": QT_TRANSLATE_NOOP("commands", "一日の締め"),
}
"""The groups in which the key help lists the commands, in order."""

COMMANDS: tuple[Command, ...] = (
    Command(
        "app.palette", QT_TRANSLATE_NOOP("commands", "検索とコマンド"), "app", ("Ctrl+K",), icon="search", palette=False
    ),
    Command("app.undo", QT_TRANSLATE_NOOP("commands", "取り消し"), "app", ("Ctrl+Z",), icon="undo"),
    Command("app.redo", QT_TRANSLATE_NOOP("commands", "やり直し"), "app", ("Ctrl+Shift+Z", "Ctrl+Y"), icon="redo"),
    Command("app.sync", QT_TRANSLATE_NOOP("commands", "今すぐ同期"), "app", ("Ctrl+R",), icon="sync"),
    Command("app.connect", QT_TRANSLATE_NOOP("commands", "接続と項目の対応を見直す"), "app", ("F7",), icon="link"),
    Command("app.attention", QT_TRANSLATE_NOOP("commands", "要対応の記録を開く"), "app", icon="warning"),
    Command("app.mails", QT_TRANSLATE_NOOP("commands", "メールの送信"), "app", ("Ctrl+Shift+E",), icon="mail"),
    Command(
        "app.mail_resume", QT_TRANSLATE_NOOP("commands", "断られたメールアカウントをもう一度試す"), "app", icon="mail"
    ),
    Command("app.mail_account", QT_TRANSLATE_NOOP("commands", "メールアカウント"), "app", icon="mail"),
    Command("app.incoming", QT_TRANSLATE_NOOP("commands", "着信を受けてリードを開く"), "call", ("F9",), icon="phone"),
    Command("app.attach", QT_TRANSLATE_NOOP("commands", "着信をリードに付ける"), "call", ("Shift+F9",), icon="phone"),
    Command("app.telephone", QT_TRANSLATE_NOOP("commands", "電話の設定"), "app", icon="phone"),
    Command("app.telephone_again", QT_TRANSLATE_NOOP("commands", "電話につなぎ直す"), "app", icon="phone"),
    Command("app.calendar", QT_TRANSLATE_NOOP("commands", "FSの予定表をつなぐ"), "app", icon="calendar"),
    Command("app.backup", QT_TRANSLATE_NOOP("commands", "今すぐバックアップ"), "app", icon="folder"),
    Command("app.colours", QT_TRANSLATE_NOOP("commands", "色覚に配慮した色に切り替え"), "app", icon="chart"),
    Command(
        "app.theme", QT_TRANSLATE_NOOP("commands", "明るい・暗い表示を切り替え"), "app", ("Ctrl+Shift+L",), icon="moon"
    ),
    Command(
        "app.snooze", QT_TRANSLATE_NOOP("commands", "最後のお知らせを後で"), "app", ("Ctrl+Shift+S",), icon="clock"
    ),
    Command("app.notice", QT_TRANSLATE_NOOP("commands", "お知らせのボタンを押す"), "app", ("F10",), icon="info"),
    Command("app.notice_next", QT_TRANSLATE_NOOP("commands", "次のお知らせ"), "app", ("F11",), icon="info"),
    Command("app.notice_close", QT_TRANSLATE_NOOP("commands", "お知らせを閉じる"), "app", ("F12",), icon="close"),
    Command("app.toast", QT_TRANSLATE_NOOP("commands", "下の知らせのボタンを押す"), "app", ("Ctrl+F10",), icon="info"),
    Command("app.lock", QT_TRANSLATE_NOOP("commands", "画面をロック"), "app", ("Ctrl+Shift+K",), icon="lock"),
    Command("app.quit", QT_TRANSLATE_NOOP("commands", "終了"), "app", ("Ctrl+Q",), icon="close"),
    Command("queue.next", QT_TRANSLATE_NOOP("commands", "次のリードを選ぶ"), "queue", ("J",), "call", palette=False),
    Command(
        "queue.previous", QT_TRANSLATE_NOOP("commands", "前のリードを選ぶ"), "queue", ("K",), "call", palette=False
    ),
    Command("queue.first", QT_TRANSLATE_NOOP("commands", "いちばん上のリードへ"), "queue", ("Home",), "call"),
    Command("queue.explain", QT_TRANSLATE_NOOP("commands", "順位の理由を見る"), "queue", ("?",), "call", "help"),
    Command("queue.refresh", QT_TRANSLATE_NOOP("commands", "並び替えを今すぐ反映"), "queue", ("R",), "call", "sync"),
    Command("queue.held", QT_TRANSLATE_NOOP("commands", "保留中のリードを表示"), "queue", ("H",), "call", "clock"),
    Command("queue.filter", QT_TRANSLATE_NOOP("commands", "絞り込みを切り替え"), "queue", ("F",), "call", "filter"),
    Command(
        "queue.view",
        QT_TRANSLATE_NOOP("commands", "保存したビューをキューにする"),
        "queue",
        ("Shift+F",),
        "call",
        "filter",
    ),
    Command("queue.pin", QT_TRANSLATE_NOOP("commands", "固定・固定を外す"), "queue", ("P",), "call", "pin"),
    Command("queue.snooze", QT_TRANSLATE_NOOP("commands", "後で"), "queue", ("S",), "call", "clock"),
    Command("queue.skip", QT_TRANSLATE_NOOP("commands", "スキップ"), "queue", ("X",), "call", "skip"),
    Command(
        "queue.merge", QT_TRANSLATE_NOOP("commands", "同じ人のリードを統合(名寄せ)"), "queue", ("U",), "call", "user"
    ),
    Command("call.dial", QT_TRANSLATE_NOOP("commands", "架電する"), "call", ("F5",), "call", "phone"),
    Command("call.hang_up", QT_TRANSLATE_NOOP("commands", "通話を終える"), "call", ("F6",), "call", "phone"),
    Command(
        "call.confirm",
        QT_TRANSLATE_NOOP("commands", "提案された架電結果で記録"),
        "call",
        ("F8",),
        "call",
        "check",
    ),
    Command(
        "call.copy_number", QT_TRANSLATE_NOOP("commands", "電話番号をコピー"), "call", ("Ctrl+Shift+C",), "call", "copy"
    ),
    Command(
        "call.touch",
        QT_TRANSLATE_NOOP("commands", "電話以外の接触を記録"),
        "call",
        ("T",),
        "call",
        "link",
    ),
    Command(
        "call.memo", QT_TRANSLATE_NOOP("commands", "架電メモへ移動"), "call", ("M", "Ctrl+M"), "call", "definitions"
    ),
    Command("call.cancel", QT_TRANSLATE_NOOP("commands", "閉じる・発信取消"), "call", ("Esc",), "call", palette=False),
    Command("call.reached", QT_TRANSLATE_NOOP("commands", "応答者を切り替え"), "call", ("A",), "call", "user"),
    Command("call.questions", QT_TRANSLATE_NOOP("commands", "検証質問へ移動"), "call", ("Q",), "call", "help"),
    Command("call.consent", QT_TRANSLATE_NOOP("commands", "メールの同意の台帳"), "call", ("Shift+E",), "call", "mail"),
    Command("call.mail", QT_TRANSLATE_NOOP("commands", "メールを書く"), "call", ("E",), "call", "mail"),
    Command(
        "call.sequence", QT_TRANSLATE_NOOP("commands", "シーケンスに入れる・止める"), "call", ("G",), "call", "sequence"
    ),
    Command(
        "call.invite",
        QT_TRANSLATE_NOOP("commands", "商談の招待をメールで送る"),
        "call",
        ("Ctrl+Shift+M",),
        "call",
        "mail",
    ),
    Command(
        "call.invite_file", QT_TRANSLATE_NOOP("commands", "商談の招待を保存(.ics)"), "call", (), "call", "calendar"
    ),
    Command("call.edit", QT_TRANSLATE_NOOP("commands", "項目を編集"), "call", ("F2",), "call", "user"),
    Command("call.side.facts", QT_TRANSLATE_NOOP("commands", "情報を表示"), "call", ("Ctrl+Shift+1",), "call", "info"),
    Command(
        "call.side.timeline", QT_TRANSLATE_NOOP("commands", "履歴を表示"), "call", ("Ctrl+Shift+2",), "call", "clock"
    ),
    Command(
        "call.side.handoff",
        QT_TRANSLATE_NOOP("commands", "引き継ぎを表示"),
        "call",
        ("Ctrl+Shift+3",),
        "call",
        "handoff",
    ),
    Command(
        "call.handoff",
        QT_TRANSLATE_NOOP("commands", "引き継ぎを作成・引き渡し"),
        "call",
        ("Ctrl+Shift+Return", "Ctrl+Shift+H"),
        "call",
        "handoff",
    ),
    *(
        Command(
            f"outcome.{digit}", QT_TRANSLATE_NOOP("commands", "結果キー"), "outcome", (digit,), "call", palette=False
        )
        for digit in "1234567890"
    ),
    *(
        Command(
            f"outcome.stay.{digit}",
            QT_TRANSLATE_NOOP("commands", "結果キー(リードにとどまる)"),
            "outcome",
            (f"Shift+{digit}",),
            "call",
            palette=False,
        )
        for digit in "1234567890"
    ),
    Command("outcome.all", QT_TRANSLATE_NOOP("commands", "すべての結果から選ぶ"), "outcome", ("/",), "call", "search"),
    Command(
        "script.next",
        QT_TRANSLATE_NOOP("commands", "スクリプトの次の段階"),
        "script",
        ("Alt+Right",),
        "call",
        "chevron-right",
    ),
    Command(
        "script.previous",
        QT_TRANSLATE_NOOP("commands", "スクリプトの前の段階"),
        "script",
        ("Alt+Left",),
        "call",
        "chevron-left",
    ),
    Command(
        "script.link", QT_TRANSLATE_NOOP("commands", "スクリプトのリンクを開く"), "script", ("Alt+L",), "call", "link"
    ),
    *(
        Command(
            f"script.objection.{n}",
            QT_TRANSLATE_NOOP("commands", "切り返しを開く"),
            "script",
            (f"Alt+{n}",),
            "call",
            palette=False,
        )
        for n in range(1, 10)
    ),
    Command("leads.new", QT_TRANSLATE_NOOP("commands", "リードを追加"), "leads", ("Ctrl+N",), icon="plus"),
    Command("leads.import", QT_TRANSLATE_NOOP("commands", "ファイルから取り込む"), "leads", ("Ctrl+I",), icon="import"),
    Command("leads.export", QT_TRANSLATE_NOOP("commands", "リードを書き出す"), "leads", icon="export"),
)
"""All commands of the program; those of the pages are made from the page registry."""


class Commands(QObject):
    """Holds the QAction of every command that somebody answers to; the others do not exist for the person.

    ``refused`` tells the words of a command whose key was pressed where it may not run now.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._known = {command.id: command for command in COMMANDS}
        self._actions: dict[str, QAction] = {}
        self._allowed: dict[str, Callable[[], bool]] = {}
        self._page = ""

    def declare(self, command: Command) -> None:
        """Make a further command known (pages do, with their Ctrl+digit)."""
        self._known[command.id] = command

    def bind(
        self, command_id: str, handler: Callable[[], object], *, allowed: Callable[[], bool] | None = None
    ) -> QAction:
        """Answer to a command; ``allowed`` is asked before it runs and greys its entry in the palette.

        Raises KeyError for an id that is not declared.
        """
        command = self._known[command_id]
        action = self._actions.get(command_id)
        if action is None:
            action = QAction(words(command.text), self._window)
            action.setObjectName(command_id)
            action.setShortcuts([QKeySequence(k, QKeySequence.SequenceFormat.PortableText) for k in command.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setAutoRepeat(command.id in {"queue.next", "queue.previous"})
            self._window.addAction(action)
            self._actions[command_id] = action
        else:
            action.triggered.disconnect()
        if allowed is None:
            self._allowed.pop(command_id, None)
        else:
            self._allowed[command_id] = allowed
        action.triggered.connect(lambda: self._run(command_id, handler))
        action.setEnabled(self._valid(command))
        self.changed.emit()
        return action

    def _run(self, command_id: str, handler: Callable[[], object]) -> None:
        if self.allowed(command_id):
            handler()
        elif self._known[command_id].palette and "Esc" not in self._known[command_id].keys:
            self.refused.emit(self.label(command_id))

    def _valid(self, command: Command) -> bool:
        return command.where in {ANY, self._page}

    def set_page(self, page: str) -> None:
        """Tell which page is in front; keys of other pages rest."""
        self._page = page
        for command_id, action in self._actions.items():
            action.setEnabled(self._valid(self._known[command_id]))

    def allowed(self, command_id: str) -> bool:
        """Return True where the command may run now."""
        return self._valid(self._known[command_id]) and self.may(command_id)

    def here(self, command_id: str) -> bool:
        """Return True where the command belongs to the page in front, or to every page."""
        return self._valid(self._known[command_id])

    def may(self, command_id: str) -> bool:
        """Return True where somebody answers to the command who would let it run, whatever page is in front."""
        check = self._allowed.get(command_id)
        return command_id in self._actions and (check is None or check())

    def run(self, command_id: str) -> bool:
        """Run a command as if its key had been pressed; return False where it may not run now."""
        if not self.allowed(command_id):
            return False
        self._actions[command_id].trigger()
        return True

    def action(self, command_id: str) -> QAction | None:
        """Return the action of a command that somebody answers to."""
        return self._actions.get(command_id)

    def set_text(self, command_id: str, text: str) -> None:
        """Word a command by what it does now (the outcome on a digit), already translated."""
        action = self._actions.get(command_id)
        if action is not None:
            action.setText(text)

    def bound(self) -> list[Command]:
        """Return the commands that somebody answers to, in the order of declaration."""
        return [command for command in self._known.values() if command.id in self._actions]

    def known(self) -> list[Command]:
        """Return the commands that are declared and answered to, or belong to a page that was not opened yet."""
        return [one for one in self._known.values() if one.id in self._actions or one.where != ANY]

    def label(self, command_id: str) -> str:
        """Return the words of a command in the language of the window."""
        action = self._actions.get(command_id)
        return action.text() if action is not None else words(self._known[command_id].text)


def words(text: str) -> str:
    """Return a declared text in the language of the window."""
    return QCoreApplication.translate("commands", text)


def key_text(command: Command) -> str:
    """Return the first key of a command as it is printed (``Ctrl K``); empty without one."""
    return shown_key(command.keys[0]) if command.keys else ""


def shown_key(key: str) -> str:
    """Return a portable key sequence as it is printed on a key cap."""
    if len(key) == 1:
        return key
    native = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    return native.toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ").strip()
