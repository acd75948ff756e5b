"""Envelopes hold what their form says and nothing else."""

import json
import uuid
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.texts import BIDI_CONTROLS
from referrals import envelopes
from referrals.envelopes import CallCounts, CheckpointTold, IncidentHanded, Malformed, Received, ReferralMade

ENVELOPE = uuid.UUID("7b0d8a55-5a34-4a7e-8a3a-6a7f6f1c0001")
INSTANTS = st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001 (the strategy adds the zone)
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45))]),
)


def texts(most):
    plain = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="".join(BIDI_CONTROLS))
    return st.text(plain, max_size=most)


REFERRALS = st.builds(
    ReferralMade,
    referral_id=st.uuids(),
    incident_id=st.none() | st.uuids(),
    person_as_known=texts(200),
    contact=texts(200),
    reasons=st.lists(texts(100), max_size=12).map(tuple),
    suggested_program=texts(40),
    agreed=st.sampled_from(["yes", "no", "not asked"]),
    safety_note=texts(1000),
    seen_at=INSTANTS,
    zone=texts(40),
    location=texts(300),
    call_type=texts(200),
)
INCIDENTS = st.builds(
    IncidentHanded,
    incident_id=st.uuids(),
    call_type=texts(200),
    location=texts(300),
    zone=texts(40),
    occurred_at=INSTANTS,
    description=texts(4000),
)
CHECKPOINTS = st.builds(
    CheckpointTold,
    hour=INSTANTS,
    digest=st.binary(min_size=32, max_size=32).map(bytes.hex),
    padded_size=st.integers(0, 61).map(lambda bits: 1 << bits),
)
COUNTS = st.builds(
    CallCounts,
    referral_id=st.uuids(),
    days=st.integers(0, 366),
    before=st.none() | st.integers(0, 100_000),
    after=st.none() | st.integers(0, 100_000),
    counted_at=INSTANTS,
)
VALUES = REFERRALS | INCIDENTS | CHECKPOINTS | COUNTS | st.builds(Received, referral_id=st.uuids())


def a_referral(**more):
    values = {
        "referral_id": uuid.uuid4(),
        "incident_id": None,
        "person_as_known": "tall, grey coat",
        "contact": "412-555-0100",
        "reasons": ("basic needs",),
        "suggested_program": "",
        "agreed": "yes",
        "safety_note": "",
        "seen_at": datetime(2026, 3, 1, 7, 14, tzinfo=UTC),
        "zone": "2",
        "location": "Wood St",
        "call_type": "Welfare check",
    }
    return ReferralMade(**(values | more))


def written(value=None, **changes):
    """The envelope's document, changed."""
    document = json.loads(envelopes.write(value or a_referral(), envelope_id=ENVELOPE))
    document["fields"] |= changes.pop("fields", {})
    return json.dumps(document | changes).encode()


@given(VALUES, st.uuids())
def test_what_is_written_is_read_back(value, envelope_id):
    payload = envelopes.write(value, envelope_id=envelope_id)

    assert envelopes.read(payload, envelope_id=envelope_id) == value
    assert (
        envelopes.write(envelopes.read(payload, envelope_id=envelope_id), envelope_id=envelope_id) == payload
    )


@given(VALUES, st.data())
def test_a_missing_field_is_refused(value, data):
    document = json.loads(envelopes.write(value, envelope_id=ENVELOPE))
    del document["fields"][data.draw(st.sampled_from(sorted(document["fields"])))]

    with pytest.raises(Malformed):
        envelopes.read(json.dumps(document).encode(), envelope_id=ENVELOPE)


@given(VALUES, st.data())
def test_a_value_of_another_type_is_refused(value, data):
    document = json.loads(envelopes.write(value, envelope_id=ENVELOPE))
    name = data.draw(st.sampled_from(sorted(document["fields"])))
    wrong = [7.5, True, {"a": "b"}, [["nested"]], [1], 10**30]
    document["fields"][name] = data.draw(st.sampled_from(wrong))

    with pytest.raises(Malformed):
        envelopes.read(json.dumps(document).encode(), envelope_id=ENVELOPE)


@given(
    st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_other_bytes_are_refused(payload):
    with pytest.raises(Malformed):
        envelopes.read(payload, envelope_id=ENVELOPE)


@pytest.mark.parametrize(
    "payload",
    [
        written(fields={"birth_date": "1990-01-01"}),
        written(more="x"),
        written(kind="Disposition"),
        written(kind="Envelope"),
        written(kind=["ReferralMade"]),
        written(kind="Received"),
        written(fields={"version": 2}),
        written(fields={"version": True}),
        written(fields={"version": "1"}),
        written(fields={"agreed": "maybe"}),
        written(fields={"person_as_known": "x" * 201}),
        written(fields={"reasons": ["x"] * 13}),
        written(fields={"reasons": ["x" * 101]}),
        written(fields={"reasons": "basic needs"}),
        written(fields={"contact": "a\x00b"}),
        written(fields={"contact": "a\ud800b"}),
        written(fields={"contact": "a\u202eb"}),
        written(fields={"contact": "a\x1b[31mb"}),
        written(fields={"referral_id": None}),
        written(fields={"referral_id": "7B0D8A55-5A34-4A7E-8A3A-6A7F6F1C0001"}),
        written(fields={"referral_id": "7b0d8a555a344a7e8a3a6a7f6f1c0001"}),
        written(fields={"incident_id": "none"}),
        written(fields={"seen_at": "2026-03-01T07:14:00"}),
        written(fields={"seen_at": "2026-03-01T07:14:00Z"}),
        written(fields={"seen_at": "2026-03-01"}),
        written(fields={"seen_at": 1_772_349_240}),
        written(envelope=str(uuid.uuid4())),
        b"[]",
        b"",
        b"null",
        b'{"envelope": 1, "envelope": 1}',
        b"[" * 100_000,
        b'{"fields": NaN}',
        b"\xff\xfe",
        b" " * (envelopes.MAX_PAYLOAD_BYTES + 1),
    ],
)
def test_a_malformed_envelope_is_refused(payload):
    with pytest.raises(Malformed):
        envelopes.read(payload, envelope_id=ENVELOPE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 2},
        {"seen_at": datetime(2026, 3, 1, 7, 14)},  # noqa: DTZ001 (a naive time is the point)
        {"referral_id": "not an id"},
        {"reasons": ["a list"]},
        {"person_as_known": "x" * 201},
        {"agreed": ""},
        {"zone": 2},
    ],
)
def test_a_malformed_envelope_can_not_be_made(wrong):
    with pytest.raises(Malformed):
        a_referral(**wrong)


def test_a_refusal_names_the_place_and_not_what_was_there():
    with pytest.raises(Malformed) as refused:
        envelopes.read(written(fields={"contact": "Marguerite " * 40}), envelope_id=ENVELOPE)

    assert "ReferralMade.contact" in str(refused.value)
    assert "Marguerite" not in str(refused.value)


def test_an_envelope_does_not_change():
    with pytest.raises(AttributeError):
        a_referral().contact = "somebody else"


@pytest.mark.parametrize("kind", envelopes.KINDS.values())
def test_each_kind_has_a_version_and_a_form_for_each_field(kind):
    assert "version" in envelopes.form_of(kind)
    assert {each.name for each in fields(kind)} == set(envelopes.form_of(kind))


def test_the_same_instant_in_two_zones_is_written_the_same():
    value = a_referral()
    elsewhere = value.seen_at.astimezone(timezone(timedelta(hours=-5)))

    assert envelopes.write(value, envelope_id=ENVELOPE) == envelopes.write(
        replace(value, seen_at=elsewhere), envelope_id=ENVELOPE
    )
