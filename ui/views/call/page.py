"""The call page put together: queue, workspace and side panel, their controller, and the keys that drive them."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QTimer
from typing_extensions import override

from isdesk.channels.telephony import Dialler
from isdesk.clock import SystemClock
from isdesk.domain.changes import Changes
from isdesk.domain.ids import LeadId
from isdesk.services import phoning
from isdesk.services.team_views import View
from isdesk.services.views import QueueCounts
from ui import links
from ui.commands import shown_key
from ui.dialler import DesktopDialler
from ui.models.queue_source import ServiceQueue
from ui.notices import Notice
from ui.session import Session
from ui.views.approvals_ask import ApprovalOffer
from ui.views.calendar.invite import Inviter
from ui.views.call.call_timer import CallTimer
from ui.views.call.controller import CallController
from ui.views.call.merger import Merger
from ui.views.call.source import DeskSource
from ui.views.call.stepper import Stepper
from ui.views.call.workspace import CallWorkspace
from ui.views.call_page import CallColumns
from ui.views.mail.mailer import Mailer
from ui.views.queue_panel import QueuePanel
from ui.views.sequences.lead_dialog import LeadSequences
from ui.views.side.side_panel import FACTS, HANDOFF, TIMELINE, SidePanel
from ui.views.sync.words import host_name


def promised(lead_id: LeadId) -> str:
    """Return the subject of what is said of the mail that was promised to a lead."""
    return f"material:{lead_id}"


AFTER_PAINT_MS = 25
"""How long the queue waits before it reads again after an outcome."""


class CallPage(CallColumns):
    """The page a rep lives in."""

    def __init__(self, session: Session, dialler: Dialler | None = None) -> None:
        self._session = session
        self.work, self.panel = CallWorkspace(), SidePanel()
        queue = QueuePanel(ServiceQueue(session.ctx), session.tasks, session.words, session.now)
        super().__init__(queue, self.work, self.panel)
        self._source = DeskSource(session.ctx)
        self.controller = CallController(
            self._source,
            session.tasks,
            session.hub,
            session.notices,
            self.work,
            self.panel,
            dialler or session.phone or DesktopDialler(),
            CallTimer(SystemClock().monotonic, self),
            self,
        )
        if session.phone is not None:
            session.phone.told.connect(self.controller.on_call.hear)
            session.phone.opened.connect(self.controller.on_call.forget_past)
            self.controller.on_call.now = session.phone.now
            self.controller.on_call.key = partial(phoning.key_of, session.ctx)
            self.controller.on_call.taken_up.connect(session.phone.taken_up)
        if session.desk is not None:
            self.controller.fresh.look = session.desk.freshness
        self.inviter = Inviter(session, self)
        self._merger = Merger(session, self.work, self.controller, self)
        self._merger.done.connect(lambda lead_id: self.controller.show_lead(LeadId(lead_id)))
        self.mailer = Mailer(session, self)
        self.inviter.posted.connect(self.mailer.send)
        self.sequences = LeadSequences(session, self)
        self.sequences.posted.connect(self.mailer.send)
        self.work.header.sequence.connect(self._sequence)
        self._connect()
        self._bind_queue()
        self._bind_call()
        self.controller.resume()
        queue.settle()
        queue.load()

    def _connect(self) -> None:
        control, queue = self.controller, self.queue
        control.typed.tell_refusal = ApprovalOffer(self._session, self).tell
        queue.chosen.connect(lambda lead_id: control.show_lead(LeadId(lead_id)))
        queue.opened.connect(self._opened)
        queue.loaded.connect(self._first_lead)
        queue.view_chosen.connect(self._work_view)
        queue.counted.connect(self._counted)
        queue.said.connect(self._session.notices.say)
        work, panel = self.work, self.panel
        said = (work.bar.pressed, work.list.chosen, work.questions.answered, control.touches.wanted)
        for begun in (*said, control.timer.ticked, work.memo.edited, panel.edited):
            begun.connect(queue.settled)
        control.turned.connect(self._turn_soon)
        control.undo_wanted.connect(lambda: self._session.commands.run("app.undo"))
        control.stayed.connect(lambda lead_id: queue.choose(LeadId(lead_id)))
        control.met.connect(lambda lead_id: self.inviter.offer(LeadId(lead_id)))
        control.promised_mail.connect(self._offer_mail)
        control.lead_shown.connect(lambda lead_id: queue.choose(LeadId(lead_id)))
        self._session.hub.changed.connect(self._refresh_soon)
        self._session.hub.ticked.connect(queue.beat)
        panel.timeline.states_wanted.connect(self._tell_states)
        panel.timeline.link_wanted.connect(self._open_record)
        panel.timeline.care_wanted.connect(lambda _: self._session.commands.run("app.attention"))
        self.work.link_wanted.connect(self._open_link)
        self.work.wait.snoozed.connect(self._snooze)
        self.work.wait.skipped.connect(self._skip)

    def _tell_states(self, lead_id: str) -> None:
        """Read how far the contacts of a lead have come, and where they stand in the CRM."""
        desk, timeline = self._session.desk, self.panel.timeline
        if desk is not None:
            self._session.tasks.read(
                lambda: desk.touch_states(LeadId(lead_id)),
                lambda states: timeline.show_states(lead_id, states),
                lambda _: None,
                owner=self,
                key="touch-states",
            )

    def _open_record(self, address: str) -> None:
        """Open a contact's page in the CRM: https, on a host of a CRM or of the connection."""
        desk = self._session.desk
        found = desk.connection if desk is not None else None
        here = (host_name(found.url).partition(":")[0],) if found is not None and host_name(found.url) else ()
        if not links.open_https(address, (*links.CRM_HOSTS, *here)):
            self._session.notices.say(self.tr("このリンクは開けません。CRMのhttpsのアドレスだけを開きます。"))

    def _open_link(self, address: str) -> None:
        """Open a link of a script: https, to a host that the definitions name."""
        hosts = self._session.ctx.rules.link_hosts
        if not links.open_https(address, hosts):
            self._session.notices.say(self.tr("このリンクは開けません。定義の link_hosts にあるホストだけを開きます。"))

    def _turn_soon(self) -> None:
        """Re-rank when the next lead is on the screen: until then no reader shall take time from it."""
        QTimer.singleShot(AFTER_PAINT_MS, self, lambda: self.queue.turn(lambda: self.controller.wanted))

    def _refresh_soon(self, changes: Changes) -> None:
        QTimer.singleShot(AFTER_PAINT_MS, self, lambda: self.queue.refresh(changes))

    def _first_lead(self) -> None:
        """The queue was read: begin with its first lead where none is at work."""
        if self.controller.lead_id is None and not self.controller.loading:
            lead_id = self.queue.current_lead()
            if lead_id is not None:
                self.controller.show_lead(lead_id)
            else:
                self.controller.show_nobody()

    def _work_view(self, name: str) -> None:
        """Take the leads of a saved view one after another from now on; without a name those of today's queue."""
        from isdesk.services import view_queue

        ctx = self._session.ctx

        def then(view: View | None) -> None:
            self._source.view = view
            self.controller.forget_ahead()

        self._session.tasks.read(lambda: view_queue.named(ctx, name) if name else None, then, owner=self, key="view")

    def _opened(self, lead_id: str) -> None:
        self.controller.show_lead(LeadId(lead_id))
        self.work.take_keys()

    def _counted(self, counts: object) -> None:
        if isinstance(counts, QueueCounts):
            self.badge.emit(counts.sla_soon)

    # ------------------------------------------------------------------ keys

    def _bind_queue(self) -> None:
        bind, queue = self._session.commands.bind, self.queue
        bind("queue.next", partial(queue.step, 1))
        bind("queue.previous", partial(queue.step, -1))
        bind("queue.first", queue.first)
        bind("queue.explain", queue.explain)
        bind("queue.refresh", queue.apply_news)
        bind("queue.held", queue.toggle_held)
        bind("queue.filter", queue.next_filter)
        bind("queue.view", queue.choose_view)
        bind("queue.pin", self._pin)
        bind("queue.snooze", partial(self._wait, skip=False))
        bind("queue.skip", partial(self._wait, skip=True))
        bind("queue.merge", self._merger.open)

    def _bind_call(self) -> None:
        bind, control, work, side = self._session.commands.bind, self.controller, self.work, self.panel
        bind("call.dial", control.dial_best)
        bind("call.hang_up", control.hang_up)
        bind("call.confirm", control.confirm)
        bind("call.cancel", control.escape)
        bind("call.copy_number", control.copy_number)
        bind("call.touch", control.touches.open)
        bind("call.memo", work.memo.take_keyboard)
        bind("call.reached", work.bar.next_reached)
        bind("call.questions", self._questions)
        bind("call.edit", self._edit)
        if self._session.desk is not None:
            bind("call.mail", self._write_mail)
            bind("call.consent", self._show_consent)
        bind("call.sequence", self._sequence)
        bind("call.invite", self._invite)
        bind("call.invite_file", self._invite_file)
        bind("call.side.facts", partial(side.show_tab, FACTS))
        bind("call.side.timeline", partial(side.show_tab, TIMELINE))
        bind("call.side.handoff", partial(side.show_tab, HANDOFF))
        bind("call.handoff", control.hand_over)
        bind("script.next", Stepper(control, work).on)
        bind("script.previous", partial(work.step_phase, -1))
        bind("script.link", work.next_link, allowed=lambda: bool(work.links))
        bind("outcome.all", control.open_list)
        for digit in "1234567890":
            bind(f"outcome.{digit}", partial(control.press_key, digit))
            bind(f"outcome.stay.{digit}", partial(control.press_key, digit, stay=True))
        for n in range(1, 10):
            bind(f"script.objection.{n}", partial(self._objection, n - 1))

    def _objection(self, index: int) -> None:
        count = self.work.objections.count
        if index >= count:
            text = self.tr("この番号の切り返しはありません(1〜{n})。") if count else self.tr("切り返しはありません。")
            self._session.notices.say(text.format(n=count))
        self.work.objections.press(index)

    def _show_consent(self) -> None:
        scene = self.work.scene
        if scene is not None:
            self.mailer.show_consent(scene.id, scene.text("name") or scene.text("company.name"))

    def _write_mail(self) -> None:
        scene = self.work.scene
        if scene is not None:
            self.mailer.write(scene.id, scene.text("name") or scene.text("company.name"))

    def _offer_mail(self, lead_id: str, name: str) -> None:
        """Material was promised: say the key that writes to that lead, whoever is in front by now."""
        if self._session.desk is None:
            return
        text = self.tr("{name}さんに資料を送る約束を記録しました。").format(name=name)
        action = self.tr("メールを書く  {key}").format(key=shown_key("Ctrl+F10"))
        act, subject = partial(self.mailer.write, LeadId(lead_id), name), promised(LeadId(lead_id))
        self._session.notices.show(Notice(text, tone="good", action=action, act=act, subject=subject, passes=True))

    def _sequence(self) -> None:
        scene = self.work.scene
        if scene is not None:
            self.sequences.open(scene.id, scene.text("name"), scene.text("company.name"))

    def _invite(self) -> None:
        lead_id = self.inviter.offered_for or self.controller.lead_id
        if lead_id is not None:
            self.inviter.send(lead_id)

    def _invite_file(self) -> None:
        if self.controller.lead_id is not None:
            self.inviter.save(self.controller.lead_id)

    def _questions(self) -> None:
        if not self.work.focus_questions():
            self._session.notices.say(self.tr("このトークスクリプトに検証質問はありません。"))

    def _edit(self) -> None:
        self.panel.show_tab(FACTS)
        self.panel.facts.focus_first()

    # ------------------------------------------------------------------ verbs of the queue

    def _pin(self) -> None:
        from isdesk.services import leads

        scene = self.work.scene
        if scene is None:
            return
        ctx, lead_id, on = self._session.ctx, scene.id, not scene.value("pinned")
        self._session.tasks.write(lambda: leads.pin(ctx, lead_id, on), owner=self)
        self._session.notices.say(self.tr("固定しました。") if on else self.tr("固定を外しました。"))

    def _wait(self, *, skip: bool) -> None:
        scene = self.work.scene
        if scene is not None and not self.controller.engaged:
            self.work.wait.ask(scene, skip=skip)

    def _snooze(self, until: object, reason: str) -> None:
        from isdesk.services import leads

        ctx, lead_id = self._session.ctx, self.controller.lead_id
        if lead_id is not None and isinstance(until, datetime):
            at = until
            self._session.tasks.write(lambda: leads.snooze(ctx, lead_id, at, reason), self._waited, owner=self)

    def _skip(self, reason: str) -> None:
        from isdesk.services import leads

        ctx, lead_id = self._session.ctx, self.controller.lead_id
        if lead_id is not None:
            self._session.tasks.write(lambda: leads.skip(ctx, lead_id, reason), self._waited, owner=self)

    def _waited(self, _: object) -> None:
        self.work.take_keys()
        self._session.notices.say(self.tr("後に回しました(取り消し Ctrl+Z)"))
        self.controller.go_on()

    # ------------------------------------------------------------------ the page

    @override
    def show_lead(self, lead_id: LeadId) -> bool:
        self.queue.settled()
        self.queue.choose(lead_id)
        return self.controller.show_lead(lead_id)

    @override
    def arrive(self) -> None:
        self.queue.list.setFocus()

    @override
    def leave(self) -> None:
        self.controller.flush()


def make(session: Session) -> CallPage:
    """Make the page."""
    return CallPage(session)
