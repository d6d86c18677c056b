"""The page 同期: what waits, what clashes, and the connection."""
