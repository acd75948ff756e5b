"""Noting time: a kind, some minutes, a day."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from clinical.worktime.models import MOST_MINUTES, Activity, Collateral
from consent.texts import ProseField

CHIPS = {"class": "options--chips"}
BACK = timedelta(days=31)  # how long ago something may be noted
QUICK = (("15", "15 minutes"), ("30", "30 minutes"), ("60", "1 hour"), ("120", "2 hours"))


def quick_minutes() -> list[tuple[str, str]]:
    """The durations of a tap, and one that is typed."""
    return [*QUICK, ("other", "Another")]


class _TimeForm(forms.Form):
    """The part about minutes and the day."""

    minutes = forms.ChoiceField(
        label="How long", widget=forms.RadioSelect(attrs=CHIPS), choices=quick_minutes,
        error_messages={"required": "Say how long it took."},
    )  # fmt: skip
    other_minutes = forms.IntegerField(
        label="Minutes, if another", required=False, min_value=1, max_value=MOST_MINUTES
    )
    on = forms.DateField(
        label="Day", required=False, help_text="Empty: today",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean_on(self) -> Any:
        """Today, or a day of the last month."""
        today = timezone.localdate()
        on = self.cleaned_data["on"] or today
        if on > today:
            raise forms.ValidationError("This day has not come yet.")
        if on < today - BACK:
            raise forms.ValidationError("Time is noted within a month.")
        return on

    def clean(self) -> dict[str, Any]:
        """The minutes that were tapped or typed."""
        cleaned = super().clean() or {}
        if cleaned.get("minutes") == "other":
            if not cleaned.get("other_minutes") and "other_minutes" not in self.errors:
                self.add_error("other_minutes", "Write the minutes.")
            cleaned["minutes"] = cleaned.get("other_minutes")
        elif cleaned.get("minutes"):
            cleaned["minutes"] = int(cleaned["minutes"])
        return cleaned


class ActivityForm(_TimeForm):
    """Work for nobody in particular."""

    field_order = ("program", "kind", "minutes", "other_minutes", "on", "zone")
    kind = forms.ChoiceField(
        label="What", widget=forms.RadioSelect(attrs=CHIPS), choices=Activity.Kind.choices,
        error_messages={"required": "Say what it was."},
    )  # fmt: skip

    def __init__(self, *args: Any, programs: list[Any], zones: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {each.slug: each for each in programs}
        self.zones = {each.slug: each for each in zones}
        if len(programs) > 1:
            self.fields["program"] = forms.ChoiceField(
                label="For",
                widget=forms.RadioSelect(attrs=CHIPS),
                choices=[(p.slug, p.name) for p in programs],
                error_messages={"required": "Say for which program."},
            )
        self.fields["zone"] = forms.ChoiceField(
            label="Zone", required=False, choices=[("", "None"), *((z.slug, z.name) for z in zones)]
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """With one program there is nothing to choose."""
        cleaned = super().clean()
        slug = cleaned.get("program") or (next(iter(self.programs), "") if len(self.programs) == 1 else "")
        cleaned["program"] = self.programs.get(slug)
        cleaned["zone"] = self.zones.get(cleaned.get("zone", ""))
        return cleaned


class CollateralForm(_TimeForm):
    """Work for a client who wasn't there."""

    field_order = ("kind", "minutes", "other_minutes", "on", "note")
    kind = forms.ChoiceField(
        label="With whom, or what", widget=forms.RadioSelect(attrs=CHIPS), choices=Collateral.Kind.choices,
        error_messages={"required": "Say with whom, or what it was."},
    )  # fmt: skip
    note = ProseField(
        label="Note", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Stays in this client's record.",
    )  # fmt: skip
