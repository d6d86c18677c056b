"""The side panel of the call page: facts, timeline and handoff of the lead at work."""
