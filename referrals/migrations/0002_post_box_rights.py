"""Who may do what with envelopes: nobody sees them without a context, and nobody changes a sealed one.

The exchange reads and marks the outbox and adds to the inbox; ``system:post`` writes the
outbox; ``system:intake`` opens the inbox; whoever owns the quarantine sees where envelopes
are, never what is in them.
"""

from django.db import migrations

from consent.rls import enable, policy, roles, system_policies

OUTBOX, INBOX = "referrals_outboxenvelope", "referrals_inboxenvelope"
OUTBOX_STATE = "sequence, envelope_id, subject_id, kind, sent_at, copied_at"
INBOX_STATE = (
    "id, subject_id, sequence, sent_at, arrived_at, state, attempts, due_at, kind, reason, owner_role, "
    "quarantined_at, settled_at"
)
INBOX_MOVES = "state, attempts, due_at, kind, reason, owner_role, quarantined_at, settled_at, sealed"
OWNS_A_QUARANTINE = "(select sec.holds(array['privacy officer', 'police supervisor']))"


def install_rights(apps, schema_editor):
    """Column by column, so that no role can rewrite the bytes that were sent."""
    r = roles()
    everybody = f"{r['app']}, {r['gather']}, {r['walk']}, {r['system']}"
    statements = [
        *enable(OUTBOX),
        *enable(INBOX),
        f"revoke all on {OUTBOX}, {INBOX} from {everybody}",
        f"grant insert on {OUTBOX} to {r['system']}",
        f"grant select ({OUTBOX_STATE}) on {OUTBOX} to {r['gather']}, {r['walk']}, {r['system']}",
        f"grant select ({INBOX_STATE}) on {INBOX} to {r['gather']}, {r['walk']}",
        f"grant select on {INBOX} to {r['system']}",
        f"grant update ({INBOX_MOVES}) on {INBOX} to {r['system']}",
        # what was opened is emptied, and never anything else
        (f"create trigger {INBOX}_sealed_for_good before update of sealed on {INBOX} for each row "
        "when (new.sealed <> ''::bytea and new.sealed is distinct from old.sealed) execute function sec.refuse_change()"),
        # the exchange: what it needs to carry, and nothing that says what it carries
        f"grant select (sequence, envelope_id, subject_id, sealed, sent_at, copied_at) on {OUTBOX} to {r['exchange']}",
        f"grant update (copied_at) on {OUTBOX} to {r['exchange']}",
        f"grant select (id), insert (id, subject_id, sequence, sealed, sent_at) on {INBOX} to {r['exchange']}",
        policy(OUTBOX, "exchange_select", "exchange", "select", using="true"),
        policy(OUTBOX, "exchange_update", "exchange", "update", using="true", check="true"),
        policy(INBOX, "exchange_select", "exchange", "select", using="true"),
        policy(INBOX, "exchange_insert", "exchange", "insert", check="true"),
    ]
    for role in ("gather", "walk"):
        statements += [
            policy(table, f"{role}_select", role, "select", using=OWNS_A_QUARANTINE)
            for table in (OUTBOX, INBOX)
        ]
    statements += system_policies(OUTBOX, {"system:post": "select insert"})
    statements += system_policies(INBOX, {"system:intake": "select update"})
    for statement in statements:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_post_box"), ("consent", "0003_roles")]

    operations = [migrations.RunPython(install_rights, migrations.RunPython.noop)]
