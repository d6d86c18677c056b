"""Coordinates a call: the lead at work, the dial, what is typed, the outcome, and the lead that comes next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from isdesk.channels.telephony import Dialler, dial_number
from isdesk.domain.changes import Changes
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.phone import PhoneCall
from isdesk.domain.rules import Outcome
from isdesk.domain.touch import Channel
from isdesk.services.calls import RecordInput
from isdesk.services.open_calls import OpenCall
from isdesk.services.views import Preview, Recorded
from ui.dialler import ForgetfulClipboard
from ui.hub import Hub
from ui.notices import Notices
from ui.tasks import Tasks
from ui.views.call import phrases
from ui.views.call.call_timer import CallTimer
from ui.views.call.fresh import FreshCheck
from ui.views.call.given import must_ask, record_input, stays
from ui.views.call.handing import Handing
from ui.views.call.keeper import Keeper
from ui.views.call.on_call import OnCall
from ui.views.call.outcome_dialogs import Answers
from ui.views.call.scene import Scene
from ui.views.call.source import CallSource
from ui.views.call.touches import Touches
from ui.views.call.typed import Typed
from ui.views.call.workspace import CallWorkspace
from ui.views.side.side_panel import SidePanel

PREFETCH_MS = 40
STALE_S = 55


class CallController(QObject):
    """The one that knows which lead is at work. Views show what they are given and tell what was pressed."""

    undo_wanted = Signal()
    lead_shown = Signal(str)
    turned = Signal(object)
    stayed = Signal(str)
    recorded = Signal(object)
    promised_mail = Signal(str, str)
    """A mail was promised to a lead (資料送付希望), and its name: it is the next lead that stands in front now."""
    met = Signal(str)
    """A lead's meeting was agreed, moved or called off."""

    def __init__(
        self,
        source: CallSource,
        tasks: Tasks,
        hub: Hub,
        notices: Notices,
        workspace: CallWorkspace,
        side: SidePanel,
        dialler: Dialler,
        timer: CallTimer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._source, self._tasks, self._hub, self._notices = source, tasks, hub, notices
        self._workspace, self._side, self._dialler, self.timer = workspace, side, dialler, timer
        self.on_call = OnCall(source, tasks, notices, workspace, timer, dialler, self)
        self.keeper = Keeper(source, tasks, self)
        self.typed = Typed(self.keeper, notices, workspace, side, self)
        self.fresh = FreshCheck(tasks, hub, workspace.header, source.now, source.name_of, self)
        self.clipboard = ForgetfulClipboard(self)
        self._ahead: Scene | None = None
        self._recording = False
        self._stay = False
        self._redraft = False
        self._wanted: LeadId | None = None
        self._number: str | None = None
        self._channel = Channel.PHONE
        self.touches = Touches(source, tasks, notices, workspace, self)
        self._prefetch_timer = QTimer(self)
        self._prefetch_timer.setSingleShot(True)
        self._prefetch_timer.setInterval(PREFETCH_MS)
        self._prefetch_timer.timeout.connect(self._prefetch)
        self.on_call.missed.connect(self._missed)
        self.on_call.caught_up.connect(self.resume)
        self._handing = Handing(source, tasks, notices, workspace, side, self.clipboard, self)
        self._handing.flush_wanted.connect(self.flush)
        self._connect_parts()

    def _connect_parts(self) -> None:
        work, side = self._workspace, self._side
        work.header.dial.connect(self.dial)
        work.header.copy_number.connect(self.copy_number)
        work.header.cancel_call.connect(self.cancel_call)
        work.header.hang_up.connect(self.hang_up)
        work.questions.left.connect(work.take_keys)
        work.memo.left.connect(work.take_keys)
        work.memo.done.connect(work.take_keys)
        work.bar.pressed.connect(self.press)
        work.bar.list_wanted.connect(self.open_list)
        work.bar.reached_changed.connect(self.reload)
        work.bar.undo_wanted.connect(self.undo_wanted)
        work.ask.answered.connect(self._asked)
        work.ask.canceled.connect(self._ask_canceled)
        work.list.chosen.connect(self.press)
        work.list.canceled.connect(work.take_keys)
        work.list_wanted.connect(self.open_list)
        self.touches.wanted.connect(self._touched)
        side.left.connect(work.take_keys)
        side.handoff.question_wanted.connect(work.show_question_for)
        side.handoff.lead_wanted.connect(lambda lead_id: self.show_lead(LeadId(lead_id)))
        self.typed.refused.connect(self.reload)
        self._hub.changed.connect(self._changed)
        self._hub.ticked.connect(self._beat)

    # ------------------------------------------------------------------ the lead at work

    @property
    def lead_id(self) -> LeadId | None:
        """Return the lead at work."""
        scene = self._workspace.scene
        return scene.id if scene else None

    @property
    def wanted(self) -> LeadId | None:
        """Return the lead that shall be at work: the one that is, or the one that is being read."""
        return self._wanted

    @property
    def loading(self) -> bool:
        """Return whether the lead that shall be at work is still being read."""
        return self._wanted is not None and self._wanted != self.lead_id

    @property
    def ahead(self) -> LeadId | None:
        """Return the lead that lies ready."""
        return self._ahead.id if self._ahead else None

    @property
    def busy(self) -> bool:
        """Return whether a call is on: its outcome is still to be given."""
        return self.timer.running

    @property
    def engaged(self) -> bool:
        """Return whether a call is on, or is being begun just now."""
        return self.busy or self.on_call.begins

    def show_lead(self, lead_id: LeadId) -> bool:
        """Bring a lead to work; refused while a call with another one has no outcome yet."""
        if self.engaged and lead_id != (self.on_call.lead_id or self.lead_id):
            self.say_engaged()
            if self.lead_id:
                self.stayed.emit(self.lead_id)
            return False
        self.flush()
        self._wanted = lead_id
        if self._ahead is not None and self._ahead.id == lead_id:
            self._show(self._ahead)
        self._load(lead_id)
        return True

    def say_engaged(self) -> None:
        """Say that the call at work comes first."""
        self._notices.say(self.tr("通話中です。架電結果を選ぶと次へ進めます。"))

    def _load(self, lead_id: LeadId) -> None:
        reached = self._workspace.bar.reached if lead_id == self.lead_id else None
        script = self._workspace.script_begun(begun=self.busy) if lead_id == self.lead_id else ""
        source, given = self._source, self.on_call.basis(lead_id, reached)
        self._tasks.read(
            lambda: source.scene(lead_id, given, script), self._loaded, self._gone, owner=self, key="scene"
        )

    def _loaded(self, scene: Scene) -> None:
        if self._wanted == scene.id and not self._recording:
            self._show(scene)
            if self._redraft:
                self._redraft = False
                self.typed.show_draft(scene)

    def _gone(self, error: Exception) -> None:
        if isinstance(error, NotFound) and self.on_call.follow(self.keeper, self._moved, self.go_on):
            return
        self._wanted = self.lead_id
        self._notices.error(error)
        if self.lead_id is None:
            self.show_nobody()

    def _moved(self, lead_id: LeadId) -> None:
        self._wanted = lead_id
        self._load(lead_id)

    def _show(self, scene: Scene) -> None:
        other = scene.id != self.lead_id
        self._workspace.set_scene(scene)
        self._side.set_scene(scene)
        self.on_call.propose()
        if other:
            self._stay = False
            self.fresh.cancel()
            self.lead_shown.emit(scene.id)
        self._prefetch_timer.start()

    def show_nobody(self) -> None:
        """Show that the queue has nothing to offer now."""
        self.flush()
        self._wanted = None
        self._workspace.show_nobody(
            self.tr("今かけられるリードはありません"),
            self.tr("保留中のリードは H、すべてのリードは Ctrl 2、新しいリストの取り込みは Ctrl I。"),
        )
        self._side.show_nobody()

    def go_on(self) -> None:
        """Go on to the lead that the queue offers now."""
        here, source = self.lead_id, self._source

        def then(coming: LeadId | None) -> None:
            if coming is None:
                self.show_nobody()
            else:
                self.show_lead(coming)
            self.turned.emit(coming)

        self._tasks.read(lambda: source.next_lead([here] if here else []), then, owner=self, key="go on")

    def bring_back(self, lead_id: LeadId) -> None:
        """What led away from a lead was taken back: it is at work again, and in the queue where it stands now."""
        if self.show_lead(lead_id):
            self.turned.emit(lead_id)

    def redraft(self) -> None:
        """Something was taken back or done again: the memo of the lead at work is what is stored of it now."""
        self._redraft = True
        self.reload()

    def forget_ahead(self) -> None:
        """The queue is another one: what lies ready is not the next lead any more."""
        self._ahead = None
        self._prefetch_timer.start()

    def reload(self) -> None:
        """Read the lead at work anew, or the one that is on its way there: news of one lead never stop another."""
        here = self._wanted or self.lead_id
        if here is not None:
            self._load(here)

    def _changed(self, changes: Changes) -> None:
        if changes.undo and not self._recording:
            self._workspace.bar.say_last("")
        if self._ahead is not None and (changes.all_leads or changes.playbook or self._ahead.id in changes.leads):
            self._ahead = None
            self._prefetch_timer.start()
        here = self.lead_id
        if (
            here is not None
            and not self._recording
            and (changes.all_leads or changes.playbook or here in changes.leads)
        ):
            self.reload()

    def _beat(self) -> None:
        scene = self._workspace.scene
        if scene is not None and not self._workspace.popover_open and not self._recording:
            self.reload()

    def _prefetch(self) -> None:
        here = self.lead_id
        if here is None:
            return
        source = self._source

        def op() -> Scene | None:
            coming = source.next_lead([here])
            return source.scene(coming) if coming is not None else None

        self._tasks.read(op, self._keep_ahead, lambda _: None, owner=self, key="ahead")

    def _keep_ahead(self, scene: Scene | None) -> None:
        self._ahead = scene

    def flush(self) -> None:
        """Store what is being typed, at once."""
        self._side.flush()
        self.keeper.flush()

    # ------------------------------------------------------------------ the dial

    def dial_best(self) -> None:
        """Dial the best number (F5)."""
        scene = self._workspace.scene
        number = self._workspace.header.best_number
        if scene is None:
            return
        if number is None or scene.view.may_dial is not None:
            why = scene.view.may_dial or "no_number"
            self._notices.say(self._workspace.header.refusal_sentence(scene, why))
            return
        self.dial(number)

    def dial(self, number: str) -> None:
        """Dial a number: the rules are asked first, then the system's telephone takes it and the clock starts."""
        lead_id = self.lead_id
        closing = self._recording and self._channel is Channel.PHONE
        if lead_id is None or self.engaged or self.fresh.looking or self.loading or closing:
            return
        if self.on_call.talks_beside():
            return
        try:
            checked = dial_number(number)
        except BadInput as error:
            self._notices.error(error)
            return

        def begun(_: object) -> None:
            self._leave_other_channels()
            self._number = number
            if not self.on_call.dial(call, lead_id, checked):
                self.clipboard.copy(number)
                lost = self.tr("電話につながっていません。番号をコピーしました。かけたら架電結果を選んでください。")
                none = self.tr("この端末には電話アプリがありません。番号をコピーしました。")
                self._notices.say(lost if self._dialler.tells else none)

        source, call = self._source, self.on_call.new_id()

        def go() -> None:
            if not self.engaged and not self.loading:
                self.on_call.begin(lead_id, lambda: source.begin_dial(lead_id, number, call), begun)

        self.fresh.before(lead_id, go)

    def _leave_other_channels(self) -> None:
        """The telephone goes first: what was asked for a contact over another channel is put away, not the call."""
        self._workspace.touch.dismiss()
        if self._channel is not Channel.PHONE and not self._recording:
            self._workspace.dismiss_popovers()
            self._channel = Channel.PHONE

    def take_call(self, lead_id: LeadId, call: PhoneCall, held: str = "") -> bool:
        """Bring the lead of a call that came in to work, with the call; refused while another has no outcome yet."""
        if self.engaged:
            self.say_engaged()
            return False
        if not self.show_lead(lead_id):
            return False
        source, mine = self._source, self.on_call.new_id()

        def taken(kept: OpenCall) -> None:
            self._leave_other_channels()
            self._number = kept.number or None
            self.on_call.take(kept, call)
            self.reload()

        self.on_call.begin(lead_id, lambda: source.take_call(lead_id, call, mine, held), taken)
        self.on_call.taken_up.emit(held)
        return True

    def _missed(self, kept: OpenCall, then: Callable[[object], object] | None = None) -> None:
        """They rang off before it was taken: that they called is written, the lead stays to be called back."""
        self._number = None
        source = self._source
        self._tasks.write(lambda: source.miss_call(kept), then, self._notices.error, owner=self)
        self._notices.say(self.tr("不在着信として記録しました。かけ直せます。"))

    def resume(self) -> None:
        """Go on with the call that never got its outcome, where there is one: the program ended in it."""
        said = self.tr("前回の通話の架電結果がまだです。結果を選んでください。")

        def then(kept: OpenCall | None) -> None:
            if kept is None or self.engaged:
                return
            if kept.incoming and not kept.answered:
                self._missed(kept, lambda _: self.resume())
            elif (live := self.on_call.live(kept.id)) is not None:
                self.take_call(kept.lead_id, live, kept.id)
            else:
                self.take_up(kept, said)

        self._tasks.read(self._source.unfinished, then, owner=self, key="unfinished")

    def take_up(self, kept: OpenCall, said: str) -> None:
        """Go on with a call that is over and waits for its outcome; where another one is at work it waits on."""
        if self.engaged or not self.show_lead(kept.lead_id):
            self.on_call.put_off()
            return
        self._leave_other_channels()
        self._number = kept.number or None
        self.on_call.resume(kept)
        self.reload()
        self._notices.say(said)

    def copy_number(self, number: str = "") -> None:
        """Put a number on the clipboard for a minute."""
        number = number or self._workspace.header.best_number or ""
        if number:
            self.clipboard.copy(number)
            self._notices.say(self.tr("電話番号をコピーしました。60秒後に消えます。"))

    def hang_up(self) -> None:
        """End the talk; the outcome is still to be chosen."""
        self.on_call.hang_up()

    def confirm(self) -> None:
        """Record the outcome that the end of the call proposes."""
        self._stay = False
        if not self._workspace.bar.proposed:
            self._notices.say(self.tr("提案している結果はありません。1〜0 か / で選んでください。"))
        self._workspace.bar.confirm()

    def cancel_call(self) -> None:
        """The call did not come about (発信取消): it is no dial, and the lead stays where it is."""
        scene = self._workspace.scene
        if scene is None or not self.busy:
            return
        if self.on_call.ringing_in:
            self.hang_up()
            return
        if self.on_call.was_no_cancel:
            self._notices.say(self.tr("かかった通話は取り消せません。F6 で切り、架電結果を選んでください。"))
            return
        for outcome in scene.rules.outcomes.values():
            if outcome.active and outcome.follow.kind == "stay" and not outcome.counts_as_dial:
                self._stay, self._channel = True, Channel.PHONE
                self._record(outcome, Answers())
                return
        self.on_call.let_go()

    def escape(self) -> None:
        """Close what is open, or take the call back where nothing is."""
        work = self._workspace
        if work.popover_open:
            work.dismiss_popovers()
        elif work.objections.open_code:
            work.objections.close_card()
        else:
            self.cancel_call()

    # ------------------------------------------------------------------ the outcome

    def press_key(self, digit: str, *, stay: bool = False) -> None:
        """Press the outcome on a digit; ``stay`` keeps the lead at work afterwards.

        While an outcome still asks for something, a digit is meant for what it asks, never another outcome.
        """
        asking = self._workspace.ask
        if asking.isVisible():
            asking.focus_next()
            return
        self._stay = stay
        self._workspace.bar.press(digit)

    def open_list(self) -> None:
        """Open the list of all outcomes."""
        scene = self._workspace.scene
        if scene is not None:
            self._workspace.ask.hide()
            self._workspace.list.open(scene)

    def press(self, code: str) -> None:
        """Choose an outcome: recorded at once where nothing lacks, else asked for what does."""
        scene = self._workspace.scene
        outcome = scene.rules.outcomes.get(code) if scene else None
        preview = scene.previews.get(code) if scene else None
        if scene is None or outcome is None or preview is None or self._recording:
            return
        if preview.refused is not None:
            self._notices.say(phrases.refusal(preview.refused))
            self.reload()  # what it waits for (the meeting's time) may have come since: the next press knows
        elif must_ask(outcome, preview, self._workspace.memo.value()):
            self._channel = Channel.PHONE
            self._workspace.list.hide()
            self._workspace.ask.ask(scene, outcome, preview, self._workspace.bar.reached, self._workspace.memo.value())
            self._offer_slots(scene.id)
        else:
            self._channel = Channel.PHONE
            self._record(outcome, Answers(reached=self._workspace.bar.reached))

    def _offer_slots(self, lead_id: LeadId) -> None:
        asking, source = self._workspace.ask, self._source
        if asking.asks_meeting:
            self._tasks.read(
                lambda: source.slots(lead_id), asking.offer_slots, self._notices.error, owner=self, key="slots"
            )

    def _touched(self, outcome: Outcome, preview: Preview, channel: Channel) -> None:
        """A contact over another channel: asked for what lacks, else recorded; the call at work is another matter."""
        scene = self._workspace.scene
        if scene is None or self._recording:
            return
        if self.engaged:
            self.say_engaged()
            return
        if preview.refused is not None:
            self._notices.say(phrases.refusal(preview.refused))
            return
        self._channel, self._stay = channel, True
        if must_ask(outcome, preview, self._workspace.memo.value()):
            self._workspace.ask.ask(scene, outcome, preview, None, self._workspace.memo.value())
            self._offer_slots(scene.id)
        else:
            self._record(outcome, Answers())

    def _asked(self, code: str, answers: Answers) -> None:
        scene = self._workspace.scene
        outcome = scene.rules.outcomes.get(code) if scene else None
        self._workspace.take_keys()
        if self.engaged and self._channel is not Channel.PHONE:
            self.say_engaged()
        elif outcome is not None:
            self._record(outcome, answers)

    def _ask_canceled(self) -> None:
        self._stay, self._channel = False, Channel.PHONE
        self._workspace.take_keys()

    def _record(self, outcome: Outcome, answers: Answers) -> None:
        lead_id, scene = self.lead_id, self._workspace.scene
        if lead_id is None or scene is None or self._recording:
            return
        if self._channel is Channel.PHONE and self.engaged and not self.on_call.with_lead(lead_id):
            self.say_engaged()
            self.show_lead(self.on_call.lead_id or lead_id)
            return
        now = scene.now
        self._side.flush()
        self.keeper.flush_answers()
        self.keeper.take_memo(lead_id)
        seconds = self.timer.seconds if self.busy else None
        said = record_input(self._workspace, scene, outcome, answers, self._channel, self._number, seconds)
        given = self.on_call.given(said) if self._channel is Channel.PHONE else said
        asked = self._stay
        ahead, source, code, live = self.ahead, self._source, outcome.code, self.on_call.coming
        self._recording = True

        def op() -> tuple[Recorded, bool, Scene | None]:
            recorded = source.record(lead_id, code, given, live)
            stay = asked or stays(outcome, recorded.plan, now)
            coming = lead_id if stay else recorded.next_lead
            known = coming is None or (coming == ahead and coming != lead_id)
            return recorded, stay, None if known or coming is None else source.scene(coming)

        self._tasks.write(
            op,
            lambda result: self._done(lead_id, outcome, given.channel, *result),
            lambda error: self._failed(lead_id, given, error),
            owner=self,
        )

    def _done(
        self,
        lead_id: LeadId,
        outcome: Outcome,
        channel: Channel,
        recorded: Recorded,
        stay: bool,
        scene: Scene | None,
    ) -> None:
        self._recording, self._stay, self._channel = False, False, Channel.PHONE
        if channel is Channel.PHONE:
            self._number = None
            self.on_call.finish()
            self._workspace.next_call()
        before = self._workspace.scene
        ahead, self._ahead = self._ahead, None
        coming = lead_id if stay else recorded.next_lead
        self._wanted = coming
        if scene is None and ahead is not None and ahead.id == coming:
            scene = ahead
        if scene is not None:
            self._workspace.after_outcome()
            self._show(scene)
        elif coming is None:
            self.show_nobody()
        else:
            self._load(coming)
        if before is not None:
            self._workspace.bar.say_last(phrases.recorded_text(before, outcome, recorded.plan))
            if outcome.follow.mail_today:
                self.promised_mail.emit(before.id, before.text("name") or before.text("company.name"))
        self.recorded.emit(recorded)
        if recorded.changes.meetings:
            self.met.emit(lead_id)
        if not stay:  # the lead at work stays put in the queue too: what changed there is told by its counter
            self.turned.emit(coming)

    def _failed(self, lead_id: LeadId, given: RecordInput, error: Exception) -> None:
        self._recording, self._stay, self._channel = False, False, Channel.PHONE
        self._notices.error(error)
        if isinstance(error, Refused) and error.code == "call_recorded":
            self.on_call.finish()
        if given.note:
            self.keeper.memo(lead_id, self._workspace.memo.value() if lead_id == self.lead_id else given.note)
        self.reload()

    def hand_over(self) -> None:
        """Bring the handoff to the front and hand over, or open what lacks."""
        self._side.show_tab(2)
        self._side.handoff.hand_over()
