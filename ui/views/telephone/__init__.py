"""The telephone in the window: how this desk dials, and calls that come in."""
