"""The privacy map says what the engine says, of what the asker may see, and lets anything be tried for nothing."""

import re
import time
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinical.privacymap.people import PURPOSES_OF
from consent import access, law
from consent.engine import facts
from consent.engine.decide import decide
from consent.models import Consent, Determination, LedgerEntry, Restriction
from tests import factories
from tests.clinical.stage import determined, open_card
from tests.clinical.test_consents import consents, whole

pytestmark = pytest.mark.django_db
PACKS = law.packs()
CELL = re.compile(r'name="cell" value="([^":]*):([^":]*):([^"]*)" class="spot spot--(\w+)( spot--\w+)?"')
NAME = re.compile(r'aria-label="([^"]*?: (?:closed|may see)[^"]*)"')


@pytest.fixture
def subject(night, referral):
    _encounter, subject_id = open_card(night, referral)
    return subject_id


def page(night, subject, by=None, **posted):
    by = by or night.lind
    answer = (
        night.post(by, "privacy_map", subject, **posted) if posted else night.get(by, "privacy_map", subject)
    )
    assert answer.status_code == 200
    return answer.content.decode()


def cells(text):
    """``{(program, segment, person): is it open?}`` as they are drawn."""
    return {found[:3]: found[3] != "no" for found in CELL.findall(text)}


def changes(text):
    return {found[:3]: found[4].removeprefix(" spot--") for found in CELL.findall(text) if found[4]}


def names(text):
    return [unescape(each) for each in NAME.findall(text)]


def opened(text):
    found = re.search(r'<section class="card cell-page.*?</section>', text, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[0])).split()) if found else ""


def spot(night, segment, person=None):
    return ("CO-RESPONSE", segment, person or str(night.clinic.uid))


# --- what it draws -------------------------------------------------------------------------------


def test_a_signed_form_opens_the_squares_that_it_names_until_its_day_and_no_others(night, subject):
    before = cells(page(night, subject))
    night.post(night.lind, "take_consent", subject, **whole(night, what=["contact"]))
    text = page(night, subject)

    after, ends = cells(text), timezone.localtime(timezone.now() + timedelta(days=90))
    assert not any(is_open for key, is_open in before.items() if key[2] == str(night.clinic.uid))
    assert {key for key in after if after[key] and not before.get(key)} == {
        spot(night, each) for each in ("DEM", "ENROLL", "MH")
    }
    said = f"Riverside Clinic, Mental health: may see, by form, until {ends:%b} {ends.day}, {ends.year}"
    assert said in names(text)


def test_each_square_says_by_itself_who_what_and_whether(night, subject):
    night.post(night.lind, "take_consent", subject, **whole(night))
    text = page(night, subject)

    told = names(text)
    assert len(told) == len(set(told)) == len(cells(text))
    assert "Their care team, Mental health: may see, by law" in told
    assert "Press and public, Mental health: closed" in told


def test_it_is_a_table_whose_squares_have_heads_on_both_sides(night, subject):
    text = page(night, subject)

    assert len(re.findall(r'<th role="columnheader" scope="col" class="map__column', text)) == len(
        {key[1] for key in cells(text)}
    )
    assert len(re.findall(r'<th role="rowheader" scope="row"', text)) == len({key[2] for key in cells(text)})
    assert text.count('scope="rowgroup"') == 4


def test_police_see_nothing_of_a_part_2_program(night, referral):
    overdose = type(referral)(**vars(referral) | {"reasons": ("overdose",)})
    _encounter, subject_id = open_card(night, overdose, by=night.peer)
    bureau = factories.make_organization("A bureau", kind="law_enforcement", is_criminal_justice_agency=True)

    drawn = cells(page(night, subject_id, by=night.peer))

    theirs = {
        key: is_open
        for key, is_open in drawn.items()
        if key[2] in (str(bureau.uid), "le_co_response_partner")
    }
    assert theirs
    assert not any(theirs.values())


# --- it is the engine's answer ------------------------------------------------------------------

FORMS = ("HIPAA-AUTH", "P2-SPEC", "P2-TPO", "PA-MH", "PA-HIV", "VS-REL", "MULTI-CONF")
SEGMENTS = ("DEM", "ENROLL", "CASE", "MH", "SUDP2", "HIV", "RISK")
KINDS = ("treating_provider_ce", "social_service_org", "landlord_housing", "health_plan", "court")
PROGRAMS = {
    "CO-RESPONSE": {"p2_status": "none"},
    "POST": {"p2_status": "program"},
    "TSAP": {"p2_status": "lawful_holder", "vs_regime": "voca", "hipaa_legal": "not_covered"},
    "ROOTS-DROPIN": None,
}
forms_signed = st.fixed_dictionaries(
    {
        "form": st.sampled_from(FORMS),
        "kind": st.sampled_from(KINDS),
        "is_named": st.booleans(),
        "segments": st.sets(st.sampled_from(SEGMENTS), min_size=1),
        "purposes": st.sets(st.sampled_from(("TREAT", "COC", "CAREMGT", "X-HOUSING", "HPAYMT")), min_size=1),
        "lacks": st.sampled_from(("", "h.expiry", "p.to")),
        "days": st.sampled_from((-1, 20, 400)),
        "is_revoked": st.booleans(),
    }
)
KEYS = (
    "h.info h.from h.to h.purpose h.expiry h.sig h.sigdate h.revoke h.cond h.redisc h.plain p.name p.from p.info p.to "
    "p.purpose p.revoke p.expiry p.sig p.date p.redisc p.refuse p.cestmt v.who v.to v.what v.why v.end v.informed v.how "
    "v.sig v.date v.noncond m.start m.end m.to m.purpose m.info m.sig m.staffsig m.verbal m.revoke v7.from v7.to "
    "v7.subject v7.purpose v7.info v7.hivnamed v7.sig v7.date v7.revoke v7.expiry c.to c.segments c.purpose c.expiry "
    "c.initials"
).split()


def signed(compartment, by, said, partner):
    now = timezone.now()
    day = now - timedelta(days=10)
    line = {"type": partner.kind if said["is_named"] else said["kind"], "organization": "", "unit": ""}
    if said["is_named"]:
        line["organization"] = str(partner.uid)
    took_back = (
        {"revoked_at": now - timedelta(days=1), "revoked_how": "written"} if said["is_revoked"] else {}
    )
    return factories.make_consent(
        compartment, by=by, purpose="CAREMGT", form=said["form"], recipients=[line],
        segments=sorted(said["segments"]), purposes=sorted(said["purposes"]), signed_at=day,
        ends_at=day + timedelta(days=said["days"]) if said["days"] > 0 else None,
        elements={key: "" if key == said["lacks"] else "said" for key in KEYS}, **took_back,
    )  # fmt: skip


def as_the_law_reads_it(row):
    """The form as the engine's value, written out once more, so that no line of the product is asked."""
    lines = [(each["type"], each["organization"]) for each in row.recipients]
    return facts.Consent(
        id=str(row.pk), form=row.form, signed_at=row.signed_at, ends_at=row.ends_at, revoked_at=row.revoked_at,
        revoked_how=row.revoked_how or None, recipients=tuple(kind for kind, _id in lines),
        recipient_ids=tuple(id_ for _kind, id_ in lines if id_), lines=tuple(lines),
        segments=frozenset(row.segments), purposes=frozenset(row.purposes),
        elements=frozenset(key for key, value in row.elements.items() if value), sources=(row.program.slug,),
    )  # fmt: skip


def asked_by_hand(program, person, segment, purpose, at, *, rows, restricted, partner):
    statuses = Determination.of(program, at)
    source = facts.Source(
        program=program.slug,
        **{key: value for key, value in statuses.items() if key not in ("until", "in_privacy_notice")},
    )
    kind = partner.kind if person == str(partner.uid) else person
    recipient = facts.Recipient(type=kind, id=person if person == str(partner.uid) else "")
    known = {"restriction_agreed": tuple(sorted(restricted))} if restricted else {}
    return facts.Asked(
        actor=facts.Actor(id="system", role="engine_job"), source=source, recipient=recipient, purpose=purpose,
        segments=frozenset({segment}), at=at, consents=tuple(map(as_the_law_reads_it, rows)),
        facts=known, recorded_no=frozenset() if restricted else frozenset({"restriction_agreed"}),
    )  # fmt: skip


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    slug=st.sampled_from(sorted(PROGRAMS)),
    said=st.lists(forms_signed, max_size=4),
    kept=st.sets(st.sampled_from(SEGMENTS), min_size=1),
    restricted=st.sets(st.sampled_from(SEGMENTS), max_size=2),
)
def test_every_square_is_what_the_engine_decides_for_that_question_by_itself(
    night, slug, said, kept, restricted
):
    program = factories.make_program(slug)
    if PROGRAMS[slug] is not None and not program.determinations.exists():
        determined(program, **PROGRAMS[slug])
    worker = factories.make_principal(role="social worker", program=program)
    subject_id = uuid.uuid4()
    compartment = factories.make_compartment(subject_id, program=program, segments=sorted(kept))
    factories.grant(worker, compartment)
    rows = [signed(compartment, worker, each, night.clinic) for each in said]
    if restricted:
        with access.opened(worker, "CAREMGT"):
            Restriction.objects.create(
                compartment=compartment, subject_id=subject_id, program=program, segments=sorted(restricted),
                agreed_by=worker, agreed_at=timezone.now() - timedelta(days=3),
            )  # fmt: skip

    drawn = cells(page(night, subject_id, by=worker))

    at = timezone.now()
    assert {key[1] for key in drawn} == kept.union(*(each["segments"] for each in said))
    for (_slug, segment, person), is_open in drawn.items():
        if person != str(night.clinic.uid) and person not in PURPOSES_OF:
            continue  # the person and own staff, for whom something is taken for granted
        kind = night.clinic.kind if person == str(night.clinic.uid) else person
        answers = [
            decide(
                asked_by_hand(
                    program, person, segment, each, at, rows=rows, restricted=restricted, partner=night.clinic
                ),
                PACKS,
            )
            for each in PURPOSES_OF[kind]
        ]
        assert not any(each.failure for each in answers)
        assert is_open == any(segment in each.permitted for each in answers), (segment, person)


# --- what is hidden -----------------------------------------------------------------------------


def bytes_of(text):
    """The page without what differs from one request to the next."""
    for changing in (
        r'name="csrfmiddlewaretoken" value="[^"]*"',
        r'"X-CSRFToken": "[^"]*"',
        r'datetime="[^"]*"',
        r", \d\d:\d\d\b",
    ):
        text = re.sub(changing, "", text)
    return text


def test_forms_and_rows_that_are_hidden_from_the_asker_change_not_one_byte(night, subject):
    night.post(night.lind, "take_consent", subject, **whole(night))
    tried = {"do": "compose", "to": str(night.clinic.uid), "what": ["HIV"], "days": "90", "form": "PA-HIV"}
    touched = {"cell": ":".join(spot(night, "MH"))}
    page(night, subject)  # says once that the form was signed
    before = [page(night, subject), page(night, subject, **tried), page(night, subject, **touched)]

    hidden = factories.make_compartment(subject, program=night.program, segments=("HIV", "PSYNOTE"))
    factories.grant(night.varga, hidden)
    clinic = night.clinic
    said = {"form": "HIPAA-AUTH", "kind": "court", "is_named": False, "segments": {"HIV", "MH"}, "purposes": {"COC"},
            "lacks": "", "days": 300, "is_revoked": False}  # fmt: skip
    form = signed(hidden, night.varga, said | {"purposes": {"X-PROCEEDING", "COC"}}, clinic)
    signed(hidden, night.varga, said | {"is_named": True}, clinic)
    with access.opened(night.varga, "CAREMGT"):
        Restriction.objects.create(
            compartment=hidden,
            subject_id=subject,
            program=night.program,
            segments=["MH"],
            agreed_by=night.varga,
        )
    after = [page(night, subject), page(night, subject, **tried), page(night, subject, **touched)]
    without_theirs = page(night, subject, do=f"without {form.pk}")

    assert [bytes_of(each) for each in after] == [bytes_of(each) for each in before]
    assert bytes_of(without_theirs) == bytes_of(page(night, subject, do=f"without {uuid.uuid4()}"))


def test_who_may_see_nothing_of_the_client_finds_no_map(night, subject):
    made_up = night.get(night.lind, "privacy_map", uuid.uuid4())
    theirs = night.get(night.varga, "privacy_map", subject)

    assert (theirs.status_code, theirs.content) == (404, made_up.content)
    assert night.post(night.varga, "privacy_map", subject, do="nothing").content == made_up.content


def test_a_square_that_is_not_on_the_map_is_as_good_as_made_up(night, subject):
    for key in ("CO-RESPONSE:HIV:court", "POST:MH:court", "CO-RESPONSE:MH:nobody", "CO-RESPONSE", ":::"):
        assert night.post(night.lind, "privacy_map", subject, cell=key).status_code == 404


# --- touched ------------------------------------------------------------------------------------


def test_an_open_square_tells_its_rule_with_the_citation_and_the_form_it_rests_on(night, subject):
    night.post(night.lind, "take_consent", subject, **whole(night))

    told = opened(page(night, subject, cell=":".join(spot(night, "MH"))))

    assert "May see Mental health" in told
    assert "45 CFR 164.508(a)(1), (c)" in told
    assert "Permission to share health information (HIPAA authorization)" in told
    assert "Treatment : yes" in told


def test_a_closed_square_names_the_form_that_is_missing_and_facts_are_for_the_privacy_desk(night, referral):
    overdose = type(referral)(**vars(referral) | {"reasons": ("overdose",)})
    _encounter, subject_id = open_card(night, overdose, by=night.peer)
    desk = factories.make_principal("desk", role="privacy officer", program=night.part2)
    key = f"POST:SUDP2:{night.clinic.uid}"
    with access.opened(night.peer, "CAREMGT"):
        scopes = {each.compartment.scope for each in _clients(subject_id)}
    for scope in scopes:
        factories.grant_to_office("privacy officer", scope)
    person = f"POST:SUDP2:{'colleagues'}"

    staff = opened(page(night, subject_id, by=night.peer, cell=key))
    beside = opened(page(night, subject_id, by=night.peer, cell=person))
    of_desk = night.post(desk, "privacy_map_desk", subject_id, cell=person).content.decode()

    assert "May not see Substance use (Part 2)" in staff
    assert "Permission to share substance use records (42 CFR Part 2)" in staff
    assert "What would change it" not in staff
    assert "What would change it" not in beside
    assert "Being put on the care team opens it." in beside
    assert "assigned_to_subject" not in beside
    assert "the fact:" in opened(of_desk)


def _clients(subject_id):
    from clinical.models import Client

    return list(Client.objects.about(subject_id).select_related("compartment__scope__program"))


def test_a_form_that_is_void_says_what_is_wrong_with_it_where_it_would_count(night, subject):
    with access.opened(night.lind, "CAREMGT"):
        compartment = _clients(subject)[0].compartment
    said = {"form": "HIPAA-AUTH", "kind": "", "is_named": True, "segments": {"MH"}, "purposes": {"TREAT"},
            "lacks": "h.expiry", "days": 300, "is_revoked": False}  # fmt: skip
    signed(compartment, night.lind, said, night.clinic)

    told = opened(page(night, subject, cell=":".join(spot(night, "MH"))))

    assert "counts for nothing: it lacks an end." in told


# --- tried --------------------------------------------------------------------------------------


def everything_written(night):
    with access.opened(night.oduya, "HCOMPL"):
        entries = [
            (each.action, each.outcome)
            for each in LedgerEntry.objects.exclude(actor=str(night.oduya.uid)).order_by("at")
        ]
    with access.opened(night.lind, "CAREMGT"):
        return entries, [(each.pk, each.revoked_at) for each in Consent.objects.all()]


def test_a_form_is_tried_and_the_squares_that_it_would_open_say_so_in_words(night, subject):
    text = page(
        night,
        subject,
        do="compose",
        form="HIPAA-AUTH",
        to=str(night.clinic.uid),
        what=["MH", "CASE"],
        days="30",
    )

    assert changes(text) == {spot(night, each): "opens" for each in ("MH", "CASE")}
    assert [each for each in names(text) if each.endswith("; opens by what you try")]
    assert "2 open" in text
    assert "Nothing is signed, taken back or kept." in text


def test_what_is_tried_opens_what_the_signed_form_then_opens(night, subject):
    tiers = whole(night)["what"]
    segments = ["CASE", "DEM", "ENROLL", "MH"]
    tried = page(night, subject, do="compose", to=str(night.clinic.uid), what=segments, days="90")
    night.post(night.lind, "take_consent", subject, **whole(night, what=tiers))

    assert cells(page(night, subject)) == cells(tried)


def test_taking_back_is_tried_and_the_squares_that_would_close_say_so(night, subject):
    night.post(night.lind, "take_consent", subject, **whole(night, what=["contact"]))
    form = consents(night)[0]

    text = page(night, subject, do=f"without {form.pk}")
    again = page(night, subject, without=str(form.pk), do=f"with {form.pk}")

    assert changes(text) == {spot(night, each): "closes" for each in ("DEM", "ENROLL", "MH")}
    assert not changes(again)


def test_trying_writes_nothing_but_the_reading(night, subject):
    night.post(night.lind, "take_consent", subject, **whole(night))
    form = consents(night)[0]
    before, kept = everything_written(night)

    page(night, subject, do=f"without {form.pk}")
    page(night, subject, do="compose", to=str(night.clinic.uid), what=["MH"], days="365")
    page(night, subject, cell=":".join(spot(night, "MH")))

    after, still = everything_written(night)
    assert still == kept
    assert {each[0] for each in after[len(before) :]} == {"read"}


def test_several_things_are_tried_at_once_and_each_can_be_left_out(night, subject):
    one = f"CO-RESPONSE|HIPAA-AUTH|{night.clinic.uid}|MH|90"
    other = "CO-RESPONSE|HIPAA-AUTH|court|CASE|30"

    both = page(night, subject, tried=[one], do=f"form {other}")
    first = page(night, subject, tried=[one, other], do="drop 1")
    none = page(night, subject, tried=[one, other], do="nothing")

    assert set(changes(both)) == {spot(night, "MH"), spot(night, "CASE", "court")}
    assert set(changes(first)) == {spot(night, "MH")}
    assert not changes(none)


def test_a_form_that_ends_sooner_changes_the_day_of_no_open_square_and_one_that_ends_later_does(
    night, subject
):
    night.post(night.lind, "take_consent", subject, **whole(night))
    tried = "CO-RESPONSE|HIPAA-AUTH|{}|MH|{}"

    sooner = page(night, subject, do="form " + tried.format(night.clinic.uid, 30))
    later = page(night, subject, do="form " + tried.format(night.clinic.uid, 365))

    assert not changes(sooner)
    assert changes(later) == {spot(night, "MH"): "otherwise"}


def test_a_form_that_is_left_open_is_not_tried_and_says_what_it_lacks(night, subject):
    text = page(night, subject, do="compose", to="", days="90")

    assert "Choose who would receive it." in text
    assert "Choose what would be shared." in text
    assert not changes(text)


@pytest.mark.parametrize(
    "tried",
    [
        "", "|||||", "CO-RESPONSE|HIPAA-AUTH|court|MH", "CO-RESPONSE|NO-FORM|court|MH|90", "POST|P2-SPEC|court|MH|90",
        "CO-RESPONSE|HIPAA-AUTH|person|MH|90", "CO-RESPONSE|HIPAA-AUTH|team|MH|90", "CO-RESPONSE|HIPAA-AUTH|court|XX|90",
        "CO-RESPONSE|HIPAA-AUTH|court|MH|9999999", "CO-RESPONSE|HIPAA-AUTH|court|MH|-1", "CO-RESPONSE|HIPAA-AUTH|x|MH|90",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_as_good_as_not_tried(night, subject, tried):
    text = page(night, subject, tried=[tried], do=f"form {tried}")

    assert not changes(text)
    assert "You are trying something" not in text


# --- the desk, and the cost ---------------------------------------------------------------------


def test_a_big_map_takes_few_statements_and_stays_small(night, subject):
    for number in range(8):
        factories.make_organization(f"Clinic {number}", kind="treating_provider_ce")
    with access.opened(night.lind, "CAREMGT"):
        compartment = _clients(subject)[0].compartment
    page(night, subject)
    with CaptureQueriesContext(connection) as small:
        page(night, subject)
    for number in range(6):
        said = {"form": "HIPAA-AUTH", "kind": KINDS[number % 5], "is_named": False, "segments": set(MANY),
                "purposes": {"TREAT", "COC"}, "lacks": "", "days": 30 + number, "is_revoked": False}  # fmt: skip
        signed(compartment, night.lind, said, night.clinic)

    with CaptureQueriesContext(connection) as big:
        page(night, subject)
    began = time.process_time()
    text = page(night, subject)
    took = time.process_time() - began

    assert len(cells(text)) >= 20 * 12
    assert len(big) == len(small)
    assert len(text.encode()) <= 150_000
    assert took < 1  # seconds of the processor, whoever else is at work; a quarter of one is usual


MANY = ("DEM", "ENROLL", "CASE", "MED", "MH", "RISK", "SUDNP2", "HIV", "STI", "BILL", "HMIS", "LOC")
