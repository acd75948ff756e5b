"""Possible duplicates inside one legal unit."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from consent.rls import Protect, gather_form, roles, walk_form
from consent.roles import allow

PAIRS = "clinical_pair"
BOTH_DESKS = f"{PAIRS}.other_scope_key = any((select sec.my_keys())::smallint[])"
ALIKE = [
    ("name", "Same name"), ("sound", "Name sounds alike"), ("part", "Part of the name"), ("born", "Same birth date"),
    ("phone", "Same phone"), ("by_hand", "Put together by hand"),
]
ANSWERS = [
    ("open", "Not looked at"), ("same", "Same person"), ("different", "Different people"),
    ("cant_tell", "Can't tell"), ("forgotten", "One of them is erased"),
]
BECAUSE = [
    ("papers", "Papers of both say so"), ("asked", "The person was asked"), ("staff", "Staff know the person"),
    ("facts", "The facts here say so"), ("too_little", "Too little is known"),
]
RIGHTS = {role: ["view_pair", "change_pair"] for role in ("clinical supervisor", "privacy officer")}

# A program without a determination counts as one for victims, like everywhere (`cfg.twosided`).
NEVER_VICTIMS = """
create function sec.refuse_pairs_across_victims() returns trigger language plpgsql
set search_path = pg_catalog, public as $$
begin
  if new.unit_id <> new.other_unit_id and exists (
    select 1 from public.consent_program p
     where p.unit_id in (new.unit_id, new.other_unit_id) and coalesce((
       select d.vs_regime from public.consent_determination d
         join public.consent_determination_programs dp on dp.determination_id = d.id
        where dp.program_id = p.id and d.begins_at <= now() and (d.ends_at is null or d.ends_at > now())
        order by d.begins_at desc, d.id desc limit 1), 'undetermined') <> 'none')
  then raise insufficient_privilege using message = 'victim services are never linked across legal units';
  end if;
  return new;
end $$;
revoke all on function sec.refuse_pairs_across_victims() from public;
"""


def narrow(apps, schema_editor):
    """A pair opens only to who works the desk of both records' programs, and names no two units of victims."""
    names = roles()
    statements = [
        f"alter policy gather_select on {PAIRS} using ({gather_form(PAIRS)} and {BOTH_DESKS})",
        f"alter policy walk_select on {PAIRS} using ({walk_form(PAIRS)} and {BOTH_DESKS})",
        NEVER_VICTIMS,
        (
            "grant execute on function sec.refuse_pairs_across_victims() to "
            f"{names['app']}, {names['gather']}, {names['walk']}, {names['system']}"
        ),
        (
            f"create trigger {PAIRS}_never_victims before insert or update on {PAIRS} "
            "for each row execute function sec.refuse_pairs_across_victims()"
        ),
        (
            f"alter table {PAIRS} add constraint {PAIRS}_other_scope_is_one foreign key (other_scope_key) "
            "references consent_scope (id)"
        ),
    ]
    for statement in statements:
        schema_editor.execute(statement, None)


def give_rights(apps, schema_editor):
    """Who may work the desk at all; where, is their offices' to say."""
    allow(apps, "clinical", RIGHTS)


class Migration(migrations.Migration):
    dependencies = [
        ("clinical", "0005_blind_index"),
        ("consent", "0005_counters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pair",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("first_id", models.UUIDField()),
                ("second_id", models.UUIDField()),
                ("other_scope_key", models.SmallIntegerField()),
                (
                    "alike",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=ALIKE, max_length=8), default=list, size=None
                    ),
                ),
                ("answer", models.CharField(choices=ANSWERS, default="open", max_length=10)),
                ("because", models.CharField(blank=True, choices=BECAUSE, max_length=10)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "compartment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.compartment",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.legalunit"
                    ),
                ),
                (
                    "other_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.legalunit"
                    ),
                ),
            ],
            options={
                "default_permissions": ("view", "change"),
                "constraints": [
                    models.UniqueConstraint(fields=("first_id", "second_id", "compartment"), name="pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first_id", models.F("second_id")), _negated=True), name="pair_of_two"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer__in", ("open", "forgotten")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("because__in", ("papers", "asked", "staff", "facts", "too_little")),
                            ),
                            _connector="OR",
                        ),
                        name="pair_answered_by_somebody",
                    ),
                ],
            },
        ),
        Protect(
            "Pair",
            system={"system:matching": "select insert update", "system:index": "select update"},
            counted=False,
        ),
        migrations.RunPython(narrow, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
