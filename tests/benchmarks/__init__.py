"""Speed, each figure beside its raw limit from the same run: ``python dev.py bench``."""
