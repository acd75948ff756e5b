"""The form of who somebody is."""

from typing import Any

from django import forms
from django.utils import timezone

from clinical.clients.models import Client
from consent.texts import LineField


class ClientForm(forms.ModelForm):
    """What is known of a person."""

    died_on = forms.DateField(
        label="Died on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = Client
        fields = ["given_name", "family_name", "described_as", "born_on", "phone", "contact_rule"]
        field_classes = dict.fromkeys(
            ("given_name", "family_name", "described_as", "phone", "contact_rule"), LineField
        )
        labels = {
            "given_name": "Given name",
            "family_name": "Family name",
            "described_as": "Described as",
            "born_on": "Born on",
            "phone": "Phone",
            "contact_rule": "How to contact safely",
        }
        help_texts = {
            "described_as": "Until the name is known",
            "contact_rule": "For example: text only, never leave a message",
        }
        widgets = {"born_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean(self) -> dict[str, Any]:
        """Somebody is called something, and is born already."""
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("given_name", "family_name", "described_as")):
            self.add_error("described_as", "Write a name or a description.")
        if (born := cleaned.get("born_on")) and born > timezone.localdate():
            self.add_error("born_on", "This date has not come yet.")
        died = cleaned.get("died_on")
        if died and died > timezone.localdate():
            self.add_error("died_on", "This date has not come yet.")
        elif died and born and died < born:
            self.add_error("died_on", "This date lies before the birth.")
        return cleaned
