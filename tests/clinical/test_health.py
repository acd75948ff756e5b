"""A coded fact goes where the program, its code and its author put it; the most protective wins."""

import pytest
from django.urls import reverse

from clinical.health.diagnoses import tabular
from clinical.health.services import Said, keep_fact
from clinical.models import HealthFact, Note
from consent import access, services
from consent.labels.kinds import ICD10CM, Coding, Kind
from consent.models import Assignment, LedgerEntry
from tests import factories
from tests.clinical.stage import make_incident, open_card
from tests.consent.labels.programs import DETERMINED, PROGRAMS

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject(night, incident):
    return open_card(night, incident)[1]


@pytest.fixture
def ash(night):
    """The supervisor, whose office opens the program's usual compartments."""
    ash = factories.make_principal("ash", role="clinical supervisor", program=night.program)
    profile = services.profile(night.program)
    with access.opened("system:grants", "HOPERAT"):
        for segments in (profile.identity, profile.enrolment, profile.note):
            services.open_office(program=night.program, segments=segments, role="clinical supervisor")
    return ash


def add(night, subject, **said):
    return night.post(night.lind, "add_fact", subject, **({"what": "condition"} | said))


def kept(night, by=None):
    """What lies where, by the words."""
    with access.opened(by or night.lind, "CAREMGT"):
        rows = HealthFact.objects.select_related("compartment__scope")
        return {row.words: row.compartment.scope.segments for row in rows}


def everything_kept():
    with access.opened("system:labels", "CAREMGT"):
        return {
            r.words: r.compartment.scope.segments
            for r in HealthFact.objects.select_related("compartment__scope")
        }


# --- the three that make a label ---------------------------------------------------------------------


SPEAKS_OF = {
    "F11.20": Kind.SUBSTANCE, "F32.9": Kind.MENTAL, "B20": Kind.HIV, "J45.909": Kind.GENERAL, "T74.21XA": Kind.VICTIM,
    "Z59.00": Kind.SOCIAL,
}  # fmt: skip


def test_no_label_falls_below_the_programs_own_and_each_code_adds_its_own():
    for make in PROGRAMS.values():
        program, at = make(), DETERMINED
        own = set(services.profile(program).note)
        kinds = services.segments_of_kinds(program, tuple(Kind), at)
        for code, wanted in SPEAKS_OF.items():
            label = services.label(program, at, codings=[Coding(system=ICD10CM, code=code)])

            assert set(label.segments) == own | {kinds[wanted]}, (program.slug, code)
            assert "code" in label.because[kinds[wanted]]


def test_substance_use_is_part_2s_where_the_program_is_or_nobody_knows():
    segments = {
        slug: services.segments_of_kinds(make(), [Kind.SUBSTANCE], DETERMINED)[Kind.SUBSTANCE]
        for slug, make in PROGRAMS.items()
    }

    assert segments == {
        "POST": "SUDP2", "LEAD": "SUDP2", "ROOTS-DROPIN": "SUDP2",  # nothing is determined about the drop-in desk
        "CO-RESPONSE": "SUDNP2", "PINS": "SUDNP2", "ROOTS": "SUDNP2", "TSAP": "SUDNP2",
    }  # fmt: skip


def test_what_the_author_adds_is_added_and_what_they_leave_out_is_there_all_the_same():
    program = PROGRAMS["CO-RESPONSE"]()
    coding = [Coding(system=ICD10CM, code="F11.20")]

    bare = services.label(program, DETERMINED, codings=coding)
    more = services.label(program, DETERMINED, codings=coding, chosen=[Kind.RISK])

    assert set(bare.segments) == {"MH", "SUDNP2"}
    assert set(more.segments) == {"MH", "SUDNP2", "RISK"}
    assert more.because["RISK"] == ("author",)


def test_a_senders_label_stays():
    label = services.label(PROGRAMS["CO-RESPONSE"](), DETERMINED, received=["SUDP2"])

    assert set(label.segments) == {"MH", "SUDP2"}
    assert label.because["SUDP2"] == ("sender",)


# --- the entry screen --------------------------------------------------------------------------------


def test_a_condition_is_looked_up_and_kept_where_its_code_puts_it(night, subject):
    page = add(night, subject, sought="opioid dependence uncompl", look="1")
    answer = add(night, subject, code="F11.20", since="2024-05-03")

    assert b"F11.20" in page.content
    assert answer.status_code == 302
    assert kept(night) == {"Opioid dependence, uncomplicated": ["MH", "SUDNP2"]}
    shown = night.get(night.lind, "health", subject).content.decode()
    assert "Opioid dependence" in shown
    assert "Substance use (not Part 2)" in shown
    assert "since May 3, 2024" in shown


def test_the_list_of_diagnoses_answers_by_itself_for_who_types(night, subject):
    answer = night.post(night.lind, "diagnoses", sought="panic")

    assert b"Panic disorder" in answer.content
    assert night.post(night.oduya, "diagnoses", sought="panic").status_code == 404


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"code": ""}, "Choose a condition from the list"), ({"code": "F99.99999"}, "There is no such code"),
        ({"what": "medicine"}, "Write what it is called"), ({"code": "F32.9", "since": "2999-01-01"}, "has not come yet"),
        ({"code": "F32.9", "program": "POST"}, "not one of the available choices"),
    ],
)  # fmt: skip
def test_a_faulty_entry_keeps_nothing_and_says_which_field(night, subject, said, error):
    answer = add(night, subject, **said)

    assert answer.status_code == 200
    assert error in answer.content.decode()
    assert kept(night) == {}


def test_a_medicine_is_known_by_its_name_and_keeps_what_its_author_adds(night, subject):
    add(night, subject, what="medicine", words="Buprenorphine 8 mg film", detail="from the clinic")
    add(night, subject, what="medicine", words="amoxicillin", chosen="risk")

    assert kept(night) == {"Buprenorphine 8 mg film": ["MH", "SUDNP2"], "amoxicillin": ["MH", "RISK"]}


def test_words_in_the_detail_raise_the_label_too(night, subject):
    add(night, subject, what="allergy", words="penicillin", detail="takes Suboxone")

    assert kept(night) == {"penicillin": ["MH", "SUDNP2"]}


def test_it_ends_goes_on_and_is_struck_and_stays(night, subject):
    add(night, subject, code="F32.9")
    with access.opened(night.lind, "CAREMGT"):
        fact_id = HealthFact.objects.get().pk

    night.post(night.lind, "end_fact", fact_id, until="2026-01-02")
    ended = night.get(night.lind, "health_fact", fact_id).content.decode()
    night.post(night.lind, "end_fact", fact_id, resume="1")
    again = night.get(night.lind, "health_fact", fact_id).content.decode()
    night.post(night.lind, "strike_fact", fact_id, because="person")
    struck = night.get(night.lind, "health_fact", fact_id).content.decode()

    assert "no longer" in ended
    assert "until Jan 2, 2026" in ended.replace("Until", "until")
    assert "Condition, no longer" in ended
    assert "Condition, no longer" not in again
    assert "It is about somebody else" in struck


def test_what_is_struck_no_longer_stands_on_the_first_page(night, subject):
    add(night, subject, code="J45.909")
    before = night.get(night.lind, "client", subject).content.decode()
    with access.opened(night.lind, "CAREMGT"):
        fact_id = HealthFact.objects.get().pk

    night.post(night.lind, "strike_fact", fact_id, because="wrong")

    after = night.get(night.lind, "client", subject).content.decode()
    assert 'id="health-title"' in before
    assert 'id="health-title"' not in after


@pytest.mark.parametrize("page", ["health_fact", "end_fact", "strike_fact"])
def test_a_colleague_finds_nothing(night, subject, page):
    add(night, subject, code="F32.9")
    with access.opened(night.lind, "CAREMGT"):
        fact_id = HealthFact.objects.get().pk

    ask = night.get if page == "health_fact" else night.post

    assert ask(night.varga, page, fact_id).status_code == 404
    assert night.get(night.varga, "health", subject).status_code == 404
    assert night.post(night.varga, "add_fact", subject, what="condition", code="F32.9").status_code == 404


# --- HIV: more protective than its writer -----------------------------------------------------------


def test_information_about_hiv_is_kept_and_its_writer_cannot_read_it(night, subject, ash):
    answer = add(night, subject, code="B20")

    said = night.get(night.lind, "health", subject).content.decode()
    assert answer["Location"] == reverse("clinical:health", args=[subject])
    assert "You are not named among them" in said
    assert "immunodeficiency" not in said
    assert kept(night) == kept(night, ash) == {}
    assert everything_kept() == {"Human immunodeficiency virus [HIV] disease": ["HIV", "MH"]}


def test_who_takes_part_in_that_care_reads_it_from_the_instant_a_supervisor_says_so(night, subject, ash):
    add(night, subject, code="B20")
    with access.opened("system:grants", "HOPERAT"):
        team = Assignment.objects.get(subject_id=subject, principal=night.lind)

    night.post(ash, "hiv_care", subject, takes_part=str(team.pk))
    opened = kept(night)
    night.post(ash, "hiv_care", subject)

    assert list(opened.values()) == [["HIV", "MH"]]
    assert kept(night) == kept(night, ash) == {}
    with access.opened(night.oduya, "HCOMPL"):
        reasons = set(LedgerEntry.objects.filter(action="assign").values_list("reason", flat=True))
    assert {"takes part in HIV care", "no part in HIV care"} <= reasons


def test_nobody_says_it_about_themselves(night, subject):
    both = factories.make_principal("bo", role="clinical supervisor", program=night.program)
    factories.make_membership(both, role="social worker", program=night.program)
    with access.opened(night.lind, "CAREMGT"):
        services.assign(subject_id=subject, program=night.program, principal=both, by=night.lind)
    with access.opened("system:grants", "HOPERAT"):
        own = Assignment.objects.get(subject_id=subject, principal=both)

    night.post(both, "hiv_care", subject, takes_part=str(own.pk))

    with access.opened("system:grants", "HOPERAT"):
        assert Assignment.objects.get(pk=own.pk).hiv_care_since is None


def test_the_page_of_hiv_care_is_a_supervisors_of_the_program(night, subject, ash):
    other = factories.make_principal("ali", role="clinical supervisor", program=night.part2)

    assert night.get(ash, "hiv_care", subject).status_code == 200
    assert night.get(night.lind, "hiv_care", subject).status_code == 404
    assert night.get(other, "hiv_care", subject).status_code == 404


def test_a_note_of_hiv_is_kept_past_its_writer_too(night, incident):
    encounter_id, _subject = open_card(night, make_incident())

    night.post(night.lind, "note", encounter_id, body="the clinic called about the result", compartment="hiv")

    with access.opened(night.lind, "CAREMGT"):
        assert not Note.objects.exists()
    with access.opened("system:labels", "CAREMGT"):
        assert Note.objects.select_related("compartment__scope").get().compartment.scope.segments == [
            "HIV",
            "MH",
        ]


# --- offices ---------------------------------------------------------------------------------------------


def test_a_supervisor_reads_what_a_new_label_moved_beside_the_usual_notes(night, subject, ash):
    add(night, subject, code="F11.20")

    assert kept(night, ash) == {"Opioid dependence, uncomplicated": ["MH", "SUDNP2"]}
    assert night.post(ash, "add_fact", subject, what="condition", code="F32.9").status_code == 404


def test_who_opens_no_notes_opens_no_label_of_them(night, subject):
    other = factories.make_principal("ali", role="clinical supervisor", program=night.part2)
    add(night, subject, code="F11.20")

    assert kept(night, other) == {}


# --- the diagnoses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sought", "first"),
    [("F11.20", "F11.20"), ("f112", "F11.2"), ("panic disorder", "F41.0"), ("ptsd", "F43.1"), ("asthma unspec uncompl", "J45.909")],
)  # fmt: skip
def test_a_diagnosis_is_found_by_words_or_code(sought, first):
    assert tabular().search(sought)[0].code == first


@pytest.mark.parametrize("sought", ["", " ", "a", "qqqq", "'; drop table", "%", "F99999"])
def test_what_is_no_diagnosis_finds_nothing(sought):
    assert tabular().search(sought) == []


def test_a_seventh_character_is_no_other_diagnosis():
    assert tabular().named("T40.1X1A").code == "T40.1X1"
    assert tabular().named("T51.92XA").code == "T51.92"
    assert tabular().named("nonsense") is None


def test_keeping_needs_the_right_to_write_about_the_client(night, subject):
    with access.opened(night.varga, "CAREMGT"), pytest.raises(access.NothingToTell):
        keep_fact(
            subject_id=subject, program=night.program, by=night.varga, at=DETERMINED,
            said=Said(what="condition", words="asthma"),
        )  # fmt: skip


def test_a_page_of_fifty_asks_the_database_a_dozen_times_at_most(
    night, subject, django_assert_max_num_queries
):
    with access.opened(night.lind, "CAREMGT"):
        for number in range(50):
            keep_fact(
                subject_id=subject, program=night.program, by=night.lind, at=DETERMINED,
                said=Said(what="condition", words=f"condition {number}", system="icd10cm", code="J45"),
            )  # fmt: skip
    night.get(night.lind, "health", subject)

    with django_assert_max_num_queries(16):
        answer = night.get(night.lind, "health", subject)
    assert answer.content.count(b"health-fact") == 50
