"""The forms of how a response went, what it cost, and what came of a 302."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinical.encounters.models import Encounter
from clinical.responses import words
from clinical.responses.models import ResponseModel
from consent.texts import LineField

CHIPS = {"class": "options--chips"}
NOT_SAID = ("", _("Not recorded"))
YES_NO = [NOT_SAID, ("yes", _("Yes")), ("no", _("No"))]
MOST_OF_ONE = 200  # supplies of one kind in one contact; more is a slip of the thumb


def one_of(label: str, choices: Iterable[tuple[str, Any]], **more: Any) -> forms.ChoiceField:
    """One chip of several; the first takes the answer back."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[NOT_SAID, *choices],
        widget=forms.RadioSelect(attrs=CHIPS),
        **more,
    )


def some_of(label: str, choices: Iterable[tuple[str, Any]]) -> forms.MultipleChoiceField:
    """Any chips of several."""
    return forms.MultipleChoiceField(
        label=label, required=False, choices=list(choices), widget=forms.CheckboxSelectMultiple(attrs=CHIPS)
    )


def yes_or_no(label: str) -> forms.TypedChoiceField:
    """Yes, no, or not recorded (``None``); the three are never mixed up."""
    return forms.TypedChoiceField(
        label=label, required=False, choices=YES_NO, coerce=lambda said: said == "yes", empty_value=None,
        widget=forms.RadioSelect(attrs=CHIPS),
    )  # fmt: skip


def said(value: bool | None) -> str:
    """A kept yes or no as the form's own word."""
    return {None: "", True: "yes", False: "no"}[value]


class ResponseForm(forms.Form):
    """By which model we answered, who was there first, who spoke, led and decided."""

    response_model = forms.ModelChoiceField(
        label=_("Response model"), required=False, queryset=ResponseModel.objects.none(),
        empty_label=_("Not recorded"),
    )  # fmt: skip
    called_by = one_of(_("Who called us"), words.CalledBy.choices)
    responders = some_of(_("Who went"), words.Role.choices)
    arrival_order = one_of(_("When we came"), words.Order.choices)
    units_before = some_of(_("Already there"), words.Unit.choices)
    units_before_count = forms.IntegerField(
        label=_("How many units were there before us"), required=False, min_value=0, max_value=50
    )
    spoke_first = one_of(_("Who spoke first with the person"), words.Role.choices)
    led = one_of(_("Who led"), [*words.Role.choices, words.TOGETHER])
    officer_stepped_back = yes_or_no(_("The officer stepped back during the assessment"))
    reporter_warning_given = yes_or_no(_("Told the person that we must report abuse"))
    backup_called_by = one_of(_("Who called police back-up"), [words.NOBODY, *words.Role.choices])
    disagreed = yes_or_no(_("Clinician and officer disagreed"))
    decided_by = one_of(_("If so, who decided"), [*words.Role.choices, words.TOGETHER, words.SUPERVISOR])

    FLAGS = ("officer_stepped_back", "reporter_warning_given", "disagreed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["response_model"].queryset = ResponseModel.objects.in_use(timezone.localdate())

    @classmethod
    def of(cls, encounter: Encounter) -> "ResponseForm":
        """The form with what is known."""
        initial = {name: getattr(encounter, name) for name in cls.base_fields}
        return cls(initial=initial | {name: said(initial[name]) for name in cls.FLAGS})

    def clean(self) -> dict[str, Any]:
        """Answers that contradict each other are asked once more."""
        given = super().clean() or {}
        others = given.get("units_before") or given.get("units_before_count")
        if given.get("arrival_order") == words.Order.FIRST and others:
            self.add_error("arrival_order", _("You came first, and others were there already. Which is it?"))
        if given.get("decided_by") and given.get("disagreed") is not True:
            self.add_error("disagreed", _("Choose yes here to keep who decided."))
        return given


class OutcomeForm(forms.Form):
    """Force, injury, supplies, and when the officer was free again."""

    officer_released_at = forms.DateTimeField(
        label=_("Officer released at"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Write the day and the time the officer could go.")},
    )  # fmt: skip
    force = one_of(
        _("Force, the most that anybody used"), words.Force.choices,
        help_text=_("A guiding touch is none."),
    )  # fmt: skip
    force_by = one_of(_("Force by"), words.Role.choices)
    injury = one_of(_("Was the person hurt"), words.Injury.choices)
    responder_injury = one_of(_("Was a responder hurt"), words.Treated.choices)
    responders_injured = some_of(_("Which responders"), words.Role.choices)

    def __init__(self, *args: Any, encounter: Encounter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.encounter = encounter
        for supply in words.Supply:
            self.fields[supply.value] = forms.IntegerField(
                label=supply.label, required=False, min_value=0, max_value=MOST_OF_ONE,
                widget=forms.NumberInput(attrs={"class": "usa-input--small", "inputmode": "numeric"}),
            )  # fmt: skip

    @classmethod
    def of(cls, encounter: Encounter) -> "OutcomeForm":
        """The form with what is known."""
        initial = {name: getattr(encounter, name) for name in cls.base_fields}
        return cls(encounter=encounter, initial=initial | encounter.supplies_given)

    @property
    def facts(self) -> dict[str, Any]:
        """The encounter's fields, the supplies as one of them; what is none is not kept."""
        given = {name: self.cleaned_data[name] for name in self.base_fields}
        counted = {supply.value: self.cleaned_data[supply.value] for supply in words.Supply}
        return given | {"supplies": {word: number for word, number in counted.items() if number}}

    def clean_officer_released_at(self) -> Any:
        """Not before the encounter, and not in the future."""
        at = self.cleaned_data["officer_released_at"]
        begin = self.encounter.opened_at.replace(second=0, microsecond=0)
        if at is not None and not begin <= at <= timezone.now():
            raise forms.ValidationError(_("That is before the encounter began, or still to come."))
        return at

    def clean(self) -> dict[str, Any]:
        """Who used force, and who was hurt, only where somebody did and was."""
        given = super().clean() or {}
        if given.get("force_by") and given.get("force", "") in ("", words.Force.NONE):
            self.add_error("force", _("Choose what was used, or take back by whom."))
        if given.get("responders_injured") and given.get("responder_injury", "") in ("", words.Treated.NONE):
            self.add_error("responder_injury", _("Choose how badly, or take back who."))
        return given


class ExaminationForm(forms.Form):
    """What came of a 302; the outcome can wait until it is known."""

    petitioned_by = forms.ChoiceField(
        label=_("Who petitioned"), choices=words.Petitioner.choices, widget=forms.RadioSelect(attrs=CHIPS),
        error_messages={"required": _("Choose who petitioned.")},
    )  # fmt: skip
    facility = LineField(label=_("Where they were taken"), required=False, max_length=200)
    outcome = one_of(_("What came of it"), words.ExaminationOutcome.choices)
    outcome_on = forms.DateField(
        label=_("On"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date of the outcome.")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A date belongs to an outcome, and is not in the future."""
        given = super().clean() or {}
        on = given.get("outcome_on")
        if on and on > timezone.localdate():
            self.add_error("outcome_on", _("That day is still to come."))
        if on and not given.get("outcome"):
            self.add_error("outcome", _("Choose the outcome that this date belongs to."))
        return given
