"""What goes with a referral: ticked and written by the worker, no more than may go."""

from collections.abc import Mapping
from typing import Any

from django import forms

from clinical.clients.models import Client
from clinical.handoffs.selectors import Outlook
from consent.texts import ProseField


def _known(client: Client) -> dict[str, tuple[str, str]]:
    """What is known of the person, by field: its words and its value."""
    found = {
        "name": ("Name", f"{client.given_name} {client.family_name}".strip()),
        "described_as": ("Description", client.described_as if not client.given_name else ""),
        "birth_date": ("Birth date", client.born_on.isoformat() if client.born_on else ""),
        "phone": ("Phone", client.phone),
        "contact_rule": ("How to contact safely", client.contact_rule),
    }
    return {key: pair for key, pair in found.items() if pair[1]}


class ReferralForm(forms.Form):
    """The need, a message, and which facts about the person go along."""

    person = forms.MultipleChoiceField(
        label="About the person", required=False, widget=forms.CheckboxSelectMultiple
    )
    needs = ProseField(
        label="What they need", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    message = ProseField(
        label="Message to the partner", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Only what they must know to help.",
        error_messages={"required": "Write what the partner is asked to do."},
    )  # fmt: skip

    def __init__(self, *args: Any, client: Client, outlook: Outlook, parent: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parent, self.known = parent, _known(client)
        if "DEM" in outlook.may_go and self.known:
            self.fields["person"].choices = [
                (key, f"{words}: {value}") for key, (words, value) in self.known.items()
            ]
            self.fields["person"].initial = list(self.known)
        else:
            del self.fields["person"]
        if "CASE" not in outlook.may_go:
            del self.fields["needs"]

    def content(self) -> Mapping[str, Mapping[str, Any]]:
        """``{segment: {field: value}}``, built up from what was ticked and written."""
        said = self.cleaned_data
        found: dict[str, dict[str, Any]] = {self.parent: {"message": said["message"]}}
        if said.get("person"):
            found["DEM"] = {key: self.known[key][1] for key in said["person"]}
        if said.get("needs"):
            found.setdefault("CASE", {})["needs"] = said["needs"]
        return found
