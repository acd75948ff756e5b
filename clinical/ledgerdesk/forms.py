"""What the ledger's desk can ask."""

from typing import Any

from django import forms

from clinical.ledgerdesk.selectors import ACTIONS, OUTCOMES, Question
from consent.models import Principal

ANY = ("", "Any")


class QuestionForm(forms.Form):
    """Filters, each of which may stay empty."""

    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    action = forms.ChoiceField(label="What happened", required=False, choices=[ANY, *ACTIONS.items()])
    outcome = forms.ChoiceField(label="Outcome", required=False, choices=[ANY, *OUTCOMES.items()])
    actor = forms.ChoiceField(label="Who", required=False)
    rule = forms.CharField(label="Rule", required=False, max_length=64)
    client = forms.RegexField(
        r"^[0-9a-f-]{32,36}$", label="Client's id or pseudonym", required=False, max_length=36
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Principal.objects.order_by("full_name", "username")
        tasks = [(name, name) for name in ("system:grants", "system:intake", "system:ledger", "system:post")]
        self.fields["actor"].choices = [
            ANY, *((str(person.uid), person.get_full_name()) for person in people), *tasks
        ]  # fmt: skip

    def question(self) -> Question:
        """The filters that could be read."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return Question(**said)
