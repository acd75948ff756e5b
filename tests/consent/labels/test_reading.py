"""What a code says, and what the words beside it add."""

import pytest

from consent.labels import codes
from consent.labels.icd import FAMILIES, NINE
from consent.labels.kinds import ICD9CM, ICD10CM, LOINC, RXNORM, SNOMED, Coding, Families, Kind
from consent.labels.medicines import medicines
from consent.labels.reading import is_readable, kinds_of, kinds_of_all

S, M = Kind.SUBSTANCE, Kind.MENTAL
GENERAL = {Kind.GENERAL}


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("F11.20", {S}), ("f1120", {S}), ("F17.210", GENERAL), ("Z72.0", GENERAL), ("F10.14", {S, M}), ("F19.951", {S, M}), ("F32.9", {M}),
        ("F03.90", {M}), ("K70.30", {S}), ("T40.1X1A", {S}), ("T40.1X2A", {S, M, Kind.RISK}), ("T51.92XA", {S, M, Kind.RISK}),
        ("T39.1X2A", {M, Kind.RISK}), ("T39.1X1A", GENERAL), ("T43.621A", {S}), ("T43.225A", {M}), ("R45.851", {M, Kind.RISK}),
        ("B20", {Kind.HIV}), ("Z21", {Kind.HIV}), ("Z29.81", {Kind.HIV}), ("A56.02", {Kind.STI}), ("O80", {Kind.REPRODUCTIVE}),
        ("O99.323", {S, Kind.REPRODUCTIVE}), ("F64.0", {M, Kind.REPRODUCTIVE}), ("T74.21XA", {Kind.VICTIM}), ("Z59.01", {Kind.SOCIAL}),
        ("Z04.6", {M, Kind.COMMITMENT}), ("J45.909", GENERAL), ("Q90.9", {Kind.GENETIC}), ("", GENERAL), ("nonsense", GENERAL),
    ],
)  # fmt: skip
def test_a_diagnosis_says_what_its_chapter_says(code, kinds):
    assert kinds_of(Coding(system=ICD10CM, code=code)) == kinds


@pytest.mark.parametrize(
    ("system", "code", "kinds"),
    [
        (ICD9CM, "304.00", {S}), (ICD9CM, "305.1", GENERAL), (ICD9CM, "296.20", {M}), (ICD9CM, "042", {Kind.HIV}),
        (RXNORM, "1819", {S}), (RXNORM, "36437", {M}), (RXNORM, "276237", {Kind.HIV}), (RXNORM, "161", GENERAL),
        (LOINC, "20447-9", {Kind.HIV}), (LOINC, "44261-6", {M}), (LOINC, "75626-2", {S}), (LOINC, "8480-6", GENERAL),
        (SNOMED, "86406008", {Kind.HIV}), (SNOMED, "191816009", {S}), (SNOMED, "370143000", {M}),
        ("urn:oid:2.16.840.1.113883.6.90", "F20.0", {M}),
    ],
)  # fmt: skip
def test_a_code_needs_no_words(system, code, kinds):
    assert kinds_of(Coding(system=system, code=code)) == kinds


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("Buprenorphine 8 MG / Naloxone 2 MG Sublingual Film", {S}), ("sertraline 100 MG Oral Tablet", {M}),
        ("Bictegravir 50 MG / emtricitabine 200 MG", {Kind.HIV}), ("Trinessa 28 Day Pack", {Kind.REPRODUCTIVE}),
        ("Acetaminophen 300 MG / HYDROcodone Bitartrate 5 MG Oral Tablet", GENERAL), ("amoxicillin 500 MG Oral Tablet", GENERAL),
        ("Lisinopril 10 MG", GENERAL),
    ],
)  # fmt: skip
def test_a_product_is_known_by_the_names_of_its_ingredients(words, kinds):
    assert kinds_of(Coding(system=RXNORM, code="999999999", display=words)) == kinds


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("HIV 1 Ab [Presence] in Serum by Immunoassay", {Kind.HIV}), ("Oxycodone [Presence] in Urine by Screen method", {S}),
        ("Lithium [Moles/volume] in Serum or Plasma", {M}), ("Ampicillin [Susceptibility]", GENERAL), ("Body Weight", GENERAL),
        ("Beta hydroxybutyrate [Moles/volume] in Blood", GENERAL), ("Epinephrine [Mass/volume] in Urine", GENERAL),
        ("Testosterone [Mass/volume] in Serum", GENERAL), ("Housing status", {Kind.SOCIAL}),
    ],
)  # fmt: skip
def test_a_laboratory_test_is_known_by_its_name(words, kinds):
    assert kinds_of(Coding(system=LOINC, code="99999-9", display=words)) == kinds


@pytest.mark.parametrize(
    "words",
    ["Hemophilia A", "Eosinophilia", "Disease of the nervous system", "Fracture of clavicle", "Sleep apnea", "Lead poisoning",
     "Otitis media (disorder)", "Mammogram", "Asthma screening", "Medication review due (situation)"],
)  # fmt: skip
def test_words_of_general_health_stay_general(words):
    assert kinds_of(Coding(system=SNOMED, code="1", display=words)) == GENERAL


def test_words_only_add_to_what_the_code_says():
    assert kinds_of(Coding(system=ICD10CM, code="F11.20", display="Asthma")) == {S}
    assert kinds_of(Coding(system=ICD10CM, code="J45.909", display="Asthma, HIV positive")) == {Kind.HIV}


def test_general_health_is_left_out_beside_anything_special():
    both = [Coding(system=ICD10CM, code="J45.909"), Coding(system=ICD10CM, code="B20")]

    assert kinds_of_all(both) == {Kind.HIV}
    assert kinds_of_all(both[:1]) == GENERAL
    assert kinds_of_all([]) == frozenset()


@pytest.mark.parametrize(
    ("coding", "can_be"),
    [
        (Coding(system=SNOMED, code="123456789"), False), (Coding(system=SNOMED, code="123456789", display="Asthma"), True),
        (Coding(system=LOINC, code="20447-9"), True), (Coding(system=RXNORM, code="161"), False), (Coding(system=ICD10CM, code="J45"), True),
        (Coding(), False), (Coding(system="urn:made-up", code="x"), False),
    ],
)  # fmt: skip
def test_a_bare_number_that_nothing_is_known_of_cannot_be_read(coding, can_be):
    assert is_readable(coding) is can_be


def test_no_range_of_families_is_upside_down():
    with pytest.raises(ValueError, match="no range"):
        Families("F20-F10")
    assert all(families.words for families in (*FAMILIES.values(), *NINE.values()))


def test_no_medicine_stands_twice():
    names = [name for each in medicines() for name in each.names]
    numbers = [each.rxcui for each in medicines() if each.rxcui]

    assert len(names) == len(set(names))
    assert len(numbers) == len(set(numbers))


def luhn(body: str) -> int:
    """The check digit of a LOINC code: modulus 10, double every second digit from the right."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return -sum(value // 10 + value % 10 for value in doubled) % 10


DIHEDRAL = [[(a + b) % 5 if a < 5 and b < 5 else (a + b - 5) % 5 + 5 if a < 5 else (a - b) % 5 + 5 if b < 5 else (a - b) % 5
             for b in range(10)] for a in range(10)]  # fmt: skip
TURN = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]


def verhoeff_holds(number: str) -> bool:
    """Does a SNOMED CT identifier end in the check digit that Verhoeff's dihedral scheme gives it?"""
    check = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit)
        for _ in range(place % 8):
            value = TURN[value]
        check = DIHEDRAL[check][value]
    return check == 0


def test_every_single_code_ends_in_its_check_digit():
    loinc = {code for listed in (*codes.LOINC_CODES.values(), codes.LOINC_GENERAL) for code in listed.split()}
    snomed = {code for listed in codes.SNOMED_CODES.values() for code in listed.split()}

    assert [code for code in sorted(loinc) if luhn(code[:-2]) != int(code[-1])] == []
    assert [code for code in sorted(snomed) if not verhoeff_holds(code)] == []
    assert len(loinc) > 300
    assert len(snomed) > 200
