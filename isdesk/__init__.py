"""isdesk: the desk of an inside-sales rep, without its window (imports no Qt)."""

__version__ = "0.1.0"
