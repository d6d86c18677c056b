"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - one statement per table and index
    op.create_table(
        "base",
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("obj", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("local_id", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("seen_pass", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("adapter", "obj", "remote_id", name="pk_base"),
        sqlite_strict=True,
    )
    op.create_index("ix_base_adapter_obj_seen_pass", "base", ["adapter", "obj", "seen_pass"])
    op.create_index("ix_base_local_id", "base", ["local_id"])
    op.create_table(
        "change",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("journal_id", sa.Text(), nullable=False),
        sa.Column("obj", sa.Text(), nullable=False),
        sa.Column("obj_id", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("created", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_change"),
        sa.UniqueConstraint("journal_id", "obj_id", name="uq_change_journal_id_obj_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_change_obj_id", "change", ["obj_id"])
    op.create_table(
        "company",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_company"),
        sqlite_strict=True,
    )
    op.create_index("ix_company_name_key", "company", ["name_key"])
    op.create_table(
        "conflict",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("cmd_id", sa.Text(), nullable=True),
        sa.Column("obj", sa.Text(), nullable=False),
        sa.Column("obj_id", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("mine", sa.Text(), nullable=True),
        sa.Column("theirs", sa.Text(), nullable=True),
        sa.Column("theirs_version", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("opened_at", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conflict"),
        sqlite_strict=True,
    )
    op.create_index("ix_conflict_obj_id", "conflict", ["obj_id"])
    op.create_index("ix_conflict_open", "conflict", ["opened_at"], sqlite_where=sa.text("decided_at IS NULL"))
    op.create_table(
        "connection",
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("is_primary", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("paused", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("adapter", name="pk_connection"),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_connection_primary", "connection", [sa.text("1")], unique=True, sqlite_where=sa.text("is_primary = 1")
    )
    op.create_table(
        "cursor",
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("obj", sa.Text(), nullable=False),
        sa.Column("scope_hash", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("high_water", sa.Text(), nullable=True),
        sa.Column("window_end", sa.Text(), nullable=True),
        sa.Column("page_state", sa.Text(), nullable=True),
        sa.Column("seen_pass", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_idset_at", sa.Integer(), nullable=True),
        sa.Column("last_audit", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("adapter", "obj", "scope_hash", name="pk_cursor"),
        sqlite_strict=True,
    )
    op.create_table(
        "delivery",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("cmd_id", sa.Text(), nullable=False),
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("journal_id", sa.Text(), nullable=False),
        sa.Column("obj", sa.Text(), nullable=False),
        sa.Column("obj_id", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=True),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.Integer(), nullable=True),
        sa.Column("acked_at", sa.Integer(), nullable=True),
        sa.Column("depends_on", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("error_class", sa.Text(), nullable=True),
        sa.Column("error_text", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_delivery"),
        sa.UniqueConstraint("cmd_id", "adapter", name="uq_delivery_cmd_id_adapter"),
        sqlite_strict=True,
    )
    op.create_index("ix_delivery_adapter_state_lane_seq", "delivery", ["adapter", "state", "lane", "seq"])
    op.create_index("ix_delivery_lead_id", "delivery", ["lead_id"], sqlite_where=sa.text("lead_id IS NOT NULL"))
    op.create_index("ix_delivery_obj_id", "delivery", ["obj_id"])
    op.create_table(
        "device",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sqlite_strict=True,
    )
    op.create_table(
        "draft",
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "kind", name="pk_draft"),
        sqlite_strict=True,
    )
    op.create_table(
        "identity",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("obj_id", sa.Text(), nullable=False),
        sa.Column("obj", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "obj_id", name="pk_identity"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_identity_obj_id", "identity", ["obj_id"])
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("journal_id", sa.Text(), nullable=True),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("file_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
        sqlite_strict=True,
    )
    op.create_index("ix_import_batch_at", "import_batch", ["at"])
    op.create_table(
        "import_mapping",
        sa.Column("header_key", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("header_key", name="pk_import_mapping"),
        sqlite_strict=True,
    )
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("device_seq", sa.Integer(), nullable=False),
        sa.Column("playbook", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Text(), nullable=True),
        sa.Column("lead_id", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
        sa.UniqueConstraint("id", name="uq_journal_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_journal_undoes", "journal", ["undoes"], sqlite_where=sa.text("undoes IS NOT NULL"))
    op.create_table(
        "lead",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("open", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("stage", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("action_due_at", sa.Integer(), nullable=True),
        sa.Column("action_why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("action_touch", sa.Text(), nullable=True),
        sa.Column("last_touch_at", sa.Integer(), nullable=True),
        sa.Column("last_outcome", sa.Text(), nullable=True),
        sa.Column("sla_due_at", sa.Integer(), nullable=True),
        sa.Column("sla_risk_at", sa.Integer(), nullable=True),
        sa.Column("handoff_id", sa.Text(), nullable=True),
        sa.Column("handoff_state", sa.Text(), nullable=True),
        sa.Column("returned_reason", sa.Text(), nullable=True),
        sa.Column("dnc", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("cooldown_until", sa.Integer(), nullable=True),
        sa.Column("company_cooldown_until", sa.Integer(), nullable=True),
        sa.Column("inbound", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fit", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("intent", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("timing", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("scored_on", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("hot_signal", sa.Text(), nullable=True),
        sa.Column("hot_at", sa.Integer(), nullable=True),
        sa.Column("tier", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("k0", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("k1", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("k2", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("k3", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("held", sa.Text(), nullable=True),
        sa.Column("listed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", sa.Integer(), nullable=True),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("chips", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lead"),
        sqlite_strict=True,
    )
    op.create_index("ix_lead_company_id", "lead", ["company_id"], sqlite_where=sa.text("company_id IS NOT NULL"))
    op.create_index("ix_lead_handoff", "lead", ["handoff_state"], sqlite_where=sa.text("handoff_state IS NOT NULL"))
    op.create_index(
        "ix_lead_held",
        "lead",
        ["owner_id", "k0", "k1", "k2", "k3", "id", "tier", "listed", "held"],
        sqlite_where=sa.text("listed = 1 AND held IS NOT NULL"),
    )
    op.create_index(
        "ix_lead_list",
        "lead",
        ["owner_id", "stage", "open", "held", "priority", "attempts", "action_due_at", "last_touch_at", "id"],
    )
    op.create_index(
        "ix_lead_queue",
        "lead",
        ["owner_id", "k0", "k1", "k2", "k3", "id", "tier", "listed", "held"],
        sqlite_where=sa.text("listed = 1 AND held IS NULL"),
    )
    op.create_index("ix_lead_scored_on", "lead", ["scored_on"])
    op.create_index("ix_lead_until", "lead", ["until"], sqlite_where=sa.text("until IS NOT NULL"))
    op.create_table(
        "member",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("active", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sqlite_strict=True,
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
        sqlite_strict=True,
    )
    op.create_table(
        "missing",
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("obj", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("first_missing_at", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("last_probe", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("adapter", "obj", "remote_id", name="pk_missing"),
        sqlite_strict=True,
    )
    op.create_table(
        "search_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_text"),
        sa.UniqueConstraint("lead_id", name="uq_search_text_lead_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_search_text_head", "search_text", [sa.text("substr(text, 1, 8)")])
    op.create_table(
        "suppression",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hmac", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("journal_id", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("lifts", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_suppression"),
        sqlite_strict=True,
    )
    op.create_index("ix_suppression_hmac", "suppression", ["hmac"])
    op.create_index(
        "ix_suppression_journal_id", "suppression", ["journal_id"], sqlite_where=sa.text("journal_id IS NOT NULL")
    )
    op.create_index("ix_suppression_lifts", "suppression", ["lifts"], sqlite_where=sa.text("lifts IS NOT NULL"))
    op.create_table(
        "sync_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.Integer(), nullable=False),
        sa.Column("ok", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_run"),
        sqlite_strict=True,
    )
    op.create_index("ix_sync_run_adapter_started_at", "sync_run", ["adapter", "started_at"])
    op.create_table(
        "touch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Text(), nullable=True),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("device_seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("journal_id", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("signal", sa.Text(), nullable=True),
        sa.Column("reached", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("dial_id", sa.Text(), nullable=True),
        sa.Column("ring_s", sa.Integer(), nullable=True),
        sa.Column("talk_s", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("script", sa.Text(), nullable=True),
        sa.Column("objections", sa.Text(), nullable=True),
        sa.Column("playbook", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("cooldown_until", sa.Integer(), nullable=True),
        sa.Column("company_cooldown_until", sa.Integer(), nullable=True),
        sa.Column("corrects", sa.Text(), nullable=True),
        sa.Column("void", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("skew_ms", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_touch"),
        sa.UniqueConstraint("device_id", "device_seq", name="uq_touch_device_id_device_seq"),
        sqlite_strict=True,
    )
    op.create_index("ix_touch_at", "touch", ["at"])
    op.create_index(
        "ix_touch_company_id_at",
        "touch",
        ["company_id", "at"],
        sqlite_where=sa.text("company_id IS NOT NULL AND outcome IS NOT NULL"),
    )
    op.create_index("ix_touch_corrects", "touch", ["corrects"], sqlite_where=sa.text("corrects IS NOT NULL"))
    op.create_index("ix_touch_journal_id", "touch", ["journal_id"], sqlite_where=sa.text("journal_id IS NOT NULL"))
    op.create_index("ix_touch_lead_id_at", "touch", ["lead_id", "at"])
    op.create_index(
        "ix_touch_number_at",
        "touch",
        ["number", "at"],
        sqlite_where=sa.text("number IS NOT NULL AND outcome IS NOT NULL"),
    )
    op.create_table(
        "transition",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("handoff_id", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("device_seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("journal_id", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("to_fs", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Text(), nullable=True),
        sa.Column("void", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transition"),
        sa.UniqueConstraint("device_id", "device_seq", name="uq_transition_device_id_device_seq"),
        sqlite_strict=True,
    )
    op.create_index("ix_transition_handoff_id", "transition", ["handoff_id"])
    op.create_index(
        "ix_transition_journal_id", "transition", ["journal_id"], sqlite_where=sa.text("journal_id IS NOT NULL")
    )
    op.create_index("ix_transition_lead_id_at", "transition", ["lead_id", "at"])
    op.execute(
        "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal is written once'); END"
    )
    op.execute(
        "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journal is written once'); END"
    )
    op.execute(
        "CREATE TRIGGER change_no_update BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'change is written once'); END"
    )
    op.execute(
        "CREATE TRIGGER change_no_delete BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'change is written once'); END"
    )
    op.execute(
        "CREATE TRIGGER touch_no_update BEFORE UPDATE ON touch BEGIN SELECT RAISE(ABORT, 'touch is written once'); END"
    )
    op.execute(
        "CREATE TRIGGER touch_no_delete BEFORE DELETE ON touch BEGIN SELECT RAISE(ABORT, 'touch is written once'); END"
    )
    op.execute(
        "CREATE TRIGGER transition_no_update BEFORE UPDATE ON transition BEGIN SELECT RAISE(ABORT, 'transition is written once'); END"
    )
    op.execute(
        "CREATE TRIGGER transition_no_delete BEFORE DELETE ON transition BEGIN SELECT RAISE(ABORT, 'transition is written once'); END"
    )
    op.execute(
        "CREATE TRIGGER suppression_no_update BEFORE UPDATE ON suppression BEGIN SELECT RAISE(ABORT, 'suppression is written once'); END"
    )
    op.execute(
        "CREATE TRIGGER suppression_no_delete BEFORE DELETE ON suppression BEGIN SELECT RAISE(ABORT, 'suppression is written once'); END"
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_fts USING fts5(text, content='search_text', content_rowid='id', tokenize='trigram', detail='none', columnsize=0)"
    )


def downgrade() -> None:
    op.execute("DROP TABLE search_fts")
    op.drop_table("transition")
    op.drop_table("touch")
    op.drop_table("sync_run")
    op.drop_table("suppression")
    op.drop_table("search_text")
    op.drop_table("missing")
    op.drop_table("meta")
    op.drop_table("member")
    op.drop_table("lead")
    op.drop_table("journal")
    op.drop_table("import_mapping")
    op.drop_table("import_batch")
    op.drop_table("identity")
    op.drop_table("draft")
    op.drop_table("device")
    op.drop_table("delivery")
    op.drop_table("cursor")
    op.drop_table("connection")
    op.drop_table("conflict")
    op.drop_table("company")
    op.drop_table("change")
    op.drop_table("base")
