"""The officer's form. It asks what was seen; there is no field for anything else."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.texts import PlainField, PoliceVisibleForm
from policecore import wording
from policecore.models import Agreed, Kind, PoliceOnly
from policecore.services.referring import Said

TEXTS = ("person_as_known", "contact", "location", "safety_note")  # looked through for words


class ReferralForm(PoliceVisibleForm):
    """Five taps: the call, *Make a referral*, what was seen, did they agree, *Send*. The rest may stay blank."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    reasons = forms.MultipleChoiceField(
        label=_("What you saw"),
        choices=[(code, label) for code, label, _hint in wording.REASONS],
        error_messages={"required": _("Tick at least one thing that you saw")},
    )
    agreed = forms.ChoiceField(
        label=_("Did the person agree to be contacted?"), choices=Agreed.choices, initial=Agreed.NOT_ASKED
    )
    person_as_known = PlainField(
        label=_("Person, as known"),
        help_text=_("A name, a nickname, or what they look like"),
        max_length=120,
        required=False,
    )
    contact = PlainField(
        label=_("How to reach them"),
        help_text=_("A phone number, or where they can be found"),
        max_length=120,
        required=False,
    )
    location = PlainField(label=_("Where you met"), max_length=300, required=False)
    safety_note = PlainField(
        label=_("Safety, as you saw it"),
        help_text=_(
            "For whoever goes there: a dog, a weapon in sight, a stair without light. Nothing from a record check."
        ),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    suggested_program = forms.ChoiceField(
        label=_("Suggest a program"), choices=wording.PROGRAMS, required=False, initial=""
    )
    police_visible = TEXTS

    def clean(self) -> dict[str, Any]:
        """Ask about clinical words once; words from a record check have to go."""
        said = super().clean()
        for name in TEXTS:
            found = wording.record_words(said.get(name, ""))
            if found:
                self.add_error(
                    name,
                    _("“%(words)s” comes from a record check or a case. Write what you saw instead.")
                    % {"words": "”, “".join(found)},
                )
        return said

    def said(self) -> Said:
        """The valid form as a value."""
        data = self.cleaned_data
        return Said(
            reasons=tuple(data["reasons"]),
            agreed=data["agreed"],
            person_as_known=data["person_as_known"],
            contact=data["contact"],
            location=data["location"],
            safety_note=data["safety_note"],
            suggested_program=data["suggested_program"],
            words_confirmed=self.confirms_words,
        )


class CallFilterForm(forms.Form):
    """Which calls to list. Anything else in the address is ignored."""

    kind = forms.ChoiceField(
        label=_("Kind of call"), choices=[("", _("All kinds")), *Kind.choices], required=False
    )
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    type = PlainField(label=_("Call type"), max_length=120, required=False)

    def __init__(self, *args: Any, zones: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zones = zones
        self.fields["zone"].choices = [("", _("All my zones")), *((each.slug, each.name) for each in zones)]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """The filters that make sense; one that doesn't is left out."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "kind": found.get("kind", ""),
            "zone": found.get("zone", ""),
            "call_type": found.get("type", ""),
        }


class PoliceOnlyForm(forms.Form):
    """Does the call stay with the police, and why?"""

    reason = forms.ChoiceField(
        label=_("Stays with the police"),
        required=False,
        choices=[("", _("No")), *PoliceOnly.choices],
        widget=forms.RadioSelect,
    )
