"""Envelopes leave with what caused them, arrive once, in order per subject, and none is lost."""

import uuid
from contextlib import contextmanager

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import DatabaseError, ProgrammingError, connections, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from consent import access
from referrals import exchange, locks, services, tasks
from referrals.models import ArrivingEnvelope, InboxEnvelope, OutboxEnvelope
from referrals.selectors import envelopes_on_the_way, quarantined_envelopes
from referrals.services import IncidentHanded, Received, inbox
from tests import factories
from tests.referrals.test_envelopes import a_referral

SIDE = django_settings.SIDE
OWNER = inbox.OWNERS[SIDE]
pytestmark = pytest.mark.usefixtures("sealed_to_ourselves", "carriers")


def send(value=None, *, subject_id=None):
    value = value or (a_referral(referral_id=subject_id) if subject_id else a_referral())
    with access.opened("system:intake", "X-REFERRAL-IN"):
        return services.send(value, subject_id=value.matter_id)


def carry():
    return exchange.copy("sender", "receiver")


def open_until_empty():
    """Open what is due, as if each pause were over."""
    opened = 0
    for _round in range(inbox.MOST_ATTEMPTS + 2):
        opened += services.open_inbox()
        with access.opened("system:intake", "X-REFERRAL-IN"):
            InboxEnvelope.objects.filter(state="waiting").update(due_at=timezone.now())
    return opened


def state_of(envelope_id):
    with access.opened("system:intake", "X-REFERRAL-IN"):
        return InboxEnvelope.objects.get(pk=envelope_id)


@pytest.fixture
def owner():
    program = factories.make_program("POSTBOX")
    return factories.make_principal("owner-of-quarantine", role=OWNER, program=program)


def test_an_envelope_arrives_once_whatever_is_repeated(handled, database):
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append((value, envelope_id)))
    value = a_referral()
    envelope_id = send(value)

    assert carry() == 1
    assert carry() == 0
    assert open_until_empty() == 1

    assert handled == [(value, envelope_id)]
    assert state_of(envelope_id).state == "opened"
    assert ledger_of(database, envelope_id) == [("send", "done"), ("receive", "done")]


def test_an_envelope_leaves_only_with_what_caused_it():
    def cause_and_fail():
        with access.opened("system:intake", "X-REFERRAL-IN"):
            services.send(a_referral(), subject_id=uuid.uuid4())
            raise RuntimeError("the cause failed")

    with pytest.raises(RuntimeError):
        cause_and_fail()

    assert carry() == 0


def test_sending_needs_somebody_who_asks():
    with pytest.raises(access.NoContext), transaction.atomic():
        services.send(a_referral(), subject_id=uuid.uuid4())


def test_a_copy_that_was_not_marked_is_made_again_and_arrives_once(handled, monkeypatch):
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append(envelope_id))
    envelope_id = send()

    def die(*_args):
        raise DatabaseError("between the two commits")

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "_mark", die)
        with pytest.raises(DatabaseError):
            carry()
    open_until_empty()
    assert carry() == 1
    open_until_empty()

    assert handled == [envelope_id]


def test_a_side_that_is_down_loses_nothing_and_stops_only_its_own_direction(handled, monkeypatch, settings):
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append(envelope_id))
    monkeypatch.setattr(exchange, "CLINICAL", "sender")
    monkeypatch.setattr(exchange, "POLICE", "receiver")
    envelope_id = send()
    settings.SIDE = "exchange"

    with down("receiver"):
        carried = exchange.copy_once()
    later = exchange.copy_once()

    settings.SIDE = SIDE
    open_until_empty()
    assert carried == {}
    assert sum(later.values()) == 1
    assert handled == [envelope_id]


@contextmanager
def down(alias):
    """The server behind ``alias`` does not answer."""
    connection = connections[alias]
    connection.close()
    port, connection.settings_dict["PORT"] = connection.settings_dict["PORT"], 1
    yield
    connection.close()
    connection.settings_dict["PORT"] = port


def test_no_other_process_than_the_exchange_copies():
    with pytest.raises(RuntimeError):
        exchange.copy_once()


def test_envelopes_of_a_subject_are_opened_in_the_order_of_sending(handled):
    services.register(
        IncidentHanded, lambda value, envelope_id: handled.append((value.incident_id, value.zone))
    )
    subjects = [uuid.uuid4(), uuid.uuid4(), uuid.uuid4()]
    for number in range(12):
        subject = subjects[number % 3]
        send(incident(subject, zone=str(number)))

    carry()
    open_until_empty()

    for subject in subjects:
        zones = [int(zone) for incident_id, zone in handled if incident_id == subject]
        assert zones == sorted(zones)
        assert len(zones) == 4


def incident(incident_id, **more):
    values = {
        "incident_id": incident_id,
        "call_type": "",
        "location": "",
        "zone": "",
        "occurred_at": timezone.now(),
        "description": "",
    }
    return IncidentHanded(**(values | more))


def test_a_poison_envelope_is_quarantined_with_an_owner_and_holds_back_its_subject_only(
    handled, owner, database
):
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append(envelope_id))
    poisoned, healthy = uuid.uuid4(), uuid.uuid4()
    poison = arrive_by_hand(b"not sealed to anybody", subject_id=poisoned)
    behind = send(subject_id=poisoned)
    beside = send(subject_id=healthy)

    carry()
    open_until_empty()

    quarantined = state_of(poison)
    assert (quarantined.state, quarantined.owner_role) == ("quarantined", OWNER)
    assert "not sealed" in quarantined.reason
    assert handled == [beside]
    assert state_of(behind).state == "waiting"
    with access.opened(owner, "HCOMPL"):
        seen = quarantined_envelopes().rows
    assert [(each.pk, each.held_back) for each in seen] == [(poison, 1)]
    assert ledger_of(database, poison) == [("receive", "failed")]


def arrive_by_hand(sealed, *, subject_id, sequence=0, envelope_id=None):
    envelope_id = envelope_id or uuid.uuid4()
    ArrivingEnvelope.objects.using("receiver").bulk_create(
        [
            ArrivingEnvelope(
                id=envelope_id,
                subject_id=subject_id,
                sequence=sequence,
                sealed=sealed,
                sent_at=timezone.now(),
            )
        ]
    )
    return envelope_id


def ledger_of(database, envelope_id):
    """What the ledger tells of an envelope, as its verifier reads it."""
    with database.login("verifier") as verifier:
        rows = verifier.execute(
            "select action, outcome from consent_ledgerentry where resources @> %s order by at",
            [Jsonb({"referrals.envelope": [str(envelope_id)]})],
        )
        return rows.fetchall()


def test_a_handler_that_keeps_failing_is_tried_again_and_then_quarantined(handled):
    def fail(value, envelope_id):
        handled.append(envelope_id)
        raise RuntimeError("Marguerite Canary")

    services.register(services.ReferralMade, fail)
    envelope_id = send()
    carry()

    assert open_until_empty() == 0

    envelope = state_of(envelope_id)
    assert (envelope.state, envelope.reason) == ("quarantined", "RuntimeError")
    assert len(handled) == envelope.attempts == inbox.MOST_ATTEMPTS


def test_a_failed_attempt_waits_before_the_next(handled):
    services.register(services.ReferralMade, lambda value, envelope_id: 1 / 0)
    envelope_id = send()
    carry()

    services.open_inbox()
    services.open_inbox()

    envelope = state_of(envelope_id)
    assert envelope.attempts == 1
    assert envelope.due_at > timezone.now()


def test_a_handler_that_fails_leaves_nothing_behind(handled, owner):
    def half(value, envelope_id):
        services.send(Received(referral_id=value.referral_id), subject_id=value.referral_id)
        raise RuntimeError("after the first half")

    services.register(services.ReferralMade, half)
    send()
    carry()

    open_until_empty()

    assert carry() == 0


def test_a_worker_that_dies_while_handling_is_followed_by_another(handled):
    class Killed(BaseException):
        pass

    def die_once(value, envelope_id):
        handled.append(envelope_id)
        if len(handled) == 1:
            raise Killed

    services.register(services.ReferralMade, die_once)
    envelope_id = send()
    carry()

    with pytest.raises(Killed):
        services.open_inbox()

    assert open_until_empty() == 1
    assert state_of(envelope_id).attempts == 2


def test_a_kind_without_a_handler_is_quarantined(handled):
    envelope_id = send()
    carry()

    open_until_empty()

    assert "no handler" in state_of(envelope_id).reason


def test_an_envelope_under_another_ones_id_is_quarantined(handled):
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append(envelope_id))
    sent = send()
    with transaction.atomic("sender"):
        sealed = OutboxEnvelope.objects.using("sender").values_list("sealed", flat=True).get(envelope_id=sent)
    swapped = arrive_by_hand(bytes(sealed), subject_id=uuid.uuid4())

    open_until_empty()

    assert state_of(swapped).reason == "sealed under another id"
    assert handled == []


def test_an_envelope_filed_under_another_matter_is_quarantined(handled):
    """Whoever carries it could otherwise have it ledgered about somebody else."""
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append(envelope_id))
    sent = send()
    with transaction.atomic("sender"):
        sealed = OutboxEnvelope.objects.using("sender").values_list("sealed", flat=True).get(envelope_id=sent)
    arrive_by_hand(bytes(sealed), subject_id=uuid.uuid4(), envelope_id=sent)

    open_until_empty()

    assert state_of(sent).reason == "sealed under another matter"
    assert handled == []


def test_the_owner_retries_and_what_was_held_back_follows(handled, owner):
    envelope_id = send(subject_id=(subject := uuid.uuid4()))
    behind = send(subject_id=subject)
    carry()
    open_until_empty()
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append(envelope_id))

    with access.opened(owner, "HCOMPL"):
        assert services.retry_envelope(envelope_id, by=owner)
    open_until_empty()

    assert handled == [envelope_id, behind]
    assert not quarantined_for(owner)


def test_the_owner_sets_aside_and_what_was_held_back_follows(handled, owner):
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append(envelope_id))
    subject = uuid.uuid4()
    poison = arrive_by_hand(b"x", subject_id=subject)
    behind = send(subject_id=subject)
    carry()
    open_until_empty()

    with access.opened(owner, "HCOMPL"):
        assert services.set_envelope_aside(poison, by=owner)
        assert not services.set_envelope_aside(poison, by=owner)
    open_until_empty()

    assert handled == [behind]
    assert state_of(poison).state == "set aside"


def quarantined_for(principal):
    with access.opened(principal, "HCOMPL"):
        return quarantined_envelopes().rows


def test_nobody_but_the_owner_sees_or_moves_the_quarantine(handled, owner):
    poison = arrive_by_hand(b"x", subject_id=uuid.uuid4())
    open_until_empty()
    varga = factories.make_cast().varga

    assert [each.pk for each in quarantined_for(owner)] == [poison]
    assert quarantined_for(varga) == []
    with access.opened(varga, "HCOMPL"), pytest.raises(access.NothingToTell):
        services.retry_envelope(poison, by=varga)
    with access.opened(owner, "HCOMPL"):
        assert envelopes_on_the_way() == {"to_be_carried": 0, "to_be_opened": 0}


@pytest.mark.parametrize("plan", ["walk", "gather"])
def test_the_owner_sees_where_an_envelope_is_and_not_what_is_in_it(handled, owner, plan):
    arrive_by_hand(b"x", subject_id=uuid.uuid4())
    open_until_empty()

    with access.opened(owner, "HCOMPL", plan=plan):
        for envelope in quarantined_envelopes().rows:
            with pytest.raises(ProgrammingError), transaction.atomic():
                _read = envelope.sealed


def test_two_workers_do_not_open_the_same_envelope(handled):
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append(envelope_id))
    envelope_id = send()
    carry()
    inner = []

    def handle(value, envelope_id):
        handled.append(envelope_id)
        inner.append(services.inbox._claim())

    services.register(services.ReferralMade, handle)
    open_until_empty()

    assert handled == [envelope_id]
    assert inner == [None]


def test_of_two_rounds_at_a_time_one_is_done(handled):
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append(envelope_id))
    send()

    with transaction.atomic("receiver"):
        assert locks.got_the_round("exchange", using="receiver")
        assert carry() == 0

    assert carry() == 1


def test_a_round_can_be_done_without_a_worker(handled, monkeypatch, settings, capsys):
    services.register(services.ReferralMade, lambda value, envelope_id: handled.append(envelope_id))
    monkeypatch.setattr(exchange, "CLINICAL", "sender")
    monkeypatch.setattr(exchange, "POLICE", "receiver")
    envelope_id = send()

    settings.SIDE = "exchange"
    call_command("exchange_once")
    tasks.copy_envelopes()
    settings.SIDE = SIDE
    call_command("open_inbox")
    tasks.open_inbox()

    assert handled == [envelope_id]
    assert "police to clinical: 1" in capsys.readouterr().out
