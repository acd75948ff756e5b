"""All forms of the page together: as posted, as it stands, or laid out from a question that was written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time

from clinical.bench import facts, selectors
from clinical.bench.facts import FactsForm
from clinical.bench.forms import AS_DETERMINED, MOST_SHEETS, AddForm, QuestionForm, SheetForm, as_it_stands
from clinical.bench.selectors import Determined, Sources
from clinical.bench.words import ASPECTS, FORMS
from consent.engine.forms import LOCAL_TIME

NOON = time(12)
NUMBERS = [
    str(number) for number in range(2 * MOST_SHEETS)
]  # some are taken off again, some tried in addition
PROPOSED_DAYS = 90  # how long a form lasts that is put on the table, unless said otherwise


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What can't be read, and where."""

    id: str
    where: str
    what: str


@dataclass(kw_only=True)
class Table:
    """The question under way."""

    sources: Sources
    question: QuestionForm
    facts: FactsForm
    sheets: list[SheetForm] = field(default_factory=list)
    add: AddForm = field(default_factory=AddForm)
    determined: Determined | None = None

    @classmethod
    def blank(cls, program: str = "") -> "Table":
        """An empty question about today."""
        today = timezone.now().astimezone(LOCAL_TIME).date()
        sources = selectors.sources()
        initial = {"date": today, "program": program, "process": "none"}
        return cls(
            sources=sources, question=QuestionForm(initial=initial, sources=sources), facts=FactsForm()
        )._looked_up()

    @classmethod
    def posted(cls, data: Any) -> "Table":
        """The question as it was sent, to be judged."""
        sources = selectors.sources()
        return cls(
            sources=sources,
            question=QuestionForm(data, sources=sources),
            facts=FactsForm(data),
            sheets=[SheetForm(data, prefix=f"sheet-{number}") for number in _numbers(data)],
        )._looked_up()

    @classmethod
    def as_it_stands(cls, data: Any, *, add: str = "", remove: str = "") -> "Table":
        """The question as it was sent, unjudged, with a form more or less on the table."""
        sources = selectors.sources()
        question = QuestionForm(sources=sources)
        question.initial = as_it_stands(data, question.fields)
        said = FactsForm()
        said.initial = as_it_stands(data, said.fields, facts.PREFIX)
        sheets = []
        for number in _numbers(data):
            if number != remove:
                typed = as_it_stands(data, SheetForm.base_fields, f"sheet-{number}")
                sheets.append(SheetForm(initial=typed, prefix=f"sheet-{number}"))
        table = cls(sources=sources, question=question, facts=said, sheets=sheets)
        if add in FORMS and len(sheets) < MOST_SHEETS:
            table._put(add, next(n for n in NUMBERS if n not in _numbers(data)))
        return table._looked_up()

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Table":
        """The forms as they stand for a question that was written down."""
        sources = selectors.sources()
        at = at_of(written["date"])
        found = _determined(written["program"], sources, at)
        fixed = {
            key: _as_choice(value)
            for key, value in {**written["determined"], **written["config"]}.items()
            if key in written["config"] or found is None or found.statuses[key] != value
        }
        initial = {key: written.get(key, "") for key in QuestionForm.base_fields if key not in ASPECTS} | fixed | {
            "date": at.date(),
            "time": at.time() if "T" in written["date"] else None,
            "world": "closed" if written["closed_world"] else "product",
        }  # fmt: skip
        return cls(
            sources=sources,
            question=QuestionForm(initial=initial, sources=sources),
            facts=FactsForm(initial=facts.initial_of(written["facts"])),
            sheets=[
                SheetForm(initial=_sheet_initial(consent), prefix=f"sheet-{number}")
                for number, consent in enumerate(written["consents"])
            ],
        )._looked_up()

    def _put(self, kind: str, number: str) -> None:
        """A form for just what is asked, signed that day."""
        said = self.question.initial
        day = _read(self.question, "date", said.get("date")) or timezone.now().astimezone(LOCAL_TIME).date()
        initial = {
            "form": kind, "signed": day, "signer": "patient", "ends": "date", "ends_on": day + timedelta(days=PROPOSED_DAYS),
            "recipients": [each for each in [said.get("recipient_type")] if each],
            "segments": said.get("segments") or [],
            "purposes": [each for each in [said.get("purpose")] if each],
            "revocable": "final_disposition",
        }  # fmt: skip
        self.sheets.append(SheetForm(initial=initial, prefix=f"sheet-{number}"))

    def _looked_up(self) -> "Table":
        """Say what counsel determined about the program, at the question's instant."""
        slug = str(self.question["program"].value() or "")
        day, hour = (_read(self.question, name, self.question[name].value()) for name in ("date", "time"))
        self.determined = _determined(slug, self.sources, _instant(day, hour))
        if self.determined is not None:
            self.question.show_determined(self.determined)
        return self

    def is_whole(self) -> bool:
        """Can every part be read?"""
        return not any(form.errors for form in (self.question, self.facts, *self.sheets))

    def faults(self) -> Iterator[Fault]:
        """What can't be read, place by place."""
        places: list[tuple[str, Any]] = [("", self.question), ("Facts: ", self.facts)]
        places += [(f"Form {number}: ", sheet) for number, sheet in enumerate(self.sheets)]
        for where, form in places:
            for bound in form:
                for error in bound.errors if form.is_bound else ():
                    yield Fault(
                        id=bound.id_for_label or bound.auto_id, where=f"{where}{bound.label}", what=error
                    )

    def written(self) -> dict[str, Any]:
        """The question as a scenario is written, with the determinations that held."""
        said = self.question.cleaned_data
        found = _determined(said["program"], self.sources, _instant(said["date"], said["time"]))
        if found is None:
            raise LookupError("a program that was chosen from the list is in it")
        shown = self.facts.facts()
        if found.in_privacy_notice:
            shown.setdefault("in_privacy_notice", True)
        plain = {key: said[key] for key in ("actor_role", "employer_class", "recipient_type", "purpose")}
        return {
            "program": said["program"],
            "determined": dict(found.statuses),
            "until": found.until.isoformat() if found.until else None,
            "closed_world": said["world"] == "closed",
            "config": {key: _as_status(key, said[key]) for key in ASPECTS if said[key] != AS_DETERMINED},
            **{key: value for key, value in plain.items() if value},
            "segments": sorted(said["segments"]),
            "process": said["process"],
            "facts": shown,
            "consents": [_sheet_written(sheet.cleaned_data) for sheet in self.sheets],
            "date": said["date"].isoformat() + (f"T{said['time']:%H:%M}" if said["time"] else ""),
        }


def _numbers(data: Any) -> list[str]:
    """The forms on the table by their number in the page."""
    return [number for number in dict.fromkeys(data.getlist("sheet")) if number in NUMBERS]


def _read(form: QuestionForm, name: str, value: Any) -> Any:
    """What was typed into a field, or ``None`` where it can't be read; its error is told elsewhere."""
    try:
        return form.fields[name].clean(value)
    except ValidationError:
        return None


def _instant(day: Any, hour: time | None) -> datetime:
    return datetime.combine(day, hour or NOON, LOCAL_TIME) if day else timezone.now()


def at_of(written: str) -> datetime:
    """The instant that stands in a written question."""
    day, _separator, hour = written.partition("T")
    return _instant(parse_date(day), parse_time(hour) if hour else None)


def _determined(slug: str, sources: Sources, at: datetime) -> Determined | None:
    return selectors.determined(slug, sources[slug], at) if slug in sources else None


def _as_choice(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _as_status(aspect: str, choice: str) -> Any:
    return choice == "yes" if aspect == "hmis_cho" else choice


def _sheet_written(said: Mapping[str, Any]) -> dict[str, Any]:
    """A form on the table as a scenario's consent is written."""

    def end(choice: str, day: str) -> str | None:
        chosen = said.get(choice) or None
        return said[day].isoformat() if chosen == "date" else chosen

    optional = {
        "revoked_on": said["revoked_on"].isoformat() if said["revoked_on"] else None,
        "revoked_how": said["revoked_how"] or None,
        "revocable_on": end("revocable", "revocable_on"),
        "conditioned_on_services": said["conditioned"] or None,
    }
    return {
        "form": said["form"],
        "signed": said["signed"].isoformat(),
        "expires": end("ends", "ends_on"),
        "recipients": sorted(said["recipients"]),
        "segments": sorted(said["segments"]),
        "purposes": sorted(said["purposes"]),
        "elements_missing": sorted(said["missing"]),
        "combined_with": sorted(said["combined_with"]),
        "signer": said["signer"],
    } | {key: value for key, value in optional.items() if value is not None}


def _sheet_initial(consent: Mapping[str, Any]) -> dict[str, Any]:
    """The form's fields for a consent that was written down."""

    def end(text: Any) -> tuple[str, Any]:
        day = parse_date(str(text)) if text and str(text)[:1].isdigit() else None
        return ("date", day) if day else (str(text or ""), None)

    ends, ends_on = end(consent["expires"])
    revocable, revocable_on = end(consent.get("revocable_on"))
    return {key: consent.get(key) for key in ("form", "signed", "recipients", "segments", "purposes", "signer",
                                              "combined_with", "revoked_on", "revoked_how")} | {
        "ends": ends, "ends_on": ends_on, "revocable": revocable, "revocable_on": revocable_on,
        "missing": consent["elements_missing"], "conditioned": consent.get("conditioned_on_services", False),
    }  # fmt: skip
