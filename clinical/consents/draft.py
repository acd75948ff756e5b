"""A form being filled in: what is on it so far, what it still lacks, what it would open. Kept only once it is signed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from clinical.clients.models import Client
from clinical.consents import catalog, choices, wording
from clinical.consents.elements import elements_of
from clinical.consents.kinds import Information, Kind, Purpose
from clinical.consents.papers import Picture
from clinical.consents.said import joined
from consent import services
from consent.engine import forms
from consent.models import Consent, Determination, Principal, Program

MOST_LINES: Final = 12  # members of a conference on one sheet


def form_of(program: Program, at: datetime) -> str:
    """The form that ``program`` usually takes: the strictest that its determination asks for.

    An undetermined program takes the Part 2 form, which meets 45 CFR 164.508(c) as well.
    """
    if services.profile(program).parent == "VSP":
        return "VS-REL"
    may_be_part2 = Determination.of(program, at)["p2_status"] in ("program", "undetermined")
    return "P2-SPEC" if may_be_part2 or services.profile(program).parent == "SUDP2" else "HIPAA-AUTH"


def forms_of(program: Program, at: datetime) -> list[str]:
    """Every form that ``program`` may take, its usual one first.

    Part 2 forms where there may be Part 2 records, received ones included, and no HIPAA authorization
    where all of the program's own are: it would open nothing. The victims' release where victims are
    served, and then no conference: nothing of theirs is ever told there (3.9).
    """
    usual, parent = form_of(program, at), services.profile(program).parent
    statuses = Determination.of(program, at)
    left_out = {"HIPAA-AUTH"} if usual == "P2-SPEC" else set()
    if statuses["p2_status"] == "none" and parent != "SUDP2":
        left_out |= {"P2-SPEC", "P2-TPO", "P2-NOTES", "P2-PROC", "P2-CJ35"}
    if parent == "VSP":
        left_out |= {"MULTI-CONF", "P2-SPEC", "P2-TPO", "P2-NOTES", "P2-PROC", "P2-CJ35"}
    elif statuses["vs_regime"] == "none":
        left_out.add("VS-REL")
    return [usual, *(code for code in catalog.KINDS if code not in left_out | {usual})]


def information_of(kind: Kind, program: Program) -> Mapping[str, Information]:
    """What can be ticked: the form's own items, or the program's three plain kinds."""
    found = kind.information or choices.PLAIN
    parent = () if kind.ends == "limit" else (services.profile(program).parent,)
    tells = choices.TELLS.get(services.profile(program).parent)
    made = {}
    for key, each in found.items():
        detail = each.detail
        if "{program}" in detail.en:
            more = tells if tells and key == "contact" else None
            detail = type(detail)(
                *(
                    text.format(program=program.name) + (more.tell(language) if more else "")
                    for text, language in zip(detail, ("en", "es"), strict=True)
                )
            )
        segments = {*each.segments, *(parent if each.with_parent else ())}
        own = segments or {services.profile(program).parent}
        made[key] = replace(each, detail=detail, segments=tuple(sorted(own)))
    return made


@dataclass(frozen=True, kw_only=True)
class Named:
    """One whom the form names: an organization, a class, or somebody written down by name.

    ``organization`` is a uid of the directory, or one of the form's own for who stands in no directory: so
    that a name typed here never opens anything to everybody of that kind.
    """

    type: str
    name: str
    organization: str = ""
    unit: str = ""
    needs_unit: bool = False
    is_known: bool = True

    @property
    def row(self) -> dict[str, str]:
        """As the form's rows hold it; who is in no directory is kept by name."""
        unit = self.unit if self.is_known else self.words
        return {"type": self.type, "organization": self.organization, "unit": unit}

    @property
    def words(self) -> str:
        """Name and unit."""
        return ", ".join(filter(None, (self.name, self.unit)))

    @classmethod
    def written(cls, *, type: str, name: str, unit: str = "") -> "Named":
        """Somebody who stands in no directory."""
        return cls(type=type, name=name, unit=unit, organization=str(uuid4()), is_known=False)


@dataclass(frozen=True, kw_only=True)
class Signing:
    """How it is signed, and who stands by."""

    image: bytes = b""
    typed: str = ""
    witness: str = ""
    second_witness: str = ""
    by_voice: bool = False
    paper: Picture | None = None
    staff: bool = False
    signer: str = "patient"
    name: str = ""  # of who signs for the person
    authority: str = ""
    initials: Mapping[str, str] = field(default_factory=dict)  # by the recipient's place

    @property
    def has_two_witnesses(self) -> bool:
        """Two who are not one: a spoken yes needs them (55 Pa. Code 5100.34(f))."""
        one, two = self.witness.casefold(), self.second_witness.casefold()
        return bool(one and two and one != two)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Everything that a form says; validity is computed from it and never ticked."""

    program: Program
    kind: Kind
    client: Client
    by: Principal
    at: datetime
    language: str = "en"  # of the form's words
    spoken: str = "en"  # of the person; another one needs an interpreter
    interpreter: str = ""
    named: tuple[Named, ...] = ()
    information: tuple[Information, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    days: int | None = None  # 0 is until it is taken back
    answers: Mapping[str, Any] = field(default_factory=dict)  # of the form's own questions
    capacity: str = ""
    copy_offered: bool = False
    informed: bool = False
    signing: Signing = field(default_factory=Signing)

    # --- in words ------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The person's name, as it stands on the form."""
        return f"{self.client.given_name} {self.client.family_name}".strip()

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, if a day was chosen."""
        return self.at + timedelta(days=self.days) if self.days else None

    @property
    def to_words(self) -> str:
        """Who may receive, in words."""
        return "; ".join(dict.fromkeys(each.words for each in self.named))

    @property
    def what_words(self) -> str:
        """What may be shared, in words; which notes, where the form asks that, and what is left out."""
        parts = [each.detail.tell(self.language) for each in self.information]
        if self.answers.get("about"):
            parts.append(str(self.answers["about"]))
        return "; ".join(parts)

    @property
    def why_words(self) -> str:
        """What it is for, in words."""
        return joined([each.detail.tell(self.language) for each in self.purposes], self.language)

    @property
    def until_words(self) -> str:
        """When it ends, in words."""
        if self.ends_at is None:
            return wording.NO_END.tell(self.language) if self.days == 0 else ""
        said = wording.WHEN_EVENT if self.end_event else wording.UNTIL_DAY
        return said.tell(self.language, day=wording.day(self.ends_at, self.language))

    @property
    def signed(self) -> str:
        """How it was signed, if it was, in the form's language."""
        how, language = self._how_signed(), self.language
        sig = self.signing
        if not how or sig.signer == "patient":
            return how
        as_what = wording.SIGNERS[sig.signer].tell(language).lower()
        by = wording.FOR_THEM.tell(language, name=sig.name, as_what=as_what, authority=sig.authority)
        return f"{how}, {by}" if sig.name and sig.authority else ""

    def _how_signed(self) -> str:
        sig, language = self.signing, self.language
        if self.kind.ends == "spoken":
            return wording.HEARD.tell(language, name=self.by.get_full_name())
        if sig.image:
            return wording.DRAWN.tell(language)
        if sig.typed and sig.witness and sig.typed.casefold() != sig.witness.casefold():
            return wording.TYPED.tell(language, name=sig.typed, witness=sig.witness)
        if sig.paper is not None:
            return wording.ON_PAPER.tell(language)
        if "minds" in self.kind.families and sig.by_voice and sig.has_two_witnesses:
            return wording.BY_VOICE.tell(language, one=sig.witness, two=sig.second_witness)
        return ""

    # --- as the engine reads it ----------------------------------------------------------------

    @property
    def segments(self) -> list[str]:
        """The segments that the ticked kinds mean."""
        return sorted({segment for each in self.information for segment in each.segments})

    @property
    def purpose_codes(self) -> list[str]:
        """The purposes as the engine names them."""
        return sorted({code for each in self.purposes for code in each.codes})

    @property
    def end_event(self) -> str:
        """The event that ends it, beside the day."""
        return "final_disposition" if self.answers.get("revocable") == "final_disposition" else ""

    def lines(self) -> list["Draft"]:
        """The forms on the sheet: one, or one for each recipient with what may be told to just them."""
        if not self.kind.by_line:
            return [self]
        return [replace(self, named=(each,), information=_fit(self.information, each)) for each in self.named]

    def values(self, line: "Draft") -> dict[str, Any]:
        """What one form of the sheet holds, as `services.record_consent` takes it."""
        return {
            "form": self.kind.code,
            "program": self.program,
            "recipients": [each.row for each in line.named],
            "segments": line.segments,
            "purposes": line.purpose_codes,
            "elements": elements_of(line, initials=self.initials_of(line)),
            "signed_at": self.at,
            "ends_at": self.ends_at,
            "end_event": self.end_event,
            "signer": self.signing.signer,
        }

    def initials_of(self, line: "Draft") -> str:
        """The initials on one line of the sheet."""
        place = self.named.index(line.named[0]) if line.named and line.named[0] in self.named else 0
        return self.signing.initials.get(str(place), "")

    def unsaved(self) -> list[Consent]:
        """The forms as rows that nobody has kept."""
        return [Consent(subject_id=self.client.subject_id, **self.values(line)) for line in self.lines()]

    def opens(self) -> list[services.Opening]:
        """What it would let go, to whom, until when: asked of the engine as if it were signed and whole."""
        if self.kind.ends != "signature" or not (self.segments and self.purposes):
            return []
        whole = replace(
            self, copy_offered=True, informed=True,
            signing=replace(
                self.signing, image=b"preview", staff=True, name=self.signing.name or "-",
                authority=self.signing.authority or "-", initials={str(n): "-" for n in range(len(self.named))},
            ),
        )  # fmt: skip
        shown = dict.fromkeys(self.kind.to_be_shown, True)
        return [
            opening
            for form in whole.unsaved()
            if form.segments
            for opening in services.what_it_opens(form, at=self.at, by=self.by, shown=shown)
        ]

    # --- is it whole? --------------------------------------------------------------------------

    def lacks(self) -> list[str]:
        """What keeps the form from being valid, in plain words; empty when it is."""
        found = [] if self.named else ["who may receive it"]
        for form in self.unsaved():
            value = services.facts_of(form)
            defects = set(forms.defects(value, self.at))
            defects |= set(forms.health_defects(value, self.at)) if "hipaa" in self.kind.families else set()
            found += [wording.missing_words(defect) for defect in sorted(defects)]
            found += [] if form.segments else [wording.missing_words("segments")]
        found += self._lacks_of_local_policy()
        return list(dict.fromkeys(found))

    def _lacks_of_local_policy(self) -> list[str]:
        """What no statute words and every form has (3, "Common to all"; 3.3; 3.5)."""
        found = [] if self.capacity else ["that the person understands what they sign"]
        if self.spoken not in ("en", "es") and not self.interpreter:
            found.append("who interpreted")
        found += [
            f"which unit or role: {each.name}" for each in self.named if each.needs_unit and not each.unit
        ]
        if self.signing.signer != "patient" and not (self.signing.name and self.signing.authority):
            found.append("who signs for the person, and by what authority")
        for key, question in self.kind.questions.items():
            if question.required and not self.answers.get(key):
                found.append(f"an answer: {question.words.en}")
        if self.kind.ends != "signature" and not self.segments:
            found.append("what it is about")
        return found


def _fit(information: tuple[Information, ...], named: Named) -> tuple[Information, ...]:
    """What may stand on a conference's line for them: nothing clinical for police and prosecutors (3.9)."""
    if named.type not in ("law_enforcement", "le_co_response_partner", "prosecutor"):
        return information
    fitted = (
        replace(each, segments=tuple(sorted(choices.POLICE_LINE & set(each.segments))))
        for each in information
    )
    return tuple(each for each in fitted if each.segments)
