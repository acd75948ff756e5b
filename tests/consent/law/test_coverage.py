"""The coverage of the law: complete, up to date, and every citation in the product resolves."""

import csv
import json
import re
from pathlib import Path

import pytest

from consent.coverage.citations import Reader, ordered, steps, written
from consent.coverage.page import PAGE, citation_faults, faults, page
from consent.coverage.tables import Coverage
from consent.engine import forms
from consent.engine.rules import Effect
from tests.shared_data import REPOSITORY, SHARED, shared

COVERAGE = Coverage()
PRODUCT = ("clinical", "config", "consent", "docs", "policecore", "referrals", "README.md")
beside_the_law = pytest.mark.skipif(
    not SHARED.exists(), reason="the texts lie beside the repository, and they aren't there"
)


def test_the_page_is_as_the_code_is():
    assert PAGE.read_text(encoding="utf-8") == page(), "stale: python manage.py law_coverage --write"


def test_every_row_is_held_or_says_why_not():
    assert list(faults(COVERAGE)) == []


def test_every_rule_is_mentioned_by_a_scenario_or_a_test():
    untested = [
        line for line in page().splitlines() if re.match(r"\| `\S+` \| (bar|permit|route).*\|  \|  \|$", line)
    ]

    assert untested == []


def test_every_path_that_counsel_keeps_closed_has_a_scenario():
    routes = {
        id_ for id_, rules in COVERAGE.rules.items() if any(each.effect is Effect.ROUTE for each in rules)
    }
    scenarios = "".join(
        file.read_text(encoding="utf-8") for file in (REPOSITORY / "tests/scenarios").glob("*.yaml")
    )

    assert sorted(id_ for id_ in routes if id_ not in scenarios) == []


def test_every_key_of_a_form_has_its_paragraph():
    assert set(COVERAGE.keys) == forms.EVERY_KEY


def test_what_a_steering_id_or_a_note_points_to_is_there():
    places = [tuple(acts.partition(" ")[::2]) for acts in COVERAGE.acts.values()]
    for row in COVERAGE.rows.values():
        places += re.findall(r"`([\w/]+\.(?:py|md))` ?(\w+)?", row.note)

    for file, name in places:
        assert (REPOSITORY / file).exists(), file
        assert name in (REPOSITORY / file).read_text(encoding="utf-8"), f"{name} in {file}"


def product_files() -> list[Path]:
    found = [REPOSITORY / each for each in PRODUCT]
    return [
        file
        for place in found
        for file in ([place] if place.is_file() else sorted(place.rglob("*")))
        if file.suffix in (".html", ".md", ".py", ".txt", ".yaml")
        and "coverage" not in file.parts
        and file != PAGE
    ]


def test_every_citation_in_the_product_resolves_to_a_row():
    found = [
        fault
        for file in product_files()
        for fault in citation_faults(COVERAGE, file.name, file.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_every_section_of_the_two_rules_is_listed():
    privacy = {
        f"45 CFR 164.{number}" for number in (502, 504, 506, 508, 510, 512, 514, 520, 522, 524, 526, 528)
    }

    assert privacy <= set(COVERAGE.rows)
    assert sum(len(part.sections) for part in COVERAGE.parts if part.title == "42 CFR Part 2") == 38


# --- against the texts, where they lie ----------------------------------------------------------


@beside_the_law
def test_the_sections_of_part_2_are_those_of_the_list():
    with shared("data", "regulations", "part2-sections.csv").open(encoding="utf-8") as file:
        listed = {row["cite"] for row in csv.DictReader(file)}

    assert listed == {cite for cite in COVERAGE.rows if re.fullmatch(r"42 CFR 2\.\d+", cite)}


@beside_the_law
def test_what_is_said_to_be_at_hand_is_what_is_at_hand():
    texts = json.loads(shared("data", "regulations", "key-text.json").read_text(encoding="utf-8"))
    at_hand = {
        paragraph
        for entries in texts.values()
        if isinstance(entries, list)
        for entry in entries
        for paragraph in paragraphs_of(entry["cite"].removesuffix(" [rule]"), entry["text"])
    }

    assert at_hand == {cite for cite, row in COVERAGE.rows.items() if row.text_at_hand}


@beside_the_law
def test_every_paragraph_that_the_specification_cites_is_listed():
    reader, cited = COVERAGE.reader, specification()

    assert ordered(set(reader.paragraphs(cited)) - set(COVERAGE.rows) - set(COVERAGE.named)) == []
    assert set(reader.unknown(cited)) <= {"45 CFR 164", "89 FR 12472"}  # a part, and a rule's preamble


@beside_the_law
def test_nothing_is_listed_that_nobody_cites_and_nobody_has_read():
    cited = set(COVERAGE.reader.paragraphs(specification())) | set(COVERAGE.citing)
    for where in COVERAGE.keys.values():
        cited |= set(COVERAGE.reader.paragraphs(where))
    for file in product_files():
        cited |= set(COVERAGE.reader.paragraphs(file.read_text(encoding="utf-8")))
    sections = {section.cite for part in COVERAGE.parts for section in part.sections}
    at_hand = {cite for cite, row in COVERAGE.rows.items() if row.text_at_hand}

    assert ordered(set(COVERAGE.rows) - cited - sections - at_hand) == []


def paragraphs_of(cite: str, text: str) -> list[str]:
    """The paragraph, and those that its text numbers: ``(1) Meet a bona fide …``."""
    section, path = cite.split("(")[0], steps(cite)
    found, last = [cite], path
    for step in re.findall(r"(?<= )\((\w{1,3})\) (?=[A-Z])", text):
        if step in ("1", "A", "i"):
            last = (*last, step)
        else:
            depth = len(last) - 1
            last = (*last[:depth], step)
        found.append(section + written(last))
    return found


def specification() -> str:
    """`law/rules.md` with the section written out where a table or a sentence leaves it away."""
    lines, section = [], ""
    for line in shared("law", "rules.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| Key |"):
            last = line.strip("| ").rsplit("|", 1)[-1].strip()
            section = {"2.31": "2.31", "2.35": "2.35", "Source": "164.508"}.get(last, "")
        elif not line.startswith("|"):
            section = ""
        if section:
            line = re.sub(r"(?<=\| )\((?=[a-z]\))", f"{section}(", line)
        line = re.sub(r"(?<![\w.])(5\d\d)(?=\([a-z]\))", r"164.\1", line)
        lines.append(line.replace("§4", "69 FR 45888 section 4"))
    return "\n".join(lines)


# --- citations ----------------------------------------------------------------------------------

READER = Reader(
    {"2.31": "42 CFR 2.31", "2.3": "42 CFR 2.3", "164.512": "45 CFR 164.512"}, ["Act 158 of 2022"]
)


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("42 CFR 2.31(a)(4)(i), (5)(ii), (7)", ["2.31(a)(4)(i)", "2.31(a)(5)(ii)", "2.31(a)(7)"]),
        ("2.31(b), (d)", ["2.31(b)", "2.31(d)"]),
        ("2.31(a)(6)-(8), (c)", ["2.31(a)(6)", "2.31(a)(7)", "2.31(a)(8)", "2.31(c)"]),
        ("45 CFR 164.512(e)(1)(ii)-(iv)", ["164.512(e)(1)(ii)", "164.512(e)(1)(iii)", "164.512(e)(1)(iv)"]),
        ("164.512(h)-(j)", ["164.512(h)", "164.512(i)", "164.512(j)"]),
        ("164.512(j)(1)(ii)(A), (2), (3)", ["164.512(j)(1)(ii)(A)", "164.512(j)(2)", "164.512(j)(3)"]),
        ("p2.consent.2.31a4 and contract_2.31(a)", []),
    ],
)
def test_a_citation_goes_on_where_it_fits(text, paragraphs):
    found = [each.removeprefix("42 CFR ").removeprefix("45 CFR ") for each in READER.paragraphs(text)]

    assert found == paragraphs


def test_a_section_that_is_not_listed_is_noticed():
    assert list(READER.unknown("42 CFR 2.99(a) and 42 CFR 2.31; 50 P.S. 1234")) == [
        "42 CFR 2.99",
        "50 P.S. 1234",
    ]
