"""The encrypted local database: the only room that speaks SQL. Functions over a `Tx`, frozen values out."""

from isdesk.store.engine import Store, Tx

__all__ = ["Store", "Tx"]
