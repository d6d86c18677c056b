"""The page of the alignment meeting (握り直し会議) and the monthly review."""
