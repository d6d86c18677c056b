"""Runs the migrations on the connection that the program hands over, in one transaction.

No ``logging.config`` here: the frozen program does not carry it.
"""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=None, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
