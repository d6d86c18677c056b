"""The calendar of Field Sales in the window: its account, invitations, and what has to be told about meetings."""
