"""Whom, what happened, why nobody can be asked, who treats, and why it must be now; and the review's words."""

from typing import Any

from django import forms
from django.utils import timezone

from clinical.emergency.finding import Sought
from consent.models import EmergencyAccess
from consent.services.emergency import WORDS_AT_LEAST
from consent.services.emergency_use import Said, Treats
from consent.texts import LineField, ProseField

MOST_WORDS = 1000


class EmergencyForm(forms.Form):
    """One page and one answer: whom and why are told together, so that a name alone tells nothing."""

    given_name = LineField(label="Given name", max_length=100)
    family_name = LineField(label="Family name", max_length=100)
    born_on = forms.DateField(
        label="Born on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    phone = LineField(label="Or their phone", required=False, max_length=40)
    nature = forms.ChoiceField(
        label="What has happened?", choices=EmergencyAccess.Nature.choices, widget=forms.RadioSelect
    )
    without_consent = forms.ChoiceField(
        label="Why can't they consent?",
        choices=EmergencyAccess.WithoutConsent.choices,
        widget=forms.RadioSelect,
    )
    treats = forms.ChoiceField(
        label="Who treats them now?", choices=EmergencyAccess.Treats.choices, widget=forms.RadioSelect
    )
    told_name = LineField(label="Name of whom you tell", required=False, max_length=150)
    told_facility = LineField(label="Where they work", required=False, max_length=150)
    needs_restricted = forms.BooleanField(
        label="Treating them now needs even what they may have asked us to keep back", required=False
    )
    words = ProseField(
        label="What do you need to know, and why now?",
        min_length=WORDS_AT_LEAST,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False  # the server says what is missing, all of it at once

    def show_as_required(self) -> None:
        """One of two, or where medics are told: what `clean` asks for is not shown as optional."""
        for name in ("born_on", "phone", "told_name", "told_facility"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        """Enough to tell one person from a namesake, and the names that 42 CFR 2.51(c) asks for."""
        cleaned = super().clean() or {}
        self.sought = Sought(
            given_name=cleaned.get("given_name", ""),
            family_name=cleaned.get("family_name", ""),
            born_on=cleaned.get("born_on"),
            phone=cleaned.get("phone", ""),
        )
        named = {"given_name", "family_name"} <= set(cleaned)
        if named and not self.sought.is_enough and not self.errors.get("born_on"):
            self.add_error("born_on", "Give the birth date, or the whole phone number.")
        if (born := cleaned.get("born_on")) and born > timezone.localdate():
            self.add_error("born_on", "This date has not come yet.")
        if cleaned.get("treats") == Treats.MEDICS:
            for name in ("told_name", "told_facility"):
                if not cleaned.get(name):
                    self.add_error(name, "The law asks whom you tell, and where they work.")
        return cleaned

    def said(self) -> Said:
        """What was said of the emergency."""
        names = Said.__dataclass_fields__
        return Said(**{name: self.cleaned_data[name] for name in names})


class ReviewForm(forms.Form):
    """A verdict and its reasons."""

    verdict = forms.ChoiceField(
        label="What did you find?", choices=EmergencyAccess.Verdict.choices, widget=forms.RadioSelect
    )
    note = ProseField(
        label="Why",
        min_length=WORDS_AT_LEAST,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, closes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if closes:  # a follow-up, or a dispute, comes to an end
            self.fields["verdict"].choices = EmergencyAccess.Verdict.choices[:2]


class AnswerForm(forms.Form):
    """What somebody says to a verdict about them."""

    words = ProseField(label="Your answer", min_length=WORDS_AT_LEAST, max_length=MOST_WORDS)
