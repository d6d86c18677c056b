"""The page 一日の締め: what is open, and the 日報."""
