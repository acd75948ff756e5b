"""A question written down and read again is the same question, word for word what is expected here."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from consent import law
from consent.engine import receipts
from consent.engine.decide import decide
from consent.engine.facts import Actor, Asked, BreakGlass, Consent, Delegation, Recipient, Source
from tests.consent.engine.questions import make

AT = datetime(2026, 4, 2, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=-4)))
FORM = Consent(
    id="f1", version="sha256:1", form="P2-SPEC", signed_at=AT, ends_at=None, recipients=("employer",),
    segments=frozenset({"SUDP2"}), purposes=frozenset({"X-EMPLOY"}), sources=("POST",),
)  # fmt: skip
REVOKED = replace(FORM, id="f0", version="", revoked_at=AT + timedelta(hours=1), revoked_how="oral")
WHOLE = Asked(
    actor=Actor(id="a", role="post_peer", unit="u", employer_class="civil"),
    source=Source(
        program="POST", p2_status="program", hipaa_legal="covered", mhpa_facility="no", vs_regime="none",
        hmis_cho=True, is_police=True, valid_until=AT + timedelta(days=2),
    ),
    recipient=Recipient(type="employer", id="r", organization="o", unit="ru"),
    purpose="X-EMPLOY", segments=frozenset({"SUDP2", "MED"}), at=AT, process="court_order",
    facts={
        "verified_identity": True, "actor_le_employed": False, "minor_age": 15, "order_scope": ("SUDP2", "MED"),
        "required_by_law_cite": "35 P.S. 521.1",
    },
    recorded_no=frozenset({"use_against_patient", "recipient_is_cja"}), elements=frozenset({"name", "diagnosis"}),
    consents=(FORM, REVOKED), subject="s",
    break_glass=BreakGlass(
        by="a", reason="found on the floor", emergency="overdose", opened_at=AT, subject="s",
        closed_at=AT + timedelta(minutes=9), reviewer="b",
    ),
    delegations=(
        Delegation(segments=frozenset({"MED"}), purposes=frozenset({"TREAT"}), ends_at=AT, owner_is_active=True),
    ),
    closed_world=True,
)  # fmt: skip
BARE = Asked(
    actor=Actor(id="", role=""), source=Source(program=""), recipient=Recipient(type="employer"), purpose="",
    segments=frozenset(), at=AT,
)  # fmt: skip
NOON = "2026-04-02T16:00:00.000005+00:00"
WRITTEN = {
    "actor": {"id": "a", "role": "post_peer", "unit": "u", "employer_class": "civil"},
    "source": {
        "program": "POST", "p2_status": "program", "hipaa_legal": "covered", "mhpa_facility": "no",
        "vs_regime": "none", "received_under": "own", "hmis_cho": True, "is_police": True, "valid_until": "2026-04-04T16:00:00.000005+00:00",
    },
    "recipient": {"type": "employer", "id": "r", "organization": "o", "unit": "ru"},
    "purpose": "X-EMPLOY", "segments": ["MED", "SUDP2"], "at": NOON, "process": "court_order",
    "facts": {
        "verified_identity": True, "actor_le_employed": False, "minor_age": 15, "order_scope": ["SUDP2", "MED"],
        "required_by_law_cite": "given",
    },
    "recorded_no": ["recipient_is_cja", "use_against_patient"], "elements": ["diagnosis", "name"],
    "consents": [
        {"id": "f0", "revoked_at": "2026-04-02T17:00:00.000005+00:00", "revoked_how": "oral"},
        {"id": "f1", "version": "sha256:1"},
    ],
    "subject": "s",
    "break_glass": {
        "by": "a", "reason": "given", "emergency": "given", "opened_at": NOON, "subject": "s",
        "closed_at": "2026-04-02T16:09:00.000005+00:00", "reviewer": "b",
    },
    "delegations": [{"segments": ["MED"], "purposes": ["TREAT"], "ends_at": NOON, "owner_is_active": True}],
    "closed_world": True,
}  # fmt: skip


def found_among(*forms):
    """Finds the signed form by id and version; of a revocation it knows nothing."""
    signed = {(each.id, each.version): replace(each, revoked_at=None, revoked_how=None) for each in forms}
    return lambda id_, version: signed[id_, version]


def read(question, *forms):
    """As JSON brings it back."""
    return receipts.read(json.loads(json.dumps(question)), found_among(*forms))


def in_the_order_of_forms(asked):
    return replace(asked, consents=tuple(sorted(asked.consents, key=lambda each: each.id)))


def test_a_question_is_written_in_codes_instants_and_ids():
    assert receipts.written(WHOLE) == WRITTEN
    assert receipts.written(BARE) == {
        "recipient": {"type": "employer"}, "at": NOON, "process": "none",
        "source": dict.fromkeys(("p2_status", "hipaa_legal", "mhpa_facility", "vs_regime"), "undetermined")
        | {"received_under": "own"},
    }  # fmt: skip
    assert receipts.instant(AT.astimezone(UTC)) == receipts.instant(AT) == NOON
    assert receipts.forms_of(WRITTEN) == ["f0", "f1"]
    assert receipts.forms_of({}) == []


def test_an_instant_is_written_in_utc_wherever_the_machine_stands(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert receipts.instant(AT) == NOON
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_was_written_is_read_as_it_was():
    opened = replace(WHOLE.break_glass, reason="given", emergency="given")
    facts = dict(WHOLE.facts) | {"required_by_law_cite": "given"}

    assert read(WRITTEN, FORM, REVOKED) == in_the_order_of_forms(
        replace(WHOLE, break_glass=opened, facts=facts)
    )


def test_of_what_was_left_out_nothing_is_made_up():
    bare = read({"recipient": {"type": "employer"}, "at": NOON})

    assert bare == replace(
        BARE, process="", elements=None,
        source=Source(program="", p2_status="", hipaa_legal="", mhpa_facility="", vs_regime="", received_under=""),
    )  # fmt: skip
    for value in (bare.source.hmis_cho, bare.source.is_police, bare.closed_world):
        assert value is False
    assert (bare.break_glass, bare.source.valid_until, bare.elements) == (None, None, None)
    assert (bare.consents, bare.delegations, bare.unreadable) == ((), (), ())
    assert read(receipts.written(replace(BARE, delegations=(Delegation(
        segments=frozenset(), purposes=frozenset(), ends_at=AT),))) ).delegations == (
        Delegation(segments=frozenset(), purposes=frozenset(), ends_at=AT, owner_is_active=False),)  # fmt: skip


def test_a_revocation_that_came_later_does_not_count():
    held = receipts.written(replace(BARE, consents=(FORM,)))
    later = receipts.read(held, lambda _id, _version: replace(FORM, revoked_at=AT, revoked_how="written"))

    assert (later.consents[0].revoked_at, later.consents[0].revoked_how) == (None, None)
    assert later.consents == (FORM,)


def test_an_opening_that_isnt_closed_and_reasons_of_spaces_alone():
    opened = BreakGlass(by="a", reason="  ", emergency="overdose", opened_at=AT)

    assert receipts.written(replace(BARE, break_glass=opened))["break_glass"] == {
        "by": "a", "emergency": "given", "opened_at": NOON,
    }  # fmt: skip
    again = read(receipts.written(replace(BARE, break_glass=opened)))
    assert again.break_glass == replace(opened, reason="", emergency="given")


def test_a_fact_that_no_list_holds_is_not_written_but_that_there_was_one():
    for odd in ({"made_up": True}, {"minor_age": "fifteen"}):
        question = receipts.written(replace(BARE, facts={"verified_identity": True, **odd}))

        assert question["facts"] == {"verified_identity": True}
        assert question["unreadable"] == ["a fact that no list holds"]
        assert read(question).unreadable == ("a fact that no list holds",)
    assert receipts.written(replace(BARE, unreadable=("x",)))["unreadable"] == ["a fact that no list holds"]
    assert "unreadable" not in receipts.written(replace(BARE, facts={"verified_identity": True}))


def test_a_text_is_given_or_it_is_not():
    assert receipts.written(replace(BARE, facts={"required_by_law_cite": " "}))["facts"] == {
        "required_by_law_cite": ""
    }
    assert receipts.written(replace(BARE, facts={"required_by_law_cite": ""}))["facts"] == {
        "required_by_law_cite": ""
    }


@pytest.mark.parametrize(
    "broken",
    [
        {}, {"recipient": {"type": "employer"}}, {"at": NOON}, {"recipient": None, "at": NOON}, {"recipient": [], "at": NOON},
        {"recipient": {"type": "employer"}, "at": NOON, "consents": [{}]}, {"recipient": {"type": "employer"}, "at": 5},
        {"recipient": {"type": "employer"}, "at": NOON, "break_glass": {"by": "a"}},
    ],
)  # fmt: skip
def test_what_was_never_written_like_this_is_unreadable_and_tells_no_value(broken):
    with pytest.raises(
        receipts.Unreadable, match=r"^the question can't be read: (KeyError|TypeError|AttributeError)$"
    ):
        read(broken)


def test_random_questions_are_decided_the_same_from_their_receipts():
    packs = law.packs()
    for seed in range(60):
        asked = make(seed)
        again = read(receipts.written(asked), *asked.consents)
        before, after = decide(in_the_order_of_forms(asked), packs), decide(again, packs)

        assert (after.outcome, after.permitted, after.bars_standing, after.obligations) == (
            before.outcome, before.permitted, before.bars_standing, before.obligations,
        )  # fmt: skip
