"""Questions that can be answered, at the edge of those that can't: every known word at once, one unknown alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consent.engine import vocabulary as v
from consent.engine.facts import Consent
from consent.engine.validity import faults_of
from tests.consent.engine.test_forms import asked, form

WHOLE = form("P2-SPEC")
QUESTION = asked(WHOLE)


def with_form(**changes) -> list[str]:
    return faults_of(replace(QUESTION, consents=(replace(WHOLE, **changes),)))


def test_every_known_word_at_once_is_no_fault():
    assert faults_of(replace(QUESTION, segments=v.SEGMENTS | v.MODIFIERS, elements=v.ELEMENTS)) == []
    assert with_form(combined_with=tuple(sorted(v.FORMS))) == []
    assert with_form(segments=v.SEGMENTS | v.MODIFIERS, purposes=v.PURPOSES) == []
    assert with_form(recipients=tuple(sorted(v.RECIPIENTS))) == []
    assert with_form(lines=tuple((kind, "a") for kind in sorted(v.RECIPIENTS))) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"segments": frozenset({"AURA"})}, {"purposes": frozenset({"GOSSIP"})}, {"recipients": ("neighbour",)},
        {"lines": (("neighbour", "a"),)}, {"combined_with": ("NAPKIN",)}, {"revoked_how": "smoke"}, {"form": "NAPKIN"},
    ],
)  # fmt: skip
def test_one_unknown_word_on_a_form_is_one_fault(changes):
    assert len(with_form(**changes)) == 1


def test_the_same_form_twice_is_one_form_and_two_of_one_id_are_a_fault():
    assert faults_of(replace(QUESTION, consents=(WHOLE, WHOLE))) == []
    assert len(faults_of(replace(QUESTION, consents=(WHOLE, replace(WHOLE, form="P2-TPO"))))) == 1


def test_a_form_with_nothing_on_it_is_void_and_no_fault():
    assert (
        faults_of(replace(QUESTION, consents=(Consent(id="x", form="P2-SPEC", signed_at=QUESTION.at),))) == []
    )


def test_an_instant_needs_a_zone():
    assert faults_of(replace(QUESTION, at=QUESTION.at.replace(tzinfo=None))) == [
        "the instant has no time zone"
    ]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(microseconds=-1), timedelta(microseconds=1)])
def test_a_determination_holds_until_the_instant_that_it_ends(later):
    until = QUESTION.at + later
    ended = ["a determination has expired"] if later <= timedelta(0) else []

    assert faults_of(replace(QUESTION, source=replace(QUESTION.source, valid_until=until))) == ended
    naive = replace(QUESTION.source, valid_until=until.replace(tzinfo=None))
    assert faults_of(replace(QUESTION, source=naive)) == [
        "a determination ends at an instant without a time zone"
    ]


def test_without_an_instant_nothing_is_said_of_a_determinations_end():
    timeless = replace(
        QUESTION,
        at=QUESTION.at.replace(tzinfo=None),
        source=replace(QUESTION.source, valid_until=QUESTION.at),
    )

    assert faults_of(timeless) == ["the instant has no time zone"]
