"""The page シーケンス, and what the call page and the table of leads show of it."""
