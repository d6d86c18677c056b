"""Pure rules and frozen values: standard library only, no I/O, no clock, no randomness."""
