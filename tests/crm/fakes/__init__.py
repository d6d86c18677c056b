"""Stand-ins for the vendors: real HTTP servers on loopback that behave as the vendors document it."""
