"""The page ``docs/law-coverage.md``: the tables, for a reader with the statute book open."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from consent.coverage.citations import ordered
from consent.coverage.mentions import Mentions, mentions
from consent.coverage.tables import Coverage, Row, Section
from consent.law import LAW_AS_OF, RULESET_VERSION

REPOSITORY: Final = Path(__file__).resolve().parent.parent.parent
PAGE: Final = REPOSITORY / "docs" / "law-coverage.md"
_MOST_NAMES: Final = 3  # a cell of a table, not a list of everything

_HEAD: Final = """# Coverage of the law

Written by `python manage.py law_coverage --write`; a test fails when it is stale. Rules {version}, law as of {as_of}.

**How to read it.** A row is a section or paragraph: one that the rules or the product cite, one whose words were at
hand when the rules were written, or a section of 42 CFR Part 2 or of 45 CFR 164.502 to 164.528 though nothing cites
it. *Text*: "at hand", or "not at hand" where the rules rest on `law/rules.md` or on general knowledge of the
paragraph and its words are to be read before anybody relies on the row. No paragraph is listed for any other reason.
*Held by*: ids of rules, of ids that only steer (both below, with where they act and what tests them), and keys of
consent forms (`p.name`). "With (c)" means that the rules of the paragraph around it hold it. Where no rule holds a
row, it says why. What a rule asks stands in `consent/law/`. Among the tests, `table.py` is a second reading of the
law, written apart from the first; the engine is compared with it on thousands of questions.

{counts}
"""


def page(tests: Path = REPOSITORY / "tests") -> str:
    """The whole page."""
    coverage = Coverage()
    spoken_of = mentions(tests, frozenset(coverage.cites))
    parts = [_HEAD.format(version=RULESET_VERSION, as_of=LAW_AS_OF, counts=_counts(coverage, spoken_of))]
    for part in coverage.parts:
        lines = [line for section in part.sections for line in _section(section)]
        parts += [f"## {part.title}\n", _table("Paragraph | Text | Held by | Note", lines)]
    parts += ["## Sources that are no code of laws\n", _named(coverage)]
    parts += ["## Rules\n", _rules(coverage, spoken_of)]
    parts += ["## Ids that only steer\n", _steering(coverage, spoken_of)]
    return "\n".join(parts)


def _counts(coverage: Coverage, spoken_of: Mapping[str, Mentions]) -> str:
    rows = coverage.rows.values()
    held = sum(1 for row in rows if row.rules or row.keys or row.within or row.below)
    untested = sum(1 for id_ in coverage.rules if not (spoken_of[id_].scenarios or spoken_of[id_].tests))
    return (
        f"{len(rows)} rows, {sum(row.text_at_hand for row in rows)} with the text at hand; {held} held by rules or forms, "
        f"{len(rows) - held} with a note instead. {len(coverage.rules)} rules, {untested} of them mentioned by no test; "
        f"{len(coverage.steering)} ids that only steer."
    )


def _section(section: Section) -> list[str]:
    lines = []
    for row in section.rows:
        is_whole = row.cite == section.cite
        where = f"**{section.cite}** {section.about}" if is_whole else row.cite.removeprefix(section.cite)
        text = "at hand" if row.text_at_hand else "not at hand"
        lines.append(f"{where} | {text} | {_held_by(row, section.cite)} | {row.note}")
    return lines


def _table(head: str, lines: Sequence[str]) -> str:
    rule = " | ".join("---" for _ in head.split(" | "))
    return "\n".join(f"| {line} |" for line in (head, rule, *lines)) + "\n"


def _held_by(row: Row, section: str) -> str:
    if row.within:
        return f"with {row.within.removeprefix(section)}"
    if row.below:
        return f"by {', '.join(each.removeprefix(section) for each in row.below)}"
    return ", ".join(f"`{each}`" for each in (*row.rules, *row.keys))


def _named(coverage: Coverage) -> str:
    return _table(
        "Source | Held by | Note",
        [
            f"{name} | {', '.join(f'`{id_}`' for id_ in coverage.citing.get(name, ()))} | {note}"
            for name, note in sorted(coverage.named.items())
        ],
    )


def _rules(coverage: Coverage, spoken_of: Mapping[str, Mentions]) -> str:
    lines = []
    for id_, rules in coverage.rules.items():
        does = " and ".join(sorted({rule.effect for rule in rules}))
        local = " (local policy)" if any(rule.is_local_policy for rule in rules) else ""
        lines.append(f"`{id_}` | {does}{local} | {coverage.cites[id_]} | {_tested(spoken_of[id_])}")
    return _table("Rule | Does | Citation | Scenarios | Tests", lines)


def _tested(found: Mentions) -> str:
    names = [f"`{name}`" for name in found.tests]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{', '.join(found.scenarios)} | {', '.join(names[:_MOST_NAMES])}{more}"


def _steering(coverage: Coverage, spoken_of: Mapping[str, Mentions]) -> str:
    lines = []
    for id_ in coverage.steering:
        file, _, name = coverage.acts.get(id_, "").partition(" ")
        where = f"`{file}` {name}".rstrip() if file else f"no code of its own: {coverage.idle.get(id_, '')}"
        lines.append(f"`{id_}` | {coverage.cites[id_]} | {where} | {_tested(spoken_of[id_])}")
    return _table("Id | Citation | Where it acts | Scenarios | Tests", lines)


def faults(coverage: Coverage) -> Iterator[str]:
    """What is wrong with the data: rows without a word, reasons that are out of date, citations of nothing."""
    for row in coverage.rows.values():
        if not row.is_explained:
            yield f"{row.cite}: no rule holds it, and nothing says why"
    for part in coverage.data:
        for section in part["section"]:
            for paths in section.get("why", {}):
                for path in paths.split():
                    cite = section["cite"] + ("" if path == "whole" else path)
                    if cite not in coverage.rows:
                        yield f"{cite}: a reason for a paragraph that isn't listed"
                    elif coverage.rows[cite].rules or coverage.rows[cite].keys:
                        yield f"{cite}: a rule holds it, so the reason why none does is out of date"
    for id_, cite in [*coverage.cites.items(), *coverage.keys.items()]:
        yield from citation_faults(coverage, id_, cite)
        if cite and not any(coverage.reader.paragraphs(cite)):
            yield f"{id_}: nothing that is listed is cited in `{cite}`"
    for id_ in coverage.steering:
        if (id_ in coverage.acts) == (id_ in coverage.idle):
            yield f"{id_}: say either where it acts or why it has no code"
    for id_ in ordered({*coverage.acts, *coverage.idle} - set(coverage.steering)):
        yield f"{id_}: no such id that only steers"


def citation_faults(coverage: Coverage, where: str, text: str) -> Iterator[str]:
    """Citations in ``text`` that resolve to no row."""
    for cite in coverage.reader.paragraphs(text):
        if cite not in coverage.rows and cite not in coverage.named:
            yield f"{where}: {cite} is no row"
    for unknown in coverage.reader.unknown(text):
        yield f"{where}: {unknown} is in no section that is listed"
