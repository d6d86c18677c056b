"""Scenes made of the sample data, and a source that keeps what the call page asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from isdesk.domain.changes import Changes, Value
from isdesk.domain.ids import JournalId, LeadId, MemberId
from isdesk.domain.phone import PhoneCall
from isdesk.domain.touch import ActionKind, Channel, Plan
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services.booking import Slots
from isdesk.services.calls import RecordInput
from isdesk.services.open_calls import OpenCall
from isdesk.services.scripts import fill_with
from isdesk.services.views import LeadView, Preview, Recorded, Written
from tests.ui import samples
from ui.views.call.scene import Scene

WORDS = {"my_company": "株式会社ハルカ", "me": "鈴木", "company": "青葉精機", "name": "山田", "industry": "製造業"}


def scene(view: LeadView | None = None, **more: object) -> Scene:
    """Return the scene of the design picture, or of another view."""
    view = view or samples.lead_view()
    made = Scene(
        view=view,
        rules=samples.RULES,
        calendar=WorkCalendar(samples.RULES.business),
        now=samples.NOW,
        me=samples.ME,
        previews=samples.previews(),
        script=fill_with(view.script, WORDS) if view.script else None,
        handoff=samples.handoff_view(),
        window=samples.WINDOW_OPEN,
        members=samples.MEMBERS,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def view_of(n: int, **fields: Value) -> LeadView:
    """Return sample lead ``n``: the one of the picture under another id and name."""
    view = samples.lead_view()
    named = {**view.fields, "name": f"見本 {n}", **fields}
    return replace(view, id=samples.lead_id(n), fields=named, draft_note="", draft_at=None)


class FakeSource:
    """A house of a few leads: keeps what was asked, offers the leads in order, fails where told to."""

    def __init__(self, count: int = 5) -> None:
        self.views = {samples.lead_id(n): view_of(n) for n in range(1, count + 1)}
        self.queue = list(self.views)
        self.recorded: list[tuple[LeadId, str, RecordInput]] = []
        self.edits: list[tuple[LeadId, dict[str, Value]]] = []
        self.drafts: dict[LeadId, str] = {}
        self.dials: list[str] = []
        self.submitted: list[LeadId] = []
        self.scenes_read = 0
        self.free: Slots | None = None
        self.noted: list[OpenCall] = []
        self.left: OpenCall | None = None
        self.fails: dict[str, Exception] = {}

    def _may(self, verb: str) -> None:
        if verb in self.fails:
            raise self.fails[verb]

    def scene(self, lead_id: LeadId, given: RecordInput | None = None, script: str = "") -> Scene:
        self._may("scene")
        self.scenes_read += 1
        return scene(self.views[lead_id])

    def next_lead(self, exclude: Iterable[LeadId]) -> LeadId | None:
        gone = set(exclude)
        return next((lead for lead in self.queue if lead not in gone), None)

    def previews(self, lead_id: LeadId, channel: Channel) -> dict[str, Preview]:
        assert lead_id in self.views
        return {one.code: samples.previews()[one.code] for one in samples.RULES.outcomes_on(channel)}

    def record(self, lead_id: LeadId, code: str, given: RecordInput, live: Sequence[PhoneCall] = ()) -> Recorded:
        self._may("record")
        self.recorded.append((lead_id, code, given))
        if lead_id in self.queue and code != "CANCELED":
            self.queue.remove(lead_id)
        self.drafts.pop(lead_id, None)
        plan = Plan(ActionKind.RETRY, samples.at(15, 10), "test")
        changes = Changes(leads=frozenset({lead_id}), queue=True, undo=True)
        return Recorded(changes, JournalId("j"), None, plan, "mql", next_lead=self.next_lead(()))

    def edit(self, lead_id: LeadId, fields: Mapping[str, Value]) -> Written:
        self._may("edit")
        self.edits.append((lead_id, dict(fields)))
        view = self.views[lead_id]
        self.views[lead_id] = replace(view, fields={**view.fields, **fields})
        return Written(Changes(leads=frozenset({lead_id}), undo=True))

    def slots(self, lead_id: LeadId) -> Slots:
        return self.free or Slots(lead_id, 60, ())

    def save_draft(self, lead_id: LeadId, text: str) -> datetime:
        self._may("save_draft")
        self.drafts[lead_id] = text
        return samples.NOW

    def begin_dial(self, lead_id: LeadId, number: str, call: str) -> Written:
        assert call
        self._may("begin_dial")
        self.dials.append(number)
        return Written(Changes(leads=frozenset({lead_id})))

    def take_call(self, lead_id: LeadId, coming: PhoneCall, call: str, instead: str) -> OpenCall:
        return OpenCall(call, lead_id, coming.number, samples.NOW, incoming=True)

    def miss_call(self, kept: OpenCall) -> Written:
        return Written(Changes(leads=frozenset({kept.lead_id})))

    def unfinished(self) -> OpenCall | None:
        return self.left

    def let_go(self, call: str) -> None:
        self.noted = [one for one in self.noted if one.id != call]

    def note_call(self, kept: OpenCall) -> None:
        self.noted.append(kept)

    def submit(self, lead_id: LeadId, fs_id: MemberId | None) -> Written:
        self._may("submit")
        self.submitted.append(lead_id)
        return Written(Changes(leads=frozenset({lead_id})))

    def withdraw(self, lead_id: LeadId) -> Written:
        return Written(Changes(leads=frozenset({lead_id})))

    def memo_text(self, lead_id: LeadId) -> str:
        return f"引き継ぎメモ {self.views[lead_id].fields.get('name', '')}"

    def memo_html(self, lead_id: LeadId) -> str:
        return "<h1>引き継ぎメモ</h1>"

    def now(self) -> datetime:
        return samples.NOW

    def name_of(self, member_id: str) -> str:
        return {"m-2": "田中 実"}.get(member_id, "")
