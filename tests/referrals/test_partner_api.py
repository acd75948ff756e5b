"""A partner reads what it may, answers it, and learns nothing else."""

import json
import uuid
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent import access, services
from consent.models import LedgerEntry
from referrals.partners import selectors
from referrals.partners import services as partners
from referrals.partners.models import AccessToken, PartnerReferral, Release
from tests import factories
from tests.referrals.machines import make_machine
from tests.referrals.story import canaries_for, make_story
from tests.shared_data import shared

pytestmark = pytest.mark.django_db
# Grants end with commits: the database compares them with the start of its transaction.
committed = pytest.mark.django_db(transaction=True)
MADE_UP = "0f4c2d4e-6a55-4c41-9b0e-2f3c1f0d8a11"


@pytest.fixture
def story():
    return make_story()


@pytest.fixture
def signed(story):
    story.sign()
    return story


class Partner:
    """The partner's client program: a token, and requests with it."""

    def __init__(self, client, machine):
        self.client = client
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {machine.token(client)}"}

    def get(self, path, **more):
        return self.client.get(path, **(self.headers | more))

    def post(self, path, body=None, **more):
        data = body if isinstance(body, (str, bytes)) else json.dumps(body or {})
        return self.client.post(path, data, content_type="application/json", **(self.headers | more))

    def referral(self, referral_id):
        return self.get(f"/api/referrals/{referral_id}/")

    def answer(self, referral_id, verb, body=None):
        return self.post(f"/api/referrals/{referral_id}/{verb}/", body)

    def listed(self):
        return [each["id"] for each in self.get("/api/referrals/").json()["results"]]


@pytest.fixture
def partner(client, signed):
    return Partner(client, signed.machine)


def test_a_partner_polls_reads_accepts_and_completes(signed, partner):
    referral = signed.refer()

    assert partner.listed() == [str(referral.pk)]
    read = partner.referral(referral.pk)
    assert read.status_code == 200
    body = read.json()
    assert body["status"] == "received"
    assert body["content"] == {
        "DEM": {"name": "as known to the program"},
        "SUDP2": {"reason": "asks for treatment"},
    }
    assert body["program"]["code"] == "POST"
    assert any(
        "42 CFR part 2" in notice["text"] for notice in body["notices"] if notice["code"] == "OBL-P2-NOTICE"
    )
    assert {scope["form"] for scope in body["consent_scope"]} >= {"P2-SPEC"}
    assert any(basis["rule"].startswith("p2.") for basis in body["basis"])
    assert partner.answer(referral.pk, "accept").json()["status"] == "accepted"
    assert partner.answer(referral.pk, "start").json()["status"] == "in-progress"
    done = partner.answer(referral.pk, "complete", {"outcome": "enrolled", "legal_basis": "client consent"})
    assert done.json()["status"] == "completed"

    with access.opened(signed.worker, "CAREMGT"):
        (kept,) = selectors.referrals_of(signed.sam)
        assert (kept.status, kept.outcome) == ("completed", "enrolled")
        assert [answer.status for answer in selectors.answers_to(kept)] == [
            "accepted",
            "in-progress",
            "completed",
        ]


def test_an_answer_without_a_legal_basis_is_kept_as_closed_and_no_more(signed, partner):
    referral = signed.refer()
    partner.answer(referral.pk, "accept")

    partner.answer(referral.pk, "complete", {"outcome": "declined"})

    with access.opened(signed.worker, "CAREMGT"):
        assert PartnerReferral.objects.get(pk=referral.pk).outcome == "closed"


def test_a_rejection_names_its_reason(signed, partner):
    referral = signed.refer()

    assert partner.answer(referral.pk, "reject", {"reason": "no capacity"}).json()["status"] == "rejected"

    with access.opened(signed.worker, "CAREMGT"):
        assert PartnerReferral.objects.get(pk=referral.pk).reject_reason == "no capacity"


def test_the_same_answer_twice_is_one_and_another_one_conflicts(signed, partner):
    referral = signed.refer()

    assert [partner.answer(referral.pk, "accept").status_code for _twice in range(2)] == [200, 200]
    assert partner.answer(referral.pk, "reject", {"reason": "no capacity"}).status_code == 409
    assert partner.answer(referral.pk, "complete", {"outcome": "served"}).status_code == 200
    assert partner.answer(referral.pk, "accept").status_code == 409
    with access.opened(signed.worker, "CAREMGT"):
        assert len(selectors.answers_to(PartnerReferral.objects.get(pk=referral.pk))) == 2


@committed
def test_after_the_revocation_each_answer_is_that_of_a_made_up_id(signed, partner):
    referral = signed.refer()
    assert partner.referral(referral.pk).status_code == 200

    signed.revoke()

    for path, method in [("", "get"), ("accept/", "post"), ("start/", "post")]:
        hidden = getattr(partner, method)(f"/api/referrals/{referral.pk}/{path}")
        absent = getattr(partner, method)(f"/api/referrals/{MADE_UP}/{path}")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content
        assert dict(hidden.items()) == dict(absent.items())
    assert partner.listed() == []


@committed
def test_a_hidden_referral_costs_the_questions_of_a_made_up_one(signed, partner):
    referral = signed.refer()
    signed.revoke()

    counts = []
    for referral_id in (MADE_UP, referral.pk, MADE_UP, referral.pk):
        with CaptureQueriesContext(connection) as asked:
            partner.referral(referral_id)
        counts.append(len(asked))

    assert len(set(counts)) == 1, counts


@committed
def test_the_ledger_tells_what_the_answer_does_not(signed, partner):
    referral = signed.refer()
    partner.referral(referral.pk)
    signed.revoke()
    partner.referral(referral.pk)

    officer = factories.make_principal(role="compliance officer", program=signed.program)
    with access.opened(officer, "HCOMPL"):
        about = LedgerEntry.objects.filter(subject=ledger_name(signed.sam)).order_by("at")
        entries = list(about)
        refusals = list(LedgerEntry.objects.filter(action="refuse"))
    actions = [entry.action for entry in entries]
    for action in ("consent", "refer", "read", "revoke"):
        assert action in actions
    assert [entry.is_disclosure for entry in entries if entry.action in ("refer", "read") and entry.recipient]
    decided = [entry for entry in entries if entry.action == "decide" and entry.basis]
    assert {entry.outcome for entry in decided} == {"permit"}
    assert all(line["cite"] for entry in decided for line in entry.basis)
    (refused,) = refusals
    assert str(referral.pk) in json.dumps(refused.resources)
    assert refused.subject == ""
    told = json.dumps([entry.content() for entry in entries], default=str)
    assert "asks for treatment" not in told


def ledger_name(subject_id):
    from consent.services import ledger

    return ledger.pseudonym(subject_id)


def test_what_goes_is_built_from_what_is_permitted(signed, partner):
    compartment = services_compartment(signed)
    content = canaries_for(signed, compartment)
    referral = signed.refer(
        segments=("DEM", "SUDP2", "HIV"), content=content | {"HIV": {"status": "never permitted"}}
    )

    read = partner.referral(referral.pk)

    assert read.json()["content"] == content
    assert b"never permitted" not in read.content
    assert read.json()["segments"] == ["DEM", "SUDP2"]
    with access.opened(signed.worker, "CAREMGT"):
        assert PartnerReferral.objects.get(pk=referral.pk).segments_withheld == ["HIV"]


def services_compartment(story):
    with access.opened(story.worker, "CAREMGT"):
        return services.open_compartment(story.sam, story.program, ("DEM", "SUDP2"), recipient=story.partner)


def test_without_a_consent_there_is_no_referral(story):
    with pytest.raises(partners.ReferralRefused) as refused:
        story.refer()

    assert str(refused.value.decision.outcome) == "deny"


def test_a_referral_that_would_tell_the_program_needs_the_programs_own_segment(story):
    story.sign(segments=("DEM",))

    with pytest.raises(partners.ReferralRefused):
        story.refer(segments=("DEM",), content={"DEM": {"name": "a name"}})


def test_content_of_a_segment_that_is_not_asked_for_is_a_mistake(signed):
    with pytest.raises(ValueError, match="not asked for"):
        signed.refer(segments=("DEM",), content={"MH": {"diagnosis": "x"}})


def test_somebody_who_is_not_on_the_care_team_can_not_refer(signed):
    signed.worker = factories.make_principal(role="social worker", program=signed.program)

    with pytest.raises(ProgrammingError), transaction.atomic():
        signed.refer()


def test_what_was_released_can_not_be_changed(signed, database):
    signed.refer()

    for role in ("app", "gather", "walk", "system"):
        with database.login("owner") as owner:
            for column in ("content", "notices", "basis", "segments", "organization_id"):
                (may,) = owner.execute(
                    "select has_column_privilege(%s, 'partners_release', %s, 'UPDATE')",
                    [f"clinical_{role}", column],
                ).fetchone()
                # under another key of the client it is written once more, by `system:keys` alone
                assert may == (role == "system" and column == "content")
    with access.opened("system:partners", "COC"):
        release = Release.objects.get()
        release.content = {}
        with pytest.raises(ProgrammingError) as refused, transaction.atomic():
            release.save(update_fields=["content"])
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_another_partner_sees_nothing(client, signed):
    referral = signed.refer()
    other = Partner(client, make_machine())

    assert other.listed() == []
    assert other.referral(referral.pk).content == other.referral(MADE_UP).content
    assert other.answer(referral.pk, "accept").status_code == 404


def test_a_machine_registered_later_reads_what_was_released_before(client, signed):
    referral = signed.refer()
    second = Partner(client, make_machine(signed.partner))

    assert second.referral(referral.pk).status_code == 200


@committed
def test_the_list_is_what_can_be_read(client, signed, partner):
    """list == filter(check), over referrals in every condition."""
    stories = [signed]
    for _each in range(3):
        other = make_story()
        other.partner, other.machine = signed.partner, signed.machine
        other.sign()
        stories.append(other)
    referrals = [story.refer() for story in stories] + [signed.refer()]
    stories[1].revoke()
    stories[2].revoke()
    stories[2].consents.clear()
    stories[2].sign()

    readable = {str(each.pk) for each in referrals if partner.referral(each.pk).status_code == 200}

    assert set(partner.listed()) == readable
    assert len(readable) == 4


def test_pages_follow_each_other_without_a_gap(signed, partner, monkeypatch):
    monkeypatch.setattr(selectors, "PAGE", 2)
    made = [str(signed.refer().pk) for _each in range(5)]

    found, cursor = [], ""
    while cursor is not None:
        page = partner.get("/api/referrals/" + (f"?cursor={cursor}" if cursor else "")).json()
        assert set(page) == {"results", "next"}
        found += [each["id"] for each in page["results"]]
        cursor = page["next"]

    assert found == made


def test_since_gives_what_changed_since(signed, partner):
    old, new = signed.refer(), signed.refer()
    with access.opened("system:partners", "COC"):
        Release.objects.filter(pk=old.pk).update(changed_at=timezone.now() - timedelta(days=2))
    since = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    page = partner.get("/api/referrals/", QUERY_STRING=f"since={since}").json()

    assert [each["id"] for each in page["results"]] == [str(new.pk)]


@pytest.mark.parametrize(
    "query",
    [
        "since=yesterday",
        "since=",
        "cursor=x",
        "cursor=%00",
        "cursor=" + "x" * 300,
        "cursor=é",
        "limit=9",
        "since=2026-01-01T00:00:00Z&since=2026-01-02T00:00:00Z",
        "since=9999-99-99",
    ],
)
def test_a_question_that_makes_no_sense_is_a_400_without_an_echo(partner, query):
    response = partner.get("/api/referrals/", QUERY_STRING=query)

    assert response.status_code == 400
    assert "errors" in response.json()


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic eDp5", "bearer\tx", "Bearer é"]
)
@pytest.mark.parametrize(
    "path", ["/api/referrals/", f"/api/referrals/{MADE_UP}/", f"/api/referrals/{MADE_UP}/accept/"]
)
def test_without_a_good_token_there_is_a_401(client, header, path):
    response = client.get(path, HTTP_AUTHORIZATION=header) if header else client.get(path)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert "Set-Cookie" not in response


@committed
def test_a_token_that_has_ended_is_a_401(signed, partner):
    AccessToken.objects.update(expires_at=timezone.now())

    assert partner.get("/api/referrals/").status_code == 401


def test_a_session_has_no_business_here(client, signed):
    referral = signed.refer()
    client.force_login(signed.worker, backend="consent.backend.GrantBackend")

    assert client.get("/api/referrals/").status_code == 401
    assert client.get(f"/api/referrals/{referral.pk}/").status_code == 401


def test_a_session_beside_a_token_does_not_count(client, signed):
    referral = signed.refer()
    stranger = Partner(client, make_machine())
    client.force_login(signed.worker, backend="consent.backend.GrantBackend")

    assert stranger.referral(referral.pk).status_code == 404


def test_a_machine_without_its_role_finds_nothing(signed, partner):
    from consent.models import Membership

    referral = signed.refer()
    Membership.objects.filter(principal=signed.machine.principal).update(ends_at=timezone.now())

    assert partner.get("/api/referrals/").status_code == 404
    assert partner.referral(referral.pk).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000, 400),
        (b'{"outcome": "served", "outcome": "closed"}', 400),
        (b'{"outcome": NaN}', 400),
        (b'{"outcome": "served", "note": "free text"}', 400),
        (b'{"outcome": "helped a lot"}', 400),
        (b'{"outcome": ["served"]}', 400),
        (b'{"outcome": "served", "legal_basis": "because"}', 400),
        (b"{}", 400),
        (b"[]", 400),
        (b'"served"', 400),
        (b"7", 400),
        (b"\xff\xfe{", 400),
        (b"\xef\xbb\xbf{}", 400),
        (b'{"outcome": "' + b"x" * 2_600_000 + b'"}', 413),
    ],
)
def test_a_bad_body_is_refused_and_not_echoed(signed, partner, body, status):
    referral = signed.refer()
    partner.answer(referral.pk, "accept")

    response = partner.post(f"/api/referrals/{referral.pk}/complete/", body)

    assert response.status_code == status
    assert b"free text" not in response.content
    assert response["Content-Type"] == "application/problem+json"


def test_other_peoples_broken_json_is_refused(signed, partner):
    referral = signed.refer()
    lines = shared("data", "suites", "badinput", "json-lines.txt").read_bytes().splitlines()

    for line in lines:
        for verb in ("complete", "reject"):
            status = partner.post(f"/api/referrals/{referral.pk}/{verb}/", line).status_code
            assert 400 <= status < 500, line[:40]


def test_a_body_of_another_kind_is_refused(signed, partner):
    referral = signed.refer()
    path = f"/api/referrals/{referral.pk}/complete/"

    response = partner.client.post(path, "outcome=served", content_type="text/plain", **partner.headers)

    assert response.status_code == 415


def test_the_description_is_complete_and_valid(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))

    text = (tmp_path / "schema.yaml").read_text()
    for path in ("/api/token", "/api/referrals/", "/accept/", "/start/", "/complete/", "/reject/"):
        assert path in text


def test_the_description_is_there_for_everybody(client):
    response = client.get("/api/schema/")

    assert response.status_code == 200
    document = response.json()
    assert "backendServices" in document["components"]["securitySchemes"]
    secured = [
        (path, verb)
        for path, operations in document["paths"].items()
        for verb, operation in operations.items()
        if operation.get("security")
    ]
    assert all(path.startswith("/api/referrals/") for path, _verb in secured)
    assert len(secured) == 6


@contextmanager
def statement(settings, **texts):
    settings.STATE_STATEMENTS = texts
    yield


def test_a_release_that_needs_the_states_words_is_refused_while_there_are_none(settings):
    from consent.engine.facts import Obligation
    from referrals.partners import obligations

    needed = [Obligation(code="OBL-PA-MH-STMT")]
    with statement(settings), pytest.raises(partners.CannotFulfil) as refused:
        obligations.fulfil(needed, [], [])
    with statement(settings, **{"OBL-PA-MH-STMT": "The official words."}):
        carried = obligations.fulfil(needed, [], [])

    assert refused.value.code == "OBL-PA-MH-STMT"
    assert carried.notices == [{"code": "OBL-PA-MH-STMT", "text": "The official words."}]


def test_an_obligation_that_nobody_knows_is_refused():
    from consent.engine.facts import Obligation
    from referrals.partners import obligations

    with pytest.raises(partners.CannotFulfil):
        obligations.fulfil([Obligation(code="OBL-COUNSEL")], [], [])


def test_only_coordination_goes_through_the_api(signed):
    with pytest.raises(ValueError, match="coordination"):
        signed.refer(purpose="HPAYMT")


def test_ids_that_are_none_are_the_404(partner):
    for path in ("not-an-id/", "0/", f"{uuid.uuid4()}x/", "../", "%00/", f"{MADE_UP.upper()}/"):
        assert partner.get(f"/api/referrals/{path}").status_code == 404
