"""What a kind of form is made of: recipients, kinds of information, purposes, questions of its own, statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinical.consents.said import Said


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """One plain purpose, what stands on the form for it, and the codes that the engine knows it by."""

    words: Said
    detail: Said
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """A class of recipients that can be ticked instead of one by name."""

    words: Said
    detail: Said
    types: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something that this form alone asks: a line of text, one of several answers, a tick, a date."""

    words: Said
    step: int
    kind: str = "line"  # line, choice, tick, day
    choices: Mapping[str, Said] = field(default_factory=dict)
    required: bool = True
    hint: Said | None = None


@dataclass(frozen=True, kw_only=True)
class Information:
    """One plain kind of information that can be ticked; ``segments`` are the engine's words for it."""

    words: Said
    detail: Said
    segments: tuple[str, ...]
    with_parent: bool = True  # does it tell that the person is with the program?


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of form.

    Attributes:
        families: Which laws' element keys stand on it (`clinical.consents.elements`).
        organizations: Kinds of organization that can be ticked; ``classes`` and ``others`` (typed) beside them.
        information: What can be ticked; nothing means the program's three plain kinds.
        lasts: Days that can be chosen, ``usual`` among them; 0 is "until I take it back".
        ends: ``signature`` is signed, ``spoken`` is said before the worker, ``limit`` is a limit agreed to.
        to_be_shown: Facts that whoever sends it must show as well, each time: the preview says so.
    """

    code: str
    name: Said
    about: Said
    families: tuple[str, ...]
    statements: tuple[Said, ...]
    organizations: frozenset[str] = frozenset()
    classes: Mapping[str, Recipients] = field(default_factory=dict)
    others: Mapping[str, Said] = field(default_factory=dict)
    one_recipient: bool = False
    by_line: bool = False  # each recipient is a form of its own on one sheet
    names_units: bool = False
    information: Mapping[str, Information] = field(default_factory=dict)
    purposes: Mapping[str, Purpose] = field(default_factory=dict)
    lasts: tuple[int, ...] = (30, 90, 180, 365)
    usual: int = 90
    questions: Mapping[str, Question] = field(default_factory=dict)
    ends: str = "signature"
    to_be_shown: Mapping[str, Said] = field(default_factory=dict)
    end_event: str = ""

    @property
    def is_fixed(self) -> bool:
        """Does the form itself say what may be shared, so that nothing is left to choose?"""
        return len(self.information) == 1
