"""Forms made of a definition's questions, and the few that every episode has."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from clinical.episodes.definitions import (
    CLOSING,
    ELIGIBILITY,
    INTAKE,
    Definition,
    Question,
    RecordKind,
    Stage,
)
from clinical.episodes.persons import NOT_ASKED, SAID, STATES, TRAITS, Trait
from consent.texts import LineField, ProseField

LINE, PROSE = 300, 5000  # characters
CHIPS = {"class": "options--chips"}
FEW = 6  # so many choices stand as buttons; more are a list


class AnswersForm(forms.Form):
    """The questions of a kind of record, or of several at once."""

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = tuple(questions)
        for question in self.questions:
            self.fields[question.id] = _field(question)

    def answers(self, kind: RecordKind | None) -> dict[str, Any]:
        """What was answered to the questions of ``kind``, without those left open."""
        asked = kind.questions if kind else ()
        said = ((each.id, _kept(self.cleaned_data.get(each.id))) for each in asked)
        return {name: value for name, value in said if value not in (None, "", [])}


class RecordForm(AnswersForm):
    """A record: when it happened, and the kind's questions."""

    happened_at = forms.DateTimeField(
        label="When",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Say when it was."},
    )

    def clean_happened_at(self) -> datetime:
        """Nothing is recorded before it happens."""
        when: datetime = self.cleaned_data["happened_at"]
        if when > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError("This has not happened yet.")
        return when


class OpeningForm(AnswersForm):
    """Taking somebody in: where they came from, whether the program is for them, what intake asks."""

    source = forms.ChoiceField(label="How the person came to us", widget=forms.RadioSelect(attrs=CHIPS))
    why_anyway = LineField(
        label="Take in all the same, because",
        required=False,
        max_length=LINE,
        help_text="Only if an answer above speaks against it",
    )

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        kinds = [kind for id in (ELIGIBILITY, INTAKE) if (kind := definition.record(id)) is not None]
        super().__init__(*args, questions=[q for kind in kinds for q in kind.questions], **kwargs)
        self.definition = definition
        self.fields["source"].choices = list(definition.sources.items())
        eligibility = [q.id for q in kinds[0].questions]
        intake = [q.id for q in kinds[1].questions]
        self.order_fields(["source", *eligibility, "why_anyway", *intake])

    def clean(self) -> dict[str, Any]:
        """Somebody whom the program is not for is taken in for a reason or not at all."""
        cleaned = super().clean() or {}
        unmet = self.definition.unmet(cleaned)
        if unmet and not cleaned.get("why_anyway"):
            named = "; ".join(each.label for each in unmet)
            self.add_error(
                "why_anyway", f"This speaks against it: {named} Say why all the same, or don't take in."
            )
        return cleaned


class MoveForm(forms.Form):
    """To which stage, and a word about why."""

    to = forms.ChoiceField(
        label="Next stage", widget=forms.RadioSelect, error_messages={"required": "Choose a stage."}
    )
    why = LineField(label="Why", required=False, max_length=LINE)

    def __init__(self, *args: Any, stages: Iterable[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(each.id, each.words) for each in stages]


class CloseForm(AnswersForm):
    """Why it ends, and the closing questions."""

    reason = forms.ChoiceField(
        label="Why it ends", widget=forms.RadioSelect, error_messages={"required": "Choose why it ends."}
    )

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        kind = definition.record(CLOSING)
        super().__init__(*args, questions=kind.questions if kind else (), **kwargs)
        self.fields["reason"].choices = list(definition.reasons.items())


class ReopenForm(forms.Form):
    """Closing is taken back for a reason."""

    why = LineField(
        label="Why it goes on", max_length=LINE, error_messages={"required": "Say why it goes on."}
    )


class DemographicsForm(forms.Form):
    """Each trait: was it asked, what was said, in which categories the person puts it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for trait in TRAITS:
            for part, field in _trait_fields(trait).items():
                self.fields[f"{trait.name}_{part}"] = field

    @property
    def traits(self) -> list[dict[str, Any]]:
        """For the template: each trait with its three fields."""
        return [
            {"trait": trait, **{part: self[f"{trait.name}_{part}"] for part in ("state", "words", "chosen")}}
            for trait in TRAITS
        ]

    def clean(self) -> dict[str, Any]:
        """What somebody said says something; and what was declined or not asked says nothing."""
        cleaned = super().clean() or {}
        for trait in TRAITS:
            state = cleaned.get(f"{trait.name}_state")
            told = cleaned.get(f"{trait.name}_words") or cleaned.get(f"{trait.name}_chosen")
            if state == SAID and not told:
                self.add_error(
                    f"{trait.name}_words", f"{trait.label}: write what the person said, or tick it."
                )
            elif state != SAID and told:
                self.add_error(
                    f"{trait.name}_state",
                    f"{trait.label}: an answer is written here. Choose “The person said”, or take it out.",
                )
        return cleaned

    def answers(self) -> dict[str, dict[str, Any]]:
        """By trait, as `Demographics` keeps them."""
        found: dict[str, dict[str, Any]] = {}
        for trait in TRAITS:
            state = self.cleaned_data[f"{trait.name}_state"]
            found[trait.name] = {} if state == NOT_ASKED else {"state": state}
            if state == SAID:
                found[trait.name] |= {
                    "words": self.cleaned_data[f"{trait.name}_words"],
                    "chosen": self.cleaned_data[f"{trait.name}_chosen"],
                }
        return found

    @staticmethod
    def initial_of(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """What the form begins with."""
        found: dict[str, Any] = {}
        for name, answer in answers.items():
            found[f"{name}_state"] = answer.get("state", NOT_ASKED)
            found[f"{name}_words"] = answer.get("words", "")
            found[f"{name}_chosen"] = answer.get("chosen", [])
        return found


def _trait_fields(trait: Trait) -> dict[str, forms.Field]:
    return {
        "state": forms.ChoiceField(
            label=f"{trait.label}: asked?",
            choices=STATES,
            initial=NOT_ASKED,
            widget=forms.RadioSelect(attrs=CHIPS),
        ),
        "words": LineField(label=trait.words, required=False, max_length=LINE),
        "chosen": forms.MultipleChoiceField(
            label=f"{trait.label}: the person chooses",
            required=False,
            choices=list(trait.choices.items()),
            widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
        ),
    }


def _field(question: Question) -> forms.Field:
    """The form's field for a question."""
    said = {"label": question.label, "help_text": question.help, "required": question.required}
    missing = {"error_messages": {"required": f"{question.label}: an answer is needed."}}
    match question.kind:
        case "line":
            return LineField(max_length=LINE, **said, **missing)
        case "prose":
            return ProseField(max_length=PROSE, widget=forms.Textarea(attrs={"rows": 4}), **said, **missing)
        case "choices":
            return forms.MultipleChoiceField(
                choices=list(question.choices.items()),
                widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
                **said,
                **missing,
            )
        case "choice" | "yes_no_unknown":
            return _one_of(question, said | missing)
        case "date":
            return forms.DateField(
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **said, **missing
            )
        case "moment":
            return forms.DateTimeField(
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
                **said,
                **missing,
            )
        case "number":
            return forms.IntegerField(min_value=0, max_value=question.most, **said, **missing)
    raise LookupError(question.kind)


def _one_of(question: Question, said: dict[str, Any]) -> forms.Field:
    choices = list(question.choices.items())
    if len(choices) <= FEW:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect(attrs=CHIPS), **said)
    return forms.ChoiceField(choices=[("", "Choose"), *choices], **said)


def _kept(value: Any) -> Any:
    """The answer as JSON holds it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat() if isinstance(value, date) else value
