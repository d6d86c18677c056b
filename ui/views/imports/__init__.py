"""The page 取り込み: leads from files."""
