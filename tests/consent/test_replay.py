"""Every receipt is decided again, as of its own time; what was changed since is found and named."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from consent import access, law, services
from consent.models import Assignment, LedgerEntry
from consent.services import decisions, pseudonyms, values

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.side("clinical")]
AGREES, DIFFERS, UNREADABLE = 0, 1, 2


def replayed(*options):
    """The exit code, and what was said."""
    said = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("ledger", "replay", "--since", "2026-01-01", *options, stdout=said)
    return left.value.code, said.getvalue()


def tampered(database, table, change):
    """Somebody with the owner's rights lifts what guards the table, changes it, and puts all back."""
    with database.login("owner") as owner, owner.transaction():
        owner.execute(f"alter table {table} no force row level security")
        owner.execute(f"alter table {table} disable trigger user")
        count = owner.execute(f"update {table} set {change}").rowcount
        owner.execute(f"alter table {table} enable trigger user")
        owner.execute(f"alter table {table} force row level security")
    assert count


@pytest.fixture
def story():
    """Refused, permitted, taken back, refused: decisions of all kinds, and grants with them."""
    from tests.referrals.story import make_story  # the police site has none of the partners' tables

    made = make_story()
    with access.opened(made.worker, "CAREMGT"):
        decisions.decide_release(
            subject_id=made.sam, program=made.program, segments=("DEM", "SUDP2"), recipient=made.partner,
            purpose="COC", at=timezone.now(), actor=made.worker,
        )  # fmt: skip
    made.sign()
    made.refer()
    return made


def receipts(**question):
    with access.opened("system:replay", "HCOMPL"):
        return list(LedgerEntry.objects.filter(**question).order_by("at"))


def test_an_honest_ledger_agrees_in_full(story):
    code, said = replayed("--json")

    told = json.loads(said.splitlines()[-1])
    assert code == AGREES
    assert told["differ"] == 0
    assert told["decided"] == told["agree"] >= len(receipts(action="decide")) >= 2
    assert {each.outcome for each in receipts(action="decide")} >= {"permit", "deny"}


def test_each_grant_that_changes_has_a_receipt_that_says_on_what_it_rests(story):
    begun, *_others = receipts(action="grant", recipient=str(story.worker.uid), reason="begun")
    (opened,) = receipts(action="grant", reason="begun", segments__contains=["DEM", "SUDP2"])
    with access.opened(story.worker, "CAREMGT"):
        services.recompute_grants(story.sam)
    again = receipts(action="grant")
    story.revoke()
    (ended,) = receipts(action="grant", reason="refused")

    assert begun.outcome == "permit"
    assert "TREAT" in begun.purposes
    assert begun.actor == "system:grants"
    assert begun.question["recipient"]["type"] == "own_workforce"
    assert "assigned_to_subject" in begun.question["facts"]
    assert set(opened.consents) == {str(each.pk) for each in story.consents}
    assert {each.pk for each in again} == {each.pk for each in again if each.at <= opened.at}
    assert (ended.outcome, ended.recipient, ended.purposes) == ("deny", opened.recipient, [])
    assert replayed()[0] == AGREES


def test_a_grant_that_is_given_back_says_that_nobody_asks_for_it_any_more(story):
    with access.opened("system:grants", "HOPERAT"):
        services.end_assignment(Assignment.objects.get())

    ended = receipts(action="grant", reason="not asked for any more")
    assert {(each.recipient, each.outcome) for each in ended} == {(str(story.worker.uid), "done")}
    assert not any(each.question for each in ended)
    assert replayed()[0] == AGREES


def test_a_later_revocation_does_not_reach_back(story):
    story.revoke()

    assert replayed()[0] == AGREES


def test_what_is_refused_after_a_revocation_is_refused_again(story):
    story.revoke()
    with access.opened(story.worker, "CAREMGT"):
        _asked, decision = decisions.decide_release(
            subject_id=story.sam, program=story.program, segments=("DEM", "SUDP2"), recipient=story.partner,
            purpose="COC", at=timezone.now(), actor=story.worker,
        )  # fmt: skip

    assert not decision.permitted
    assert replayed()[0] == AGREES


def test_a_receipt_names_forms_rules_and_question_and_no_content(story):
    permitted = [each for each in receipts(action="decide", outcome="permit") if each.consents][-1]

    question = permitted.question
    assert {each["id"] for each in question["consents"]} == {str(each.pk) for each in story.consents}
    assert all(each["version"].startswith(f"{pseudonyms.NEWEST}:") for each in question["consents"])
    assert permitted.policy_version == law.RULESET_VERSION
    assert permitted.law_as_of == law.LAW_AS_OF
    assert permitted.ground in {each["rule"] for each in permitted.basis}
    assert permitted.request_hash.startswith("sha256:")
    told = (
        permitted.canonical.tobytes().decode()
        if hasattr(permitted.canonical, "tobytes")
        else permitted.canonical.decode()
    )
    for word in ("as on the form", str(story.sam), story.partner.name):
        assert word not in told


def test_a_rule_that_was_changed_under_its_old_version_is_found(story, monkeypatch):
    permitted = [each for each in receipts(action="decide", outcome="permit") if each.consents][-1]
    changed = {
        name: replace(pack, rules=[each for each in pack.rules if each.id != permitted.ground])
        for name, pack in law.PACKS.items()
    }
    monkeypatch.setattr(law, "RULESETS", {law.RULESET_VERSION: changed})

    code, said = replayed()

    assert code == DIFFERS
    (line,) = [line for line in said.splitlines() if line.startswith(str(permitted.pk))]
    assert "outcome: permit, decided again" in line
    assert permitted.ground in line


def test_a_ruleset_that_is_gone_is_found(story, monkeypatch):
    monkeypatch.setattr(law, "RULESETS", {})

    code, said = replayed()

    assert code == DIFFERS
    assert "no such ruleset" in said


@pytest.mark.parametrize(
    "change",
    [
        "segments = array_append(segments, 'HIV')", "elements = elements || '{\"p.purpose\": \"anything\"}'",
        "ends_at = ends_at + interval '1 year'", "signature = '\\x00'", "witness = 'somebody else'",
        "purposes = array_append(purposes, 'HRESCH')",
    ],
)  # fmt: skip
def test_a_form_that_was_changed_after_it_was_signed_is_found(story, database, change):
    tampered(database, "consent_consent", change)

    code, said = replayed()

    assert code == DIFFERS
    assert "is not as it was signed" in said


def test_a_form_that_is_gone_is_found(story, database):
    with database.login("owner") as owner, owner.transaction():
        owner.execute("alter table consent_consent no force row level security")
        owner.execute("alter table consent_consent disable trigger user")
        owner.execute("delete from consent_consent")

    code, said = replayed()

    assert code == DIFFERS
    assert "is not there" in said


def test_a_revocation_that_was_wiped_out_is_found(story, database):
    story.revoke()
    with access.opened(story.worker, "CAREMGT"):
        decisions.decide_release(
            subject_id=story.sam, program=story.program, segments=("SUDP2",), recipient=story.partner,
            purpose="COC", at=timezone.now() + timedelta(seconds=1), actor=story.worker,
        )  # fmt: skip
    tampered(database, "consent_consent", "revoked_at = null, revoked_how = ''")

    code, said = replayed()

    assert code == DIFFERS
    assert "now says otherwise" in said


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("outcome = 'deny' where action = 'decide' and outcome = 'permit'", "outcome: deny"),
        ("purposes = '{HRESCH}' where action = 'grant'", "purposes: [\"HRESCH\"]"),
        ("segments = '{DEM}' where action = 'decide' and outcome = 'permit'", "segments: "),
        ("obligations = '[]' where obligations <> '[]' and action = 'decide'", "obligations: []"),
        ("basis = '[]' where basis <> '[]' and action = 'decide'", "rules: []"),
        ("consents = '{}' where consents <> '{}' and action = 'decide'", "consents: []"),
        ("question = question || '{\"purpose\": \"TREAT\"}' where action = 'decide'", "the question is not the one"),
        ("question = '{}' where action = 'decide'", "question"),
        ("policy_version = '2020-01-01.1' where action = 'decide'", "no such ruleset"),
    ],
)  # fmt: skip
def test_an_entry_that_was_changed_is_found_and_what_differs_is_named(story, database, change, named):
    tampered(database, "consent_ledgerentry", change)

    code, said = replayed()

    assert code == DIFFERS
    assert named in said


def test_a_period_is_half_open_and_an_odd_one_is_refused(story):
    first = receipts(action="decide")[0]
    after = (first.at + timedelta(microseconds=1)).isoformat()

    upto = replayed("--json", "--until", first.at.isoformat())
    beyond = replayed("--json", "--until", after)

    assert (upto[0], beyond[0]) == (AGREES, AGREES)
    asked_at_once = [each for each in receipts(at=first.at) if each.question]
    assert json.loads(beyond[1])["decided"] == json.loads(upto[1])["decided"] + len(asked_at_once)
    assert replayed("--until", "yesterday")[0] == UNREADABLE


def test_receipts_of_an_older_edition_of_the_form_agree_still(monkeypatch):
    from tests.referrals.story import make_story

    monkeypatch.setattr(values, "version_of", lambda form: pseudonyms.version_of(form, "1"))
    made = make_story()
    made.sign()
    made.refer()
    monkeypatch.undo()

    named = {
        each["version"].partition(":")[0]
        for entry in receipts()
        for each in entry.question.get("consents", ())
    }
    assert named == {"1"}
    assert replayed()[0] == AGREES


def test_what_was_shown_is_part_of_what_was_signed(story):
    form = story.consents[0]
    before = pseudonyms.version_of(form)

    for name, value in (("sheet", {"title": "x"}), ("sheet_id", form.pk), ("paper_digest", "0" * 64)):
        was = getattr(form, name)
        setattr(form, name, value)
        assert pseudonyms.version_of(form) != before, name
        assert pseudonyms.version_of(form, "1") == pseudonyms.version_of(form, "1")
        setattr(form, name, was)
    assert pseudonyms.version_of(form) == before
