"""A group's meeting."""

from django import forms

from clinical.groups.models import MOST_GUESTS, GroupSession
from clinical.trauma.forms import CHIPS, _Past, moment
from clinical.worktime.models import MOST_MINUTES
from consent.texts import LineField


class SessionForm(_Past):
    """What, when, where; nobody."""

    moments = ("begins_at",)
    kind = forms.ChoiceField(
        label="What", widget=forms.RadioSelect(attrs=CHIPS), choices=GroupSession.Kind.choices,
        error_messages={"required": "Say what sort of group it was."},
    )  # fmt: skip
    name = LineField(
        label="Name of the group", max_length=100, help_text="Such as: Tuesday circle. No person's name."
    )
    begins_at = moment("Began")
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=MOST_MINUTES, initial=60)
    place = LineField(label="Where", required=False, max_length=200)


class GuestsForm(forms.Form):
    """Who took part without a record."""

    guests = forms.IntegerField(label="Without a record, counted", min_value=0, max_value=MOST_GUESTS)
