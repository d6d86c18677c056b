"""The handoff of the lead at work: hand over, take back, the memo on screen, clipboard and paper; links, addresses."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from isdesk.domain.ids import LeadId, MemberId
from isdesk.services.views import Written
from ui import links
from ui.dialler import ForgetfulClipboard
from ui.notices import Notices
from ui.tasks import Tasks
from ui.views.call.source import CallSource
from ui.views.call.workspace import CallWorkspace
from ui.views.side.side_panel import SidePanel


class Handing(QObject):
    """Answers the handoff tab. ``flush_wanted``: what is being typed must be stored first."""

    flush_wanted = Signal()

    def __init__(
        self,
        source: CallSource,
        tasks: Tasks,
        notices: Notices,
        workspace: CallWorkspace,
        side: SidePanel,
        clipboard: ForgetfulClipboard,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._source, self._tasks, self._notices = source, tasks, notices
        self._workspace, self._side, self._clipboard = workspace, side, clipboard
        tab = side.handoff
        tab.submit.connect(self._submit)
        tab.unchanged.connect(self._ask_unchanged)
        tab.withdraw.connect(self._withdraw)
        tab.copy.connect(self._copy_memo)
        tab.memo_wanted.connect(self._memo_wanted)
        tab.pdf.connect(self._save_pdf)
        tab.paper.connect(self._print)
        workspace.header.copy_mail.connect(self._copy_mail)
        workspace.header.open_link.connect(self._open_link)

    @property
    def _lead_id(self) -> LeadId | None:
        scene = self._workspace.scene
        return scene.id if scene is not None else None

    def _submit(self, fs_id: object) -> None:
        lead_id, source = self._lead_id, self._source
        if lead_id is None:
            return
        self.flush_wanted.emit()
        to = MemberId(fs_id) if isinstance(fs_id, str) and fs_id else None

        def done(wrote: Written) -> None:
            asked = self.tr("承認を依頼しました。承認されるとFSに届きます(取り消し Ctrl+Z)")
            self._notices.say(asked if wrote.changes.approvals else self.tr("引き渡しました(取り消し Ctrl+Z)"))

        self._tasks.write(lambda: source.submit(lead_id, to), done, self._notices.error, owner=self)

    def _ask_unchanged(self, reason: str) -> None:
        why = self.tr("差し戻しの理由「{reason}」のあと、何も変わっていません。")
        again = self.tr("このまま引き渡すには、もう一度 Ctrl+Shift+Enter。")
        self._notices.say(f"{why.format(reason=reason)} {again}")

    def _withdraw(self) -> None:
        lead_id, source = self._lead_id, self._source
        if lead_id is not None:
            self._tasks.write(lambda: source.withdraw(lead_id), None, self._notices.error, owner=self)

    def _memo_wanted(self, lead: str) -> None:
        source, lead_id, tab = self._source, LeadId(lead), self._side.handoff
        self._tasks.read(
            lambda: source.memo_text(lead_id), lambda text: tab.show_memo(lead, text), owner=self, key="memo"
        )

    def _copy_memo(self) -> None:
        lead_id, source = self._lead_id, self._source
        if lead_id is None:
            return

        def copy(text: str) -> None:
            self._clipboard.copy(text)
            self._notices.say(self.tr("引き継ぎメモをコピーしました。60秒後に消えます。"))

        self._tasks.read(lambda: source.memo_text(lead_id), copy, self._notices.error, owner=self)

    def _copy_mail(self, address: str) -> None:
        self._clipboard.copy(address)
        self._notices.say(self.tr("メールアドレスをコピーしました。60秒後に消えます。"))

    def _open_link(self, address: str) -> None:
        if not links.open_https(address, ("linkedin.com",)):
            self._notices.say(self.tr("このリンクは開けません。LinkedInのhttpsのアドレスだけを開きます。"))

    def _save_pdf(self) -> None:
        from ui.views.call.paper import save_pdf

        scene = self._workspace.scene
        if scene is not None:
            save_pdf(self._workspace, self._source, self._tasks, self._notices, scene.id, scene.text("name"))

    def _print(self) -> None:
        from ui.views.call.paper import print_paper

        scene = self._workspace.scene
        if scene is not None:
            print_paper(self, self._source, self._tasks, self._notices, scene.id, scene.text("name"))
