"""Community events without names, slips with a yes, safe contact kept to, and the wall around victim services."""

import re

import pytest

from clinical.episodes.models import Episode
from clinical.models import Client, CommunityEvent, EventAction, SafeContact, Slip
from consent import access
from tests.clinical.known import make_known

pytestmark = pytest.mark.django_db
SLIP = {
    "name": "Rosa Lind", "reach": "412-555-0147", "ways": ["text"], "say_as": "the book club",
    "best_time": "weekdays 10 to 12", "wishes": "somebody to go along", "agreed": "signed",
}  # fmt: skip


def one(city, model, who=None):
    with access.opened(who or city.beatrix, "CAREMGT"):
        return model.objects.select_related("compartment__scope").get()


def new_event(city):
    city.post(city.beatrix, "new_event", kind="shooting", place="Elm and Third", summary="two schools near")
    return one(city, CommunityEvent)


def take_slip(city, **more):
    answer = city.post(city.beatrix, "new_slip", **SLIP | more)
    assert answer.status_code == 302, answer.content
    return one(city, Slip)


def test_an_event_counts_people_and_hand_outs_and_debriefs_of_staff_apart(city):
    event = new_event(city)
    city.post(
        city.beatrix,
        "event_action",
        event.pk,
        kind="vigil",
        minutes="90",
        staff="2",
        people="60",
        of_leaflet="40",
    )
    city.post(
        city.beatrix,
        "event_action",
        event.pk,
        kind="canvass",
        minutes="30",
        staff="2",
        people="15",
        of_leaflet="10",
    )
    city.post(city.beatrix, "event_action", event.pk, kind="debrief", minutes="45", staff="4", people="0")

    page = " ".join(city.get(city.agnes, "event", event.pk).content.decode().split())

    for told in ("<dd>75</dd>", "<dd>4</dd>", "<dd>50</dd>", "<dd>1, 4 of us</dd>"):
        assert told in page


def test_a_debrief_counts_no_client_and_nobody_outside(city):
    event = new_event(city)

    page = city.post(
        city.beatrix, "event_action", event.pk, kind="debrief", minutes="45", staff="4", people="3"
    )

    assert "A debrief counts our staff alone" in page.content.decode()
    with access.opened(city.beatrix, "CAREMGT"):
        assert not EventAction.objects.exists()


def test_a_count_is_taken_back_and_an_event_is_closed_for_a_reason(city):
    event = new_event(city)
    city.post(city.beatrix, "event_action", event.pk, kind="vigil", minutes="90", staff="2", people="60")
    action = one(city, EventAction)

    city.post(city.beatrix, "event_action", event.pk, take_back=str(action.pk))
    city.post(city.beatrix, "end_event", event.pk, ended="done")

    assert one(city, EventAction).taken_back_at is not None
    assert one(city, CommunityEvent).ended == "done"


def test_without_their_yes_nothing_of_a_slip_is_kept(city):
    answer = city.post(city.beatrix, "new_slip", **{**SLIP, "agreed": ""})

    assert "Without their yes nothing about them is kept" in answer.content.decode()
    with access.opened(city.beatrix, "CAREMGT"):
        assert not Slip.objects.exists()


def test_a_slip_names_no_event_and_each_person_has_an_id_of_their_own(city):
    event = new_event(city)
    slip = take_slip(city)

    assert slip.compartment.subject_id != event.compartment.subject_id
    assert not {field.name for field in Slip._meta.get_fields()} & {"event", "action"}


def test_a_slip_that_is_taken_up_becomes_a_client_with_its_rules_and_opens_to_nobody_else(city):
    slip = take_slip(city)

    answer = city.post(city.beatrix, "slip", slip.pk, take_up="yes")

    subject_id = slip.compartment.subject_id
    assert str(subject_id) in answer["Location"]
    page = city.get(city.beatrix, "client", subject_id).content.decode()
    for told in ("Text message", "the book club", "weekdays 10 to 12"):
        assert told in page
    assert b"Rosa" not in city.get(city.beatrix, "slips").content
    client = one(city, Client)
    assert (client.given_name, client.family_name, client.phone) == ("Rosa", "Lind", "412-555-0147")
    assert client.compartment.scope.segments == ["DEM", "VSP"]
    for stranger in (city.lind, city.peer, city.otis):
        assert city.get(stranger, "client", subject_id).status_code == 404
        assert city.get(stranger, "slip", slip.pk).status_code == 404


def test_a_slip_is_taken_up_once_and_not_after_they_changed_their_mind(city):
    slip = take_slip(city)
    city.post(city.beatrix, "slip", slip.pk, end="yes", ended="withdrew")

    answer = city.post(city.beatrix, "slip", slip.pk, take_up="yes")

    assert answer["Location"] == "/slips/"
    with access.opened(city.beatrix, "CAREMGT"):
        assert not Client.objects.exists()


def test_events_and_slips_are_behind_the_wall_whatever_zone_team_one_is_on(city):
    event, slip = new_event(city), take_slip(city)

    for stranger in (city.lind, city.varga, city.peer, city.otis, city.solveig):
        answers = [
            city.get(stranger, "events"), city.get(stranger, "event", event.pk), city.get(stranger, "slips"),
            city.get(stranger, "slip", slip.pk), city.post(stranger, "slip", slip.pk, take_up="yes"),
            city.post(stranger, "event_action", event.pk, kind="vigil", minutes="5", staff="1", people="1"),
            city.post(stranger, "new_slip", **SLIP), city.post(stranger, "new_event", kind="fire"),
        ]  # fmt: skip
        assert {answer.status_code for answer in answers} == {404}, stranger


def test_a_safe_contact_card_refuses_a_way_that_is_wanted_and_ruled_out(city):
    client = make_known(city.beatrix, city.tsap, described_as="Sam")

    page = city.post(city.beatrix, "safe_contact", client.subject_id, ways=["text"], never=["text", "voice"])

    assert "Chosen above as well: Text message." in page.content.decode()
    with access.opened(city.beatrix, "CAREMGT"):
        assert not SafeContact.objects.exists()


def test_the_newest_card_counts_and_the_reasons_against_police_stand_on_it(city):
    client = make_known(city.beatrix, city.tsap, described_as="Sam")
    city.post(city.beatrix, "safe_contact", client.subject_id, ways=["call"])
    city.post(
        city.beatrix, "safe_contact", client.subject_id, never=["call", "voice"],
        no_police_because="he is one of them", no_child_services_because="the hearing is in May",
    )  # fmt: skip

    page = city.get(city.beatrix, "client", client.subject_id).content.decode()

    assert re.search(r"Phone call,\s+Voice message", page), re.findall(r"Never by.{200}", page, re.S)
    assert "he is one of them" in page
    assert "the hearing is in May" in page
    with access.opened(city.beatrix, "CAREMGT"):
        assert SafeContact.objects.count() == 2
        assert "never: Phone call" in Client.objects.get().contact_rule


def test_a_contact_by_a_way_that_the_card_rules_out_is_kept_only_with_the_reason(city):
    client = make_known(city.beatrix, city.tsap, described_as="Sam")
    city.post(city.beatrix, "safe_contact", client.subject_id, never=["call"])
    opened = city.post(
        city.beatrix, "new_episode", client.subject_id, program="TSAP", save="yes", source="slip", harmed="yes",
        wants="yes", who="survivor",
    )  # fmt: skip
    assert opened.status_code == 302, opened.content
    episode = one(city, Episode)
    said = {"kind": "contact", "save": "yes", "way": "call", "happened_at": "2026-11-20T10:00"}

    refused = city.post(city.beatrix, "write_record", episode.pk, **said)
    kept = city.post(city.beatrix, "write_record", episode.pk, **said, against_card_because="they rang us")

    assert "rules this way out" in refused.content.decode()
    assert kept.status_code == 302


def test_what_a_form_lacks_is_said_once_and_where_it_is_seen(city):
    event, slip = new_event(city), take_slip(city)
    client = make_known(city.beatrix, city.tsap, given_name="Rosa", family_name="Lind")
    nothing = {"csrfmiddlewaretoken": "as a browser sends it"}
    answers = {
        "new_event": city.post(city.beatrix, "new_event", **nothing),
        "event_action": city.post(city.beatrix, "event_action", event.pk, **nothing),
        "end_event": city.post(city.beatrix, "end_event", event.pk, **nothing),
        "new_slip": city.post(city.beatrix, "new_slip", **nothing),
        "slip": city.post(city.beatrix, "slip", slip.pk, end="yes"),
        "safe_contact": city.post(city.beatrix, "safe_contact", client.subject_id, never="text", ways="text"),
        "collateral": city.post(city.beatrix, "collateral", client.subject_id, **nothing),
        "my_time": city.post(city.beatrix, "my_time", **nothing),
    }

    for name, answer in answers.items():
        page = answer.content.decode()
        in_sight = re.sub(r"<details(?! open).*?</details>", "", page, flags=re.S)
        assert (page.count("data-error-summary"), in_sight.count("data-error-summary")) == (1, 1), name


def test_whoever_fills_in_a_slip_or_a_card_is_told_first_in_which_compartment_it_lies(city):
    client = make_known(city.beatrix, city.tsap, given_name="Rosa", family_name="Lind")

    for name, args in (("new_slip", ()), ("safe_contact", (client.subject_id,))):
        page = city.get(city.beatrix, name, *args).content.decode()
        panel, _, form = page.partition("compartment-panel__head")[2].partition("<form")
        assert "Victim services" in panel, name
        assert 'type="checkbox"' in form, name
