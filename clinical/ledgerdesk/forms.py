"""What the ledger's desk can ask."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from clinical.ledgerdesk.selectors import ACTIONS, OUTCOMES, Question
from consent.models import Organization, Principal
from consent.texts import LineField

ANY = ("", "Any")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)  # no ledger is older, and the day after must exist


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )


class QuestionForm(forms.Form):
    """Filters, each of which may stay empty."""

    since = _day("From")
    until = _day("To")
    action = forms.ChoiceField(label="What happened", required=False, choices=[ANY, *ACTIONS.items()])
    outcome = forms.ChoiceField(label="Outcome", required=False, choices=[ANY, *OUTCOMES.items()])
    actor = forms.ChoiceField(label="Who", required=False)
    rule = LineField(label="Rule", required=False, max_length=64)
    recipient = forms.ChoiceField(label="Went to", required=False)
    ground = LineField(label="Went on the basis of (rule)", required=False, max_length=64)
    client = forms.RegexField(
        r"^[0-9a-f-]{32,36}$", label="Client's id or pseudonym", required=False, max_length=36
    )

    accounting = forms.BooleanField(label="The client's accounting: six years of disclosures", required=False)
    request = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Organization.objects.order_by("name").values_list("uid", "name")
        self.fields["recipient"].choices = [ANY, *((str(uid), name) for uid, name in bodies)]
        people = Principal.objects.order_by("full_name", "username")
        tasks = [(name, name) for name in ("system:grants", "system:intake", "system:ledger", "system:post")]
        self.fields["actor"].choices = [
            ANY, *((str(person.uid), person.get_full_name()) for person in people), *tasks
        ]  # fmt: skip

    def question(self) -> Question:
        """The filters that could be read."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return Question(**said)
