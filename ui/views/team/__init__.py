"""The page チーム: every rep's queue side by side, and what waits for an approval."""
