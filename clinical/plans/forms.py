"""The forms of needs, plans, goals, steps and reviews."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from clinical.plans.models import Area, Goal, Need, Plan, Review, Step
from consent.models import Program
from consent.texts import LineField, ProseField

DAY = {"type": "date"}
CHIPS = {"class": "options--chips"}
LATEST = timedelta(days=366 * 2)


def day_field(label: str, **more: Any) -> forms.DateField:
    """A day, as the browser's own picker writes it."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), **more)


def _prose(label: str, rows: int = 3, **more: Any) -> ProseField:
    more.setdefault("max_length", 4000)
    return ProseField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


def refuse_odd_days(day: date | None) -> date | None:
    """A due day lies between today and two years from now.

    Raises:
        ValidationError: it doesn't.
    """
    today = timezone.localdate()
    if day is not None and day < today:
        raise forms.ValidationError("This day is over.")
    if day is not None and day > today + LATEST:
        raise forms.ValidationError("This day is more than two years away.")
    return day


class InProgram(forms.Form):
    """A form about a client in one of the programs in which its writer may write."""

    program = forms.ChoiceField(label="For", widget=forms.RadioSelect(attrs=CHIPS))

    def __init__(self, *args: Any, programs: Sequence[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {each.slug: each for each in programs}
        self.fields["program"].choices = [(each.slug, each.name) for each in programs]
        if len(programs) == 1:
            del self.fields["program"]

    @property
    def in_program(self) -> Program:
        """The program that was chosen; the only one, where there is nothing to choose."""
        return self.programs[self.cleaned_data.get("program") or next(iter(self.programs))]

    @property
    def said(self) -> dict[str, Any]:
        """What was said beside the program."""
        return {name: value for name, value in self.cleaned_data.items() if name != "program"}


class NeedForm(InProgram):
    """A need."""

    area = forms.ChoiceField(label="Area", choices=[("", "Choose"), *Area.choices])
    urgency = forms.ChoiceField(
        label="How pressing", widget=forms.RadioSelect(attrs=CHIPS), choices=Need.Urgency.choices,
        initial=Need.Urgency.HELP,
    )  # fmt: skip
    words = LineField(label="In their words", required=False, max_length=500)


class NeedChangeForm(forms.Form):
    """What is changed of a need, or how it ended."""

    urgency = forms.ChoiceField(
        label="How pressing", widget=forms.RadioSelect(attrs=CHIPS), choices=Need.Urgency.choices
    )
    words = LineField(label="In their words", required=False, max_length=500)
    ending = forms.ChoiceField(
        label="How it ended", required=False, widget=forms.RadioSelect,
        choices=[("", "It is open"), *Need.Ending.choices],
    )  # fmt: skip


class PlanForm(forms.Form):
    """What a plan says."""

    hopes = _prose("What they hope for", help_text="In their own words")
    strengths = _prose("What is strong", required=False)
    helps = _prose("What helps", required=False)
    barriers = _prose("What stands in the way", required=False)
    agreed = forms.ChoiceField(
        label="Agreement", widget=forms.RadioSelect, choices=Plan.Agreed.choices,
        initial=Plan.Agreed.NOT_ASKED,
    )  # fmt: skip
    review_every = forms.TypedChoiceField(
        label="Look at it again every", coerce=int, widget=forms.RadioSelect(attrs=CHIPS),
        choices=Plan.Every.choices, initial=Plan.Every.QUARTER,
    )  # fmt: skip


class NewPlanForm(InProgram, PlanForm):
    """A plan that begins."""


class PlanEndForm(forms.Form):
    """How a plan ended."""

    ending = forms.ChoiceField(
        label="How it ended", widget=forms.RadioSelect, choices=Plan.Ending.choices,
        error_messages={"required": "Choose how it ended."},
    )  # fmt: skip


class GoalForm(forms.Form):
    """A goal."""

    words = LineField(
        label="Goal", max_length=500, help_text="In their own words: “a place with a door that locks”",
        error_messages={"required": "Write the goal."},
    )  # fmt: skip
    need = forms.ChoiceField(label="For which need", required=False)

    def __init__(self, *args: Any, needs: Iterable[Need], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs = {str(each.pk): each for each in needs}
        self.fields["need"].choices = [
            ("", "None in particular"),
            *((key, each.get_area_display()) for key, each in self.needs.items()),
        ]
        if not self.needs:
            del self.fields["need"]

    @property
    def for_need(self) -> Need | None:
        """The need that was chosen."""
        return self.needs.get(self.cleaned_data.get("need", ""))


class GoalChangeForm(forms.Form):
    """What is changed of a goal."""

    words = LineField(label="Goal", max_length=500, error_messages={"required": "Write the goal."})
    state = forms.ChoiceField(label="Where it stands", widget=forms.RadioSelect, choices=Goal.State.choices)


class StepForm(forms.Form):
    """Who does what, by when."""

    words = LineField(label="Next step", max_length=300, error_messages={"required": "Write the step."})
    who = forms.ChoiceField(label="Who", widget=forms.RadioSelect(attrs=CHIPS), choices=Step.Who.choices)
    due_on = day_field("By", required=False)

    def clean_due_on(self) -> date | None:
        """A day to come."""
        return refuse_odd_days(self.cleaned_data["due_on"])


class ReviewForm(forms.Form):
    """A review of a plan: how it goes, with a word on each goal."""

    together = forms.ChoiceField(
        label="Who was there", widget=forms.RadioSelect, choices=Review.With.choices,
        error_messages={"required": "Choose who was there."},
    )  # fmt: skip
    words = _prose("How it goes", error_messages={"required": "Write how it goes."})
    changes = _prose("What changes from now on", required=False)
    next_review_on = day_field("Next review")

    def __init__(self, *args: Any, goals: Sequence[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals = list(goals)
        for each in self.goals:
            self.fields[self.name_of(each)] = forms.ChoiceField(
                label=each.words, required=False, widget=forms.RadioSelect(attrs=CHIPS),
                choices=Review.Progress.choices,
            )  # fmt: skip
        self.order_fields(["together", *(self.name_of(each) for each in self.goals)])

    @staticmethod
    def name_of(goal: Goal) -> str:
        """The name of a goal's field."""
        return f"goal-{goal.pk}"

    @property
    def progress(self) -> dict[Any, str]:
        """The word on each goal that has one."""
        said = ((each.pk, self.cleaned_data[self.name_of(each)]) for each in self.goals)
        return {goal_id: word for goal_id, word in said if word}

    def clean_next_review_on(self) -> date | None:
        """A day to come."""
        return refuse_odd_days(self.cleaned_data["next_review_on"])
