"""Carries the journal to the CRM and brings the CRM's changes back: the only room that knows both store and crm."""

from isdesk.sync.cycle import Engine
from isdesk.sync.tally import Step

__all__ = ["Engine", "Step"]
