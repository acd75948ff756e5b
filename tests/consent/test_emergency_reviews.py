"""Each emergency access is looked at by somebody else, one at a time, with reasons, or an alarm is raised."""

from datetime import UTC, date, datetime, time, timedelta

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection
from django.utils import timezone
from django.utils.timezone import make_aware

from consent import access
from consent.access import NothingToTell
from consent.models import EmergencyAccess, EmergencyAlarm, EmergencyAttempt, Holiday
from consent.services import emergency, emergency_budget
from consent.services.business_days import review_due
from consent.services.emergency import NotReviewable
from tests import factories
from tests.consent import emergencies
from tests.consent.emergencies import make_subject, open_for, rows_of, seen_by

pytestmark = [pytest.mark.django_db, pytest.mark.side("clinical")]
NOW = timezone.now
NOTE = "Read what the paramedics needed, and no more"


@pytest.fixture
def scene():
    return emergencies.make_scene()


@pytest.fixture
def ended(scene):
    """Lind's emergency access to Sam, over since an hour."""
    return open_for(scene.lind, scene.sam, at=NOW() - timedelta(hours=2)).accesses[0]


def review(row, by, verdict="appropriate", note=NOTE, at=None):
    with access.opened(by, "HCOMPL"):
        emergency.review_emergency(row, by=by, verdict=verdict, note=note, at=at or NOW())


def answer(row, by, words="They had stopped breathing when I looked"):
    with access.opened(by, "HCOMPL"):
        emergency.answer_review(row, by=by, words=words, at=NOW())


def close(row, by, verdict="appropriate", note=NOTE):
    with access.opened(by, "HCOMPL"):
        emergency.close_review(row, by=by, verdict=verdict, note=note, at=NOW())


def alarms(**question):
    with access.opened("system:emergency", "HCOMPL"):
        return list(EmergencyAlarm.objects.filter(**question).order_by("raised_at"))


def awaiting(by):
    with access.opened(by, "HCOMPL"):
        return list(EmergencyAccess.objects.awaiting_review())


def test_a_supervisor_and_a_privacy_officer_find_it_waiting_and_a_colleague_does_not(scene, ended):
    assert awaiting(scene.varga) == awaiting(scene.ash) == [ended]
    assert awaiting(scene.lind) == awaiting(scene.pat) == []


def test_once_reviewed_it_waits_no_more(scene, ended):
    review(ended, scene.varga)

    row = rows_of(scene.sam)[0]
    assert (row.reviewer, row.verdict, row.note) == (scene.varga, "appropriate", NOTE)
    assert awaiting(scene.ash) == []


def test_nobody_reviews_their_own_and_nobody_who_is_gone_or_has_no_such_office(scene, ended):
    factories.make_membership(scene.lind, role="clinical supervisor", program=scene.crisis)
    gone = factories.make_principal(role="clinical supervisor", program=scene.crisis, is_active=False)
    compliance = factories.make_principal(role="compliance officer", program=scene.crisis)

    for by in (scene.lind, gone, scene.pat, compliance):
        with pytest.raises(NothingToTell):
            review(ended, by)

    assert rows_of(scene.sam)[0].reviewed_at is None


@pytest.mark.parametrize("note", ["", "ok", "checked      ", " " * 40])
def test_a_review_without_reasons_is_none(scene, ended, note):
    with pytest.raises(NotReviewable):
        review(ended, scene.varga, note=note)


def test_what_is_open_is_ended_before_it_is_reviewed(scene):
    row = open_for(scene.lind, scene.sam).accesses[0]
    with pytest.raises(NotReviewable):
        review(row, scene.varga)

    with access.opened(scene.varga, "HCOMPL"):
        emergency.end_emergency(row, by=scene.varga, at=NOW())
    review(row, scene.varga)

    assert seen_by(scene.lind) == set()


def test_a_review_is_written_once(scene, ended):
    review(ended, scene.varga)
    with pytest.raises(NotReviewable):
        review(ended, scene.ash, verdict="not_appropriate")

    assert rows_of(scene.sam)[0].verdict == "appropriate"


def test_a_verdict_is_disputed_once_and_decided_by_a_third(scene, ended):
    third = factories.make_principal(role="clinical supervisor", program=scene.crisis)
    with pytest.raises(NotReviewable):
        answer(ended, scene.lind)  # there is no verdict yet
    review(ended, scene.varga, "not_appropriate")
    with pytest.raises(NothingToTell):
        answer(ended, scene.pat)

    answer(ended, scene.lind)

    with pytest.raises(NotReviewable):
        answer(ended, scene.lind)
    assert awaiting(scene.ash) == [ended]
    with pytest.raises(NotReviewable):
        close(ended, scene.varga)
    with pytest.raises(NothingToTell):
        close(ended, scene.lind)
    with pytest.raises(NotReviewable):
        close(ended, third, verdict="follow_up")
    close(ended, third)
    assert rows_of(scene.sam)[0].final_verdict == "appropriate"
    assert awaiting(scene.ash) == []
    with pytest.raises(NotReviewable):
        close(ended, third, verdict="not_appropriate")


def test_a_follow_up_waits_until_it_is_closed(scene, ended):
    review(ended, scene.varga, "follow_up")
    assert awaiting(scene.varga) == [ended]

    close(ended, scene.varga, "not_appropriate")

    assert awaiting(scene.varga) == []
    assert rows_of(scene.sam)[0].final_verdict == "not_appropriate"


FORBIDDEN = {
    "its reviewer is its user": "reviewer_id = principal_id, reviewed_at = now(), verdict = 'appropriate'",
    "its end is after its end": "ended_at = ends_at + interval '1 second', ended_by_id = principal_id",
    "its words change": "words = 'others'",
    "it is prolonged": "ends_at = ends_at + interval '1 second'",
    "it is somebody else's": "principal_id = principal_id + 1",
    "it is about somebody else": "subject_id = gen_random_uuid()",
    "a verdict without a reviewer": "reviewed_at = now(), verdict = 'appropriate'",
    "a closing without a review": "closed_at = now(), closed_by_id = principal_id + 1, closing_verdict = 'appropriate'",
}


@pytest.mark.parametrize("change", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_task_itself_can_not_write_it(scene, ended, change):
    with pytest.raises((IntegrityError, ProgrammingError)), access.opened("system:emergency", "HCOMPL"):
        with connection.cursor() as cursor:
            cursor.execute(f"update consent_emergencyaccess set {change}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [*FORBIDDEN.values(), "delete"], ids=[*FORBIDDEN, "it is deleted"])
def test_not_even_the_owner_of_the_table_can(database, change):
    scene = emergencies.make_scene()
    open_for(scene.lind, scene.sam, at=NOW() - timedelta(hours=2))
    table = "consent_emergencyaccess"
    with database.login("owner") as owner, owner.transaction(force_rollback=True):
        owner.execute(f"alter table {table} no force row level security")
        assert owner.execute(f"select count(*) from {table}").fetchone() == (1,)
        statement = f"delete from {table}" if change == "delete" else f"update {table} set {change}"
        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)):
            owner.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_what_was_said_later_stays_said(database):
    scene = emergencies.make_scene()
    row = open_for(scene.lind, scene.sam, at=NOW() - timedelta(hours=2)).accesses[0]
    review(row, scene.varga)
    for change in (
        "verdict = 'not_appropriate'",
        "note = ''",
        "reviewed_at = null, reviewer_id = null, verdict = ''",
    ):
        with database.login("owner") as owner, owner.transaction(force_rollback=True):
            owner.execute("alter table consent_emergencyaccess no force row level security")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                owner.execute(f"update consent_emergencyaccess set {change}")


def test_an_overdue_review_raises_one_alarm_that_stays_until_it_is_acknowledged(scene, ended, caplog):
    due = ended.due_at
    for at, raised in ((due - timedelta(microseconds=1), 0), (due, 1), (due + timedelta(days=3), 0)):
        with access.opened("system:emergency", "HCOMPL"):
            assert emergency.alarm_overdue_reviews(at) == raised

    alarm = alarms(kind="EMERGENCY-REVIEW-OVERDUE")[0]
    assert alarm.emergency_id == ended.pk
    lines = [record.getMessage() for record in caplog.records if record.name == "bulkhead.emergency"]
    assert lines == [f"EMERGENCY-REVIEW-OVERDUE alarm {alarm.pk}"]
    with pytest.raises(NothingToTell), access.opened(scene.varga, "HCOMPL"):
        emergency_budget.acknowledge_alarm(alarm.pk, by=scene.varga, at=NOW())
    with access.opened(scene.ash, "HCOMPL"):
        emergency_budget.acknowledge_alarm(alarm.pk, by=scene.ash, at=NOW())
    assert alarms(acknowledged_at__isnull=True) == []


def test_a_review_in_time_raises_none(scene, ended):
    review(ended, scene.varga)

    with access.opened("system:emergency", "HCOMPL"):
        assert emergency.alarm_overdue_reviews(ended.due_at + timedelta(days=9)) == 0


def test_beyond_the_budget_it_opens_all_the_same_and_an_alarm_is_raised(scene):
    others = [make_subject(scene.crisis) for _ in range(emergency_budget.PERSON_A_WEEK + 1)]
    hours = range(len(others), 0, -1)
    for subject, ago in zip(others, hours, strict=True):
        assert not alarms(kind="EMERGENCY-RATE-PERSON")
        at = NOW() - timedelta(hours=2 * ago)
        assert open_for(scene.lind, subject, at=at).outcome == "opened"

    alarm = alarms(kind="EMERGENCY-RATE-PERSON")[0]
    assert (alarm.principal, alarm.count) == (scene.lind, emergency_budget.PERSON_A_WEEK + 1)
    assert open_for(scene.lind, scene.robin).outcome == "opened"
    assert len(alarms(kind="EMERGENCY-RATE-PERSON")) == 1, "the same one, while nobody has seen it"
    with access.opened(scene.ash, "HCOMPL"):
        emergency_budget.acknowledge_alarm(alarm.pk, by=scene.ash, at=NOW())
    assert open_for(scene.lind, scene.sam).outcome == "opened"
    assert len(alarms(kind="EMERGENCY-RATE-PERSON")) == 2


def test_what_is_older_than_a_week_costs_nothing(scene):
    for number in range(emergency_budget.PERSON_A_WEEK):
        at = NOW() - timedelta(days=7, minutes=number)
        open_for(scene.lind, make_subject(scene.crisis), at=at)

    open_for(scene.lind, scene.sam)

    assert not alarms()


def test_the_staff_of_one_program_have_a_budget_together(scene):
    for _person in range(emergency_budget.PROGRAM_A_WEEK // 3 + 1):
        worker = factories.make_principal(role="social worker", program=scene.crisis)
        for number in range(3):
            at = NOW() - timedelta(hours=2 + 2 * number)
            open_for(worker, make_subject(scene.crisis), at=at)

    assert [alarm.program for alarm in alarms(kind="EMERGENCY-RATE-TEAM")] == [scene.crisis]
    assert not alarms(kind="EMERGENCY-RATE-PERSON")


def test_a_walk_from_name_to_name_is_stopped_and_told(scene):
    for _ in range(emergency_budget.NOTHING_AN_HOUR):
        assert open_for(scene.lind).outcome == "nothing"

    assert open_for(scene.lind, scene.sam).outcome == "stopped"
    assert seen_by(scene.lind) == set()
    assert [alarm.principal for alarm in alarms(kind="EMERGENCY-STOPPED")] == [scene.lind]
    assert open_for(scene.pat, make_subject(scene.overdose)).outcome == "opened", "others go on"
    assert open_for(scene.lind, scene.sam, at=NOW() + timedelta(minutes=60)).outcome == "opened"


def test_nobody_stands_beside_seven_people_at_once(scene):
    for _ in range(emergency_budget.RUNNING_AT_ONCE):
        assert open_for(scene.lind, make_subject(scene.crisis)).outcome == "opened"

    assert open_for(scene.lind, scene.sam).outcome == "stopped"


def test_nobody_acknowledges_an_alarm_about_themselves(scene):
    factories.make_membership(scene.ash, role="social worker", program=scene.crisis)
    for number in range(emergency_budget.PERSON_A_WEEK + 1):
        open_for(scene.ash, make_subject(scene.crisis), at=NOW() - timedelta(hours=9 - 2 * number))
    alarm = alarms(kind="EMERGENCY-RATE-PERSON")[0]

    with pytest.raises(NothingToTell), access.opened(scene.ash, "HCOMPL"):
        emergency_budget.acknowledge_alarm(alarm.pk, by=scene.ash, at=NOW())
    alarm.acknowledged_by, alarm.acknowledged_at = scene.ash, NOW()
    with pytest.raises(IntegrityError), access.opened(scene.ash, "HCOMPL"):
        alarm.save(update_fields=["acknowledged_by", "acknowledged_at"])


@pytest.mark.parametrize("who", ["lind", "varga", "pat"])
def test_only_a_privacy_officer_sees_attempts_and_alarms(scene, who):
    for _ in range(emergency_budget.NOTHING_AN_HOUR + 1):
        open_for(scene.lind)
    for principal, is_there in ((getattr(scene, who), False), (scene.ash, True)):
        with access.opened(principal, "HCOMPL"):
            assert EmergencyAlarm.objects.exists() is is_there
            assert EmergencyAttempt.objects.exists() is is_there


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-11-24 02:10", "2026-11-25 17:00"),  # a Tuesday night
        ("2026-11-25 12:00", "2026-11-27 17:00"),  # the day before Thanksgiving
        ("2026-11-27 23:59", "2026-11-30 17:00"),  # a Friday
        ("2026-11-28 00:00", "2026-11-30 17:00"),
        ("2026-11-30 00:00", "2026-12-01 17:00"),  # a Monday, from its first instant
        ("2026-10-30 12:00", "2026-11-02 17:00"),  # over the change of the clocks: 17:00 all the same
        ("2026-12-31 20:00", "2027-01-04 17:00"),  # New Year's Day is a Friday
    ],
)
def test_a_review_is_due_at_five_on_the_next_business_day(opened, due):
    Holiday.objects.bulk_create(
        Holiday(on=date.fromisoformat(day), name="closed") for day in ("2026-11-26", "2027-01-01")
    )

    found = review_due(make_aware(datetime.fromisoformat(opened)))

    assert found == make_aware(datetime.fromisoformat(due))
    assert found.tzinfo == UTC


def test_holidays_without_end_are_refused_rather_than_looked_through():
    start = date(2026, 11, 2)
    Holiday.objects.bulk_create(Holiday(on=start + timedelta(days=n), name="closed") for n in range(30))

    with pytest.raises(ValueError, match="holidays"):
        review_due(make_aware(datetime.combine(start, time(9))))
