"""The ledger's desk shows who, why and under which rule; never what was read."""

import pytest
from django.http import HttpResponse

from consent import access
from consent.models import LedgerEntry
from tests import factories
from tests.clinical.stage import make_incident, open_card
from tests.clinical.test_consents import whole
from tests.oracle.scan import scan

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(night, referral):
    encounter_id, subject_id = open_card(night, referral)
    night.post(night.lind, "note", encounter_id, body="a note", compartment="usual")
    night.post(night.lind, "take_consent", subject_id, **whole(night))
    night.post(night.lind, "refer", subject_id, night.clinic.uid, message="please see them")
    night.get(night.lind, "client", subject_id)
    return subject_id


def entries(night, **question):
    with access.opened(night.oduya, "HCOMPL"):
        return list(LedgerEntry.objects.filter(**question))


def test_the_story_stands_there_with_rule_and_citation_and_without_content(night, story):
    page = night.get(night.oduya, "ledger")

    text = page.content.decode()
    assert "hipaa.auth.164.508" in text
    assert "164.508" in text
    assert "Consent signed" in text
    assert not scan(page.content)


def test_an_entry_shows_its_law_its_hash_and_no_content(night, story):
    decided = entries(night, action="decide", outcome="permit")[0]

    answer = night.get(night.oduya, "ledger_entry", decided.pk)

    page = answer.content.decode()
    assert bytes(decided.leaf_hash).hex() in page
    assert decided.basis[0]["cite"] in page
    assert not scan(answer.content)


def test_it_finds_a_client_by_id_under_a_pseudonym(night, story):
    found = night.get(night.oduya, "ledger", data={"client": str(story)}).content.decode()
    other = night.get(night.oduya, "ledger", data={"client": str(night.clinic.uid)}).content.decode()

    assert "Consent signed" in found
    assert str(story) not in found.replace(f'value="{story}"', "").replace(f"client={story}", "")
    assert "No entry answers this question." in other


@pytest.mark.parametrize(
    ("question", "is_there"),
    [
        ({"action": "consent"}, True),
        ({"action": "revoke"}, False),
        ({"rule": "hipaa.auth.164.508"}, True),
        ({"rule": "no.such.rule"}, False),
        ({"outcome": "permit"}, True),
        ({"until": "2001-01-01"}, False),
        ({"since": "2001-01-01"}, True),
    ],
)
def test_filters_narrow(night, story, question, is_there):
    page = night.get(night.oduya, "ledger", data=question).content

    assert (b"No entry answers" not in page) is is_there


def test_pages_go_on_by_cursor_without_a_total(night, story):
    for _ in range(60):
        night.get(night.lind, "client", story)

    first = night.get(night.oduya, "ledger").content.decode()
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = night.browser(night.oduya).get(f"/ledger/{older}").content.decode()

    assert second.count("<tr>") > 1
    assert first.split("/ledger/")[2][:36] not in second


def test_nobody_else_finds_the_ledger(night, story):
    supervisor = factories.make_principal("ash", role="clinical supervisor", program=night.program)

    for who in (night.lind, supervisor):
        assert night.get(who, "ledger").status_code == 404
        assert night.get(who, "postbox").status_code == 404


def test_programs_page_warns_where_nothing_was_determined(night):
    factories.make_program("ROOTS")

    page = night.get(night.oduya, "programs").content.decode()

    assert "Undetermined: 42 CFR Part 2" in page
    assert "signed by Counsel" in page


def test_a_page_that_read_many_clients_is_one_line_that_opens(night):
    for _ in range(3):
        open_card(night, make_incident())
    night.get(night.lind, "clients")

    page = night.get(night.oduya, "ledger", data={"action": "read"}).content.decode()
    (read,) = {each for each in entries(night, action="read") if each.alike == 3}
    opened = night.get(night.oduya, "ledger", data={"request": str(read.request_id)}).content.decode()

    alike = [each for each in entries(night, action="read") if each.request_id == read.request_id]
    assert sorted(each.alike for each in alike) == [0, 0, 3]
    assert f'href="?request={read.request_id}">3 clients</a>' in page
    assert sum(f"/ledger/{each.pk}/" in page for each in alike) == 1
    assert all(f"/ledger/{each.pk}/" in opened for each in alike)


def test_the_accounting_is_what_went_out_and_must_be_told(night, story):
    (made,) = entries(night, action="refer")

    page = night.get(night.oduya, "ledger", data={"client": str(story), "accounting": "on"}).content.decode()

    assert made.is_disclosure
    assert ("<strong>1</strong> disclosure" in page) is made.is_accountable
    assert (f"/ledger/{made.pk}/" in page) is made.is_accountable


def test_what_went_to_somebody_has_its_number_and_its_page(night, story):
    (made,) = entries(night, action="refer")
    other = factories.make_organization("Another Clinic", kind="treating_provider_ce")

    found = night.get(night.oduya, "ledger", data={"recipient": str(night.clinic.uid)}).content.decode()
    by_ground = night.get(night.oduya, "ledger", data={"ground": made.ground}).content.decode()
    none = night.get(night.oduya, "ledger", data={"recipient": str(other.uid)}).content.decode()

    assert made.ground in {each["rule"] for each in made.basis}
    for page in (found, by_ground):
        assert "<strong>1</strong> disclosure" in page
        assert f"/ledger/{made.pk}/" in page
    assert "<strong>0</strong> disclosures" in none


def test_reading_the_ledger_is_kept_when_the_page_that_shows_it_is_refused(night, story, monkeypatch):
    def refused(request, template, context, **_more):
        return HttpResponse(f"{len(context['entries'])} entries", status=409)

    monkeypatch.setattr("clinical.ledgerdesk.views.render", refused)

    answer = night.get(night.oduya, "ledger")

    request_id = answer.wsgi_request.access_context.gathering.request_id
    assert [(e.action, e.reason) for e in entries(night, request_id=request_id)] == [("read", "ledger")]
