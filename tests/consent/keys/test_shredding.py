"""A client's key is renewed, and everything about them with it; or destroyed, and nothing can be read any more."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from consent import access, services
from consent.keys import store
from consent.keys.errors import KeyDestroyed
from consent.ledger.entry import leaf_hash
from consent.models import Compartment, Consent, Grant, LedgerEntry
from consent.models.encrypted import Sealed, encrypted_fields
from consent.services import blind, keys
from consent.services.keys import NobodyKnown
from consent.services.pseudonyms import pseudonym
from tests import factories
from tests.consent.keys.everything import make, make_everything
from tests.consent.test_one_request import client_of

PURPOSE = "TREAT"


@pytest.fixture
def cast(db):
    return factories.make_cast()


@pytest.fixture
def sam(cast):
    """Everything about Sam."""
    return make_everything(cast)


@pytest.fixture
def other(cast):
    """Another client of the same worker, with a form."""
    compartment = factories.make_compartment(uuid.uuid4(), program=cast.program)
    factories.grant(cast.lind, compartment)
    return factories.make_consent(compartment, by=cast.lind)


def said(*arguments):
    out = io.StringIO()
    call_command("keys", *map(str, arguments), stdout=out)
    return out.getvalue()


def keys_under(rows):
    """The key ids in the columns of these rows."""
    found = set()
    with access.opened("system:keys", "HOPERAT"), connection.cursor() as cursor:
        for model, row in rows.items():
            for field in encrypted_fields(model):
                cursor.execute(f"select {field.column} from {model._meta.db_table} where id = %s", [row.pk])
                if (value := cursor.fetchone()[0]) is not None:
                    found.add(Sealed(bytes(value)).key_id)
    return found


def readable(rows):
    """How many of these rows a task that may see all of them can read."""
    with access.opened("system:keys", "HOPERAT"):
        return sum(model.objects.filter(pk=row.pk).first() is not None for model, row in rows.items())


def test_a_renewed_key_stands_over_everything_and_the_texts_are_the_same(cast, sam, other):
    old = keys_under(sam)
    elsewhere = keys_under({Consent: other})

    assert f"rows written under the new key: {len(sam)}" in said("renew", cast.sam)

    new = keys_under(sam)
    assert len(old) == len(new) == 1
    assert old != new
    assert keys_under({Consent: other}) == elsewhere
    with access.opened("system:keys", "HOPERAT"):
        for model, row in sam.items():
            read = model.objects.get(pk=row.pk)
            for field in encrypted_fields(model):
                assert getattr(read, field.attname) == getattr(row, field.attname)


def test_the_old_key_is_destroyed_once_nobody_can_hold_it(cast, sam):
    (old,) = keys_under(sam)
    keys.renew_key(cast.sam)

    assert "old keys destroyed: 0" in said("retire", cast.sam)
    assert store.keys_about(cast.sam)[old] == "retired"
    assert keys.retire_keys(cast.sam, seconds=0) == 1

    assert store.keys_about(cast.sam)[old] == "destroyed"
    assert readable(sam) == len(sam)


def test_what_was_written_meanwhile_under_the_old_key_is_not_lost_with_it(cast, sam, monkeypatch):
    (old,) = keys_under(sam)
    old_key = store.data_keys([old])[old]
    keys.renew_key(cast.sam)
    monkeypatch.setattr(store, "key_of", lambda subject_id: (old, old_key))  # a request that began before
    late = make(Consent, cast, form="P2-SPEC", subject_id=cast.sam, program=cast.program, segments=[], purposes=[],
                signed_at=timezone.now())  # fmt: skip
    monkeypatch.undo()
    assert keys_under({Consent: late}) == {old}

    assert keys.retire_keys(cast.sam, seconds=0) == 1

    assert readable({Consent: late}) == 1


def test_a_form_and_a_release_can_be_written_once_more_by_nobody_else(cast, sam):
    for model in sam:
        if model._meta.label not in ("consent.Consent", "partners.Release", "consent.EmergencyAccess"):
            continue
        name = encrypted_fields(model)[0].name
        who = "system:partners" if model._meta.label == "partners.Release" else cast.lind
        with access.opened(who, PURPOSE):
            row = model.objects.get(pk=sam[model].pk)
            with pytest.raises(ProgrammingError), transaction.atomic():
                row.save(update_fields=[name])


def test_a_destroyed_record_is_gone_for_everybody_and_another_is_untouched(cast, sam, other):
    office = factories.make_principal(role=office_role(), program=cast.program)
    factories.grant_to_office(office_role(), cast.compartment.scope)
    with access.opened(office, PURPOSE):
        assert Consent.objects.filter(pk=sam[Consent].pk).exists()

    assert "keys destroyed: 1" in said("destroy", cast.sam, "--reason", "RETENTION-7Y")

    assert readable(sam) == 0
    for asker in (cast.lind, office):
        with access.opened(asker, PURPOSE):
            assert not Consent.objects.filter(pk=sam[Consent].pk).exists()
    with access.opened(cast.lind, PURPOSE):
        assert Consent.objects.get().pk == other.pk
        assert Consent.objects.get().capacity_note == other.capacity_note
    assert store.data_keys(keys_under(sam)) == {}
    with pytest.raises(KeyDestroyed):
        make(Consent, cast, form="P2-SPEC", subject_id=cast.sam, program=cast.program, segments=[], purposes=[],
             signed_at=timezone.now())  # fmt: skip


def office_role():
    from django.conf import settings

    return {"clinical": "clinical supervisor", "police": "police supervisor"}[settings.SIDE]


def test_destroying_ends_every_grant_and_nothing_revives_it(cast, sam):
    said("destroy", cast.sam, "--reason", "RETENTION-7Y")

    with access.opened("system:grants", "HOPERAT"):
        services.recompute_grants(cast.sam)
        compartments = Compartment.objects.filter(subject_id=cast.sam)
        assert compartments
        assert all("GONE" in each.scope.segments for each in compartments.select_related("scope"))
        assert not Grant.objects.filter(
            content_object__in=compartments, valid_until__gt=timezone.now() + timedelta(seconds=1)
        ).exists()


def test_a_second_run_does_no_harm(cast, sam, other):
    said("destroy", cast.sam, "--reason", "RETENTION-7Y")

    assert "keys destroyed: 0" in said("destroy", cast.sam, "--reason", "RETENTION-7Y")
    assert readable({Consent: other}) == 1


def test_a_run_that_died_before_its_commit_is_finished_by_the_next(cast, sam, monkeypatch):
    destroy = store.destroy

    def die(subject_id, *, basis):
        destroy(subject_id, basis=basis)
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "destroy", die)
    with pytest.raises(KeyboardInterrupt):
        keys.destroy_record(cast.sam, basis="RETENTION-7Y")
    monkeypatch.undo()
    assert readable(sam) == 0  # the keys were gone first of all

    keys.destroy_record(cast.sam, basis="RETENTION-7Y")

    with access.opened("system:grants", "HOPERAT"):
        assert all("GONE" in c.scope.segments for c in Compartment.objects.filter(subject_id=cast.sam))


def test_every_index_forgets_the_client(cast, sam, monkeypatch):
    forgotten = []
    monkeypatch.setattr(blind, "_forgetting", [forgotten.append])

    said("destroy", cast.sam, "--reason", "RETENTION-7Y")

    assert forgotten == [cast.sam]


def test_the_ledger_says_that_and_on_what_ground_and_names_nobody(cast, sam):
    said("destroy", cast.sam, "--reason", "RETENTION-7Y")

    with access.opened("system:replay", "HCOMPL"):
        (entry,) = LedgerEntry.objects.filter(action="destroy")
        assert entry.subject == pseudonym(cast.sam)
        assert entry.reason == "RETENTION-7Y"
        assert str(cast.sam) not in bytes(entry.canonical).decode()


def test_a_key_that_came_back_with_an_older_copy_is_noticed_and_destroyed_again(
    cast, sam, other, monkeypatch
):
    monkeypatch.setattr(store, "destroy", lambda subject_id, *, basis: 1)  # as if its row were the older one
    keys.destroy_record(cast.sam, basis="RETENTION-7Y")
    monkeypatch.undo()
    assert readable(sam) == len(sam)

    with pytest.raises(CommandError, match="destroy-again"):
        said("check")
    assert "destroyed once more: 1" in said("destroy-again")

    assert readable(sam) == 0
    assert readable({Consent: other}) == 1
    said("check")


def test_the_ledger_stays_byte_for_byte_and_says_one_thing_more(cast, sam):
    def entries():
        with access.opened("system:replay", "HCOMPL"):
            return {each.pk: each for each in LedgerEntry.objects.exclude(action="use")}

    before = entries()
    said("destroy", cast.sam, "--reason", "RETENTION-7Y")
    after = entries()

    assert before
    for pk, entry in before.items():
        assert bytes(after[pk].canonical) == bytes(entry.canonical)
    for entry in after.values():
        assert bytes(entry.leaf_hash) == leaf_hash(bytes(entry.canonical))
    assert "destroy" in {entry.action for pk, entry in after.items() if pk not in before}


@pytest.mark.side("clinical")
def test_nobody_destroyed_is_found_by_name_and_no_index_row_is_left(cast, sam, other):
    from clinical.models import Client, SearchToken

    tokens = {"compartment__subject_id": cast.sam}
    with access.opened("system:index", "HOPERAT"):
        assert SearchToken.objects.filter(**tokens).exists()

    said("destroy", cast.sam, "--reason", "RETENTION-7Y")

    with access.opened("system:index", "HOPERAT"):
        assert not SearchToken.objects.filter(**tokens).exists()
        assert not Client.objects.filter(pk=sam[Client].pk)


@pytest.mark.parametrize("reason", ["because Sam asked", "x", "retention", ""])
def test_the_ground_is_a_code(reason, cast, sam):
    with pytest.raises(CommandError, match="code in capitals"):
        said("destroy", cast.sam, "--reason", reason)
    assert readable(sam) == len(sam)


def test_nothing_is_destroyed_of_somebody_unknown(db):
    stranger = uuid.uuid4()

    with pytest.raises(CommandError, match="nothing is known"):
        said("destroy", stranger, "--reason", "RETENTION-7Y")
    with pytest.raises(NobodyKnown):
        keys.renew_key(stranger)
    assert store.keys_about(stranger) == {}


def test_the_keys_can_be_counted_and_all_opened(cast, sam):
    told = said("check")

    assert "current" in told
    assert "every one of" in told


@pytest.mark.urls("tests.oracle.urls")
def test_a_page_about_a_destroyed_record_is_like_one_about_nobody(cast, sam):
    said("destroy", cast.sam, "--reason", "RETENTION-7Y")

    answer = client_of(cast.lind).get("/honest/")

    assert answer.status_code == 200
    assert answer.content == b""
