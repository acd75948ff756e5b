"""What each program is, read from the files of this folder.

A file names the programs that it defines by their short names, and says what the law calls their
records, who is eligible, what intake asks, which stages there are, what is recorded and how an
episode may end. A program is changed by changing its file: a new ``version`` says so, and each
record keeps the one that it was written under.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
COMMON = "common.toml"
KINDS = frozenset(
    {"line", "prose", "choice", "choices", "yes_no_unknown", "date", "moment", "number"}
)  # of an answer
# Records that every program has, asked for where they belong rather than chosen from a list.
ELIGIBILITY, INTAKE, CLOSING = "eligibility", "intake", "closing"


class BadDefinition(ValueError):
    """A file says something that makes no program; the message names the place."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a form.

    Attributes:
        choices: Codes and their words, for those who choose.
        must: The answer that makes somebody eligible; ``""`` where none does.
        most: The highest number that is no slip of the finger.
    """

    id: str
    label: str
    kind: str
    help: str = ""
    required: bool = False
    choices: Mapping[str, str]
    must: str = ""
    most: int = 1000

    def in_words(self, answer: Any) -> str:
        """The answer as people read it; ``""`` for none."""
        if answer is None or answer == "" or answer == []:
            return ""
        if self.kind == "choices":
            return ", ".join(self.choices.get(str(each), str(each)) for each in answer)
        return self.choices.get(str(answer), str(answer))


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where an episode stands.

    Attributes:
        next: Stages that may follow.
        needs: Kinds of record that must be there before the stage begins.
        due_hours: In how many hours it should be over; ``None`` where it may last.
    """

    id: str
    words: str
    about: str = ""
    next: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    due_hours: int | None = None


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """Something that a program writes down, again and again or once.

    Attributes:
        segments: What it is besides the program's own kind of information.
    """

    id: str
    words: str
    about: str = ""
    segments: tuple[str, ...] = ()
    questions: tuple[Question, ...]

    def question(self, id: str) -> Question | None:
        """The question of that name, if there is one."""
        return next((each for each in self.questions if each.id == id), None)


@dataclass(frozen=True, kw_only=True)
class Legal:
    """What the law calls the program's records; its status is counsel's determination, not this.

    Attributes:
        parent: The segment that enrolment reveals.
        consents: Forms that are usually taken at intake.
        about: What staff should know about it, in two sentences.
    """

    parent: str
    consents: tuple[str, ...]
    about: str


@dataclass(frozen=True, kw_only=True)
class Cards:
    """How a card becomes an episode without an encounter.

    Attributes:
        kinds: The source by kind of card; a kind that is not there begins with an encounter.
        words: The source by a word among the card's reasons, which goes before the kind.
    """

    kinds: Mapping[str, str]
    words: Mapping[str, str]

    def source_of(self, kind: str, reasons: Iterable[str]) -> str:
        """The source of a card; ``""`` where it does not become an episode by itself."""
        said = " ".join(reasons).lower()
        by_word = (source for word, source in self.words.items() if word in said)
        return next(by_word, self.kinds[kind]) if kind in self.kinds else ""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A program as its file says."""

    slug: str
    version: int
    name: str
    programs: tuple[str, ...]
    about: str
    legal: Legal
    sources: Mapping[str, str]
    stages: tuple[Stage, ...]
    records: tuple[RecordKind, ...]
    reasons: Mapping[str, str]
    cards: Cards

    @property
    def first_stage(self) -> Stage:
        """Where every episode begins."""
        return self.stages[0]

    @property
    def chosen_records(self) -> tuple[RecordKind, ...]:
        """The kinds that somebody chooses from: closing has its own page, intake is done at the beginning."""
        return tuple(each for each in self.records if each.id != CLOSING)

    def stage(self, id: str) -> Stage:
        """The stage; one that an older version of the file had is called by its id and leads to the first."""
        found = next((each for each in self.stages if each.id == id), None)
        return found or Stage(id=id, words=id.replace("_", " "), next=(self.first_stage.id,))

    def record(self, id: str) -> RecordKind | None:
        """The kind of record, if the program has it."""
        return next((each for each in self.records if each.id == id), None)

    def unmet(self, answers: Mapping[str, Any]) -> list[Question]:
        """The questions of eligibility that were answered against it."""
        asked = [each for each in self._eligibility if each.must]
        return [
            each for each in asked if answers.get(each.id) not in (None, "", "unknown", each.must)
        ]  # no answer is no "no"

    def open_questions(self, answers: Mapping[str, Any]) -> list[Question]:
        """The questions of eligibility that are not answered yet."""
        return [
            each for each in self._eligibility if each.must and answers.get(each.id) in (None, "", "unknown")
        ]

    @property
    def _eligibility(self) -> tuple[Question, ...]:
        kind = self.record(ELIGIBILITY)
        return kind.questions if kind else ()


@cache
def definitions() -> Mapping[str, Definition]:
    """The definitions by slug."""
    sets = tomllib.loads((FOLDER / COMMON).read_text(encoding="utf-8"))["sets"]
    found: dict[str, Definition] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        if file.name != COMMON:
            made = read(tomllib.loads(file.read_text(encoding="utf-8")), sets)
            found[made.slug] = made
    return found


def definition_of(program_slug: str) -> Definition | None:
    """What defines the program, if anything does."""
    return next((each for each in definitions().values() if program_slug in each.programs), None)


def definition_named(slug: str) -> Definition:
    """The definition that an episode names.

    Raises:
        LookupError: its file is gone, which only a broken installation has.
    """
    return definitions()[slug]


def read(said: Mapping[str, Any], sets: Mapping[str, Mapping[str, str]]) -> Definition:
    """A file's content as a definition.

    Raises:
        BadDefinition: something is missing, unknown, or leads nowhere.
    """
    name = said.get("slug", "?")
    try:
        made = _definition(said, sets)
    except (KeyError, TypeError) as error:
        raise BadDefinition(f"{name}: {error}") from None
    problems = list(_problems(made))
    if problems:
        raise BadDefinition(f"{name}: {'; '.join(problems)}")
    return made


def _definition(said: Mapping[str, Any], sets: Mapping[str, Mapping[str, str]]) -> Definition:
    def questions(rows: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
        return tuple(_question(row, sets) for row in rows)

    records = [
        RecordKind(id=ELIGIBILITY, words="Eligibility", questions=questions(said["eligibility"])),
        RecordKind(id=INTAKE, words="Intake", questions=questions(said["intake"])),
        *(
            RecordKind(
                **{
                    **row,
                    "questions": questions(row["questions"]),
                    "segments": tuple(row.get("segments", ())),
                }
            )
            for row in said["records"]
        ),
        RecordKind(id=CLOSING, words="Closing", questions=questions(said["closing"].get("questions", ()))),
    ]
    return Definition(
        slug=said["slug"],
        version=said["version"],
        name=said["name"],
        programs=tuple(said["programs"]),
        about=said["about"],
        legal=Legal(**{**said["legal"], "consents": tuple(said["legal"]["consents"])}),
        sources=said["sources"],
        stages=tuple(
            Stage(**{**row, "next": tuple(row.get("next", ())), "needs": tuple(row.get("needs", ()))})
            for row in said["stages"]
        ),
        records=tuple(records),
        reasons={row["id"]: row["words"] for row in said["closing"]["reasons"]},
        cards=Cards(**{"kinds": {}, "words": {}} | said.get("cards", {})),
    )


def _question(row: Mapping[str, Any], sets: Mapping[str, Mapping[str, str]]) -> Question:
    choices = row.get("choices", {})
    if row["kind"] == "yes_no_unknown":
        choices = "yes_no_unknown"
    if isinstance(choices, str):
        choices = sets[choices]
    return Question(**{**row, "choices": choices})


def _problems(made: Definition) -> Iterable[str]:
    stages = {each.id for each in made.stages}
    kinds = {each.id for each in made.records}
    if len(stages) != len(made.stages) or len(kinds) != len(made.records):
        yield "a stage or a kind of record stands there twice"
    if not made.stages or not made.reasons or not made.sources:
        yield "no stage, no closing reason or no source"
    by_card = {*made.cards.kinds.values(), *made.cards.words.values()}
    yield from (f"a card comes from `{source}`, which is no source" for source in by_card - set(made.sources))
    for stage in made.stages:
        yield from (
            f"stage `{stage.id}` leads to `{to}`, which is none" for to in stage.next if to not in stages
        )
        yield from (f"stage `{stage.id}` needs `{kind}`" for kind in stage.needs if kind not in kinds)
    asked_together = [q.id for kind in (ELIGIBILITY, INTAKE) if (k := made.record(kind)) for q in k.questions]
    if len(set(asked_together)) != len(asked_together):
        yield "eligibility and intake are one page, and ask two questions by one name"
    for kind in made.records:
        for question in kind.questions:
            yield from (f"{kind.id}.{question.id}: {problem}" for problem in _wrong_with(question))


def _wrong_with(question: Question) -> Iterable[str]:
    if question.kind not in KINDS:
        yield f"unknown kind `{question.kind}`"
    if bool(question.choices) != (question.kind in ("choice", "choices", "yes_no_unknown")):
        yield "choices where there are none to choose, or none where there are"
    if question.must and question.must not in question.choices:
        yield "must be answered as nobody can"
