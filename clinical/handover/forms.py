"""The forms of a care team: who joins, and how a client is handed over."""

from collections.abc import Sequence
from typing import Any

from django import forms

from clinical.handover.models import HandOver
from consent.models import Assignment, Principal
from consent.texts import ProseField


class JoinForm(forms.Form):
    """Who joins the team."""

    worker = forms.ChoiceField(label="Worker", error_messages={"required": "Choose somebody."})

    def __init__(self, *args: Any, workers: Sequence[Principal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workers = {str(each.uid): each for each in workers}
        self.fields["worker"].choices = [
            ("", "Choose"),
            *((key, each.get_full_name()) for key, each in self.workers.items()),
        ]

    @property
    def chosen(self) -> Principal:
        """The worker who was chosen."""
        return self.workers[self.cleaned_data["worker"]]


class HandOverForm(forms.Form):
    """From whom, to whom, whole or in summary."""

    giver = forms.ChoiceField(label="From", error_messages={"required": "Choose who hands over."})
    taker = forms.ChoiceField(label="To", error_messages={"required": "Choose who takes over."})
    how = forms.ChoiceField(
        label="What the new worker sees", widget=forms.RadioSelect, choices=HandOver.How.choices,
        error_messages={"required": "Choose the whole record or a summary."},
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Why", widget=forms.RadioSelect, choices=HandOver.Reason.choices,
        error_messages={"required": "Choose why."},
    )  # fmt: skip
    summary = ProseField(
        label="Summary", required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What the new worker must know. In a hand-over in summary it stands in place of earlier notes.",
    )  # fmt: skip
    giver_stays = forms.BooleanField(label="The one who hands over stays on the team", required=False)

    def __init__(
        self, *args: Any, team: Sequence[Assignment], workers: Sequence[Principal], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        on_it = {each.principal_id for each in team}
        self.team = {str(each.pk): each for each in team}
        self.workers = {str(each.uid): each for each in workers if each.pk not in on_it}
        self.fields["giver"].choices = [
            (key, each.principal.get_full_name()) for key, each in self.team.items()
        ]
        self.fields["taker"].choices = [
            ("", "Choose"),
            *((key, each.get_full_name()) for key, each in self.workers.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """A summary says something."""
        cleaned = super().clean() or {}
        if cleaned.get("how") == HandOver.How.SUMMARY and not cleaned.get("summary", "").strip():
            self.add_error("summary", "Write the summary: it is what the new worker starts with.")
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """What the service is told."""
        said = dict(self.cleaned_data)
        return said | {"giver": self.team[said["giver"]], "taker": self.workers[said["taker"]]}
