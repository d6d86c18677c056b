"""A deterministic simulator of sync: real engine, real store, a CRM in memory, and everything that can go wrong."""
