"""The questions, the route, and what a call turned out to be."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.texts import PlainField
from policecore import wording
from policecore.models import Incident, Kind
from policecore.triage.routing import Suggestion, suggest
from policecore.triage.words import QUESTIONS, Answer, Route

CHIPS = {"class": "options--chips"}


class WordsAsked(forms.Form):
    """A form with a reason, which stays on the police side: clinical words in it are asked about once."""

    words_confirmed = forms.BooleanField(label=_("Keep these words"), required=False)
    clinical: list[str] = []

    def clean(self) -> dict[str, Any]:
        """Ask about clinical words."""
        said = super().clean() or {}
        self.clinical = wording.clinical_words(said.get("reason", ""))
        if self.clinical and not said.get("words_confirmed"):
            self.add_error(
                "reason",
                _("Clinical words: %(words)s. Write what was seen or said instead, or tick that they stay.")
                % {"words": ", ".join(self.clinical)},
            )
        return said


class TriageForm(WordsAsked):
    """The questions; with their answers a route, and a reason where it is another than the suggested one."""

    route = forms.ChoiceField(choices=Route.choices, required=False)
    reason = PlainField(label=_("Why another route"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=question, choices=Answer.choices, widget=forms.RadioSelect(attrs=CHIPS),
                error_messages={"required": _("Choose yes, no or not known.")},
            )  # fmt: skip

    @property
    def questions(self) -> list[Any]:
        """The fields of the questions, in their order."""
        return [self[name] for name in QUESTIONS]

    @property
    def answers(self) -> dict[str, str]:
        """The answers, of a form that was looked through."""
        return {name: self.cleaned_data[name] for name in QUESTIONS}

    @property
    def suggestion(self) -> Suggestion | None:
        """What the answers suggest; nothing while one is missing."""
        given = getattr(self, "cleaned_data", {})
        return suggest(self.answers) if given.keys() >= QUESTIONS.keys() else None

    def clean(self) -> dict[str, Any]:
        """Another route than the suggested one needs a reason."""
        said = super().clean()
        suggestion = self.suggestion
        if suggestion and said.get("route") and said["route"] != suggestion.route and not said.get("reason"):
            self.add_error("reason", _("Say why it goes another way than suggested."))
        return said


class ReclassifyForm(WordsAsked):
    """What the call turned out to be."""

    kind = forms.ChoiceField(
        label=_("What it turned out to be"), choices=Kind.choices, widget=forms.RadioSelect(attrs=CHIPS),
        error_messages={"required": _("Choose what the call turned out to be.")},
    )  # fmt: skip
    reason = PlainField(
        label=_("How you know"), max_length=300, error_messages={"required": _("Say how you know.")}
    )

    field_order = ("kind", "reason", "words_confirmed")

    @classmethod
    def of(cls, incident: Incident) -> "ReclassifyForm":
        """The form with what counts now."""
        return cls(initial={"kind": incident.reclassified_as or incident.kind})


class PeriodForm(forms.Form):
    """Over how many days."""

    days = forms.TypedChoiceField(
        label=_("Period"), coerce=int, required=False, empty_value=30,
        choices=[(30, _("The last 30 days")), (90, _("The last 90 days")), (365, _("The last year"))],
    )  # fmt: skip

    @property
    def wanted(self) -> int:
        """The days asked for; nonsense is 30."""
        return int(self.cleaned_data["days"]) if self.is_valid() else 30
