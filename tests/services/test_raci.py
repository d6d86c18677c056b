"""A task carries its R and A: with the lead, while somebody is away, and after it was handed over."""

from __future__ import annotations

from datetime import date

from isdesk.domain.ids import LeadId
from isdesk.domain.raci import Party
from isdesk.services import cover, definitions, handoffs, leads
from isdesk.services.context import Context
from tests.services.conftest import FS, OTHER, REP
from tests.services.test_handoffs import ready


def test_the_task_of_a_lead_says_whose_it_is(ctx: Context, lead: LeadId) -> None:
    found = leads.view(ctx, lead).duty
    assert found is not None
    assert (found.activity.code, found.responsible) == ("verify_lead", Party("inside_sales", REP.id))
    cover.begin(ctx, REP.id, [OTHER.id], date(2026, 11, 24), date(2026, 11, 25))
    covered = leads.view(ctx, lead).duty
    assert covered is not None
    assert covered.responsible == Party("inside_sales", OTHER.id)


def test_after_the_handoff_it_is_the_salespersons(ctx: Context, lead: LeadId) -> None:
    ready(ctx, lead)
    handoffs.submit(ctx, lead, FS.id)
    found = leads.view(ctx, lead).duty
    assert found is not None
    assert (found.activity.code, found.responsible) == ("run_meeting", Party("field_sales", FS.id))


def test_the_document_says_which_tasks_belong_to_an_activity(ctx: Context) -> None:
    assert "初回架電 ・ 再架電" in definitions.document(ctx)
    assert "Await FS" in definitions.document(ctx, "en")
