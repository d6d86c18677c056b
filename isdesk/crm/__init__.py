"""The other side of a sync: the contract of adapters, and one module per CRM."""
