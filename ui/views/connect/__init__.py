"""Connecting to a CRM, step by step."""
