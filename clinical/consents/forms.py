"""The four steps of a form as one Django form: each step carries what the others said, and the kind says what is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from clinical.consents import choices, wording
from clinical.consents.draft import MOST_LINES, Draft, Named, Signing, information_of
from clinical.consents.kinds import Kind, Question
from clinical.consents.papers import NoPicture, Picture, picture_of
from clinical.consents.said import LANGUAGES, Said
from clinical.consents.signatures import drawn
from consent.models import Organization
from consent.texts import LineField

SPOKEN: Final = {
    "en": "English", "es": "Spanish", "ne": "Nepali", "zh": "Chinese", "ar": "Arabic", "sw": "Swahili",
    "other": "Another language",
}  # fmt: skip
TOLD: Final = {
    "to": "Choose who may receive it.",
    "what": "Choose what may be shared.",
    "why": "Choose what it is for.",
    "days": "Choose when it ends.",
}
SOMEBODY: Final = "somebody"  # ticked: the name is written beside it
_SIGNING: Final = (
    "capacity", "capacity_how", "capacity_note", "copy_offered", "informed", "interpreter", "signer", "signer_name",
    "signer_authority", "signature_typed", "signature_witness", "signature_second", "by_voice", "staff_signs",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing that can be ticked, as the page shows it: in the form's language, with the English beside it."""

    value: str
    label: str
    hint: str = ""
    english: str = ""
    checked: bool = False
    unit: forms.BoundField | None = None


class ConsentForm(forms.Form):
    """What the person says yes to. Which step lacks what is told when it is left."""

    to = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    other_type = forms.ChoiceField(label="What they are", required=False)
    other_name = LineField(label=wording.SOMEBODY_NAME.en, required=False, max_length=120)
    other_unit = LineField(label=wording.UNIT.en, required=False, max_length=80)
    what = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    why = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    days = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    capacity = forms.BooleanField(label=wording.CAPACITY, required=False)
    capacity_how = forms.MultipleChoiceField(
        label="How you know", required=False, choices=list(wording.HOW_KNOWN.items()),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "options--chips"}),
    )  # fmt: skip
    capacity_note = LineField(label="Anything else about it", required=False, max_length=500)
    copy_offered = forms.BooleanField(label=wording.COPY.en, required=False)
    informed = forms.BooleanField(label=wording.INFORMED.en, required=False)
    language = forms.ChoiceField(label="Language", required=False, choices=list(SPOKEN.items()))
    interpreter = LineField(label="Interpreter", required=False, max_length=200)
    signer = forms.ChoiceField(label="Who signs", required=False)
    signer_name = LineField(label="Full name of who signs", required=False, max_length=150)
    signer_authority = LineField(
        label="By what authority", required=False, max_length=200,
        help_text="For instance: mother; order of the court and its date; power of attorney and its date",
    )  # fmt: skip
    signature = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    signature_typed = LineField(required=False, max_length=150)
    signature_witness = LineField(required=False, max_length=150)
    signature_second = LineField(label="Second witness, full name", required=False, max_length=150)
    by_voice = forms.BooleanField(
        label="They can't write, and said yes aloud before two witnesses.", required=False
    )
    staff_signs = forms.BooleanField(label="I took this consent, and sign for that.", required=False)
    paper = forms.FileField(label="Photo of the signed paper", required=False)

    def __init__(self, *args: Any, draft: Draft, partners: Iterable[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blank, self.kind, self.tongue = draft, draft.kind, draft.language
        self.partners = {str(each.uid): each for each in partners if each.kind in self.kind.organizations}
        self.information = information_of(self.kind, draft.program)
        self.picture: Picture | None = None
        self.use_required_attribute = False  # the server says what is missing, and *Back* goes without
        self._offer()
        self._ask_own_questions()
        if self.is_bound and "days" not in self.data:
            self.data = self.data.copy()
            self.data["days"] = str(self.kind.usual)

    def _offer(self) -> None:
        kind, tongue = self.kind, self.tongue
        somebody = [(SOMEBODY, wording.SOMEBODY.tell(tongue))] if kind.others else []
        named = [(uid, each.name) for uid, each in self.partners.items()]
        classes = [(key, each.words.tell(tongue)) for key, each in kind.classes.items()]
        signers = wording.SIGNERS_FOR_VICTIMS if kind.code == "VS-REL" else tuple(wording.SIGNERS)
        offered = {
            "to": [*named, *classes, *somebody],
            "other_type": [(key, each.tell(tongue)) for key, each in kind.others.items()],
            "what": [(key, each.words.tell(tongue)) for key, each in self.information.items()],
            "why": [(key, each.words.tell(tongue)) for key, each in kind.purposes.items()],
            "days": [(str(days), wording.DAYS[days].tell(tongue)) for days in kind.lasts],
            "signer": [(key, wording.SIGNERS[key].en) for key in signers],
        }
        for name, options in offered.items():
            field: Any = self.fields[name]
            field.choices = options
        self.units = {
            uid: f"unit_{uid}"
            for uid, each in self.partners.items()
            if kind.by_line or each.kind not in choices.HEALTH_CARE
        }
        for name in self.units.values():
            self.fields[name] = LineField(label=wording.UNIT.tell(tongue), required=False, max_length=80)

    def _ask_own_questions(self) -> None:
        for key, question in self.kind.questions.items():
            self.fields[f"q_{key}"] = _field(question, self.tongue)
        self.lines = [f"initials_{place}" for place in range(MOST_LINES)] if self.kind.by_line else []
        for name in self.lines:
            self.fields[name] = LineField(label="Initials", required=False, max_length=4)

    # --- which step asks what ------------------------------------------------------------------

    def fields_of(self, step: int) -> list[str]:
        """The fields that the step asks for."""
        own = [f"q_{key}" for key, each in self.kind.questions.items() if each.step == step]
        asked: tuple[str, ...] = {
            1: ("to", *self.units.values(), "other_type", "other_name", "other_unit"),
            2: ("what",),
            3: ("why", "days"),
            4: (*_SIGNING, *self.lines),
        }[step]
        return [*asked, *own]

    def carried(self, step: int) -> list[tuple[str, str]]:
        """The answers of the other steps, as hidden fields of this one."""
        names = ["language", *(name for each in range(1, 5) if each != step for name in self.fields_of(each))]
        data: Any = self.data
        if not self.is_bound:
            return []
        return [(name, value) for name in names for value in data.getlist(name) if value]

    def clean_to(self) -> list[str]:
        """Some forms name one only; a conference has no more lines than a sheet."""
        chosen: list[str] = self.cleaned_data["to"]
        if self.kind.one_recipient and len(chosen) > 1:
            raise forms.ValidationError("This form names one only; take another form for the next.")
        if self.kind.by_line and len(chosen) > MOST_LINES:
            raise forms.ValidationError(f"A sheet has {MOST_LINES} lines; take another sheet for the rest.")
        return chosen

    def clean_paper(self) -> None:
        """A photo that can be kept, made again from its pixels."""
        file = self.cleaned_data["paper"]
        if file is None:
            return
        try:
            self.picture = picture_of(file)
        except NoPicture as error:
            raise forms.ValidationError(str(error)) from None

    def left_empty(self, step: int) -> list[str]:
        """What the step must say and doesn't yet, in plain words; marks the fields as well."""
        said = self.cleaned_data
        empty = {name: TOLD[name] for name in self.fields_of(step) if name in TOLD and not said.get(name)}
        empty = {name: told for name, told in empty.items() if not self._is_settled(name)}
        if step == 1:
            empty |= self._units_left_empty()
        for key, question in self.kind.questions.items():
            if question.step == step and question.required and not said.get(f"q_{key}"):
                empty[f"q_{key}"] = "This form needs an answer here."
        for name, told in empty.items():
            if name not in self.errors:
                self.add_error(name, told)
        return list(empty.values())

    def _units_left_empty(self) -> dict[str, str]:
        said, told = self.cleaned_data, {}
        chosen = said.get("to") or []
        if self.kind.names_units:
            asked = "Write the unit or role there: this form names it outside health care."
            told |= {name: asked for uid, name in self.units.items() if uid in chosen and not said.get(name)}
            if (
                SOMEBODY in chosen
                and said.get("other_type") not in FAMILY_TYPES
                and not said.get("other_unit")
            ):
                told["other_unit"] = asked
        if SOMEBODY in chosen and not said.get("other_name"):
            told["other_name"] = "Write whom they mean."
        return told

    def _is_settled(self, name: str) -> bool:
        """Is nothing left to choose, because the form has one answer?"""
        kind = self.kind
        if name == "to":
            return len(kind.classes) == 1 and not self.partners and not kind.others
        if name == "what":
            return kind.is_fixed
        return name == "why" and (len(kind.purposes) <= 1)

    # --- what was said -------------------------------------------------------------------------

    def draft(self) -> Draft:
        """What the form says so far."""
        said, blank, kind = self.cleaned_data, self.blank, self.kind
        what = list(self.information) if self._is_settled("what") else said.get("what") or []
        why = list(kind.purposes) if self._is_settled("why") else said.get("why") or []
        return Draft(
            program=blank.program, kind=kind, client=blank.client, by=blank.by, at=blank.at,
            language=blank.language, spoken=blank.spoken,
            interpreter=said.get("interpreter") or "",
            named=tuple(self._named()),
            information=tuple(self.information[key] for key in what),
            purposes=tuple(kind.purposes[key] for key in why),
            days=int(said["days"]) if said.get("days") else None,
            answers={key: _plain(said.get(f"q_{key}")) for key in kind.questions},
            capacity=self._capacity(),
            copy_offered=bool(said.get("copy_offered")),
            informed=bool(said.get("informed")),
            signing=self._signing(),
        )  # fmt: skip

    def _named(self) -> Iterable[Named]:
        said, kind = self.cleaned_data, self.kind
        chosen = list(kind.classes) if self._is_settled("to") else said.get("to") or []
        for value in chosen:
            if value in self.partners:
                each = self.partners[value]
                unit = said.get(self.units.get(value, "")) or ""
                needs = kind.names_units and value in self.units
                yield Named(type=each.kind, organization=value, name=each.name, unit=unit, needs_unit=needs)
            elif value in kind.classes:
                words = kind.classes[value].detail.tell(self.tongue)
                yield from (Named(type=type_, name=words) for type_ in kind.classes[value].types)
            elif said.get("other_name"):
                type_ = said.get("other_type") or next(iter(kind.others))
                yield Named.written(type=type_, name=said["other_name"], unit=said.get("other_unit") or "")

    def _capacity(self) -> str:
        said = self.cleaned_data
        if not said.get("capacity"):
            return ""
        how = [wording.HOW_KNOWN[each] for each in said.get("capacity_how") or []]
        return " ".join(
            [wording.CAPACITY, *(f"{each}." for each in how), said.get("capacity_note") or ""]
        ).strip()

    def _signing(self) -> Signing:
        said = self.cleaned_data
        initials = {name.removeprefix("initials_"): said[name] for name in self.lines if said.get(name)}
        return Signing(
            image=drawn(said.get("signature") or ""), typed=said.get("signature_typed") or "",
            witness=said.get("signature_witness") or "", second_witness=said.get("signature_second") or "",
            by_voice=bool(said.get("by_voice")), staff=bool(said.get("staff_signs")), paper=self.picture,
            signer=said.get("signer") or "patient", name=said.get("signer_name") or "",
            authority=said.get("signer_authority") or "", initials=initials,
        )  # fmt: skip

    # --- as the page shows it ------------------------------------------------------------------

    def choices_of(self, name: str) -> list[Choice]:
        """What can be ticked under ``name``; nothing where the form has one answer."""
        if self._is_settled(name):
            return []
        options = {
            "to": self._recipients, "what": self._kinds, "why": self._purposes, "days": self._ends,
        }[name]()  # fmt: skip
        chosen = self[name].value() or []
        chosen = [chosen] if isinstance(chosen, str) else chosen
        if name == "days" and not self.is_bound:
            chosen = [str(self.kind.usual)]
        return [
            Choice(
                value=value, label=words.tell(self.tongue), hint=hint.tell(self.tongue) if hint else "",
                english=words.en if self.tongue != "en" and words.en != words.tell(self.tongue) else "",
                checked=value in [str(each) for each in chosen],
                unit=self[self.units[value]] if name == "to" and value in self.units else None,
            )
            for value, words, hint in options
        ]  # fmt: skip

    def _recipients(self) -> list[tuple[str, Said, Said | None]]:
        found: list[tuple[str, Said, Said | None]] = [
            (uid, Said(each.name, each.name), None) for uid, each in self.partners.items()
        ]
        found += [(key, each.words, each.detail) for key, each in self.kind.classes.items()]
        return [*found, *([(SOMEBODY, wording.SOMEBODY, None)] if self.kind.others else [])]

    def _kinds(self) -> list[tuple[str, Said, Said | None]]:
        return [(key, each.words, each.detail) for key, each in self.information.items()]

    def _purposes(self) -> list[tuple[str, Said, Said | None]]:
        return [(key, each.words, None) for key, each in self.kind.purposes.items()]

    def _ends(self) -> list[tuple[str, Said, Said | None]]:
        return [(str(days), wording.DAYS[days], None) for days in self.kind.lasts]

    def questions_of(self, step: int) -> list[forms.BoundField]:
        """The form's own questions of a step."""
        return [self[f"q_{key}"] for key, each in self.kind.questions.items() if each.step == step]

    def initials(self, named: Iterable[Named]) -> list[tuple[str, forms.BoundField]]:
        """A field for the initials on each line."""
        return (
            [(each.words, self[f"initials_{place}"]) for place, each in enumerate(named)]
            if self.lines
            else []
        )


FAMILY_TYPES: Final = ("family_involved",)


def _field(question: Question, tongue: str) -> forms.Field:
    label, hint = question.words.tell(tongue), question.hint.tell(tongue) if question.hint else ""
    if tongue != "en":
        hint = " · ".join(filter(None, (hint, question.words.en)))
    if question.kind == "tick":
        return forms.BooleanField(label=label, required=False, help_text=hint)
    if question.kind == "day":
        widget = forms.DateInput(attrs={"type": "date"})
        return forms.DateField(label=label, required=False, help_text=hint, widget=widget)
    if question.kind == "choice":
        options = [(key, each.tell(tongue)) for key, each in question.choices.items()]
        return forms.ChoiceField(
            label=label, required=False, choices=options, widget=forms.RadioSelect, help_text=hint
        )
    return LineField(label=label, required=False, max_length=200, help_text=hint)


def _plain(value: Any) -> Any:
    """An answer as the sheet can keep it."""
    return value if isinstance(value, (str, bool, int)) or value is None else value.isoformat()


def tongue_of(spoken: str) -> str:
    """The language of the words: the person's own if the form has it, English otherwise."""
    return spoken if spoken in LANGUAGES else "en"


def kind_words(kinds: Mapping[str, Kind]) -> list[tuple[str, str, str]]:
    """The forms by code, with name and when each is for."""
    return [(code, kind.name.en, kind.about.en) for code, kind in kinds.items()]
