"""The engine's bench: it decides what the command decides, and touches nobody's record."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinical.bench import answer_words, fact_words, words
from clinical.models import BenchScenario
from consent import access
from consent.engine import forms as engine_forms
from consent.engine import vocabulary
from consent.models import LedgerEntry
from tests import factories
from tests.architecture.models import protected_models
from tests.clinical.stage import open_card
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.django_db

# A peer tells a treating clinic about somebody, under a general Part 2 consent (S-1 of the contract).
QUESTION = {
    "program": "POST", "actor_role": "post_peer", "recipient_type": "treating_provider_ce", "purpose": "TREAT",
    "process": "none", "date": "2026-04-02", "time": "", "segments": ["SUDP2", "DEM"], "world": "closed",
    "p2_status": "determined", "hipaa_legal": "determined", "mhpa_facility": "determined",
    "vs_regime": "determined", "hmis_cho": "determined",
    "fact-recipient_treats_subject": "shown", "fact-recipient_is_ce_or_ba": "shown", "fact-restriction": "no",
}  # fmt: skip
SHEET = {
    "form": "P2-TPO", "signed": "2026-03-01", "ends": "none", "signer": "patient",
    "recipients": ["treating_provider_ce", "health_plan"], "segments": ["SUDP2"],
    "purposes": ["TREAT", "HPAYMT", "HOPERAT"],
}  # fmt: skip


def on_the_table(*sheets):
    """The fields of these forms as the page posts them."""
    numbered = [
        (f"sheet-{number}-{key}", value)
        for number, sheet in enumerate(sheets)
        for key, value in sheet.items()
    ]
    return {"sheet": [str(number) for number in range(len(sheets))]} | dict(numbered)


CONSENTED = QUESTION | on_the_table(SHEET)
# What the police ask of a Part 2 program; no basis at all.
REFUSED = QUESTION | {
    "actor_role": "post_case_manager", "recipient_type": "law_enforcement", "purpose": "X-LE-LOCATE",
    "segments": ["LOC", "SUDP2"], "fact-recipient_treats_subject": "", "fact-recipient_is_ce_or_ba": "",
}  # fmt: skip
CONFERENCE = QUESTION | {
    "actor_role": "lead_case_manager", "recipient_type": "case_conference", "purpose": "X-CASECONF",
    "segments": ["CASE", "MH", "VSP"], "fact-individual_present": "no", "fact-minor_age": "16",
    "fact-cj_info": ["contact", "chri"], "fact-received_under": "specific_consent",
    "fact-restriction": "some", "fact-restriction_agreed": ["MH"], "time": "23:59", "mhpa_facility": "yes",
} | on_the_table(
    SHEET | {"form": "MULTI-CONF", "recipients": ["case_conference"], "segments": ["CASE", "VSP"],
             "purposes": ["X-CASECONF"], "ends": "date", "ends_on": "2026-06-01", "missing": ["c.initials"]},
    SHEET | {"form": "P2-CJ35", "revocable": "date", "revocable_on": "2026-05-01", "revoked_on": "2026-03-20",
             "revoked_how": "oral", "conditioned": "on", "combined_with": ["HIPAA-AUTH"],
             "ends": "final_disposition", "signer": "parent"},
)  # fmt: skip
ORDER = QUESTION | {
    "actor_role": "records_clerk", "recipient_type": "court", "purpose": "X-PROCEEDING", "process": "p2_order_2.64",
    "fact-order_with_mandate": "shown", "fact-order_scope": ["SUDP2"], "fact-required_by_law_cite": "cited",
    "fact-elements": ["diagnosis", "name"], "p2_status": "undetermined", "hmis_cho": "yes",
}  # fmt: skip
QUESTIONS = {
    "consented": CONSENTED, "refused": REFUSED, "conference": CONFERENCE, "order": ORDER,
    "elsewhere": QUESTION | {"program": "PBP", "segments": ["CAD", "CHRI"], "recipient_type": "social_service_org"},
}  # fmt: skip


@pytest.fixture
def desk(night):
    """Quill keeps the privacy desk."""
    night.quill = factories.make_principal("quill", role="privacy officer", program=night.part2)
    return night


def ask(desk, question, by=None, **more):
    return desk.post(by or desk.quill, "bench", **({"go": "ask"} | question | more))


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def save(desk, question, name="Peers and clinics", by=None, **more):
    answer = ask(desk, question, by, go="save", name=name, **more)
    assert answer.status_code == 302, text_of(answer)
    return BenchScenario.objects.get(pk=answer["Location"].split("/")[-2])


def command_decides(tmp_path, text):
    """What ``manage.py decide`` prints for the file, in a process of its own without our environment."""
    file = tmp_path / "scenario.yaml"
    file.write_bytes(text)
    run = subprocess.run(
        [sys.executable, "manage.py", "decide", str(file)],
        cwd=REPOSITORY, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


# --- the answer ---------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_page_and_command_agree(desk, tmp_path, question):
    told = ask(desk, question).context["answer"]
    kept = save(desk, question)
    file = desk.get(desk.quill, "bench_download", kept.pk)

    printed = command_decides(tmp_path, file.content)

    assert printed | {"id": ""} == told.reply.answer | {"id": ""}
    assert printed["permitted"] == list(told.decision.permitted)
    assert printed["explanation_internal"] == told.decision.explanation_internal


def test_a_permit_is_told_with_its_chain_its_obligations_and_its_form(desk):
    page = text_of(ask(desk, CONSENTED))

    assert "Permit All that was asked for may go." in page.replace("Done: ", "")
    assert "p2.disclose.tpo.2.33a2 42 CFR 2.33(a)(2)" in page
    assert "hipaa.tpo.treat.164.506c" in page
    assert "Attach the statement of 42 CFR 2.32: statement 1 OBL-P2-NOTICE" in page
    assert "the answer rests on it" in page
    assert "42 CFR Part 2: Part 2 program" in page


def test_a_denial_names_its_bars_and_explains_itself_three_times(desk):
    page = text_of(ask(desk, REFUSED))

    assert "Nothing may go." in page
    assert "Bars that stand" in page
    assert "p2.default-deny.2.13a" in page
    assert "DENY: LOC, SUDP2 of POST to law_enforcement" in page
    assert "information in response to this request" in page
    assert "Someone asked for information about you. We did not share it." in page
    assert "Borrador" in page
    assert "Draft, to be reviewed by a translator" in page


def test_a_void_form_says_why_in_words(desk):
    page = text_of(
        ask(desk, QUESTION | on_the_table(SHEET | {"missing": ["p.refuse"], "revoked_on": "2026-03-05"}))
    )

    assert "it lacks what follows from refusing p.refuse" in page
    assert "it was taken back revoked" in page


def test_what_would_change_it_can_be_tried(desk):
    before = ask(desk, QUESTION)
    change = before.context["answer"].changes[0]
    assert f"try-{change.number}" in before.content.decode()

    after = ask(desk, QUESTION, go=f"try-{change.number}")

    assert change.segment not in before.context["answer"].decision.permitted
    assert change.segment in after.context["answer"].decision.permitted
    assert ask(desk, posted_from(after)).context["answer"].decision == after.context["answer"].decision


def posted_from(answer):
    """The form of a page as a browser would send it, untouched."""
    table = answer.context["table"]
    found = {}
    for form in (table.question, table.facts, *table.sheets):
        for bound in form:
            value = bound.value()
            if value not in (None, "", [], False):
                found[bound.html_name] = "on" if value is True else value
    return found | {"sheet": [sheet.prefix.removeprefix("sheet-") for sheet in table.sheets]}


def test_in_the_product_what_is_not_shown_is_no_recorded_no(desk):
    question = QUESTION | {
        "actor_role": "ochs_assistant_director", "recipient_type": "part2_admin_control", "purpose": "HQUALIMP",
        "segments": ["SUDP2"], "fact-need_for_sud_duties": "shown", "fact-direct_admin_control": "shown",
    }  # fmt: skip
    closed = ask(desk, question)
    product = ask(desk, question | {"world": "product"})
    tried = ask(desk, question | {"world": "product"}, go="try-0")

    assert closed.context["answer"].decision.permitted == ("SUDP2",)
    assert product.context["answer"].decision.permitted == ()
    assert "On the command line, where what isn't shown is false, the answer is another: Permit." in text_of(
        product
    ).replace("&#x27;", "'")
    assert "a recorded no: “Employed by a criminal justice agency”" in text_of(product)
    assert tried.context["answer"].decision.permitted == ("SUDP2",)
    assert "On the command line" not in text_of(closed) + text_of(tried)


def test_in_the_product_an_answer_ends_with_the_determination(desk):
    found = desk.part2.determinations.get()
    found.ends_at = timezone.now() + timedelta(days=30)
    found.save()
    question = CONSENTED | {"date": timezone.now().date().isoformat(), "world": "product"}

    assert ask(desk, question).context["answer"].decision.expires_at == found.ends_at
    assert ask(desk, question | {"world": "closed"}).context["answer"].decision.expires_at is None


def test_statuses_come_from_the_determination_and_may_be_overridden(desk):
    shown = desk.get(desk.quill, "bench", data={"program": "POST"}).content.decode()
    ours = ask(desk, CONSENTED).context["answer"]
    changed = ask(desk, CONSENTED | {"p2_status": "none"}).context["answer"]

    assert "As determined: Part 2 program" in shown
    assert [each["overridden"] for each in ours.statuses] == [False] * 5
    assert changed.reply.asked.source.p2_status == "none"
    assert [each["name"] for each in changed.statuses if each["overridden"]] == ["42 CFR Part 2"]


def test_before_its_determination_a_program_is_undetermined(desk):
    early = (timezone.now() - timedelta(days=800)).date().isoformat()

    assert (
        ask(desk, CONSENTED | {"date": early}).context["answer"].reply.asked.source.p2_status
        == "undetermined"
    )


# --- the form -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"program": ""}, "id_program", "Program whose record is asked for: This field is required."),
        ({"program": "NOWHERE"}, "id_program", "Program whose record is asked for: Select a valid choice"),
        ({"segments": []}, "id_segments", "What is asked for: Choose at least one segment."),
        ({"segments": ["XX"]}, "id_segments", "What is asked for: Select a valid choice"),
        ({"date": "2026-02-29"}, "id_date", "On: Enter a valid date."),
        ({"date": "9999-12-31"}, "id_date", "On: Ensure this value is less than"),
        ({"fact-minor_age": "-1"}, "id_fact-minor_age", "Facts: Age, if under 18"),
        ({"fact-restriction": "some"}, "id_fact-restriction_agreed", "Tick the segments that it is for."),
        (on_the_table(SHEET, SHEET | {"signed": ""}), "id_sheet-1-signed", "Form 1: Signed on: This field is"),
        (on_the_table(SHEET | {"ends": "date"}), "id_sheet-0-ends_on", "Form 0: Ends on: Say on which date"),
        (on_the_table(SHEET | {"revoked_how": "oral"}), "id_sheet-0-revoked_on", "Say when it was taken back."),
        (on_the_table(SHEET | {"missing": ["v.who"]}), "id_sheet-0-missing", "Form 0: Missing on it: Select a valid"),
    ],
)  # fmt: skip
def test_an_error_names_its_place(desk, change, place, said):
    answer = ask(desk, CONSENTED | change)

    page = answer.content.decode()
    assert answer.context["answer"] is None
    assert f'href="#{place}"' in page
    assert f'id="{place}"' in page
    assert said in text_of(answer)


def test_a_form_comes_on_the_table_for_just_what_is_asked_and_off_again(desk):
    added = ask(desk, QUESTION, go="add", add="P2-SPEC")
    sheet = added.context["table"].sheets[0]
    answered = ask(desk, posted_from(added))
    removed = ask(desk, posted_from(added), go="remove-0")

    assert sheet["recipients"].value() == ["treating_provider_ce"]
    assert sheet["segments"].value() == ["SUDP2", "DEM"]
    assert "please look" not in text_of(added).lower()
    assert answered.context["answer"].forms[0]["used"]
    assert removed.context["table"].sheets == []


def test_an_unfinished_question_is_not_scolded_before_it_is_asked(desk):
    looked = ask(desk, {"program": "POST", "segments": ["SUDP2"]}, go="look")

    assert looked.context["faults"] == []
    assert looked.context["answer"] is None
    assert 'value="SUDP2" checked' in looked.content.decode()
    assert "As determined: Part 2 program" in looked.content.decode()


@pytest.mark.parametrize("go", ["", "try-x", "try-99", "remove-x", "add", "no such button"])
def test_no_button_that_is_not_there_breaks_the_page(desk, go):
    assert ask(desk, CONSENTED, go=go, sheet=["0", "77", "x"]).status_code == 200


def test_every_word_of_the_engine_has_words():
    assert set(words.ROLES) == vocabulary.ROLES
    assert set(words.EMPLOYERS) == vocabulary.POLICE_EMPLOYERS | vocabulary.CIVIL_EMPLOYERS
    assert set(words.RECIPIENTS) == vocabulary.RECIPIENTS
    assert set(words.flat(words.PURPOSES)) == vocabulary.PURPOSES
    assert set(words.PROCESSES) == vocabulary.PROCESSES
    assert set(words.FORMS) == vocabulary.FORMS
    assert set(words.WAYS) == vocabulary.REVOKED_HOW
    assert {*words.CARE_SEGMENTS, *words.POLICE_SEGMENTS} == vocabulary.SEGMENTS | vocabulary.MODIFIERS
    assert set(words.flat(fact_words.FLAGS)) == vocabulary.FLAGS
    assert set(fact_words.NUMBERS) == vocabulary.NUMBERS
    assert set(fact_words.TEXTS) == vocabulary.TEXTS
    assert set(fact_words.LISTS) == set(vocabulary.LISTS)
    assert set(fact_words.ELEMENTS) == vocabulary.ELEMENTS
    assert set(fact_words.CJ_INFO) == vocabulary.CJ_INFO
    assert {key: set(each[2]) for key, each in fact_words.CHOICES.items()} == dict(vocabulary.CHOICES)
    assert {key: set(words.STATUSES[key]) for key in vocabulary.STATUSES} == dict(vocabulary.STATUSES)
    assert set(answer_words.ELEMENT_KEYS) == engine_forms.EVERY_KEY
    assert set(answer_words.DEFECTS) == engine_forms.OTHER_DEFECTS


# --- what is kept -------------------------------------------------------------------------------


def test_a_scenario_is_found_again_by_name_and_answers_the_same(desk):
    kept = save(desk, CONFERENCE, name="A line without initials", note="for the training in May")
    save(desk, CONSENTED, name="Another")

    found = text_of(desk.get(desk.quill, "bench_scenarios", data={"name": "initials"}))
    again = desk.get(desk.quill, "bench_scenario", kept.pk)

    assert "A line without initials" in found
    assert "Another" not in found
    assert "for the training in May" in text_of(again)
    assert again.context["answer"].decision == ask(desk, CONFERENCE).context["answer"].decision
    assert ask(desk, posted_from(again)).context["answer"].written == kept.question


def test_a_scenario_needs_a_name_and_warns_of_client_data(desk):
    answer = ask(desk, CONSENTED, go="save", name=" ")

    assert "Name: Give it a name." in text_of(answer)
    assert "Nothing about a client" in text_of(answer)
    assert answer.context["answer"].title == "Permit"
    assert not BenchScenario.objects.exists()


def test_the_list_goes_on_by_cursor(desk):
    for number in range(30):
        save(desk, QUESTION, name=f"Question {number:02}")

    first = desk.get(desk.quill, "bench_scenarios")
    older = re.search(r'rel="next" href="\?([^"]*)"', first.content.decode())
    second = desk.browser(desk.quill).get(f"/engine/scenarios/?{older[1].replace('&amp;', '&')}")

    told = [re.findall(r"Question \d\d", each.content.decode()) for each in (first, second)]
    assert (len(told[0]), len(told[1])) == (25, 5)
    assert not set(told[0]) & set(told[1])


def test_deleting_asks_first(desk):
    kept = save(desk, CONSENTED)

    asked = desk.get(desk.quill, "bench_delete", kept.pk)
    still_there = BenchScenario.objects.filter(pk=kept.pk).exists()
    gone = desk.post(desk.quill, "bench_delete", kept.pk)

    assert "Delete this scenario?" in text_of(asked)
    assert still_there
    assert gone.status_code == 302
    assert not BenchScenario.objects.exists()
    assert desk.get(desk.quill, "bench_scenario", kept.pk).status_code == 404


def test_the_file_is_named_by_an_id_and_says_how_it_was_asked(desk):
    kept = save(desk, CONSENTED | {"world": "product"}, name="Rae: a name")

    file = desk.get(desk.quill, "bench_download", kept.pk)

    assert file["Content-Type"].startswith("application/yaml")
    assert file["Content-Disposition"] == f'attachment; filename="scenario-{str(kept.pk)[:8]}.yaml"'
    assert "title: 'Rae: a name'" in file.content.decode()
    assert "Asked as the product asks" in file.content.decode()


# --- who, and what it leaves --------------------------------------------------------------------

PAGES = ("bench", "bench_scenarios")
OF_ONE = ("bench_scenario", "bench_download", "bench_delete")


@pytest.mark.parametrize("role", ["privacy officer", "clinical supervisor", "program manager"])
def test_the_desk_comes_to_every_page(desk, role):
    somebody = factories.make_principal("somebody", role=role, program=desk.part2)
    kept = save(desk, CONSENTED)

    assert all(desk.get(somebody, page).status_code == 200 for page in PAGES)
    assert all(desk.get(somebody, page, kept.pk).status_code == 200 for page in OF_ONE)
    assert "Ask the engine" in desk.get(somebody, "programs").content.decode()


@pytest.mark.parametrize(
    "role", ["social worker", "peer", "case manager", "compliance officer", "partner machine", "referrer"]
)
def test_for_everybody_else_there_is_no_such_page(desk, role):
    somebody = factories.make_principal("somebody", role=role, program=desk.part2)
    kept = save(desk, CONSENTED)
    absent = desk.browser(somebody).get("/no/such/page/")

    answers = [desk.get(somebody, page) for page in PAGES]
    answers += [desk.get(somebody, page, kept.pk) for page in OF_ONE]
    answers += [ask(desk, CONSENTED, somebody), desk.post(somebody, "bench_delete", kept.pk)]

    assert {each.status_code for each in answers} == {404}
    assert {each.content for each in answers} == {absent.content}
    assert BenchScenario.objects.filter(pk=kept.pk).exists()


def test_no_record_of_anybody_is_touched(desk, referral):
    open_card(desk, referral)
    tables = {model._meta.db_table for model in protected_models(apps.get_models())}
    tables |= {"consent_compartment", "consent_assignment", "consent_grant", "consent_officegrant"}

    with CaptureQueriesContext(
        connection,
    ) as made:
        kept = save(desk, CONFERENCE)
        for question in QUESTIONS.values():
            ask(desk, question)
        ask(desk, QUESTION, go="try-0")
        desk.get(desk.quill, "bench_scenario", kept.pk)
        desk.get(desk.quill, "bench_download", kept.pk)
        desk.get(desk.quill, "bench_scenarios")

    touched = {table for table in tables for query in made if re.search(rf"\b{table}\b", query["sql"])}
    assert len(made) > 20
    assert "consent_consent" in tables
    assert not touched


def test_the_ledger_keeps_that_the_bench_was_asked_and_nothing_of_the_question(desk):
    ask(desk, CONFERENCE)
    kept = save(desk, CONSENTED, name="Kept")
    desk.post(desk.quill, "bench_delete", kept.pk)

    with access.opened(desk.oduya, "HCOMPL"):
        entries = list(LedgerEntry.objects.filter(actor=str(desk.quill.uid)).order_by("at"))
    assert [(each.action, each.outcome, each.reason) for each in entries] == [
        ("decide", "done", "the bench was asked"),
        ("write", "done", "a scenario of the bench was kept"),
        ("write", "done", "a scenario of the bench was deleted"),
    ]
    for each in entries:
        assert each.subject == ""
        assert each.purpose == "HCOMPL"
        nothing = (
            each.segments,
            each.segments_withheld,
            each.basis,
            each.bars,
            each.consents,
            each.obligations,
        )
        assert not any(nothing)
        assert "case_conference" not in bytes(each.canonical).decode()
        assert "Kept" not in bytes(each.canonical).decode()
