"""The value sets measured against lists that others made: how much of theirs we find, and what we miss."""

import csv
import gzip
from collections.abc import Callable, Iterable

import pytest

from consent.labels.kinds import Coding, Kind
from consent.labels.reading import kinds_of
from tests.shared_data import shared

Row = dict[str, str]
CATEGORIES = {"ETH": Kind.SUBSTANCE, "PSY": Kind.MENTAL, "HIV": Kind.HIV}
# Lists that speak of what they are named for. Tobacco carries no label there: 42 CFR 2.11 leaves it out.
FILE = shared("data", "sensitivity-codes", "c2s-codes.csv.gz")


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["act_codes"]]


def by_code(row: Row) -> frozenset[Kind]:
    return kinds_of(Coding(system=row["system"], code=row["code"]))


def by_code_and_words(row: Row) -> frozenset[Kind]:
    return kinds_of(Coding(system=row["system"], code=row["code"], display=row["display"]))


def as_protected(kinds: frozenset[Kind], wanted: Kind) -> bool:
    """Labelled as wanted, or as substance use, whose law is stricter than that of mental health."""
    return wanted in kinds or (wanted is Kind.MENTAL and Kind.SUBSTANCE in kinds)


def recall(
    capsys: pytest.CaptureFixture[str],
    name: str,
    asked: Iterable[Row],
    read: Callable[[Row], frozenset[Kind]],
) -> float:
    """The share that is found; it is printed, and the misses with it."""
    asked = list(asked)
    missed = [row for row in asked if not as_protected(read(row), CATEGORIES[row["c2s_category"]])]
    exact = sum(CATEGORIES[row["c2s_category"]] in read(row) for row in asked)
    found = len(asked) - len(missed)
    with capsys.disabled():
        print(
            f"\n{name}: {found} of {len(asked)}, recall {found / len(asked):.3f} ({exact} by that very label)"
        )
        for row in missed[:40]:
            print(f"  missed {row['code_system']} {row['code']} {row['display'][:80]}")
        if len(missed) > 40:
            print(f"  and {len(missed) - 40} more")
    return found / len(asked)


@pytest.mark.parametrize("category", ["ETH", "PSY"])
def test_diagnoses_of_substance_use_and_mental_health_are_found_by_their_codes_alone(capsys, rows, category):
    asked = [row for row in rows if (row["code_system"], row["c2s_category"]) == ("ICD10CM", category)]

    assert recall(capsys, f"ICD-10-CM {category}", asked, by_code) >= 0.95


def test_codes_of_hiv_are_found_in_every_system(capsys, rows):
    asked = [row for row in rows if row["c2s_category"] == "HIV"]

    assert recall(capsys, "HIV, all systems, with their words", asked, by_code_and_words) >= 0.9


@pytest.mark.parametrize(
    ("system", "category", "at_least"),
    [("RXNORM", "PSY", 0.95), ("LOINC", "ETH", 0.9), ("LOINC", "HIV", 0.95)],
)
def test_medicines_and_laboratory_tests_are_found_by_their_names(capsys, rows, system, category, at_least):
    asked = [row for row in rows if (row["code_system"], row["c2s_category"]) == (system, category)]

    assert recall(capsys, f"{system} {category}, with their words", asked, by_code_and_words) >= at_least


def test_treatment_of_addiction_is_found_among_the_opioids_and_pain_is_not_taken_for_it():
    with shared("data", "sensitivity-codes", "shares-default-rules.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["system"].endswith("rxnorm")]
    words = {group: kinds_of(Coding(system=rows[0]["system"], code="0", display=f"{group} 5 MG Oral Tablet"))
             for group in {row["group"] for row in rows}}  # fmt: skip

    assert {group for group in ("buprenorphine", "methadone", "levomethadyl", "heroin") if Kind.SUBSTANCE in words[group]} == {
        "buprenorphine", "methadone", "levomethadyl", "heroin",
    }  # fmt: skip
    assert not {
        group
        for group in ("tramadol", "tapentadol", "oxycodone", "codeine", "morphine")
        if Kind.SUBSTANCE in words[group]
    }


def test_what_codes_alone_find_of_hiv_is_told_too(capsys, rows):
    asked = [
        row for row in rows if row["c2s_category"] == "HIV" and row["code_system"] in ("LOINC", "SNOMEDCT")
    ]

    assert recall(capsys, "HIV, LOINC and SNOMED CT, without their words", asked, by_code) > 0.3
