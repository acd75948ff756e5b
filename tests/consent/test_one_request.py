"""One request is one transaction, one principal and purpose, and one flush of the ledger."""

import sys
from types import ModuleType

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from config import errors
from consent import access, services
from consent.models import Consent, LedgerEntry, Membership
from tests import factories
from tests.oracle import peephole
from tests.oracle.urls import unnoted

pytestmark = pytest.mark.django_db
PURPOSE = "TREAT"


@access.purpose(PURPOSE)
def read(request, form_id):
    form = Consent.objects.filter(pk=form_id).first()
    if form is None:
        raise access.NothingToTell("no such form for this principal")
    return HttpResponse(form.capacity_note)


@access.purpose(PURPOSE)
def read_past_the_ledger(request, form_id):
    with connection.cursor() as cursor:
        cursor.execute("select capacity_note, compartment_id from consent_consent where id = %s", [form_id])
        envelope, compartment_id = cursor.fetchone()
    return HttpResponse(unnoted(Consent, form_id, compartment_id, envelope, "capacity_note"))


@access.purpose(PURPOSE)
def forget_the_filter(request):
    return HttpResponse(", ".join(form.capacity_note for form in Consent.objects.all()))


def ask_for_no_purpose(request, form_id):
    return HttpResponse(Consent.objects.get(pk=form_id).capacity_note)


@access.purpose(PURPOSE)
def write_and_fail(request, form_id):
    form = Consent.objects.get(pk=form_id)
    form.revoked_at, form.revoked_how = timezone.now(), "written"
    form.save(update_fields=["revoked_at", "revoked_how"])
    return HttpResponse(1 / 0)


@access.purpose(PURPOSE)
def refuse_with_the_page(request, form_id):
    return HttpResponse(Consent.objects.get(pk=form_id).capacity_note, status=400)


@access.purpose(PURPOSE)
def write_and_refuse(request, form_id):
    form = Consent.objects.get(pk=form_id)
    compartment = services.open_compartment(factories.uuid.uuid4(), form.program, ("DEM",))
    services.assign(subject_id=compartment.subject_id, program=form.program, principal=request.user)
    list(Consent.objects.filter(compartment=compartment))
    services.revoke_consent(consent=form, how="written", by=request.user, at=timezone.now())
    return HttpResponse("no", status=409)


@access.purpose(PURPOSE)
def stream(request, form_id):
    return StreamingHttpResponse(iter([Consent.objects.get(pk=form_id).capacity_note]))


@access.purpose(PURPOSE)
@access.requires_role("clinical supervisor")
def for_supervisors(request):
    return HttpResponse("supervisors")


VIEWS = (
    read,
    read_past_the_ledger,
    ask_for_no_purpose,
    write_and_fail,
    write_and_refuse,
    refuse_with_the_page,
    stream,
)


@pytest.fixture(autouse=True)
def addresses(settings):
    """A site with these views and nothing else."""
    module = ModuleType("tests.addresses_of_one_request")
    module.handler404 = errors.not_found
    module.handler500 = errors.server_error
    module.urlpatterns = [
        *__import__("config.urls.account", fromlist=["account_patterns"]).account_patterns,
        path("all/", forget_the_filter),
        path("supervisors/", for_supervisors),
        *(
            path(f"{view.__name__}/<uuid:form_id>/", view)
            for view in VIEWS
        ),
    ]  # fmt: skip
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    yield
    del sys.modules[module.__name__]


@pytest.fixture
def cast():
    return factories.make_cast()


@pytest.fixture
def form(cast):
    return factories.make_consent(cast.compartment, by=cast.lind, purpose=PURPOSE)


def client_of(principal):
    client = Client(raise_request_exception=False)
    client.force_login(principal)
    return client


def entries_of(response):
    return peephole.ledger_of(response.wsgi_request.access_context.gathering.request_id)


def test_who_may_read_reads_and_the_ledger_has_one_entry(cast, form):
    answer = client_of(cast.lind).get(f"/read/{form.pk}/")

    assert answer.content.decode() == form.capacity_note
    assert [(e.action, e.outcome, e.actor) for e in entries_of(answer)] == [
        ("read", "served", str(cast.lind.uid))
    ]


def test_hidden_and_absent_are_one_answer_and_one_refusal_each(cast, form):
    client = client_of(cast.varga)

    hidden, absent = client.get(f"/read/{form.pk}/"), client.get(f"/read/{factories.uuid.uuid4()}/")

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert dict(hidden.headers) == dict(absent.headers)
    for answer in (hidden, absent):
        assert [(e.action, e.outcome, e.subject) for e in entries_of(answer)] == [("refuse", "deny", "")]


def test_hidden_and_absent_cost_the_same_statements(cast, form):
    client = client_of(cast.varga)
    client.get("/health/")

    def statements(form_id):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/read/{form_id}/")
        return len(queries)

    assert statements(form.pk) == statements(factories.uuid.uuid4())


def test_a_page_for_another_role_is_not_there(cast):
    assert client_of(cast.lind).get("/supervisors/").status_code == 404
    Membership.objects.filter(principal=cast.lind).update(ends_at=timezone.now())
    assert client_of(cast.lind).get("/supervisors/").status_code == 404


def test_a_forgotten_filter_shows_nothing_because_the_database_asks_too(cast, form):
    assert client_of(cast.varga).get("/all/").content == b""


def test_a_view_without_a_purpose_reads_nothing(cast, form):
    answer = client_of(cast.lind).get(f"/ask_for_no_purpose/{form.pk}/")

    assert answer.status_code == 500
    assert form.capacity_note.encode() not in answer.content


def test_a_read_past_the_ledger_is_found_by_the_oracle(cast, form):
    from tests.oracle.responses import Leak

    with pytest.raises(Leak, match="no ledger entry"):
        client_of(cast.lind).get(f"/read_past_the_ledger/{form.pk}/")


def test_a_request_that_fails_keeps_nothing_but_an_entry_that_says_so(cast, form):
    answer = client_of(cast.lind).get(f"/write_and_fail/{form.pk}/")

    assert answer.status_code == 500
    assert [(e.action, e.outcome) for e in entries_of(answer)] == [("fail", "failed")]
    with access.opened(cast.lind, PURPOSE):
        assert Consent.objects.get().revoked_at is None


def test_a_refused_change_leaves_no_entry_that_says_it_was_made(cast, form):
    answer = client_of(cast.lind).post(f"/write_and_refuse/{form.pk}/")

    assert answer.status_code == 409
    assert {(e.action, e.outcome) for e in entries_of(answer)} <= {("read", "served"), ("use", "served")}
    with access.opened(cast.lind, PURPOSE):
        assert Consent.objects.get().revoked_at is None


def test_an_answer_that_refuses_but_shows_what_was_read_is_ledgered_as_a_read(cast, form):
    answer = client_of(cast.lind).get(f"/refuse_with_the_page/{form.pk}/")

    assert answer.status_code == 400
    assert [(e.action, e.outcome) for e in entries_of(answer)] == [("read", "served")]


def test_a_protected_answer_is_never_streamed(cast, form):
    answer = client_of(cast.lind).get(f"/stream/{form.pk}/")

    assert answer.status_code == 500
    assert not answer.streaming


@pytest.mark.parametrize("path", ["/read/{}/", "/write_and_fail/{}/"])
def test_while_the_ledger_cannot_be_written_nothing_is_shown(cast, form, monkeypatch, path):
    def fail(*args, **kwargs):
        raise DatabaseError("no space left on device")

    client = client_of(cast.lind)
    monkeypatch.setattr(LedgerEntry.objects, "bulk_create", fail)

    answer = client.get(path.format(form.pk))

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert form.capacity_note.encode() not in answer.content
    assert client.get("/health/").status_code == 200


def test_a_superuser_finds_what_everybody_else_finds(cast, form):
    cast.varga.is_superuser = cast.varga.is_staff = True
    cast.varga.save()

    assert client_of(cast.varga).get(f"/read/{form.pk}/").status_code == 404
    assert client_of(cast.varga).get("/all/").content == b""


def test_a_transaction_without_a_principal_begins_after_one_with(cast, form):
    client_of(cast.lind).get(f"/read/{form.pk}/")

    assert access.current_or_none() is None
    with connection.cursor() as cursor:
        cursor.execute("select id from consent_consent")
        assert cursor.fetchall() == []
