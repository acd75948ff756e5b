"""How the synthetic responses went, the hours that programs cover, and a program that is no more."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from clinical.responses.models import Coverage, ResponseModel
from clinical.responses.words import NOBODY, CalledBy, Force, Injury, Order, Police, Role, Unit
from clinical.units.models import Zone
from config.city.plans import Contact
from config.city.programs import ENDED
from config.founding import tables
from consent.models import Program

# program -> how it is answered there; the first is the usual one
MODELS: Mapping[str, tuple[str, ...]] = {
    "CO-RESPONSE": ("embedded", "embedded", "sequential", "crisis-team", "virtual"),
    "PINS": ("no-police",),
    "LEAD": ("on-call", "no-police"),
    "POST": ("peer", "peer-medic"),
    "TSAP": ("no-police",),
    "ROOTS": ("no-police", "peer"),
}
# program, model, zones (all if none), weekdays, from, until, begun and ended so many days ago
HOURS = (
    ("CO-RESPONSE", "embedded", ("ZONE2", "DOWNTOWN"), (1, 2, 3, 4, 5, 6, 7), time(7), time(23), 400, None),
    ("CO-RESPONSE", "crisis-team", (), (5, 6), time(19), time(3), 200, None),
    ("CO-RESPONSE", "sequential", (), (1, 2, 3, 4, 5), time(9), time(17), 800, 200),
    ("PINS", "no-police", (), (1, 2, 3, 4, 5), time(9), time(18), 700, None),
    ("POST", "peer", (), (1, 2, 3, 4, 5, 6), time(10), time(20), 700, None),
    ("ROOTS", "no-police", ("DOWNTOWN",), (1, 2, 3, 4, 5, 6, 7), time(6), time(22), 500, None),
)


def changes(at: datetime) -> tuple[tables.Changed, ...]:
    """What became of programs: one was renamed, one ended and its records are kept under seal."""
    today = at.date()
    return (
        tables.Changed(
            program="PINS", kind="renamed", on=today - timedelta(days=420), name_before="High utilizers",
            name_after="PINS: frequent callers and people at risk", decided_by="City Council",
        ),
        tables.Changed(
            program=ENDED, kind="ended", on=today - timedelta(days=150), decided_by="City Council",
            reason="The grant ran out", custodian="Privacy officer of the Office",
            kept_under="28 Pa. Code 709.33", kept_until=_years_later(today, 7),
        ),
    )  # fmt: skip


def _years_later(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


def write_hours(at: datetime) -> None:
    """When and where each program answers, and by which model; once."""
    if Coverage.objects.exists():
        return
    programs = {each.slug: each for each in Program.objects.all()}
    models = {each.slug: each for each in ResponseModel.objects.all()}
    today = at.date()
    for program, model, zones, weekdays, begin, end, began, ended in HOURS:
        made = Coverage.objects.create(
            program=programs[program], model=models[model], weekdays=list(weekdays), from_time=begin,
            until_time=end, begins_on=today - timedelta(days=began),
            ends_on=None if ended is None else today - timedelta(days=ended),
        )  # fmt: skip
        made.zones.set(Zone.objects.filter(slug__in=zones) if zones else Zone.objects.all())


def told_of(contact: Contact, program: str, models: Mapping[str, ResponseModel]) -> dict[str, Any]:
    """How the response to ``contact`` went, drawn from its id; a part of it is left out, as at night."""
    rng = Random(f"scene {contact.id}")
    wanted = [slug for slug in MODELS.get(program, ()) if contact.police in models[slug].police]
    if not wanted or rng.random() < 0.15:
        return {}
    model = models[rng.choice(wanted)]
    order = rng.choice(model.order)
    before = rng.sample([Unit.POLICE, Unit.EMS, Unit.FIRE], rng.randrange(1, 3)) if order in (
        Order.AFTER, Order.SECURED,
    ) else []  # fmt: skip
    with_police = contact.police == Police.PRESENT
    leader = rng.choice([Role.CLINICIAN, Role.CLINICIAN, Role.OFFICER]) if with_police else Role.CLINICIAN
    disagreed = with_police and rng.random() < 0.08
    used_force = with_police and rng.random() < 0.03
    return {
        "response_model": model,
        "called_by": rng.choice(model.called_by or [CalledBy.DISPATCH]),
        "responders": list(model.roles),
        "arrival_order": order,
        "units_before": [str(each) for each in before],
        "units_before_count": len(before) + rng.choice((0, 0, 1)) if before else 0,
        "spoke_first": rng.choice(model.roles),
        "led": leader,
        "officer_stepped_back": rng.random() < 0.7 if with_police else None,
        "reporter_warning_given": rng.random() < 0.8,
        "disagreed": disagreed if with_police else None,
        "decided_by": leader if disagreed else "",
        "backup_called_by": NOBODY[0] if not with_police else "",
        "officer_released_at": contact.opened_at + timedelta(minutes=12) if with_police else None,
        "force": Force.HANDS if used_force else Force.NONE,
        "force_by": Role.OFFICER if used_force else "",
        "injury": rng.choice([Injury.NONE, Injury.NONE, Injury.NONE, Injury.BEFORE]),
        "supplies": {"naloxone": rng.randrange(1, 3)} if program == "POST" and rng.random() < 0.6 else {},
    }
