"""The forms of contacts and households."""

from typing import Any

from django import forms

from clinical.contacts.models import Contact, Household
from clinical.plans.forms import CHIPS, InProgram
from consent.texts import LineField


class ContactForm(InProgram):
    """Somebody around the client."""

    name = LineField(label="Name", max_length=150, error_messages={"required": "Write a name."})
    relation = forms.ChoiceField(label="They are", choices=[("", "Choose"), *Contact.Relation.choices])
    phone = LineField(label="Phone", required=False, max_length=40)
    address = LineField(label="Address", required=False, max_length=300)
    contact_rule = LineField(
        label="How to contact safely", required=False, max_length=300,
        help_text="For example: mornings only, never leave a message",
    )  # fmt: skip
    may_know = forms.ChoiceField(
        label="What may be said to them", widget=forms.RadioSelect, choices=Contact.MayKnow.choices,
        initial=Contact.MayKnow.NOTHING,
    )  # fmt: skip
    is_for_emergencies = forms.BooleanField(label="Call them in an emergency", required=False)
    is_danger = forms.BooleanField(
        label="Danger: never contact, never tell", required=False,
        help_text="They stand on top of the list in red, so that nobody calls them by mistake",
    )  # fmt: skip
    lives_with_them = forms.BooleanField(label="Lives in the household", required=False)
    is_minor = forms.BooleanField(label="Under 18", required=False)

    def clean(self) -> dict[str, Any]:
        """Who is a danger is told nothing and called never."""
        cleaned = super().clean() or {}
        if cleaned.get("is_danger"):
            if cleaned.get("may_know") not in (None, Contact.MayKnow.NOTHING):
                self.add_error("may_know", "Nothing may be said to somebody who is a danger.")
            if cleaned.get("is_for_emergencies"):
                self.add_error("is_for_emergencies", "Somebody who is a danger is not called.")
        return cleaned


class HouseholdForm(InProgram):
    """With whom they live."""

    kind = forms.ChoiceField(
        label="They live", widget=forms.RadioSelect, choices=Household.Kind.choices,
        error_messages={"required": "Choose with whom they live."},
    )  # fmt: skip
    head = forms.ChoiceField(
        label="Head of household", widget=forms.RadioSelect(attrs=CHIPS), choices=Household.Head.choices,
        initial=Household.Head.CLIENT,
    )  # fmt: skip
    remark = LineField(label="Remark", required=False, max_length=500)
