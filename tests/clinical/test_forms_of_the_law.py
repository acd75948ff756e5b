"""Each form of the law is taken in four steps; whole it opens what it says to whom it names, and less is no form."""

import re

import pytest
from django.utils import timezone

from clinical.consents import catalog, selectors
from consent import access, services
from consent.engine import forms
from consent.models import Consent, Organization, Restriction
from tests import factories
from tests.clinical.known import make_known
from tests.clinical.stage import determined
from tests.clinical.test_consents import drawn

pytestmark = pytest.mark.django_db
CLINIC, SHELTER, PROSECUTOR = "treating_provider_ce", "landlord_housing", "prosecutor"


@pytest.fixture
def city(night):
    """Whom forms can name: a clinic and another one, a housing provider, police and a prosecutor."""
    made = {
        "clinic": night.clinic,
        "other": factories.make_organization("Hilltop Clinic", kind=CLINIC),
        "shelter": factories.make_organization("Lantern Homes", kind=SHELTER),
        "prosecutor": factories.make_organization(
            "Office of the Prosecutor", kind=PROSECUTOR, is_criminal_justice_agency=True
        ),
        "police": factories.make_organization(
            "A bureau", kind="law_enforcement", is_criminal_justice_agency=True
        ),
    }
    return {name: str(each.uid) for name, each in made.items()}


@pytest.fixture
def sam(night):
    """Somebody in the Part 2 program, whose name is known."""
    return make_known(night.peer, night.part2, given_name="Sam", family_name="Doe").subject_id


SIGNED = {"capacity": "on", "copy_offered": "on", "signature": drawn()}
BY_NAME = {"to": ["somebody"], "other_name": "Max Moe", "other_unit": "Criminal division"}


def whole(city, code):
    """Everything that is said on the form, as the last step posts it."""
    clinic = {"to": [city["clinic"]]}
    said = {
        "HIPAA-AUTH": clinic | {"what": ["contact", "care"], "why": ["care"]},
        "P2-SPEC": clinic | {"what": ["contact", "needs", "care"], "why": ["care"]},
        "P2-TPO": {"what": ["contact", "care"], "days": "0"},
        "P2-NOTES": clinic | {"q_about": "since June"},
        "HIPAA-PSY": clinic | {"q_about": "since June"},
        "P2-PROC": BY_NAME
        | {
            "other_type": "court", "what": ["attendance"], "q_court": "Court of Common Pleas", "q_docket": "CP-02-1",
            "q_role": "defendant", "q_testimony": "no", "q_counsel": "Max Moe", "q_advice": "on",
        },
        "P2-CJ35": {
            "to": [city["prosecutor"]], f"unit_{city['prosecutor']}": "Diversion desk",
            "q_condition": "Signed diversion agreement of May 3", "q_monitors": "on", "q_revocable": "final_disposition",
        },
        "VS-REL": {
            "to": [city["shelter"]], f"unit_{city['shelter']}": "Intake", "what": ["contact"], "why": ["housing"],
            "days": "15", "q_how": "phone", "informed": "on",
        },
        "PA-MH": clinic | {"what": ["contact", "crisis"], "why": ["care"], "staff_signs": "on"},
        "PA-HIV": clinic | {"what": ["care"], "why": ["care"]},
        "MULTI-CONF": {
            "to": [city["clinic"], city["police"]], f"unit_{city['police']}": "Zone 2 LEAD officers",
            f"unit_{city['clinic']}": "Care navigators", "q_conference": "LEAD work group", "q_list_of": "2026-11-20", "what": ["contact", "needs"],
            "why": ["care"], "initials_0": "SD", "initials_1": "SD",
        },
        "ORAL-510B": {"to": ["somebody"], "other_name": "Ann Doe, sister", "what": ["needs"], "days": "30"},
        "RESTRICT": {"to": ["services", "family"], "what": ["care"], "days": "0"},
    }[code]  # fmt: skip
    return {"go": "finish", "form": code, "language": "en", "days": "90"} | SIGNED | said


def consents(by, subject_id):
    with access.opened(by, "CAREMGT"):
        return list(Consent.objects.about(subject_id).select_related("program").order_by("created_at", "id"))


def opened(by, form):
    """What the engine lets go under the kept form, by recipient."""
    shown = dict.fromkeys(catalog.KINDS[form.form].to_be_shown, True)
    with access.opened(by, "CAREMGT"):
        return services.what_it_opens(form, at=timezone.now(), by=by, shown=shown)


def told_on(page):
    """What the page says is missing."""
    body = page.content.decode()
    return re.findall(r"usa-error-message[^>]*>([^<]+)|<li>([^<]+)</li>", body)


EVERY_SIGNED = [code for code, kind in catalog.KINDS.items() if kind.ends == "signature" and code != "VS-REL"]


@pytest.mark.parametrize("code", EVERY_SIGNED)
def test_a_whole_form_is_kept_valid_and_opens_to_whom_it_names_alone(night, city, sam, code):
    by, program = (night.lind, night.program) if code == "HIPAA-AUTH" else (night.peer, night.part2)
    sam = make_known(by, program, given_name="Sam", family_name="Doe").subject_id

    answer = night.post(by, "take_consent", sam, **whole(city, code))

    assert answer.status_code == 302, told_on(answer)
    kept = consents(by, sam)
    assert {each.form for each in kept} == {code}
    for form in kept:
        assert not forms.defects(services.facts_of(form), timezone.now())
        assert form.sheet["title"] == catalog.KINDS[code].name.en
        assert all(each.opens for each in opened(by, form))
    names_all_in_care = code == "P2-TPO"
    assert bool(opened_elsewhere(by, kept[0], city["other"])) == names_all_in_care


def opened_elsewhere(by, form, organization):
    """What the engine lets go to another clinic for the same, the form on the table."""
    with access.opened(by, "CAREMGT"):
        asks = Consent(
            form="ORAL-510B", subject_id=form.subject_id, program=form.program, signed_at=form.signed_at,
            recipients=[{"type": CLINIC, "organization": organization, "unit": ""}], segments=form.segments,
            purposes=form.purposes,
        )  # fmt: skip
        return services.what_it_opens(asks, at=timezone.now(), by=by)[0].opens


def test_the_victims_release_names_one_agency_for_a_short_time(night, city):
    tsap = determined(
        factories.make_program("TSAP"), p2_status="none", vs_regime="voca", hipaa_legal="not_covered"
    )
    worker = factories.make_principal("tess", role="social worker", program=tsap)
    sam = make_known(worker, tsap, given_name="Sam", family_name="Doe").subject_id

    two = night.post(
        worker, "take_consent", sam, **whole(city, "VS-REL") | {"to": [city["shelter"], city["clinic"]]}
    )
    unsaid = night.post(worker, "take_consent", sam, **whole(city, "VS-REL") | {"informed": ""})
    night.post(worker, "take_consent", sam, **whole(city, "VS-REL") | {"q_limits": "calls after six"})

    assert "names one only" in two.content.decode()
    assert "benefits, risks and other ways" in unsaid.content.decode()
    (kept,) = consents(worker, sam)
    assert kept.form == "VS-REL"
    assert kept.elements["v.how"].startswith("By telephone")
    assert "calls after six" in kept.elements["v.how"]
    assert not forms.defects(services.facts_of(kept), timezone.now())
    assert [set(each.opens) for each in opened(worker, kept)] == [set(kept.segments)]


LEFT_OUT = [
    ("P2-NOTES", {"q_about": ""}, "This form needs an answer here."),
    ("P2-PROC", {"q_docket": ""}, "This form needs an answer here."),
    ("P2-PROC", {"q_advice": ""}, "This form needs an answer here."),
    ("P2-PROC", {"other_unit": ""}, "Write the unit or role there"),
    ("P2-PROC", {"other_name": ""}, "Write whom they mean."),
    ("P2-CJ35", {"q_condition": ""}, "This form needs an answer here."),
    ("P2-CJ35", {"q_monitors": ""}, "This form needs an answer here."),
    ("P2-CJ35", {"q_revocable": ""}, "This form needs an answer here."),
    ("PA-MH", {"staff_signs": ""}, "your own signature: you took it"),
    ("PA-MH", {"signature": "", "by_voice": "on", "signature_witness": "Pat Roe"}, "two witnesses to the spoken yes"),
    ("PA-HIV", {"what": []}, "Choose what may be shared."),
    ("MULTI-CONF", {"initials_1": ""}, "the initials on each line"),
    ("MULTI-CONF", {"q_conference": ""}, "This form needs an answer here."),
    ("P2-SPEC", {"signer": "court_appointed_guardian"}, "who signs for the person, and by what authority"),
    ("P2-SPEC", {"language": "ne"}, "who interpreted"),
    ("ORAL-510B", {"capacity": ""}, "that the person understands"),
    ("RESTRICT", {"what": []}, "Choose what may be shared."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "left_out", "told"), LEFT_OUT)
def test_an_element_that_the_form_needs_is_missed_by_name(night, city, sam, code, left_out, told):
    page = night.post(night.peer, "take_consent", sam, **whole(city, code) | left_out)

    assert page.status_code == 200
    assert told in page.content.decode()
    assert not consents(night.peer, sam)


def test_a_partner_outside_health_care_is_named_with_its_unit_on_a_part_2_form(night, city, sam):
    said = whole(city, "P2-SPEC") | {"to": [city["shelter"]], "why": ["housing"]}

    unnamed = night.post(night.peer, "take_consent", sam, **said)
    night.post(night.peer, "take_consent", sam, **said, **{f"unit_{city['shelter']}": "Intake desk"})

    assert "Write the unit or role there" in unnamed.content.decode()
    (kept,) = consents(night.peer, sam)
    assert kept.recipients == [{"type": SHELTER, "organization": city["shelter"], "unit": "Intake desk"}]
    assert kept.elements["p.to"] == "Lantern Homes, Intake desk"


def test_a_conference_is_a_form_for_each_member_on_one_sheet_and_police_hear_nothing_clinical(
    night, city, sam
):
    night.post(night.peer, "take_consent", sam, **whole(city, "MULTI-CONF"))

    clinic, police = consents(night.peer, sam)
    assert clinic.sheet_id == police.sheet_id is not None
    assert "SUDP2" in clinic.segments
    assert set(police.segments) == {"CASE", "DEM", "ENROLL"}
    assert police.recipients[0]["unit"] == "Zone 2 LEAD officers"
    with access.opened(night.peer, "CAREMGT"):
        services.revoke_consent(consent=police, how="oral", by=night.peer, at=timezone.now())
    assert opened(night.peer, clinic)[0].opens
    assert not opened(night.peer, police)[0].opens


def test_a_name_that_was_typed_opens_to_nobody_else_of_that_kind(night, city, sam):
    said = {
        "to": ["somebody"],
        "other_type": "family_involved",
        "other_name": "Ann Doe, sister",
        "why": ["people"],
    }

    night.post(night.peer, "take_consent", sam, **whole(city, "HIPAA-AUTH") | said)

    (kept,) = consents(night.peer, sam)
    (row,) = kept.recipients
    assert row["type"] == "family_involved"
    assert row["organization"], "a row without an id would name every relative"
    assert not Organization.objects.filter(uid=row["organization"]).exists()
    assert selectors.recipients_in_words(kept) == ["Ann Doe, sister"]


def test_a_spoken_yes_is_kept_and_opens_nothing(night, city, sam):
    night.post(
        night.peer, "take_consent", sam, **whole(city, "ORAL-510B") | {"signature": "", "copy_offered": ""}
    )

    (kept,) = consents(night.peer, sam)
    assert kept.form == "ORAL-510B"
    assert not opened(night.peer, kept)[0].opens


def test_a_limit_is_agreed_to_ended_and_refused_and_the_register_tells_all_three(night, city, sam):
    night.post(night.peer, "take_consent", sam, **whole(city, "RESTRICT"))
    with access.opened(night.peer, "CAREMGT"):
        (limit,) = Restriction.objects.about(sam)
    holding = night.get(night.peer, "consents", sam).content.decode()
    night.post(night.peer, "end_limit", limit.pk)
    night.post(night.peer, "take_consent", sam, **whole(city, "RESTRICT") | {"go": "refused"})

    ended = night.get(night.peer, "consents", sam).content.decode()
    assert set(limit.recipients) == {
        "social_service_org",
        "landlord_housing",
        "family_involved",
        "parent_guardian",
    }
    assert limit.segments == ["SUDP2"]
    assert "Substance use records: kept from Agencies and housing offices, My family and friends" in holding
    assert "Holds" in holding
    assert "Ended" in ended
    assert "The program did not agree" in ended


def test_a_report_to_a_monitor_holds_until_the_case_ends_and_the_page_says_so(night, city, sam):
    night.post(night.peer, "take_consent", sam, **whole(city, "P2-CJ35"))
    (kept,) = consents(night.peer, sam)

    asked = night.get(night.peer, "take_back", kept.pk).content.decode()
    night.post(night.peer, "take_back", kept.pk, how="oral")
    page = night.get(night.peer, "consent", kept.pk).content.decode()

    assert kept.end_event == "final_disposition"
    assert "t be taken back yet" in asked
    assert "Valid" in page
    assert "They asked to take it back" in page


def test_the_forms_that_a_program_offers_follow_its_determination(night, sam):
    plain = make_known(night.lind, night.program, given_name="Pat").subject_id

    in_part2 = night.get(night.peer, "take_consent", sam).content.decode()
    elsewhere = night.get(night.lind, "take_consent", plain).content.decode()
    forced = night.post(night.lind, "take_consent", plain, go="form", form="P2-NOTES").content.decode()

    assert 'value="P2-NOTES"' in in_part2
    assert 'value="VS-REL"' not in in_part2
    assert 'value="P2-NOTES"' not in elsewhere
    assert 'name="form" value="HIPAA-AUTH"' in forced
