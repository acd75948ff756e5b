"""Reading screenings for somebody."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from clinical.encounters.models import Encounter
from clinical.instruments.definitions import Instrument, instrument, instruments
from clinical.instruments.models import Screening
from clinical.instruments.running import NoSuchAnswer, Run
from consent.access import NothingToTell
from consent.models import Principal

SCOPED = "compartment__scope__program__unit"
SUICIDE_RISK = "cssrs"
NEWEST = 12  # screenings looked through for the last of each instrument


@dataclass(frozen=True, kw_only=True)
class Line:
    """A question and what was answered, as the page reads it."""

    question: str
    answer: str


def screenings_about(subject_id: UUID) -> QuerySet[Screening]:
    """A client's screenings that the asker may see."""
    return Screening.objects.about(subject_id).select_related(
        "compartment__scope__program", "by", "struck_by"
    )


def screening_seen_by(asker: Principal, screening_id: UUID) -> Screening:
    """The screening, if ``asker`` may see it; otherwise `NothingToTell`."""
    rows = Screening.objects.filter(pk=screening_id)
    found = rows.select_related(SCOPED, "by", "struck_by").first()
    if found is None:
        raise NothingToTell(f"screening `{screening_id}` is not there for `{asker.uid}`")
    return found


def newest_of_each(subject_id: UUID) -> list[Screening]:
    """The last screening that stands, by instrument, of the newest that the asker may see."""
    found: dict[str, Screening] = {}
    for each in screenings_about(subject_id).standing().newest_first()[:NEWEST]:
        found.setdefault(each.instrument, each)
    return list(found.values())


def risk_asked_in(encounter: Encounter) -> Screening | None:
    """The last suicide-risk screener of an encounter that stands, run or skipped, if the asker may see it."""
    rows = Screening.objects.filter(encounter=encounter, instrument=SUICIDE_RISK).standing()
    return rows.select_related("compartment__scope").newest_first().first()


def title_of(screening: Screening) -> str:
    """What the instrument is called; its short name, where the city uses it no more."""
    known = instrument(screening.instrument)
    return known.title if known else screening.instrument


def lines_of(screening: Screening) -> list[Line]:
    """What was asked and answered, in English, as far as the catalogue still knows it."""
    known = instrument(screening.instrument)
    if known is None:
        return [Line(question=name, answer=key) for name, key in screening.answers.items()]
    try:
        run = Run.of(known, screening.answers)
    except NoSuchAnswer:
        return [Line(question=name, answer=key) for name, key in screening.answers.items()]
    return [
        Line(question=question.text["en"], answer=answer.words["en"]) for question, answer in run.answered
    ]


def choices() -> list[Instrument]:
    """The instruments that can be run, the quickest first."""
    return list(instruments().values())
