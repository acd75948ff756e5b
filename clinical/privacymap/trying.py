"""What if: forms that nobody has signed yet, and forms that nobody has taken back yet. Nothing of it is kept.

What is tried travels in the page's own form fields and is read strictly: whatever names a form, a
recipient or a segment that isn't on the asker's map is as good as not said.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import QueryDict

from clinical.consents.draft import form_of
from clinical.consents.wording import FORM_NAMES
from clinical.privacymap.people import Person
from consent.engine import facts, forms
from consent.models import Program
from consent.services.mapping import TELLING

MOST_TRIED: Final = 4
DAYS: Final[Mapping[int, str]] = {7: "7 days", 30: "30 days", 90: "90 days", 180: "6 months", 365: "1 year"}
USUAL_DAYS: Final = 90
_APART, _LIST = "|", ","
_TPO_FAMILIES = frozenset({"TREAT", "HPAYMT", "HOPERAT"})


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A form as it would be if it were signed now, whole and valid: who, what, until when."""

    program: str
    form: str
    person: str
    segments: tuple[str, ...]
    days: int

    @property
    def written(self) -> str:
        """As it travels in a form field."""
        said = (self.program, self.form, self.person, _LIST.join(self.segments), str(self.days))
        return _APART.join(said)

    @classmethod
    def read(cls, written: str) -> "Tried | None":
        """What a form field says, if it says anything."""
        said = written.split(_APART)
        if len(said) != 5 or said[4] not in map(str, DAYS) or said[1] not in FORM_NAMES:
            return None
        segments = tuple(sorted(set(said[3].split(_LIST)) & TELLING))
        if not segments:
            return None
        return cls(program=said[0], form=said[1], person=said[2], segments=segments, days=int(said[4]))

    def consent(self, number: int, person: Person, at: datetime) -> facts.Consent:
        """The form as the engine reads it, with everything on it that the law wants there.

        It is for whatever such a recipient asks for in the ordinary course.
        """
        named = person.candidate.named_by
        purposes = _TPO_FAMILIES if self.form == "P2-TPO" else frozenset(person.candidate.purposes)
        return facts.Consent(
            id=f"tried {number}", form=self.form, signed_at=at, ends_at=at + timedelta(days=self.days),
            recipients=(person.candidate.type,), recipient_ids=(named,) if named else (),
            lines=((person.candidate.type, named),), segments=frozenset(self.segments), purposes=purposes,
            sources=(self.program,), revocable_on="final_disposition" if self.form == "P2-CJ35" else None,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Everything that is tried at once."""

    tried: tuple[Tried, ...] = ()
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tried or self.without)

    @classmethod
    def posted(cls, data: QueryDict, known: "Known") -> "Trial":
        """What the page says, with what was pressed done to it."""
        read = (Tried.read(each) for each in data.getlist("tried")[:MOST_TRIED])
        trial = cls(
            tried=tuple(dict.fromkeys(each for each in read if each is not None and known.holds(each))),
            without=tuple(dict.fromkeys(each for each in data.getlist("without") if each in known.forms)),
        )
        return trial._after(data.get("do", ""), data, known)

    def _after(self, do: str, data: QueryDict, known: "Known") -> "Trial":
        """With what a button asks for: ``form …``, ``drop 0``, ``without id``, ``with id``, ``nothing``."""
        verb, _separator, rest = do.partition(" ")
        if verb == "nothing":
            return Trial()
        if verb == "compose":
            return self._with([known.composed(data)])
        if verb == "form":
            return self._with(map(Tried.read, rest.split(";")[:MOST_TRIED]), known)
        if verb == "drop":
            return Trial(
                tried=tuple(e for n, e in enumerate(self.tried) if str(n) != rest), without=self.without
            )
        if verb == "without" and rest in known.forms:
            return Trial(tried=self.tried, without=tuple(dict.fromkeys((*self.without, rest))))
        if verb == "with":
            return Trial(tried=self.tried, without=tuple(e for e in self.without if e != rest))
        return self

    def _with(self, more: Iterable[Tried | None], known: "Known | None" = None) -> "Trial":
        added = [each for each in more if each is not None and (known is None or known.holds(each))]
        tried = tuple(dict.fromkeys((*self.tried, *added)))
        return Trial(tried=tried[-MOST_TRIED:], without=self.without)

    def consents(self, people: Mapping[str, Person], at: datetime) -> list[facts.Consent]:
        """The forms that are tried, for the engine."""
        return [each.consent(n, people[each.person], at) for n, each in enumerate(self.tried)]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What can be tried on this map: its programs, its people, the forms that hold now."""

    programs: Mapping[str, Program]
    people: Mapping[str, Person]
    forms: Collection[str]
    at: datetime

    def holds(self, tried: Tried) -> bool:
        """Are its program and its recipient on the map, and may the recipient be named?"""
        person = self.people.get(tried.person)
        return tried.program in self.programs and person is not None and person.may_be_named

    def composed(self, data: QueryDict) -> Tried | None:
        """The form that was put together field by field; nothing where something is left open."""
        slug = data.get("program") or next(iter(self.programs), "")
        kind = data.get("form") or self.usual_form(slug)
        said = (slug, kind, data.get("to", ""), _LIST.join(data.getlist("what")), data.get("days", ""))
        found = Tried.read(_APART.join(each.replace(_APART, "") for each in said))
        return found if found is not None and self.holds(found) else None

    def usual_form(self, slug: str) -> str:
        """The form that the program takes."""
        return form_of(self.programs[slug], self.at) if slug in self.programs else ""


def left_open(data: QueryDict, known: Known) -> dict[str, str]:
    """What a form that was put together doesn't say yet, by field."""
    found = {}
    if data.get("to", "") not in known.people:
        found["to"] = "Choose who would receive it."
    if not set(data.getlist("what")) & TELLING:
        found["what"] = "Choose what would be shared."
    return found


def longest_words(form: str, days: int, at: datetime) -> str:
    """Why a form that was tried ends earlier than was said: the law or local policy caps it."""
    value = facts.Consent(id="", form=form, signed_at=at, ends_at=at + timedelta(days=days))
    longest: Any = forms.longest_life(value)
    return f"no longer than {longest.days} days" if longest is not None and longest.days < days else ""
