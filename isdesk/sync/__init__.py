"""Carries the journal to the CRM and brings the CRM's changes back: the only room that knows both store and crm."""
