"""Protected rows are loaded for somebody and for a purpose, or not at all: the database holds it too."""

import hashlib
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from consent import access
from consent.models import Compartment, Consent, Grant, LedgerEntry
from consent.roles import allow
from tests import factories
from tests.oracle import peephole
from tests.oracle.scan import scan

pytestmark = pytest.mark.django_db
PURPOSE = "TREAT"


@pytest.fixture
def cast():
    return factories.make_cast()


@pytest.fixture
def signed_form(cast):
    return factories.make_consent(cast.compartment, by=cast.lind, purpose=PURPOSE)


@contextmanager
def claiming(token, role="walk"):
    """A transaction in which somebody with SQL in the app role says who they are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select set_config('app.token', %s, true), set_config('role', %s, true)",
            [token, settings.DATABASE_ROLES[role]],
        )
        yield cursor


def seen_by(principal, purpose=PURPOSE, plan="gather"):
    with access.opened(principal, purpose, plan=plan):
        return set(Consent.objects.values_list("pk", flat=True))


def test_nothing_is_loaded_while_nobody_asks(signed_form):
    with pytest.raises(access.NoContext):
        list(Consent.objects.all())
    with pytest.raises(access.NoContext):
        Consent.objects.count()
    with pytest.raises(access.NoContext):
        Consent.objects.exists()


def test_another_session_of_the_same_role_reads_no_token_in_the_statements(cast, database):
    """PostgreSQL shows them to it; a token that stood there would make it that principal."""
    with database.login("app") as other, access.opened(cast.lind, PURPOSE):
        pid = connection.connection.info.backend_pid
        (statement,) = other.execute("select query from pg_stat_activity where pid = %s", [pid]).fetchone()

    assert "app.token" in statement
    assert f"p:{cast.lind.pk}" not in statement


@pytest.mark.parametrize("plan", ["gather", "walk"])
def test_who_holds_a_grant_sees_the_row_and_a_colleague_does_not(cast, signed_form, plan):
    assert seen_by(cast.lind, plan=plan) == {signed_form.pk}
    assert seen_by(cast.varga, plan=plan) == set()


@pytest.mark.parametrize("plan", ["gather", "walk"])
def test_a_grant_for_one_purpose_opens_nothing_for_another(cast, signed_form, plan):
    assert seen_by(cast.lind, purpose="HRESCH", plan=plan) == set()


@pytest.mark.parametrize("plan", ["gather", "walk"])
@pytest.mark.parametrize(
    ("begins", "ends", "is_seen"),
    [(0, 1, True), (1, 2, False), (-1, 0, False), (-1, 1, True)],
    ids=["from its instant on", "not before it", "not from its end on", "until just before its end"],
)
def test_a_grant_holds_from_its_first_instant_to_before_its_last(
    cast, signed_form, plan, begins, ends, is_seen
):
    now = instant_of_this_transaction()
    with access.opened("system:grants", "HOPERAT"):
        Grant.objects.filter(user=cast.lind).update(
            valid_from=now + timedelta(microseconds=begins), valid_until=now + timedelta(microseconds=ends)
        )

    assert bool(seen_by(cast.lind, plan=plan)) is is_seen


@pytest.mark.parametrize("plan", ["gather", "walk"])
def test_an_inactive_principal_and_a_superuser_without_a_grant_see_nothing(cast, signed_form, plan):
    cast.lind.is_active = False
    cast.lind.save()
    cast.varga.is_superuser = True
    cast.varga.save()

    assert seen_by(cast.lind, plan=plan) == set()
    assert seen_by(cast.varga, plan=plan) == set()


def test_a_forgotten_filter_in_raw_sql_shows_nothing_that_is_not_granted(cast, signed_form):
    with access.opened(cast.varga, PURPOSE), connection.cursor() as cursor:
        cursor.execute("select id from consent_consent")

        assert cursor.fetchall() == []


def test_a_forgotten_context_in_raw_sql_shows_nothing(signed_form):
    with connection.cursor() as cursor:
        cursor.execute("select id from consent_consent")

        assert cursor.fetchall() == []


@pytest.mark.parametrize("role", ["gather", "walk", "system"])
def test_a_principal_that_is_not_signed_is_refused(cast, signed_form, role):
    claim = f"p:{cast.lind.pk}|{PURPOSE}|{int(time.time()) + 60}"
    forged = hashlib.sha256(claim.encode()).hexdigest()

    with pytest.raises(ProgrammingError, match="not signed"):
        with claiming(f"{claim}|{forged}", role) as cursor:
            cursor.execute("select id from consent_consent")


def test_a_signature_does_not_carry_over_to_another_principal(cast, signed_form):
    said = access.signed(f"p:{cast.varga.pk}", PURPOSE).split("|")
    said[0] = f"p:{cast.lind.pk}"

    with pytest.raises(ProgrammingError, match="not signed"):
        with claiming("|".join(said)) as cursor:
            cursor.execute("select id from consent_consent")


def test_a_signed_principal_that_has_expired_is_nobody(cast, signed_form, monkeypatch):
    monkeypatch.setattr(access, "TOKEN_SECONDS", 0)
    with claiming(access.signed(f"p:{cast.lind.pk}", PURPOSE)) as cursor:
        cursor.execute("select id from consent_consent")

        assert cursor.fetchall() == []


def test_the_key_that_signs_is_read_by_no_role_of_the_site(cast):
    for role in ("gather", "walk", "system"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            with claiming("", role) as cursor:
                cursor.execute("select bytes from sec.key")


def test_who_may_not_write_in_a_compartment_adds_and_changes_nothing(cast, signed_form):
    with pytest.raises(DatabaseError):
        factories.make_consent(cast.compartment, by=cast.varga, purpose=PURPOSE)
    with access.opened("system:grants", "HOPERAT"):
        Grant.objects.filter(user=cast.lind).update(writes=False)
    with pytest.raises(DatabaseError):
        factories.make_consent(cast.compartment, by=cast.lind, purpose=PURPOSE)


def test_a_record_cannot_claim_another_scope_than_its_compartments(cast, signed_form):
    other = factories.make_compartment(cast.sam, program=cast.program, segments=("DEM",))
    with pytest.raises(DatabaseError), access.opened(cast.lind, PURPOSE), connection.cursor() as cursor:
        cursor.execute("update consent_consent set scope_key = %s", [other.scope_id])


def test_a_signed_form_is_changed_by_nobody_but_to_revoke_it(cast, signed_form):
    with pytest.raises(ProgrammingError, match="permission denied"):
        with access.opened(cast.lind, PURPOSE), connection.cursor() as cursor:
            cursor.execute("update consent_consent set ends_at = null")
    with access.opened(cast.lind, PURPOSE):
        form = Consent.objects.get()
        form.revoked_at, form.revoked_how = timezone.now(), "written"
        form.save(update_fields=["revoked_at", "revoked_how"])
    with access.opened(cast.lind, PURPOSE):
        assert Consent.objects.get().revoked_how == "written"


def test_values_and_sums_that_would_go_past_the_ledger_are_refused(cast, signed_form):
    with access.opened(cast.lind, PURPOSE):
        with pytest.raises(access.Unledgered):
            list(Consent.objects.values_list("witness", flat=True))
        with pytest.raises(access.Unledgered):
            list(Consent.objects.values())
        with pytest.raises(access.Unledgered):
            Consent.objects.aggregate(last=Max("witness"))


def test_rows_are_neither_combined_nor_deleted_past_the_ledger(cast, signed_form):
    with access.opened(cast.lind, PURPOSE):
        forms = Consent.objects.all()
        for refused in (
            lambda: Consent.objects.values_list("pk").union(Consent.objects.values_list("witness")),
            lambda: forms.intersection(forms),
            lambda: forms.difference(forms),
            forms.delete,
            Consent.objects.get().delete,
        ):
            with pytest.raises(access.Unledgered):
                refused()
        assert Consent.objects.exists()


def test_a_change_of_many_rows_at_once_names_each_of_them(cast, signed_form):
    with access.opened(cast.lind, PURPOSE) as context:
        changed = Consent.objects.filter(revoked_at=None).update(
            revoked_at=timezone.now(), revoked_how="written"
        )

    assert changed == 1
    entries = peephole.ledger_of(context.gathering.request_id)
    assert [(e.action, e.outcome) for e in entries] == [("write", "done")]
    assert str(signed_form.pk) in peephole.text_of_ledger(context.gathering.request_id)


def test_a_read_is_one_entry_for_each_subject_with_ids_and_no_content(cast, signed_form):
    factories.make_consent(cast.compartment, by=cast.lind, purpose=PURPOSE)

    with access.opened(cast.lind, PURPOSE) as context:
        forms = list(Consent.objects.all())

    entries = [e for e in peephole.ledger_of(context.gathering.request_id) if e.action == "read"]
    assert [(e.actor, e.outcome, e.purpose) for e in entries] == [(str(cast.lind.uid), "served", PURPOSE)]
    text = peephole.text_of_ledger(context.gathering.request_id)
    assert all(str(form.pk) in text for form in forms)
    assert str(cast.sam) not in text
    assert not scan(text.encode())


def test_an_entry_that_cannot_be_written_takes_the_read_with_it(cast, signed_form, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("no space left")

    monkeypatch.setattr(LedgerEntry.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError), access.opened(cast.lind, PURPOSE):
        list(Consent.objects.all())


def test_only_who_answers_for_the_ledger_reads_it_and_nobody_changes_it(cast, signed_form):
    with access.opened(cast.varga, PURPOSE):
        assert not LedgerEntry.objects.exists()
    for change in (
        "update consent_ledgerentry set actor = 'nobody'",
        "delete from consent_ledgerentry",
        "truncate consent_ledgerentry",
    ):
        for who in (cast.lind, cast.oduya):
            with pytest.raises(ProgrammingError, match="permission denied"):
                with access.opened(who, PURPOSE), connection.cursor() as cursor:
                    cursor.execute(change)


@pytest.mark.side("clinical")
def test_the_compliance_officer_reads_the_ledger(cast, signed_form):
    with access.opened(cast.oduya, "HCOMPL"):
        assert LedgerEntry.objects.exists()


def test_acting_as_a_system_task_gives_the_principal_back(cast, signed_form):
    with access.opened(cast.lind, PURPOSE):
        with access.acting_as("system:grants"):
            assert Compartment.objects.exists()
            assert access.current().actor == "system:grants"
        assert {form.pk for form in Consent.objects.all()} == {signed_form.pk}
        with pytest.raises(ZeroDivisionError), access.acting_as("system:grants"):
            1 / 0  # noqa: B018
        assert {form.pk for form in Consent.objects.all()} == {signed_form.pk}


def test_a_system_task_sees_only_what_is_on_its_list(signed_form):
    with access.opened("system:intake", "X-REFERRAL-IN"):
        assert not Consent.objects.exists()
    with access.opened("system:unheard-of", "HOPERAT"):
        assert not Compartment.objects.exists()


def test_has_perm_asks_role_and_grant_and_needs_a_context(cast, signed_form):
    role = {"clinical": "social worker", "police": "officer"}[settings.SIDE]
    allow(apps, "consent", {role: ["view_consent"]})

    assert not cast.lind.has_perm("consent.view_consent", signed_form)
    with access.opened(cast.lind, PURPOSE):
        assert cast.lind.has_perm("consent.view_consent", signed_form)
        assert not cast.lind.has_perm("consent.change_consent", signed_form)
        assert not cast.varga.has_perm("consent.view_consent", signed_form)
    cast.varga.is_superuser = True
    with access.opened(cast.varga, PURPOSE):
        assert not cast.varga.has_perm("consent.view_consent", signed_form)


def instant_of_this_transaction():
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        return cursor.fetchone()[0]
