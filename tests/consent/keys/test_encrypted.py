"""Encrypted fields: the plain field in Python, and in the database nothing that opens anywhere else."""

import datetime
import uuid

import pytest
from django.core.exceptions import FieldError
from django.db import DataError, connection, models
from django.db.models import F
from django.test.utils import isolate_apps
from hypothesis import given, settings
from hypothesis import strategies as st

from consent import access
from consent.keys import store
from consent.keys.errors import KeyDestroyed, Tampered
from consent.keys.ring import KeyRing
from consent.models import (
    Consent,
    EncryptedBinaryField,
    EncryptedDateField,
    EncryptedJSONField,
    EncryptedTextField,
    LifeDates,
    Protected,
)
from consent.models.encrypted import BUCKETS, HEADER_BYTES, Sealed, encrypted_fields
from tests import factories

PURPOSE = "TREAT"


class Ring(KeyRing):
    """Keys without a database, for many examples."""

    def __init__(self):
        super().__init__()
        self.subject, self.key_id = uuid.uuid4(), uuid.uuid4()
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._ciphers[self.key_id] = AESGCM(bytes(32))
        self._in_use[self.subject] = self.key_id


class Row:
    """As much of a row as a field looks at."""

    class _meta:
        label_lower = "test.row"

    def __init__(self, pk=None, compartment_id=7):
        self.pk, self.compartment_id = pk or uuid.uuid4(), compartment_id


def field_of(kind, name="field", table="a_table", **more):
    field = kind(**more)
    field.name = field.attname = field.column = name
    field.model = type("Model", (), {"_meta": type("Meta", (), {"db_table": table})})
    return field


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
VALUES = st.one_of(
    st.tuples(st.just(EncryptedTextField), st.text(min_size=1)),
    st.tuples(st.just(EncryptedDateField), st.dates()),
    st.tuples(st.just(EncryptedBinaryField), st.binary(min_size=1)),
    st.tuples(st.just(EncryptedJSONField), JSON.filter(lambda value: value not in (None, "", [], {}))),
)


@settings(max_examples=600, deadline=None)
@given(VALUES)
def test_what_is_encrypted_opens_to_the_same_value(example):
    kind, value = example
    ring, row = Ring(), Row()
    field = field_of(kind)

    sealed = field.sealed(row.pk, row.compartment_id, ring.subject, value, ring)

    assert field.opened(row, sealed, ring) == value


@settings(max_examples=300, deadline=None)
@given(VALUES, st.data())
def test_a_flipped_bit_anywhere_is_refused(example, data):
    kind, value = example
    ring, row = Ring(), Row()
    field = field_of(kind)
    envelope = bytearray(field.sealed(row.pk, row.compartment_id, ring.subject, value, ring).envelope)
    bit = data.draw(st.integers(0, len(envelope) * 8 - 1))
    is_key_id = 8 <= bit < 8 * 17

    envelope[bit // 8] ^= 1 << bit % 8

    if is_key_id:
        ring._ciphers[Sealed(bytes(envelope)).key_id] = ring._ciphers[ring.key_id]  # the key itself is right
        assert field.opened(row, Sealed(bytes(envelope)), ring) == value
    else:
        with pytest.raises(Tampered):
            field.opened(row, Sealed(bytes(envelope)), ring)


@pytest.mark.parametrize("cut", [0, 1, HEADER_BYTES, -1])
def test_a_cut_envelope_is_refused(cut):
    ring, row = Ring(), Row()
    field = field_of(EncryptedTextField)
    envelope = field.sealed(row.pk, row.compartment_id, ring.subject, "text", ring).envelope

    with pytest.raises(Tampered):
        field.opened(row, Sealed(envelope[:cut]), ring)


@pytest.mark.parametrize("moved", ["row", "column", "table", "compartment"])
def test_a_ciphertext_opens_nowhere_but_where_it_was_written(moved):
    ring, row = Ring(), Row()
    sealed = field_of(EncryptedTextField).sealed(row.pk, row.compartment_id, ring.subject, "text", ring)
    place = {
        "row": (field_of(EncryptedTextField), Row(compartment_id=row.compartment_id)),
        "column": (field_of(EncryptedTextField, name="other"), row),
        "table": (field_of(EncryptedTextField, table="b_table"), row),
        "compartment": (field_of(EncryptedTextField), Row(pk=row.pk, compartment_id=8)),
    }
    field, where = place[moved]

    with pytest.raises(Tampered):
        field.opened(where, sealed, ring)


def test_the_same_text_is_never_the_same_ciphertext():
    ring, row = Ring(), Row()
    field = field_of(EncryptedTextField)

    made = {field.sealed(row.pk, 7, ring.subject, "text", ring).envelope for _ in range(100)}

    assert len({each[17:HEADER_BYTES] for each in made}) == 100


def test_names_dates_and_phones_are_of_one_length():
    ring, row = Ring(), Row()

    def length(kind, value):
        return len(field_of(kind).sealed(row.pk, 7, ring.subject, value, ring).envelope)

    lengths = {length(EncryptedTextField, "x" * n) for n in range(1, BUCKETS[0] - 3)}
    lengths.add(length(EncryptedDateField, datetime.date(2001, 2, 3)))

    assert len(lengths) == 1
    assert length(EncryptedTextField, "x" * 300) == length(EncryptedTextField, "x" * 1000)
    assert length(EncryptedTextField, "x" * 1100) == length(EncryptedTextField, "x" * 2000)


def test_a_text_longer_than_its_field_is_refused():
    ring, row = Ring(), Row()

    with pytest.raises(DataError) as refused:
        field_of(EncryptedTextField, max_length=5).sealed(row.pk, 7, ring.subject, "secret", ring)

    assert "secret" not in str(refused.value)


# --- through the door, in the database ----------------------------------------------------------


@pytest.fixture
def cast(db):
    return factories.make_cast()


@pytest.fixture
def form(cast):
    return factories.make_consent(
        cast.compartment,
        by=cast.lind,
        recipients=[{"type": "x", "unit": "a unit"}],
        signature=b"\x89PNG",
        end_event="when it ends",
    )


def stored(model, pk, column):
    """What lies in the table, read by a role that sees the row."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from {model._meta.db_table} where id = %s", [pk])
        return cursor.fetchone()[0]


def test_a_row_is_plain_in_python_and_sealed_in_the_table(cast, form):
    with access.opened(cast.lind, PURPOSE):
        read = Consent.objects.get(pk=form.pk)
        for field in encrypted_fields(Consent):
            assert getattr(read, field.attname) == getattr(form, field.attname)
        raw = bytes(stored(Consent, form.pk, "capacity_note"))

    assert form.capacity_note.encode() not in raw
    assert Sealed(raw).key_id == store.key_of(cast.sam)[0]


def test_nothing_is_null_in_the_table_and_nothing_in_python(cast, form):
    with access.opened(cast.lind, PURPOSE):
        read = Consent.objects.get(pk=form.pk)
        assert read.interpreter == ""
        assert stored(Consent, form.pk, "interpreter") is None
        assert Consent.objects.filter(interpreter__isnull=True).get() == read


def test_a_change_of_one_field_leaves_the_others_as_they_were(cast):
    dates = factories.make_record(LifeDates, cast.compartment, by=cast.lind, subject_id=cast.sam)
    with access.opened(cast.lind, PURPOSE):
        before = bytes(stored(LifeDates, dates.pk, "born_on"))
        row = LifeDates.objects.get()
        row.died_on = datetime.date(2026, 1, 2)
        row.save(update_fields=["died_on"])

    with access.opened(cast.lind, PURPOSE):
        assert bytes(stored(LifeDates, dates.pk, "born_on")) == before
        assert LifeDates.objects.get().died_on == datetime.date(2026, 1, 2)
        assert LifeDates.objects.get().born_on == dates.born_on


@pytest.mark.parametrize("how", ["deferred", "only", "refreshed", "iterated", "joined_late"])
def test_it_opens_whichever_way_it_is_loaded(how, cast, form):
    with access.opened(cast.lind, PURPOSE):
        rows = Consent.objects.all()
        read = {
            "deferred": lambda: rows.defer("capacity_note").get(),
            "only": lambda: rows.only("form").get(),
            "refreshed": rows.get,
            "iterated": lambda: next(iter(rows.iterator())),
            "joined_late": lambda: rows.all()[0],
        }[how]()
        if how == "refreshed":
            read.capacity_note = "something else"
            read.refresh_from_db(fields=["capacity_note"])
        assert read.capacity_note == form.capacity_note


def test_many_rows_are_added_and_changed_each_under_its_own_place(cast):
    made = [
        LifeDates(compartment=compartment, subject_id=cast.sam, born_on=datetime.date(1950, 1, day))
        for day, compartment in ((1, cast.compartment), (2, other_compartment(cast)))
    ]
    with access.opened(cast.lind, PURPOSE):
        LifeDates.objects.bulk_create(made)
        assert LifeDates.objects.update(died_on=datetime.date(2020, 2, 2)) == 2
    with access.opened(cast.lind, PURPOSE):
        rows = list(LifeDates.objects.order_by("pk"))
        for row in rows:
            row.born_on = row.born_on.replace(year=1960)
        assert LifeDates.objects.bulk_update(rows, ["born_on"]) == 2

    with access.opened(cast.lind, PURPOSE):
        read = {row.pk: row for row in LifeDates.objects.all()}
        assert {row.born_on for row in read.values()} == {
            datetime.date(1960, 1, 1),
            datetime.date(1960, 1, 2),
        }
        assert {row.died_on for row in read.values()} == {datetime.date(2020, 2, 2)}
        assert LifeDates.objects.update(died_on=None) == 2
    with access.opened(cast.lind, PURPOSE):
        assert {row.died_on for row in LifeDates.objects.all()} == {None}


def other_compartment(cast):
    other = factories.make_compartment(cast.sam, program=cast.program, segments=("DEM",))
    factories.grant(cast.lind, other)
    return other


def test_a_row_that_moves_to_another_compartment_takes_its_texts_along(cast):
    dates = factories.make_record(LifeDates, cast.compartment, by=cast.lind, subject_id=cast.sam)
    other = other_compartment(cast)
    with access.opened(cast.lind, PURPOSE):
        row = LifeDates.objects.get()
        row.compartment = other
        row.save(update_fields=["compartment"])
        with pytest.raises(FieldError):
            LifeDates.objects.update(compartment=cast.compartment)

    with access.opened(cast.lind, PURPOSE):
        assert LifeDates.objects.get().born_on == dates.born_on


@pytest.mark.parametrize(
    "ask",
    [
        lambda rows: rows.filter(witness="x"),
        lambda rows: rows.filter(witness__icontains="x"),
        lambda rows: rows.filter(elements__patient_name="x"),
        lambda rows: rows.exclude(end_event=""),
        lambda rows: rows.get(capacity_note="x"),
        lambda rows: rows.order_by("witness"),
        lambda rows: rows.order_by("-witness"),
        lambda rows: rows.update(witness=F("end_event")),
        lambda rows: rows.get_or_create(witness="x"),
    ],
)
def test_the_database_is_never_asked_by_what_it_can_not_know(ask, cast, form):
    with access.opened(cast.lind, PURPOSE), pytest.raises(FieldError):
        ask(Consent.objects.all())


def test_a_ciphertext_moved_to_another_row_or_column_stops_the_page(cast, form):
    other = factories.make_consent(cast.compartment, by=cast.lind)
    with access.opened(cast.lind, PURPOSE):
        ours = bytes(stored(Consent, form.pk, "capacity_note"))
    for pk, column in ((other.pk, "capacity_note"), (form.pk, "witness")):
        with access.opened("system:keys", "HOPERAT"), connection.cursor() as cursor:
            before = stored(Consent, pk, column)
            cursor.execute(f"update consent_consent set {column} = %s where id = %s", [ours, pk])
        with access.opened(cast.lind, PURPOSE), pytest.raises(Tampered):
            list(Consent.objects.all())
        with access.opened("system:keys", "HOPERAT"), connection.cursor() as cursor:
            cursor.execute(f"update consent_consent set {column} = %s where id = %s", [before, pk])


def test_a_page_of_fifty_clients_is_one_question_for_keys(cast, monkeypatch):
    for _ in range(50):
        compartment = factories.make_compartment(uuid.uuid4(), program=cast.program, segments=("DEM",))
        factories.grant(cast.lind, compartment)
        factories.make_consent(compartment, by=cast.lind)
    asked = []
    found = store.data_keys
    monkeypatch.setattr(store, "data_keys", lambda ids: asked.append(ids) or found(ids))

    with access.opened(cast.lind, PURPOSE):
        assert len(Consent.objects.newest_first()[:50]) == 50

    assert len(asked) == 1


def test_a_key_lives_no_longer_than_its_transaction(cast, form):
    with access.opened(cast.lind, PURPOSE) as context:
        list(Consent.objects.all())
        assert context.gathering.keys._ciphers
        store.destroy(cast.sam, basis="RETENTION")
    with access.opened(cast.lind, PURPOSE):
        assert list(Consent.objects.all()) == []
        with pytest.raises(Consent.DoesNotExist):
            Consent.objects.get(pk=form.pk)
    with pytest.raises(KeyDestroyed):
        factories.make_consent(cast.compartment, by=cast.lind)


def test_forms_take_an_encrypted_field_for_the_plain_one():
    from django import forms

    class ConsentForm(forms.ModelForm):
        class Meta:
            model = Consent
            fields = ["witness", "capacity_note", "elements"]

    form = ConsentForm({"witness": "x" * 201, "capacity_note": "", "elements": "{}"})

    assert isinstance(form.fields["witness"].widget, forms.TextInput)
    assert isinstance(form.fields["capacity_note"].widget, forms.Textarea)
    assert isinstance(form.fields["elements"], forms.JSONField)
    assert list(form.errors) == ["witness"]
    assert form.cleaned_data["capacity_note"] == ""


@isolate_apps("consent")
def test_nothing_in_the_database_may_rest_on_an_encrypted_field():
    class Indexed(Protected):
        one = EncryptedTextField(db_index=True)
        two = EncryptedTextField(unique=True)
        three = EncryptedDateField()
        four = EncryptedTextField()
        five = EncryptedTextField()

        class Meta:
            app_label = "consent"
            ordering = ["-four"]
            indexes = [models.Index(fields=["three"], name="three")]

    found = {error.obj.name for error in Indexed.check() if error.id == "consent.E001"}

    assert found == {"one", "two", "three", "four"}
