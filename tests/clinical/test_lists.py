"""Lists go on by links, cost the same whatever their size, and leave as a file only to whom that is given."""

import csv
import io
import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinical.clients import export, selectors
from clinical.intake import selectors as cards
from clinical.models import Card
from consent import access, paging, plans
from consent.models import Grant
from referrals.partners.models import PartnerReferral
from tests import factories
from tests.oracle import peephole

pytestmark = pytest.mark.django_db
PURPOSE = "CAREMGT"


def caseload(night, number, *, of=None, **fields):
    """So many clients of Lind's, each in a compartment of their own, the newest last."""
    made = []
    for _ in range(number):
        compartment = factories.make_compartment(program=night.program, segments=("DEM", "MH"))
        factories.grant(of or night.lind, compartment)
        made.append(factories.make_client(compartment, by=of or night.lind, purpose=PURPOSE, **fields))
    return made


def link(page, rel):
    found = re.search(rf'rel="{rel}" href="([^"]*)"', page.content.decode())
    return unescape(found[1]) if found else ""


def ids_on(page, clients):
    text = page.content.decode()
    return [each.pk for each in clients if reverse("clinical:client", args=[each.subject_id]) in text]


@pytest.fixture(params=["gather", "walk"])
def plan(request, monkeypatch):
    if request.param == "walk":
        monkeypatch.setattr(plans, "LEAST", 0)
        monkeypatch.setattr(plans, "PER_ROOT", 0)


def test_the_client_list_goes_on_and_comes_back_by_links_and_says_how_many_there_are(night, plan):
    clients = caseload(night, 12)[::-1]
    caseload(night, 3, of=night.varga)
    browser, address = night.browser(night.lind), reverse("clinical:clients")

    first = browser.get(address, {"rows": "5"})
    second = browser.get(address + link(first, "next"))
    third = browser.get(address + link(second, "next"))
    back = browser.get(address + link(second, "prev"))

    assert [ids_on(page, clients) for page in (first, second, third)] == [
        [each.pk for each in part] for part in (clients[:5], clients[5:10], clients[10:])
    ]
    assert ids_on(back, clients) == ids_on(first, clients)
    assert (link(first, "prev"), link(third, "next")) == ("", "")
    assert "12 clients in all" in first.content.decode()
    assert "15 clients" not in first.content.decode()


def test_an_address_tells_nobody_about_anybody(night):
    clients = caseload(night, 6)
    first = night.get(night.lind, "clients", query_params={"rows": "5"})

    cursor = link(first, "next")

    assert re.fullmatch(r"\?rows=5&older=[\w-]{32}", cursor)
    for each in clients:
        assert str(each.subject_id) not in cursor
        assert each.family_name not in cursor


def test_a_list_without_a_row_and_a_page_beyond_the_last_are_said_so(night):
    clients = caseload(night, 1)
    long_ago = str(paging.Place(at=timezone.now() - timedelta(days=9999), id=uuid.uuid4()))

    assert b"Clients come here when" in night.get(night.varga, "clients").content
    beyond = night.get(night.lind, "clients", query_params={"older": long_ago})
    assert b"Nothing further on" in beyond.content
    back = night.browser(night.lind).get(reverse("clinical:clients") + link(beyond, "prev"))
    assert ids_on(back, clients) == [clients[0].pk]


def test_a_page_names_in_the_ledger_the_clients_that_it_shows_and_no_other(night):
    clients = caseload(night, 7)[::-1]

    page = night.get(night.lind, "clients", query_params={"rows": "3"})

    noted = peephole.text_of_ledger(page.wsgi_request.access_context.gathering.request_id)
    assert [each.pk in ids_on(page, clients) for each in clients] == [
        str(each.pk) in noted for each in clients
    ]


@pytest.mark.parametrize("name", ["clients", "tonight", "handoffs"])
def test_a_list_of_fifty_costs_as_many_queries_as_one_of_five_and_at_most_twelve(night, plan, name):
    costs = {}
    for number in (5, 45):
        clients = caseload(night, number)
        for client in clients:
            add(night, client, name)
        night.get(night.lind, name)  # what is looked up once for a process is looked up
        with CaptureQueriesContext(connection) as queries:
            page = night.get(night.lind, name, query_params={"rows": "100"})
        assert page.status_code == 200
        costs[number] = [each["sql"] for each in queries if is_of_the_list(each["sql"])]

    assert len(costs[45]) <= len(costs[5])
    assert len(costs[45]) <= 12, "\n".join(costs[45])


def is_of_the_list(statement):
    """Signing in, roles, the list, its plan, the ledger and the session; not what a test alone brings.

    That is the oracle's own looks, savepoints in place of transactions, and giving the principal back in one.
    """
    return not any(each in statement for each in ("oracle.", "SAVEPOINT", "set_config('app.token', ''"))


def add(night, client, name):
    """What such a list shows of a client, beside the client."""
    compartment = client.compartment
    if name == "tonight":
        with access.opened("system:intake", "X-REFERRAL-IN"):
            Card.objects.create(
                compartment=compartment, kind="incident", origin_id=uuid.uuid4(), call_type="CHECK ON WELFARE"
            )
    elif name == "handoffs":
        with access.opened(night.lind, PURPOSE):
            PartnerReferral.objects.bulk_create(
                [
                    PartnerReferral(
                        compartment=compartment, organization=night.clinic, program=night.program, purpose="COC",
                        segments=["MH"], referred_by=night.lind,
                    )
                ]
            )  # fmt: skip


@pytest.mark.parametrize(("name", "shown"), [("handoffs", 50), ("tonight", cards.SHOWN)])
def test_what_ended_at_a_number_goes_on_by_a_link(night, name, shown):
    for client in caseload(night, 3):
        for _ in range(18):
            add(night, client, name)
    address = reverse(f"clinical:{name}")

    first = night.browser(night.lind).get(address)
    second = night.browser(night.lind).get(address + link(first, "next"))

    rows = [len(page.context["referrals" if name == "handoffs" else "cards"]) for page in (first, second)]
    assert rows == [shown, 54 - shown]
    assert link(second, "prev")


def lines_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_is_the_list_whole_and_each_client_is_read_once_in_the_ledger(night):
    clients = caseload(night, 30)[::-1]
    caseload(night, 2, of=night.varga)

    answer = night.post(night.lind, "export_clients")

    header, *lines = lines_of(answer)
    assert header == ["Name", "Born", "Program", "Known since"]
    assert [line[0] for line in lines] == [each.called for each in clients]
    assert [line[1] for line in lines] == [each.born_on.isoformat() for each in clients]
    assert answer["Content-Disposition"] == 'attachment; filename="clients.csv"'
    assert not answer.streaming
    reads = [
        entry.subject
        for entry in peephole.ledger_of(answer.wsgi_request.access_context.gathering.request_id)
        if entry.action == "read"
    ]
    assert len(reads) == len(set(reads)) == 30


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "a,b", 'a"b', "Ω"])
def test_no_cell_is_a_formula_and_every_name_comes_back_as_it_is(night, name):
    (client,) = caseload(night, 1)
    client.given_name = name
    client.family_name = ""
    client.compartment.scope.program.name = name

    (_, (told, _born, program, _since)) = csv.reader(io.StringIO(export.as_csv([client]).decode("utf-8-sig")))

    assert told.removeprefix("'") == client.called
    assert program == told or program.removeprefix("'") == name
    assert not re.match(r"[\s]*[=+\-@＝＋－＠]", told)
    assert not re.match(r"[\s]*[=+\-@＝＋－＠]", program)


@pytest.mark.parametrize(
    ("role", "status"),
    [("social worker", 200), ("case manager", 200), ("clinical supervisor", 200), ("peer", 404),
     ("compliance officer", 404), ("privacy officer", 404), ("program manager", 404), ("referrer", 404)],
)  # fmt: skip
def test_only_who_keeps_a_caseload_or_answers_for_one_takes_a_list_out(night, role, status):
    somebody = factories.make_principal(f"a {role}".replace(" ", "-"), role=role, program=night.program)
    client = caseload(night, 1)[0]
    factories.grant(somebody, client.compartment)

    assert night.post(somebody, "export_clients").status_code == status
    page = night.get(somebody, "clients")
    assert (b"Export as CSV" in page.content) is (status == 200)
    assert night.get(night.lind, "export_clients").status_code == 405


def test_a_list_too_long_for_a_file_is_said_so_and_nobody_on_it_was_read(night, monkeypatch):
    clients = caseload(night, 4)
    monkeypatch.setattr(selectors, "MOST_EXPORTED", 3)

    answer = night.post(night.lind, "export_clients")

    assert answer["Location"] == reverse("clinical:clients")
    assert b"4 clients are too many for one file" in night.get(night.lind, "clients").content
    noted = peephole.text_of_ledger(answer.wsgi_request.access_context.gathering.request_id)
    assert not [each for each in clients if str(each.pk) in noted]


def test_what_a_supervisor_takes_out_is_what_the_office_opens(night):
    client = caseload(night, 1)[0]
    supervisor = factories.make_principal("super", role="clinical supervisor", program=night.program)
    factories.grant_to_office("clinical supervisor", client.compartment.scope)

    assert [line[0] for line in lines_of(night.post(supervisor, "export_clients"))[1:]] == [client.called]


def test_a_grant_that_ended_is_not_in_the_next_file(night):
    client = caseload(night, 1)[0]
    with access.opened("system:grants", "HOPERAT"):
        Grant.objects.filter(content_object=client.compartment).update(
            valid_until=timezone.now() - timedelta(hours=1)
        )

    assert lines_of(night.post(night.lind, "export_clients"))[1:] == []
