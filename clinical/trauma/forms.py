"""Forms of events and slips."""

from typing import Any

from django import forms
from django.utils import timezone

from clinical.safecontact.words import Way
from clinical.trauma.models import MOST_PEOPLE, CommunityEvent, EventAction, Handout, Slip
from clinical.worktime.models import MOST_MINUTES
from consent.texts import LineField, ProseField

CHIPS = {"class": "options--chips"}
MOST_HANDED = 5000


def moment(label: str, help_text: str = "Empty: now") -> forms.DateTimeField:
    """A day and an hour by the city's clock."""
    return forms.DateTimeField(
        label=label, required=False, help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip


class _Past(forms.Form):
    """What happened has happened."""

    moments: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Now, where nothing is said; never later."""
        cleaned = super().clean() or {}
        now = timezone.now()
        for name in self.moments:
            cleaned[name] = cleaned.get(name) or now
            if cleaned[name] > now:
                self.add_error(name, "This time has not come yet.")
        return cleaned


class EventForm(_Past):
    """What happened, where and when; never to whom."""

    moments = ("happened_at",)
    kind = forms.ChoiceField(
        label="What happened", widget=forms.RadioSelect(attrs=CHIPS), choices=CommunityEvent.Kind.choices,
        error_messages={"required": "Say what happened."},
    )  # fmt: skip
    happened_at = moment("When")
    place = LineField(
        label="Where", required=False, max_length=200, help_text="A corner or a block, no house number"
    )
    summary = ProseField(
        label="What the neighborhood needs", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="No names: not of who was hurt, not of who came.",
    )  # fmt: skip


class ActionForm(_Past):
    """What was done, counted."""

    moments = ("done_at",)
    kind = forms.ChoiceField(
        label="What", widget=forms.RadioSelect(attrs=CHIPS), choices=EventAction.Kind.choices,
        error_messages={"required": "Say what was done."},
    )  # fmt: skip
    done_at = moment("When")
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=MOST_MINUTES)
    staff = forms.IntegerField(label="Of us", min_value=1, max_value=200, initial=1)
    people = forms.IntegerField(label="People reached, about", min_value=0, max_value=MOST_PEOPLE, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for word, label in Handout.choices:
            self.fields[f"of_{word}"] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=MOST_HANDED
            )

    @property
    def counted(self) -> list[forms.BoundField]:
        """How long, how many of us, how many people."""
        return [self[name] for name in ("minutes", "staff", "people")]

    @property
    def handed_out(self) -> list[forms.BoundField]:
        """What was handed out, a number each."""
        return [self[f"of_{word}"] for word in Handout.values]

    @property
    def handouts(self) -> dict[str, int]:
        """How many of each."""
        return {word: self.cleaned_data.get(f"of_{word}") or 0 for word in Handout.values}

    def clean(self) -> dict[str, Any]:
        """A debrief is of our staff: nobody else is counted in it."""
        cleaned = super().clean()
        if cleaned.get("kind") == EventAction.Kind.DEBRIEF and cleaned.get("people"):
            self.add_error("people", "A debrief counts our staff alone.")
        return cleaned


class EndEventForm(forms.Form):
    """Why nothing more is planned."""

    ended = forms.ChoiceField(label="Why", widget=forms.RadioSelect, choices=CommunityEvent.Ended.choices)


class SlipForm(forms.Form):
    """Somebody asks to be called. Without their yes nothing is kept."""

    name = LineField(label="Name, or what to call them", max_length=150)
    reach = LineField(label="Phone, or where to find them", max_length=200)
    ways = forms.MultipleChoiceField(
        label="Safe ways", widget=forms.CheckboxSelectMultiple(attrs=CHIPS), choices=Way.choices,
        error_messages={"required": "Ask which way is safe; choose at least one."},
    )  # fmt: skip
    best_time = LineField(label="When", required=False, max_length=100)
    say_as = LineField(label="Who we say we are", required=False, max_length=100)
    language = LineField(label="Language", required=False, max_length=60)
    wishes = ProseField(
        label="What they ask for", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Not what happened to them: that can wait.",
    )  # fmt: skip
    agreed = forms.ChoiceField(
        label="Their yes to being called", widget=forms.RadioSelect, choices=Slip.Agreed.choices,
        error_messages={"required": "Without their yes nothing about them is kept. Count them at the event instead."},
    )  # fmt: skip


class EndSlipForm(forms.Form):
    """Why a slip is not taken up."""

    ended = forms.ChoiceField(label="Why", widget=forms.RadioSelect, choices=Slip.Ended.choices)
