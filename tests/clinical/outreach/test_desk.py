"""The drop-in desk: two taps a service, nobody named counted, and no more told than the desk knows."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from clinical.dropin import services
from clinical.models import AnonymousVisit, Client, DeskCard, ServiceDay, Visit
from consent import access
from consent.models import Compartment, Determination
from consent.services import forget

pytestmark = pytest.mark.django_db


def make_card(city, nickname="Blue hat", number="", by=None):
    by = by or city.otis
    with access.opened(by, "CAREMGT"):
        return services.make_card(
            program=city.roots, nickname=nickname, number=number, by=by, at=timezone.now()
        )


def visits(city, who=None):
    with access.opened(who or city.otis, "CAREMGT"):
        return list(Visit.objects.standing().select_related("card", "compartment__scope"))


def test_two_taps_count_a_service_for_somebody_known_to_the_desk(city):
    card = make_card(city)

    page = city.get(city.solveig, "desk", "ROOTS").content.decode()
    city.post(city.solveig, "desk", "ROOTS", who=str(card.pk), service="shower")

    assert "Blue hat" in page
    assert [(v.service, v.card_id, v.by_id) for v in visits(city)] == [("shower", card.pk, city.solveig.pk)]
    assert visits(city)[0].compartment.scope.segments == ["DEM", "ENROLL", "HMIS", "LOC"]


def test_one_tap_counts_somebody_of_whom_nothing_is_written_down(city):
    city.post(city.otis, "desk", "ROOTS", service="meal")

    made = AnonymousVisit.objects.get()
    assert (made.service, made.program, made.by) == ("meal", city.roots, city.otis)
    assert visits(city) == []


def test_a_tap_is_taken_back_by_who_made_it_and_by_nobody_else(city):
    card = make_card(city)
    city.post(city.otis, "desk", "ROOTS", who=str(card.pk), service="mail")
    city.post(city.otis, "desk", "ROOTS", service="meal")
    known, anonymous = visits(city)[0], AnonymousVisit.objects.get()

    others = [
        city.post(city.solveig, "undo_tap", "ROOTS", known=str(known.pk)),
        city.post(city.solveig, "undo_tap", "ROOTS", anonymous=str(anonymous.pk)),
        city.post(city.otis, "undo_tap", "ROOTS", known=str(uuid.uuid4())),
        city.post(city.otis, "undo_tap", "ROOTS"),
    ]
    city.post(city.otis, "undo_tap", "ROOTS", known=str(known.pk))
    city.post(city.otis, "undo_tap", "ROOTS", anonymous=str(anonymous.pk))

    assert {answer.status_code for answer in others} == {404}
    assert visits(city) == []
    assert not AnonymousVisit.objects.standing().exists()


def test_a_scanned_card_and_a_typed_nickname_find_the_person_however_they_are_spelled(city):
    card = make_card(city, nickname="José  Blue-Hat", number="RT-0042-X")
    make_card(city, nickname="Somebody else")

    for said in ("rt0042x", "RT 0042 X", "jose blue hat", "JOSÉ BLUEHAT"):
        page = city.post(city.otis, "find_at_desk", "ROOTS", said=said).content.decode()
        assert f'value="{card.pk}" checked' in page, said
        assert "Somebody else" not in page


def test_what_nobody_is_called_is_told_without_a_hint(city):
    make_card(city, nickname="Blue hat")

    page = city.post(city.otis, "find_at_desk", "ROOTS", said="Blu").content.decode()

    assert "Blue hat" not in page
    assert "Nobody at this desk is called that" in page


def test_a_number_stands_on_one_card_and_is_free_again_when_that_ends(city):
    card = make_card(city, number="RT-0042")

    refused = city.post(city.otis, "new_card", "ROOTS", nickname="Other", number="rt 0042")
    city.post(city.otis, "end_card", card.pk)
    taken = city.post(city.otis, "new_card", "ROOTS", nickname="Other", number="rt 0042")

    assert "stands on another card" in refused.content.decode()
    assert "Other" in taken.content.decode()
    assert "Blue hat" not in city.get(city.otis, "desk", "ROOTS").content.decode()


def test_two_at_one_desk_are_not_called_the_same(city):
    make_card(city, nickname="Blue hat")

    refused = city.post(city.solveig, "new_card", "ROOTS", nickname="blue HAT", number="")
    apart = city.post(city.solveig, "new_card", "ROOTS", nickname="Blue hat, the tall one", number="")

    assert "Somebody at this desk is called that" in refused.content.decode()
    assert "Blue hat, the tall one" in apart.content.decode()
    with access.opened(city.otis, "CAREMGT"):
        assert DeskCard.objects.count() == 2


def test_a_nickname_is_corrected(city):
    card = make_card(city)

    city.post(city.solveig, "desk_card", card.pk, nickname="Green hat", number="")

    page = city.post(city.otis, "find_at_desk", "ROOTS", said="green hat").content.decode()
    assert str(card.pk) in page
    assert "Blue hat" not in city.get(city.otis, "desk", "ROOTS").content.decode()


def test_the_desk_opens_to_its_own_program_and_to_nobody_else(city):
    card = make_card(city)

    for stranger in (city.lind, city.peer, city.beatrix, city.agnes, city.oduya):
        answers = [
            city.get(stranger, "desk", "ROOTS"), city.get(stranger, "desk_card", card.pk),
            city.post(stranger, "desk", "ROOTS", service="meal"), city.get(stranger, "desk_counts", "ROOTS"),
            city.post(stranger, "find_at_desk", "ROOTS", said="Blue hat"),
            city.post(stranger, "record_of_card", card.pk), city.post(stranger, "end_card", card.pk),
        ]  # fmt: skip
        assert {answer.status_code for answer in answers} == {404}, stranger
        assert visits(city, stranger) == []
    assert not AnonymousVisit.objects.exists()


def test_the_desk_sees_no_record_and_a_record_opens_to_its_own_team_alone(city):
    card = make_card(city)

    opened = city.post(city.otis, "record_of_card", card.pk)
    encounter_id = uuid.UUID(opened["Location"].split("/")[2])

    assert city.get(city.otis, "encounter", encounter_id).status_code == 200
    assert city.get(city.solveig, "encounter", encounter_id).status_code == 404
    assert city.get(city.solveig, "client", card.compartment.subject_id).status_code == 404
    assert city.get(city.solveig, "desk_card", card.pk).status_code == 200
    with access.opened(city.otis, "CAREMGT"):
        assert Client.objects.get().described_as == "Blue hat"
    with access.opened(city.solveig, "CAREMGT"):
        assert not Client.objects.exists()


def test_an_undetermined_desk_opens_to_nobody(city):
    Determination.objects.filter(programs=city.roots).delete()
    with access.opened("system:grants", "HOPERAT"):
        from clinical.intake.services import open_duty_unit

        open_duty_unit(city.roots)

    answer = city.post(city.otis, "new_card", "ROOTS", nickname="Blue hat", number="")

    assert answer.status_code in (403, 404, 503)
    assert visits(city) == []


def test_the_counts_tell_how_much_was_given_to_known_and_to_nobody_named(city):
    card = make_card(city)
    for _ in range(3):
        city.post(city.otis, "desk", "ROOTS", who=str(card.pk), service="meal")
    for _ in range(2):
        city.post(city.solveig, "desk", "ROOTS", service="meal")

    page = " ".join(city.get(city.otis, "desk_counts", "ROOTS").content.decode().split())

    assert '<th scope="row">Meal</th><td class="number">3</td><td class="number">2</td>' in page
    assert "Blue hat" not in page


def night_after(city, card, services_given):
    """Yesterday somebody came for these things, and a visit is of today."""
    yesterday = timezone.now() - timedelta(days=1)
    with access.opened(city.otis, "CAREMGT"):
        for service in services_given:
            services.note_visit(card=card, service=service, by=city.otis, at=yesterday)
        services.note_visit(card=card, service="rest", by=city.otis, at=timezone.now())


def rows_of(city, who=None):
    with access.opened(who or city.otis, "CAREMGT"):
        return [(row.day, row.services) for row in ServiceDay.objects.all()]


def test_at_night_a_row_is_built_of_each_day_that_is_over_once(city):
    card = make_card(city)
    opened = city.post(city.otis, "record_of_card", card.pk)
    assert opened.status_code == 302
    night_after(city, card, ["meal", "meal", "shower"])

    built = [services.build_service_days(timezone.now()) for _ in range(2)]

    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert built == [1, 0]
    assert rows_of(city) == [(yesterday, {"meal": 2, "shower": 1})]
    assert rows_of(city, city.lind) == []


def test_what_is_taken_back_is_not_built_and_what_is_built_is_not_taken_back(city):
    card = make_card(city)
    night_after(city, card, ["meal", "nurse"])
    meal, nurse = [next(v for v in visits(city) if v.service == name) for name in ("meal", "nurse")]
    city.post(city.otis, "undo_tap", "ROOTS", known=str(meal.pk))

    services.build_service_days(timezone.now())

    assert city.post(city.otis, "undo_tap", "ROOTS", known=str(nurse.pk)).status_code == 404
    with access.opened("system:hmis", "HOPERAT"):
        assert Visit.objects.filter(service_day__isnull=False).count() == 1


@pytest.mark.parametrize(
    "statuses",
    [{"hmis_cho": False}, {"in_privacy_notice": False}, {"vs_regime": "voca"}, {"vs_regime": "undetermined"}],
)
def test_no_row_is_built_where_the_determination_does_not_let_it(city, statuses):
    card = make_card(city)
    night_after(city, card, ["meal"])
    Determination.objects.filter(programs=city.roots).update(**statuses)

    assert services.build_service_days(timezone.now()) == 0


def test_who_is_erased_is_found_by_no_nickname_any_more(city):
    card = make_card(city, number="RT-0042")
    with access.opened("system:keys", "HOPERAT"):
        forget(card.compartment.subject_id)

    with access.opened(city.otis, "CAREMGT"):
        assert DeskCard.objects.filter(nickname_token__isnull=False).count() == 0
        assert DeskCard.objects.filter(number_token__isnull=False).count() == 0


def test_a_desk_of_many_nicknames_goes_on_by_links(city):
    for number in range(30):
        make_card(city, nickname=f"Hat {number}")

    first = city.get(city.otis, "desk", "ROOTS")
    older = first.content.decode().split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = city.browser(city.otis).get(f"/desk/ROOTS/{older}")

    assert "Hat 29" in first.content.decode()
    assert "Hat 0<" not in first.content.decode()
    assert "Hat 0<" in second.content.decode()
    assert Compartment.objects.count() == 0  # outside a context nothing is there
