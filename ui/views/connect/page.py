"""The page 接続: from the choice of a CRM to the first sync in six steps; it can be left at any of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout
from typing_extensions import override

from isdesk import messages
from isdesk.crm.port import Auth, Scope
from isdesk.domain.changes import Changes
from isdesk.domain.errors import IsdeskError
from isdesk.services import connecting, field_map
from isdesk.services.connecting import Survey
from isdesk.services.views import SyncStatus
from ui.commands import Command, shown_key
from ui.links import open_https
from ui.noop import QT_TRANSLATE_NOOP
from ui.pages import Page
from ui.tasks import Job, Progress
from ui.views.connect.check import CheckStep
from ui.views.connect.choose import ChooseStep
from ui.views.connect.fields import FieldsStep
from ui.views.connect.first_sync import FirstSyncStep
from ui.views.connect.scope import ScopeStep
from ui.views.connect.sign_in import SignInStep, Wanted
from ui.views.connect.words import STEPS, say, title
from ui.widgets import KeyCap, SegmentedTabs, button, label

if TYPE_CHECKING:
    from isdesk.desk import Connected, Desk
    from isdesk.services.context import Context
    from ui.session import Session

CHOOSE, SIGN_IN, CHECK, FIELDS, SCOPE, SYNC = range(6)
COMMANDS: tuple[Command, ...] = (
    Command("connect.next", QT_TRANSLATE_NOOP("commands", "接続: 次へ"), "sync", ("Ctrl+Return",), "connect", "check"),
    Command(
        "connect.back", QT_TRANSLATE_NOOP("commands", "接続: 戻る"), "sync", ("Alt+Left",), "connect", "chevron-left"
    ),
    Command(
        "connect.browser",
        QT_TRANSLATE_NOOP("commands", "接続: ブラウザーでサインイン"),
        "sync",
        ("Ctrl+B",),
        "connect",
        "link",
    ),
)


class ConnectPage(Page):
    """Steps above, one of them in front, back and next below."""

    show_address = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._kind = ""
        self._known: Wanted | None = None
        self._scope = "mine"
        self._wanted: Wanted | None = None
        self._survey: Survey | None = None
        self._reached = CHOOSE
        self._signed_out = False
        """True: what is kept does not open the CRM any more."""
        self._straight = False
        """True: nobody is there to be asked before (a hub on this computer, which is made now)."""
        self._job: Job[Survey] | None = None
        self._progress: Progress | None = None
        self._syncing = False
        self._then: Callable[[], object] | None = None
        self._first = False
        self.choose, self.sign_in, self.check = ChooseStep(), SignInStep(), CheckStep()
        self.fields, self.scope, self.first_sync = FieldsStep(session), ScopeStep(), FirstSyncStep()
        self.steps = SegmentedTabs([f"{n}  {say(text)}" for n, text in enumerate(STEPS, 1)])
        self._stack = QStackedWidget()
        for part in (self.choose, self.sign_in, self.check, self.fields, self.scope, self.first_sync):
            self._stack.addWidget(part)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 14, 24, 14)
        box.setSpacing(10)
        box.addLayout(self._head())
        box.addWidget(self.steps)
        box.addWidget(self._stack, 1)
        box.addLayout(self._foot())
        self._connect()
        self._go(CHOOSE)

    def _head(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(label(self.tr("接続"), "title"))
        self.where = label("", "dim")
        line.addWidget(self.where, 1)
        return line

    def _foot(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.back_button = button(self.tr("戻る"))
        self.back_button.clicked.connect(self.back)
        line.addWidget(self.back_button)
        self.back_key = KeyCap(shown_key("Alt+Left"))
        line.addWidget(self.back_key)
        self.hint = label("", "dim", wrap=True)
        line.addWidget(self.hint, 1)
        self.next_button = button(self.tr("次へ"), "primary")
        self.next_button.clicked.connect(self.next)
        line.addWidget(self.next_button)
        self.next_key = KeyCap(shown_key("Ctrl+Return"))
        line.addWidget(self.next_key)
        return line

    def _connect(self) -> None:
        hub = self._session.hub
        self.steps.changed.connect(self._jump)
        self.choose.chosen.connect(self.take)
        self.sign_in.asked.connect(self.next)
        self.sign_in.browser.connect(self.browse)
        self.check.again.connect(self._look)
        self.check.stopped.connect(self._give_up)
        self.check.copy_button.clicked.connect(self._copy)
        self.fields.changed.connect(self._say_fields)
        self.first_sync.stopped.connect(self._stop_sync)
        self.first_sync.again.connect(self._start_sync)
        self.first_sync.call.connect(lambda: self._session.commands.run("page.call"))
        self.first_sync.details.connect(lambda: self._session.commands.run("page.sync"))
        self.show_address.connect(self._open)
        hub.syncing.connect(self._on_syncing)
        hub.synced.connect(self._on_synced)

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands = self._session.commands
        for command in COMMANDS:
            commands.declare(command)
        commands.bind("connect.next", self.next)
        commands.bind("connect.back", self.back)
        commands.bind("connect.browser", self.browse, allowed=lambda: self.step == SIGN_IN)

    # ------------------------------------------------------------------ the steps

    @property
    def step(self) -> int:
        """Return the step in front."""
        return self._stack.currentIndex()

    @override
    def arrive(self) -> None:
        desk = self._session.desk
        if self.step == SYNC and not self._first:
            self._reached = CHOOSE
            self._go(CHOOSE)
        if desk is not None and self.step == CHOOSE:
            self._session.tasks.read(lambda: _known(desk), self._know, owner=self, key="connect-known")
        self._take_keys()

    def _know(self, found: tuple[Wanted | None, str, tuple[str, ...]]) -> None:
        self._known, scope, names = found
        self._scope = scope or "mine"
        kind = self._known.kind if self._known is not None else ""
        self.choose.show_state(kind, names, self._kind or kind)
        text = (
            self.tr("いまは {crm} に接続しています").format(crm=title(kind))
            if kind
            else self.tr("まだ接続していません")
        )
        self.where.setText(text)

    def take(self, kind: str) -> None:
        """Take a CRM and ask for what it needs."""
        desk = self._session.desk
        if desk is None:
            return
        self._signed_out = False
        if kind != self._kind:
            self._survey = None
            self._reached = SIGN_IN
        self._kind = kind
        known = self._known if self._known is not None and self._known.kind == kind else None
        self.sign_in.show_form(kind, known, f"sqlite:///{desk.profile.hub.as_posix()}")
        self._go(SIGN_IN)

    def review(self) -> None:
        """Look at the connection in force again: what is wrong with it, and its field map."""
        desk = self._session.desk
        if desk is not None and self._job is None:
            self._session.tasks.read(lambda: _known(desk), self._review, owner=self, key="connect-known")

    def _review(self, found: tuple[Wanted | None, str, tuple[str, ...]]) -> None:
        self._know(found)
        if self._known is not None:
            self.take(self._known.kind)
            self._wanted = self._known
            self._look()

    def _go(self, step: int) -> None:
        self._reached = max(self._reached, step)
        self._stack.setCurrentIndex(step)
        self._show_steps()
        self.back_button.setVisible(step not in {CHOOSE, SYNC})
        self.back_key.setVisible(step not in {CHOOSE, SYNC})
        self.next_button.setVisible(step in {SIGN_IN, CHECK, FIELDS, SCOPE})
        self.next_key.setVisible(self.next_button.isVisibleTo(self))
        words = {SIGN_IN: self.tr("サインインして確認"), SCOPE: self.tr("接続して同期をはじめる")}
        self.next_button.setText(words.get(step, self.tr("次へ")))
        self.next_button.setEnabled(step != CHECK or (self._survey is not None and self._survey.ready))
        self.hint.setText("")
        if step == FIELDS:
            self._say_fields()
        self._take_keys()

    def _show_steps(self) -> None:
        self.steps.set_tabs([f"{n}  {say(text)}" for n, text in enumerate(STEPS, 1)], current=self.step)
        for place in range(len(STEPS)):
            self.steps.set_done(place, done=place < self.step)

    def _take_keys(self) -> None:
        first = {
            CHOOSE: self.choose.take_keys,
            SIGN_IN: self.sign_in.take_keys,
            FIELDS: self.fields.take_keys,
            SCOPE: self.scope.take_keys,
        }.get(self.step)
        if first is not None:
            first()
        elif self.step == CHECK:
            (self.next_button if self.next_button.isEnabled() else self.check.again_button).setFocus()

    def _jump(self, step: int) -> None:
        """Go to a step that was reached before; the others come one after the other."""
        possible = step <= self._reached and SYNC not in {step, self.step} and self._job is None
        if possible and (step < CHECK or self._survey is not None):
            self._go(step)
        else:
            self._show_steps()

    def back(self) -> None:
        """Go one step back."""
        if self._job is not None:
            self._give_up()
        elif self.step not in {CHOOSE, SYNC}:
            step = self.step - 1
            if step == FIELDS and not self.has_fields:
                step = SIGN_IN if self._straight else CHECK
            self._go(step)

    @property
    def has_fields(self) -> bool:
        """Return whether this CRM has a field map (a hub keeps all of ours as it is)."""
        return self._survey is not None and bool(field_map.things(self._survey))

    def next(self) -> None:
        """Go on: try the form, go over what was found, store."""
        if self._job is not None:
            return
        if self.step == CHOOSE:
            chosen = next((kind for kind, card in self.choose.cards.items() if card.isChecked()), "")
            if chosen:
                self.take(chosen)
        elif self.step == SIGN_IN:
            self._take_form()
        elif self.step == CHECK and self._survey is not None and self._survey.ready:
            self._go(FIELDS if self.has_fields else SCOPE)
        elif self.step == FIELDS:
            self._go(SCOPE)
        elif self.step == SCOPE:
            self._store()

    def _take_form(self) -> None:
        """Try what was filled in: by the browser, by asking the CRM, or at once where nobody is there to be asked."""
        wanted = self._wanted = self.sign_in.wanted()
        if wanted is None:
            return
        if wanted.url.startswith("sqlite"):
            self._survey, self._straight = None, True
            self._go(SCOPE)
        elif self.sign_in.by_browser and not wanted.secret and (self._signed_out or wanted.url != self._known_url()):
            self.browse()
        else:
            self._look()

    def _known_url(self) -> str:
        """Return the address for which a secret is kept."""
        return self._known.url if self._known is not None and self._known.kind == self._kind else ""

    # ------------------------------------------------------------------ looking

    def _look(self) -> None:
        """Ask the CRM who we are and what works; nothing is stored."""
        desk, wanted = self._session.desk, self._wanted
        if desk is None or wanted is None or self._job is not None:
            return
        self._survey, self._straight = None, False
        self._reached = CHECK
        self._go(CHECK)
        self.check.begin(self.tr("{crm}を確かめています").format(crm=title(wanted.kind)))
        progress = Progress(self)
        progress.stepped.connect(self.check.step)
        map_ = self.fields.mapping
        text = field_map.kept_text(map_) if map_ is not None and map_.kind == wanted.kind else None
        self._job = self._session.tasks.fetch(
            lambda: desk.survey(
                wanted.kind,
                url=wanted.url,
                user=wanted.user or None,
                secret=wanted.secret or None,
                options=wanted.options,
                mapping=text,
                progress=progress.step,
            ),
            self._looked,
            self._not_looked,
            owner=self,
        )

    def _looked(self, found: Survey) -> None:
        self._job = None
        self._survey = found
        self.check.show_survey(found, title(found.kind), self._session.lang)
        self.fields.show_survey(found)
        self.scope.show_survey(found, self._scope)
        self.next_button.setEnabled(found.ready)
        if not found.ready:
            self.hint.setText(self.tr("赤い項目が直ると、次へ進めます。直したら「もう一度確認」を押してください。"))
        if self.step == CHECK:
            self._take_keys()

    def _not_looked(self, error: Exception) -> None:
        self._job = None
        self.check.fail()
        self._go(SIGN_IN)
        self._tell(error)
        if isinstance(error, Auth):
            self._signed_out = True
            self.sign_in.need_secret()

    def _tell(self, error: Exception) -> None:
        """Say what went wrong beside the form; a bug gets its report."""
        if isinstance(error, IsdeskError):
            said = messages.say(error, self._session.lang)
            self.sign_in.say_problem(said.what, f"{said.kept} {said.do}".strip())
        else:
            self._session.notices.error(error)

    def _give_up(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self.check.fail()
            self._go(SIGN_IN)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.check.request)
        self._session.notices.say(self.tr("依頼文をコピーしました"))

    # ------------------------------------------------------------------ signing in by the browser

    def browse(self) -> None:
        """Let the person sign in with their browser, then go on."""
        desk = self._session.desk
        wanted = self.sign_in.wanted()
        if desk is None or wanted is None or self._progress is not None:
            return
        self._progress = Progress(self)
        progress = self._progress
        self.sign_in.say_browser(self.tr("ブラウザーで続けてください(5分以内)"), "promise")
        self._session.tasks.fetch(
            lambda: desk.sign_in(
                wanted.kind,
                url=wanted.url,
                options=wanted.options,
                open_browser=self.show_address.emit,
                cancelled=progress.cancelled,
            ),
            self._browsed,
            self._not_browsed,
            owner=self,
        )

    def _open(self, address: str) -> None:
        if not open_https(address):
            self.sign_in.say_browser(self.tr("ブラウザーを開けませんでした"), "bad")
            if self._progress is not None:
                self._progress.cancel()

    def _browsed(self, secret: str) -> None:
        self._progress = None
        self.sign_in.say_browser(self.tr("サインインしました"), "good")
        self.sign_in.fields["secret"].setText(secret)
        self.next()

    def _not_browsed(self, error: Exception) -> None:
        self._progress = None
        self.sign_in.say_browser("")
        self._tell(error)

    @override
    def leave(self) -> None:
        if self._progress is not None:
            self._progress.cancel()
            self._progress = None

    # ------------------------------------------------------------------ the field map

    def _say_fields(self) -> None:
        if self.step == FIELDS:
            wrong = self.fields.wrong
            text = self.tr("このままでは読み書きできないため、同期しない項目: {names}").format(
                names=" / ".join(wrong[:4])
            )
            self.hint.setText(text if wrong else self.tr("Enterで項目を選び直し、Deleteで対応を外します。"))

    # ------------------------------------------------------------------ storing and the first sync

    def _store(self) -> None:
        """Store the connection, then begin to sync; a round that runs meanwhile is let go first."""
        if self._syncing:
            self._then = self._store
            self._session.hub.stop_sync.emit()
            return
        desk, wanted = self._session.desk, self._wanted
        if desk is None or wanted is None:
            return
        self._scope = self.scope.scope
        scope, map_ = self._scope, self.fields.mapping
        text = field_map.kept_text(map_) if map_ is not None and self.has_fields else None
        self.next_button.setEnabled(False)
        self.hint.setText(self.tr("接続を保存しています"))
        self.scope.problem.hide()
        self._session.tasks.fetch(
            lambda: desk.connect(
                wanted.kind,
                url=wanted.url,
                user=wanted.user or None,
                secret=wanted.secret or None,
                options=wanted.options,
                scope=scope,
                mapping=text,
            ),
            self._stored,
            self._not_stored,
            owner=self,
        )

    def _stored(self, done: Connected) -> None:
        self.sign_in.forget_secret()
        self._known, self._wanted = self._wanted, None
        self._first = True
        self._session.hub.changed.emit(Changes(queue=True, outbox=True, settings=True, all_leads=True))
        text = self.tr("{crm} に {name} さんとして接続しました")
        self.where.setText(text.format(crm=title(done.adapter), name=done.me.name))
        self._go(SYNC)
        self._start_sync()

    def _not_stored(self, error: Exception) -> None:
        self.next_button.setEnabled(True)
        self.hint.setText("")
        if isinstance(error, IsdeskError):
            self.scope.problem.setText(messages.say(error, self._session.lang).line)
            self.scope.problem.show()
        else:
            self._session.notices.error(error)

    def _start_sync(self) -> None:
        found = self._survey
        expected = found.estimates.get(Scope(self._scope)) if found is not None else None
        self.first_sync.begin(expected or 0)
        self._first = True
        self._session.commands.run("app.sync")

    def _stop_sync(self) -> None:
        self.first_sync.stopping()
        self._session.hub.stop_sync.emit()

    def _on_syncing(self, what: str, done: int, total: int) -> None:
        self._syncing = True
        if self._first:
            self.first_sync.step(what, done, total)

    def _on_synced(self) -> None:
        self._syncing = False
        then, self._then = self._then, None
        if then is not None:
            then()
        elif self._first:
            ctx = self._session.ctx
            self._session.tasks.read(lambda: _standing(ctx), self._ended, owner=self)

    def _ended(self, found: tuple[SyncStatus, int]) -> None:
        status, count = found
        self._first = False
        said = messages.sentence(status.error, {}, self._session.lang).what if status.error else ""
        self.first_sync.end(status, count, said)


def _known(desk: Desk) -> tuple[Wanted | None, str, tuple[str, ...]]:
    """Return the connection in force, its scope, and the CRMs that this program speaks to."""
    found, names = desk.connection, connecting.speaks()
    if found is None:
        return None, "", names
    options = {k: str(v) for k, v in found.options.items() if k != "user"}
    return Wanted(found.kind, found.url, str(found.options.get("user") or ""), "", options), found.scope, names


def _standing(ctx: Context) -> tuple[SyncStatus, int]:
    from isdesk.services import lead_table, outbox

    return outbox.status(ctx), sum(lead_table.stage_counts(ctx, lead_table.Filter(scope="team")).values())


def make(session: Session) -> Page:
    """Make the page."""
    page = ConnectPage(session)
    page.bind()
    return page
