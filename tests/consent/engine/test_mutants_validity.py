"""Questions that can be answered, at the edge of those that can't: every known word at once, one unknown alone."""

from dataclasses import replace

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
