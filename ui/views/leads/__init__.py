"""The page リード: the table of all leads."""
