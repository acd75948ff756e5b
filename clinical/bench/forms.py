"""The question as a form: the choices that every question has, and the forms on the table."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from clinical.bench import words
from clinical.bench.answer_words import ELEMENT_KEYS
from clinical.bench.selectors import ELSEWHERE, Determined, Sources
from clinical.bench.words import ASPECTS, STATUSES
from consent.engine.forms import KEYS
from consent.texts import LineField, ProseField

EARLIEST, LATEST = date(1970, 1, 1), date(2100, 1, 1)  # beyond, days can't be counted onward
CHOOSE = ("", "Choose one")
AS_DETERMINED = "determined"  # a status that the question leaves as counsel signed it
WORLDS = (
    ("product", "As the product decides: what isn't shown is no recorded no"),
    ("closed", "As the command line decides: what isn't shown is false"),
)
SEGMENTS = [(code, code) for code in (*words.CARE_SEGMENTS, *words.POLICE_SEGMENTS)]
MOST_SHEETS = 8


def a_day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day within what can be reckoned with."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )


def several(label: str, choices: Iterable[Any], *, required: bool = False) -> forms.MultipleChoiceField:
    """Any number of many."""
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=required, widget=forms.CheckboxSelectMultiple
    )


def one(
    label: str, choices: Iterable[Any], *, required: bool = True, help_text: str = ""
) -> forms.ChoiceField:
    """One of many."""
    return forms.ChoiceField(label=label, choices=list(choices), required=required, help_text=help_text)


class QuestionForm(forms.Form):
    """Whose record, who acts, who asks, what for, what is asked for, when."""

    program = one("Program whose record is asked for", [])
    p2_status = one(ASPECTS["p2_status"], [])
    hipaa_legal = one(ASPECTS["hipaa_legal"], [])
    mhpa_facility = one(ASPECTS["mhpa_facility"], [])
    vs_regime = one(ASPECTS["vs_regime"], [])
    hmis_cho = one(ASPECTS["hmis_cho"], [])
    actor_role = one("Who acts", [CHOOSE, *words.with_code(words.ROLES)])
    employer_class = one("Employed by", [("", "Not said"), *words.with_code(words.EMPLOYERS)], required=False)
    recipient_type = one("Who asks for it", [CHOOSE, *words.with_code(words.RECIPIENTS)])
    purpose = one("What for", [CHOOSE, *words.grouped(words.PURPOSES)])
    process = one("Legal process", [(code, text) for code, text in words.PROCESSES.items()])
    date = a_day("On")
    time = forms.TimeField(
        label="At",
        required=False,
        help_text="Noon if nothing is said",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    segments = several("What is asked for", SEGMENTS, required=True)
    world = forms.ChoiceField(
        label="Which facts count as a no", choices=WORLDS, initial="product", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, sources: Sources, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [(slug, f"{row.name} ({slug})") for slug, row in sources.items() if row]
        elsewhere = [(slug, slug) for slug, row in sources.items() if row is None]
        self.fields["program"].choices = [CHOOSE, *here, (ELSEWHERE, elsewhere)]
        for aspect in ASPECTS:
            self._choices_of(aspect, "As determined")
            self.fields[aspect].initial = AS_DETERMINED
        self.use_required_attribute = False  # the server says what is missing, beside each field
        self.fields["segments"].error_messages["required"] = "Choose at least one segment."
        self.fields["world"].error_messages["required"] = "Choose which facts count as a no."

    def _choices_of(self, aspect: str, unchanged: str) -> None:
        self.fields[aspect].choices = [(AS_DETERMINED, unchanged), *STATUSES[aspect].items()]

    def show_determined(self, determined: Determined) -> None:
        """Say beside each status what counsel determined."""
        for aspect in ASPECTS:
            self._choices_of(aspect, f"As determined: {determined.word(aspect)}")

    def asks_the_police(self) -> bool:
        """Is any of the police's segments asked for?"""
        return not set(words.POLICE_SEGMENTS).isdisjoint(self["segments"].value() or ())

    def aspects(self) -> list[forms.BoundField]:
        """The five statuses."""
        return [self[aspect] for aspect in ASPECTS]


class SheetForm(forms.Form):
    """One form on the table. What stands on it is ticked as missing where it does not."""

    form = forms.ChoiceField(label="Form", choices=list(words.FORMS.items()), widget=forms.HiddenInput)
    signed = a_day("Signed on")
    ends = one(
        "Ends",
        [("date", "On a date"), ("none", "It names no end"), *words.END_EVENTS.items()],
    )
    ends_on = a_day("Ends on", required=False)
    revoked_on = a_day("Taken back on", required=False)
    revoked_how = one("How it was taken back", [("", "Not said"), *words.WAYS.items()], required=False)
    signer = one("Signed by", words.SIGNERS.items())
    revocable = one(
        "Can be taken back",
        [("", "Not said"), ("date", "From a date"), *words.END_EVENTS.items()],
        required=False,
    )
    revocable_on = a_day("Can be taken back from", required=False)
    conditioned = forms.BooleanField(label="Services were made to depend on it", required=False)
    recipients = several("Recipients on it", words.with_code(words.RECIPIENTS))
    segments = several("Segments on it", SEGMENTS)
    purposes = several("Purposes on it", words.with_code(words.flat(words.PURPOSES)))
    missing = several("Missing on it", [])
    combined_with = several("On the same sheet", words.with_code(words.FORMS))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.kind = str(self["form"].value() or "")
        keys = keys_of(self.kind)
        self.fields["missing"].choices = [(key, f"{ELEMENT_KEYS[key]} ({key})") for key in keys]
        if self.kind != "P2-CJ35":
            del self.fields["revocable"], self.fields["revocable_on"]

    @property
    def name(self) -> str:
        """The form in words."""
        return words.FORMS.get(self.kind, self.kind)

    def clean(self) -> dict[str, Any]:
        """A date that was announced must be there, and only then."""
        said = super().clean() or {}
        for choice, day, told in (("ends", "ends_on", "Say on which date it ends."),
                                  ("revocable", "revocable_on", "Say from which date.")):  # fmt: skip
            if said.get(choice) == "date" and not said.get(day) and day not in self.errors:
                self.add_error(day, told)
        if said.get("revoked_how") and not said.get("revoked_on") and "revoked_on" not in self.errors:
            self.add_error("revoked_on", "Say when it was taken back.")
        return said

    def lists(self) -> list[tuple[forms.BoundField, list[str], list[str]]]:
        """What names several things, each with what is chosen of it, in codes and in words."""
        found = []
        for name, text in (
            ("recipients", words.RECIPIENTS), ("segments", {}), ("purposes", words.flat(words.PURPOSES)),
            ("missing", ELEMENT_KEYS), ("combined_with", words.FORMS),
        ):  # fmt: skip
            chosen = [str(each) for each in self[name].value() or []]
            found.append((self[name], chosen, words.named(text, chosen)))
        return found


def keys_of(kind: str) -> list[str]:
    """The keys that may be missing on such a form: its own, and those of the HIPAA leg that it may serve as."""
    own = {key.split(".")[0] for key in KEYS.get(kind, ())}
    families = own | {"h"} if own else own
    return [key for key in ELEMENT_KEYS if key.split(".")[0] in families]


class SaveForm(forms.Form):
    """A name for the question, and a note: the only free text at the bench."""

    name = LineField(label="Name", max_length=120, help_text="Nothing about a client: no name, no story.")
    note = ProseField(
        label="Note", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What it shows, or why it was asked. Nothing about a client.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["name"].error_messages["required"] = "Give it a name."
        for field in self.fields.values():  # they stand in the answer and belong to the question's form
            field.widget.attrs["form"] = "question"
            field.widget.attrs["autocomplete"] = "off"


class AddForm(forms.Form):
    """Which form comes on the table next."""

    use_required_attribute = False
    add = one("Put a form on the table", [CHOOSE, *words.FORMS.items()])


def as_it_stands(
    data: Mapping[str, Any], fields: Mapping[str, forms.Field], prefix: str = ""
) -> dict[str, Any]:
    """What was typed, unjudged: for a page that comes back before it was asked anything."""
    names = {name: f"{prefix}-{name}" if prefix else name for name in fields}
    return {
        name: fields[name].widget.value_from_datadict(data, {}, html)  # type: ignore[arg-type]
        for name, html in names.items()
    }
