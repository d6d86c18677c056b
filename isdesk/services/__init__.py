"""Use cases: one function = one user verb = one transaction = one journal entry."""
