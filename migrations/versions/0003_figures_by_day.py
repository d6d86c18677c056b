"""Figures are kept by business day, with triggers that note which days are out of date; teams file things."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COUNTS = (
    "dials", "answered", "dm_reached", "contact_person_reached", "meetings_gross", "meetings_canceled", "meetings_dm",
    "meetings_without_dm", "inbound_calls", "talk_seconds",
)  # fmt: skip
TRIGGERS = {
    "figure_company_moved": "AFTER UPDATE OF facts ON company WHEN json_extract(old.facts, '$.industry') IS NOT json_extract(new.facts, '$.industry') BEGIN INSERT OR IGNORE INTO figure_stale (day) SELECT DISTINCT (((t.at) + 32400000000) / 86400000000) FROM touch t JOIN lead l ON l.id = t.lead_id WHERE l.company_id = new.id; END",
    "figure_company_came": "AFTER INSERT ON company WHEN EXISTS (SELECT 1 FROM lead WHERE company_id = new.id) BEGIN INSERT OR IGNORE INTO figure_stale (day) SELECT DISTINCT (((t.at) + 32400000000) / 86400000000) FROM touch t JOIN lead l ON l.id = t.lead_id WHERE l.company_id = new.id; END",
    "filing_no_update": "BEFORE UPDATE ON filing BEGIN SELECT RAISE(ABORT, 'filing is written once'); END",
    "filing_no_delete": "BEFORE DELETE ON filing BEGIN SELECT RAISE(ABORT, 'filing is written once'); END",
    "figure_touch": "AFTER INSERT ON touch BEGIN INSERT OR IGNORE INTO figure_stale (day) VALUES ((((new.at) + 32400000000) / 86400000000)); END",
    "figure_correction": "AFTER INSERT ON touch WHEN new.corrects IS NOT NULL BEGIN INSERT OR IGNORE INTO figure_stale (day) SELECT (((t.at) + 32400000000) / 86400000000) FROM touch t WHERE t.id = new.corrects; END",
    "figure_lead_moved": "AFTER UPDATE OF facts ON lead WHEN json_extract(old.facts, '$.segment') IS NOT json_extract(new.facts, '$.segment') OR json_extract(old.facts, '$.target_list') IS NOT json_extract(new.facts, '$.target_list') OR json_extract(old.facts, '$.company_id') IS NOT json_extract(new.facts, '$.company_id') BEGIN INSERT OR IGNORE INTO figure_stale (day) SELECT DISTINCT (((t.at) + 32400000000) / 86400000000) FROM touch t WHERE t.lead_id = new.id; END",
    "figure_lead_came": "AFTER INSERT ON lead WHEN EXISTS (SELECT 1 FROM touch WHERE lead_id = new.id) BEGIN INSERT OR IGNORE INTO figure_stale (day) SELECT DISTINCT (((t.at) + 32400000000) / 86400000000) FROM touch t WHERE t.lead_id = new.id; END",
    "figure_lead_went": "AFTER DELETE ON lead BEGIN INSERT OR IGNORE INTO figure_stale (day) SELECT DISTINCT (((t.at) + 32400000000) / 86400000000) FROM touch t WHERE t.lead_id = old.id; END",
}


def upgrade() -> None:
    op.create_table(
        "figure",
        sa.Column("dim", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.PrimaryKeyConstraint("dim", "key", "day", name=op.f("pk_figure")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure_stale",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_figure_stale")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "filing",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=True),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("device_seq", sa.Integer(), nullable=False),
        sa.Column("journal_id", sa.Text(), nullable=True),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Text(), nullable=True),
        sa.Column("void", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
        sa.UniqueConstraint("device_id", "device_seq", name=op.f("uq_filing_device_id_device_seq")),
        sqlite_strict=True,
    )
    op.create_index("ix_filing_journal_id", "filing", ["journal_id"], sqlite_where=sa.text("journal_id IS NOT NULL"))
    op.create_index("ix_filing_kind_subject", "filing", ["kind", "subject"])
    op.execute("INSERT OR IGNORE INTO figure_stale (day) SELECT DISTINCT (at + 32400000000) / 86400000000 FROM touch")
    for name, said in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {said}")


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_table("filing")
    op.drop_table("figure_stale")
    op.drop_table("figure")
