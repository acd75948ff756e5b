"""Request, use, lapse, end, review, dispute, in any order: after each step invariant I18 holds.

An emergency access opens to its principal alone, about one client, for what the law opens, not a
microsecond longer than an hour; it is closed the instant it ends; who used it never reviews it; and each
use is reviewed within its period or an alarm is raised.
"""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from consent import access, services
from consent.access import NothingToTell
from consent.models import EmergencyAccess, EmergencyAlarm, Grant
from consent.services import emergency, emergency_use
from consent.services.emergency import NotReviewable
from consent.services.emergency_budget import NOTHING_AN_HOUR, RUNNING_AT_ONCE
from tests import factories
from tests.consent import emergencies
from tests.consent.emergencies import SEGMENTS, make_subject, open_for, rows_of, seen_by

pytestmark = [pytest.mark.django_db, pytest.mark.side("clinical")]
IS_DEEP = os.environ.get("BULKHEAD_DEEP") == "1"
WORDS = "Long enough to be a reason"
USERS, REVIEWERS = ("lind", "pat", "officer"), ("varga", "ash", "third", "lind")
WHOM = ("sam", "robin", "overdosed", "victim")
NEVER = {("PSYNOTE",), ("SUDP2N",)}
ago = st.sampled_from((0, 0, 30, 59, 60, 61, 300)).map(lambda minutes: timedelta(minutes=minutes))


class EmergencyMachine(RuleBasedStateMachine):
    """The model knows who asked for what and when; the database says what is open."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.scene = scene = emergencies.make_scene()
        scene.overdosed, scene.victim = make_subject(scene.overdose), make_subject(scene.victims)
        scene.third = factories.make_principal(role="clinical supervisor", program=scene.crisis)
        factories.make_membership(scene.third, role="clinical supervisor", program=scene.overdose)
        bureau = factories.make_organization(
            "Bureau", kind="law_enforcement", is_criminal_justice_agency=True
        )
        scene.officer = factories.make_principal(role="social worker", program=scene.crisis, employer=bureau)
        self.known: dict[
            object, dict[str, object]
        ] = {}  # by id: what must never change, and what was said since

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def rows(self) -> list[EmergencyAccess]:
        return [row for whom in WHOM for row in rows_of(getattr(self.scene, whom))]

    # --- steps -----------------------------------------------------------------------------------

    @rule(
        who=st.sampled_from(USERS), whom=st.lists(st.sampled_from(WHOM), max_size=2, unique=True), ago=ago,
        treats=st.sampled_from(("self", "medical", "medics")),
        without=st.sampled_from(("unconscious", "refused")),
    )  # fmt: skip
    def request(self, who, whom, ago, treats, without):
        asker, before = getattr(self.scene, who), {row.pk for row in self.rows()}
        opening = open_for(
            asker, *(getattr(self.scene, each) for each in whom), at=timezone.now() - ago,
            treats=treats, without_consent=without,
        )  # fmt: skip
        new = [row for row in self.rows() if row.pk not in before]
        assert who != "officer" or not new
        assert "victim" not in whom or all(row.subject_id != self.scene.victim for row in new)
        assert {row.pk for row in opening.accesses} >= {row.pk for row in new}
        for row in new:
            self.known[row.pk] = {"by": asker, "started": row.started_at, "ends": row.ends_at}

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from((*USERS, "varga")))
    def end(self, data, who):
        row, by = data.draw(st.sampled_from(self.rows())), getattr(self.scene, who)
        is_open = row.is_running(timezone.now())
        try:
            with access.opened(by, "ETREAT"):
                assert emergency.end_emergency(row, by=by, at=timezone.now()) is is_open
        except NothingToTell:
            assert by != row.principal
            assert who != "varga"

    @precondition(lambda self: self.known)
    @rule(
        data=st.data(), who=st.sampled_from(REVIEWERS),
        verdict=st.sampled_from(("appropriate", "not_appropriate", "follow_up")),
        step=st.sampled_from((emergency.review_emergency, emergency.close_review)),
    )  # fmt: skip
    def review(self, data, who, verdict, step):
        row, by = data.draw(st.sampled_from(self.rows())), getattr(self.scene, who)
        try:
            with access.opened(by, "HCOMPL"):
                step(row, by=by, verdict=verdict, note=WORDS, at=timezone.now())
        except (NothingToTell, NotReviewable):
            return
        assert by != row.principal
        assert not row.is_running(timezone.now())

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from(USERS))
    def dispute(self, data, who):
        row, by = data.draw(st.sampled_from(self.rows())), getattr(self.scene, who)
        try:
            with access.opened(by, "HCOMPL"):
                emergency.answer_review(row, by=by, words=WORDS, at=timezone.now())
        except (NothingToTell, NotReviewable):
            return
        assert by == row.principal
        assert row.verdict == "not_appropriate"

    @rule(days=st.integers(0, 4))
    def sweep(self, days):
        at = timezone.now() + timedelta(days=days)
        with access.opened("system:emergency", "HCOMPL"):
            emergency.alarm_overdue_reviews(at)
            alarmed = set(
                EmergencyAlarm.objects.filter(kind="EMERGENCY-REVIEW-OVERDUE").values_list(
                    "emergency", flat=True
                )
            )
        for row in self.rows():
            assert row.reviewed_at or row.due_at > at or row.pk in alarmed, "reviewed in time, or an alarm"

    @rule(whom=st.sampled_from(WHOM))
    def recompute(self, whom):
        with access.opened("system:test", "HOPERAT"):
            services.recompute_grants(getattr(self.scene, whom))

    # --- I18 after each step ---------------------------------------------------------------------

    @invariant()
    def what_is_open_is_what_runs(self):
        now = timezone.now()
        running = {(row.principal_id, row.subject_id) for row in self.rows() if row.is_running(now)}
        for name in USERS:
            principal = getattr(self.scene, name)
            seen = seen_by(principal)
            assert {subject for subject, _segments in seen} == {s for p, s in running if p == principal.pk}
            assert not {segments for _subject, segments in seen} & NEVER
            assert seen_by(principal, purpose="CAREMGT") == set()

    @invariant()
    def each_is_complete_about_one_and_no_longer_than_an_hour(self):
        for row in self.rows():
            known = self.known[row.pk]
            assert (row.principal, row.started_at, row.ends_at) == (
                known["by"],
                known["started"],
                known["ends"],
            )
            assert timedelta(0) < row.closes_at - row.started_at <= timedelta(minutes=60) or row.ended_at
            assert row.closes_at <= row.ends_at
            assert row.nature
            assert row.words
            assert row.reviewer != row.principal
            assert row.closed_by != row.principal
            assert not (row.answered_at and row.closed_at) or row.closed_by != row.reviewer
            for name in ("ended_at", "reviewed_at", "verdict", "answered_at", "closed_at"):
                assert known.get(name) in (None, "", getattr(row, name)), "what was said stays said"
                known[name] = getattr(row, name)

    @invariant()
    def no_grant_outlives_its_access_or_writes(self):
        ends = {(row.principal_id, row.subject_id): row.closes_at for row in self.rows()}
        with access.opened("system:grants", "HOPERAT"):
            for grant in Grant.objects.select_related("content_object"):
                key = (grant.user_id, grant.content_object.subject_id)
                last = max(r.ends_at for r in self.rows() if (r.principal_id, r.subject_id) == key)
                assert grant.valid_until <= last
                assert not grant.writes
                assert set(grant.purposes) <= {"ETREAT", "ERTREAT"}
                assert key in ends


def test_the_machine_knows_every_kind_of_compartment():
    assert {segments for each in SEGMENTS.values() for segments in each} >= NEVER
    assert len(WHOM) < RUNNING_AT_ONCE
    assert NOTHING_AN_HOUR > 1


def run(machine, examples=10, **how):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=500 if IS_DEEP else examples, stateful_step_count=40 if IS_DEEP else 14, deadline=None,
            suppress_health_check=list(HealthCheck), derandomize=not IS_DEEP, database=None, **how,
        ),
    )  # fmt: skip


def test_in_any_order_it_stays_one_client_one_hour_and_reviewed_by_another(db):
    run(EmergencyMachine)


def ended_stays_open(monkeypatch):
    careful = emergency.end_emergency

    def careless(*args, **kwargs):
        with monkeypatch.context() as patch:
            patch.setattr(emergency, "recompute_grants", lambda subject_id: None)
            return careful(*args, **kwargs)

    monkeypatch.setattr(emergency, "end_emergency", careless)


def it_is_good_for_everything(monkeypatch):
    monkeypatch.setattr(emergency_use, "PURPOSES", ("ETREAT", "CAREMGT"))


def overdue_goes_unsaid(monkeypatch):
    monkeypatch.setattr(emergency, "raise_alarm", lambda *args, **kwargs: None)


@pytest.mark.parametrize("plant", [ended_stays_open, it_is_good_for_everything, overdue_goes_unsaid])
def test_the_machine_finds_a_planted_fault(db, monkeypatch, plant):
    plant(monkeypatch)

    with pytest.raises(AssertionError):
        run(EmergencyMachine, examples=60, phases=[Phase.generate], report_multiple_bugs=False)
