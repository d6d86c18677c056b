"""Deliveries remember what was sent together with them, what a person decided, and how often they were offered again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = ("merges", "decided_by", "decided_at", "reoffered")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("merges", sa.Text(), nullable=True))
    op.add_column("delivery", sa.Column("decided_by", sa.Text(), nullable=True))
    op.add_column("delivery", sa.Column("decided_at", sa.Integer(), nullable=True))
    op.add_column("delivery", sa.Column("reoffered", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("delivery", column)
