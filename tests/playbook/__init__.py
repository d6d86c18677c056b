"""Tests of the team's definitions."""
