"""The consent's four steps as one form: each step carries what the earlier ones said."""

from typing import Any

from django import forms

from clinical.consents import wording
from clinical.consents.draft import Draft
from clinical.consents.signatures import drawn
from clinical.consents.wording import TREATING
from consent.texts import LineField

STEPS = ("Who", "What", "Why and until when", "Sign")
FIELDS_OF_STEP = (
    ("to",),
    ("what",),
    ("why", "days"),
    ("capacity", "capacity_note", "copy_offered", "informed", "language", "interpreter"),
)
CAPACITY = "The person understands what this is, is not too intoxicated to decide, is not held or restrained, and was not told that the alternative is arrest."


class ConsentForm(forms.Form):
    """What the person says yes to. Which step lacks what is told when it is left."""

    to = forms.MultipleChoiceField(
        label="Who may receive it?", required=False, widget=forms.CheckboxSelectMultiple
    )
    what = forms.MultipleChoiceField(
        label="What may be shared?", required=False, widget=forms.CheckboxSelectMultiple
    )
    why = forms.MultipleChoiceField(label="What for?", required=False, widget=forms.CheckboxSelectMultiple)
    days = forms.ChoiceField(label="Until when?", required=False, widget=forms.RadioSelect)
    capacity = forms.BooleanField(label=CAPACITY, required=False)
    capacity_note = LineField(label="How you know", required=False, max_length=500)
    copy_offered = forms.BooleanField(
        label="I read it aloud or gave it to read, and offered a copy.", required=False
    )
    informed = forms.BooleanField(
        label="We talked about what sharing brings, its risks, other ways, and not sharing.", required=False
    )
    language = forms.ChoiceField(
        label="Language",
        required=False,
        choices=[
            ("en", "English"),
            ("es", "Spanish"),
            ("ne", "Nepali"),
            ("zh", "Chinese"),
            ("other", "Another"),
        ],
    )
    interpreter = LineField(label="Interpreter", required=False, max_length=200)
    signature = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    signature_typed = LineField(required=False, max_length=150)
    signature_witness = LineField(required=False, max_length=150)

    def __init__(self, *args: Any, draft: Draft, partners: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blank = draft
        self.partners = {str(partner.uid): partner for partner in partners}
        self.tiers = wording.tiers(draft.program)
        self.purposes = wording.VICTIM_PURPOSES if draft.is_victim else wording.PURPOSES
        days = wording.VICTIM_DAYS if draft.is_victim else wording.DAYS
        named = [(uid, partner.name) for uid, partner in self.partners.items()]
        self.fields["to"].choices = named if draft.is_victim else [*named, (TREATING, wording.TREATING_WORDS)]
        self.fields["what"].choices = [(key, tier.words) for key, tier in self.tiers.items()]
        self.fields["why"].choices = [(key, words) for key, (words, _detail, _codes) in self.purposes.items()]
        self.fields["days"].choices = list(days.items())
        self.use_required_attribute = False  # the server says what is missing, and *Back* goes without
        if self.is_bound and "days" not in self.data:
            self.data = self.data.copy()
            self.data["days"] = "15" if draft.is_victim else "90"

    def show_as_required(self) -> None:
        """What must be said is shown so; whether it was is asked when its step is left."""
        for name in ("to", "what", "why", "days"):
            self.fields[name].required = True

    def clean_to(self) -> list[str]:
        """A victim services release names one agency, never several."""
        chosen: list[str] = self.cleaned_data["to"]
        if self.blank.is_victim and len(chosen) > 1:
            raise forms.ValidationError("This form names one agency only; take another form for the next.")
        return chosen

    def draft(self) -> Draft:
        """What the form says so far."""
        said = self.cleaned_data
        chosen = said.get("to") or []
        blank = self.blank
        capacity = CAPACITY if said.get("capacity") else ""
        if capacity and said.get("capacity_note"):
            capacity = f"{capacity} {said['capacity_note']}"
        return Draft(
            program=blank.program, form=blank.form, client=blank.client, by=blank.by, at=blank.at,
            organizations=tuple(self.partners[uid] for uid in chosen if uid in self.partners),
            treating=TREATING in chosen,
            tiers=tuple(self.tiers[key] for key in said.get("what") or []),
            purposes=tuple(self.purposes[key] for key in said.get("why") or []),
            days=int(said["days"]) if said.get("days") else None,
            copy_offered=bool(said.get("copy_offered")),
            informed=bool(said.get("informed")),
            capacity=capacity,
            signature=drawn(said.get("signature") or ""),
            typed=said.get("signature_typed") or "",
            witness=said.get("signature_witness") or "",
            language=said.get("language") or "en",
            interpreter=said.get("interpreter") or "",
        )  # fmt: skip

    @staticmethod
    def fields_of(step: int) -> tuple[str, ...]:
        """The fields that the step asks for."""
        return FIELDS_OF_STEP[step - 1]

    def left_empty(self, step: int) -> list[str]:
        """What the step must say and doesn't yet, in plain words; marks the fields as well."""
        told = {
            "to": "Choose who may receive it.",
            "what": "Choose what may be shared.",
            "why": "Choose what it is for.",
            "days": "Choose when it ends.",
        }
        empty = [
            name for name in FIELDS_OF_STEP[step - 1] if name in told and not self.cleaned_data.get(name)
        ]
        for name in empty:
            if name not in self.errors:
                self.add_error(name, told[name])
        return [told[name] for name in empty]

    def carried(self, step: int) -> list[tuple[str, str]]:
        """The answers of the other steps, as hidden fields of this one."""
        names = [name for number, names in enumerate(FIELDS_OF_STEP, 1) if number != step for name in names]
        data: Any = self.data
        return (
            [(name, value) for name in names for value in data.getlist(name) if value]
            if self.is_bound
            else []
        )
