"""Search finds whom one may see, by equal tokens; whoever else has the name changes nothing at all."""

import re
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinical.models import Client, SearchCount, SearchToken, Unmatched
from clinical.search import index, looking, selectors, words
from clinical.search import services as searching
from consent import access, services
from consent.access import Unledgered
from consent.models import LedgerEntry, LegalUnit
from tests import factories
from tests.clinical.known import make_known

pytestmark = pytest.mark.django_db
JUNIPER = {
    "given_name": "Juniper", "family_name": "Holloway", "born_on": date(1979, 5, 17), "phone": "412-555-0164",
}  # fmt: skip


@pytest.fixture
def juniper(night):
    return make_known(night.lind, night.program, **JUNIPER)


def found_by(night, said, who=None):
    page = night.post(who or night.lind, "search", said=said)
    assert page.status_code == 200
    return re.findall(r'<a href="/clients/[0-9a-f-]{36}/">([^<]+)</a>', page.content.decode())


@pytest.mark.parametrize(
    "said",
    [
        "Juniper Holloway", "holloway juniper", "HOLLOWAY", "juniper", "Holoway", "halloway 5/17/1979", "1979-05-17",
        "412 555 0164", "+1 (412) 555-0164 holloway",
    ],
)  # fmt: skip
def test_a_client_is_found_by_words_in_any_order_by_sound_birth_date_and_phone(night, juniper, said):
    assert found_by(night, said) == ["Juniper Holloway"]


@pytest.mark.parametrize(
    "said",
    [
        "Juniper Hollow",
        "Juni",
        "juniper smith",
        "holloway 5/18/1979",
        "412-555-0165",
        "holloway 412-555-0165",
    ],
)
def test_everything_that_was_typed_must_fit(night, juniper, said):
    assert found_by(night, said) == []
    assert "Nothing you can see here" in night.post(night.lind, "search", said=said).content.decode()


@pytest.mark.parametrize("said", ["", "j", "5/17", "%%", "_"])
def test_too_little_finds_nobody_and_says_so(night, juniper, said):
    assert found_by(night, said) == []


def test_who_is_only_described_is_found_by_the_words_of_it(night):
    make_known(night.lind, night.program, described_as="unknown, man, 40s, red coat")

    assert found_by(night, "red coat") == ["unknown, man, 40s, red coat"]


def test_what_is_written_the_same_stands_before_what_sounds_alike(night):
    for family in ("Smythe", "Smith", "Smyth"):
        make_known(night.lind, night.program, given_name="Ada", family_name=family)

    assert found_by(night, "ada smith")[0] == "Ada Smith"
    assert set(found_by(night, "ada smith")) == {"Ada Smith", "Ada Smyth", "Ada Smythe"}


def test_further_pages_show_everybody_once_and_carry_nothing_in_an_address(night, monkeypatch):
    monkeypatch.setattr(selectors, "SHOWN", 3)
    for number in range(8):
        make_known(
            night.lind, night.program, given_name="Ada", family_name="Smith" if number % 2 else "Smyth"
        )

    seen, cursor = [], ""
    while True:
        page = night.post(night.lind, "search", said="smith", cursor=cursor).content.decode()
        seen += re.findall(r'<a href="/clients/([0-9a-f-]{36})/">', page)
        more = re.search(r'name="cursor" value="([^"]+)"', page)
        assert "smith" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', page)).lower()
        if not more:
            break
        cursor = more[1]

    assert len(seen) == len(set(seen)) == 8


@pytest.mark.parametrize(
    "cursor", ["x", "3_x", "٣_", "3", "-1_00000000-0000-0000-0000-000000000000", "9" * 60]
)
def test_a_cursor_that_is_none_is_answered_like_any_other(night, juniper, cursor):
    assert night.post(night.lind, "search", said="juniper", cursor=cursor).status_code == 200


def test_suggestions_are_the_same_people_as_options_of_a_list(night, juniper):
    options = night.post(night.lind, "suggest", said="juniper").content.decode()

    assert options.count('role="option"') == 1
    assert f'data-href="/clients/{juniper.subject_id}/"' in options
    assert (
        "Nothing you can see here" in night.post(night.lind, "suggest", said="somebody else").content.decode()
    )


def test_nothing_is_found_by_an_address(night, juniper):
    assert b"Holloway" not in night.get(night.lind, "search", query_params={"said": "Juniper"}).content
    assert night.get(night.lind, "suggest", query_params={"said": "Juniper"}).status_code == 405


def test_a_corrected_name_is_found_and_the_old_one_is_not(night, juniper):
    night.post(night.lind, "edit_client", juniper.subject_id, given_name="June", family_name="Underhill")

    assert found_by(night, "june underhill") == ["June Underhill"]
    assert found_by(night, "holloway") == []


def test_a_name_that_changes_past_the_index_is_refused(night, juniper):
    with access.opened(night.lind, "CAREMGT"), pytest.raises(Unledgered):
        Client.objects.filter(pk=juniper.pk).update(given_name="June")


def test_the_ledger_names_who_was_found_and_that_there_was_a_search_but_not_what_was_typed(night, juniper):
    before = timezone.now()
    night.post(night.lind, "search", said="Holoway")

    with access.opened(night.oduya, "HCOMPL"):
        entries = list(LedgerEntry.objects.filter(at__gte=before, destination="clinical:search"))
    assert sorted(each.action for each in entries) == ["read", "search"]
    assert not [each for each in entries if b"holoway" in bytes(each.canonical).lower()]


def test_the_same_name_is_another_token_in_another_legal_unit(night, juniper):
    twin = make_known(night.peer, night.part2, **JUNIPER)

    with access.opened("system:matching", "HOPERAT"):
        one, other = (
            set(SearchToken.objects.filter(client_id=each.pk).values_list("token", flat=True))
            for each in (juniper, twin)
        )
    assert len(one) == len(other) >= 6
    assert not one & other


def test_who_works_in_two_units_finds_in_both(night, juniper):
    make_known(night.peer, night.part2, given_name="Juniper", family_name="Halyard")
    factories.make_membership(night.lind, role="case manager", program=night.part2)
    with access.opened("system:grants", "HOPERAT"):
        services.open_office(
            program=night.part2, segments=services.profile(night.part2).identity, role="case manager"
        )

    assert sorted(found_by(night, "juniper")) == ["Juniper Halyard", "Juniper Holloway"]


def test_more_searches_in_a_minute_than_anybody_types_are_not_answered(night, juniper, monkeypatch):
    monkeypatch.setattr(searching, "MOST_A_MINUTE", 3)
    for _ in range(3):
        assert found_by(night, "juniper") == ["Juniper Holloway"]

    assert found_by(night, "juniper") == []
    assert "Too many searches" in night.post(night.lind, "suggest", said="nobody").content.decode()
    SearchCount.objects.update(minute=timezone.now() - timedelta(minutes=2))
    assert found_by(night, "juniper") == ["Juniper Holloway"]


# What is hidden must not be told from what is not there: bytes, statements, and what they touch.

HIDDEN, ABSENT = "Juniper Holloway 5/17/1979", "Tamsin Gunwales 5/18/1979"
LIKE = ("juniper", "holloway")  # ABSENT has as many words, sounds and letters


def masked(answer, said):
    """The bytes of an answer, without what the asker typed and the form's one-time tokens."""
    body = answer.content.decode().replace(said, "…")
    body = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', r"\1…", body)
    headers = {
        name: value
        for name, value in answer.items()
        if name not in ("Content-Length", "Content-Security-Policy")
    }
    return answer.status_code, sorted(headers.items()), re.sub(r'nonce="[^"]+"', "", body)


def statements_of(captured):
    """The statements without their values."""
    return [re.sub(r"'[^']*'|\s*-?\d+", "?", each["sql"]) for each in captured.captured_queries]


@pytest.mark.parametrize("page", ["search", "suggest"])
def test_somebody_hidden_is_answered_like_somebody_who_is_not_there(night, page):
    make_known(night.lind, night.program, **JUNIPER)
    make_known(night.varga, night.program, given_name="Kit", family_name="Ballast")
    night.post(night.varga, page, said="kit")  # the first search of a minute makes the count

    answers = {}
    for said in (HIDDEN, ABSENT):
        with CaptureQueriesContext(connection) as captured:
            answer = night.post(night.varga, page, said=said)
        answers[said] = masked(answer, said), statements_of(captured)

    differing = [
        pair for pair in zip(answers[HIDDEN][1], answers[ABSENT][1], strict=True) if pair[0] != pair[1]
    ]
    assert not differing, differing
    assert answers[HIDDEN] == answers[ABSENT]
    # and the comparing can fail: somebody who may see her gets another answer
    assert masked(night.post(night.lind, page, said=HIDDEN), HIDDEN) != answers[HIDDEN][0]


# A planner chooses by size and statistics: whatever it would choose must tell nothing.
FORBIDDEN = [
    (), ("seqscan",), ("seqscan", "bitmapscan"), ("seqscan", "indexonlyscan", "bitmapscan"), ("bitmapscan", "indexscan"),
    ("hashjoin", "mergejoin"), ("nestloop",), ("seqscan", "nestloop"), ("hashagg", "seqscan"),
]  # fmt: skip


def touched(who, said, statement, forbidden):
    """What looking for ``said`` costs: loops, blocks and index descents of each node of the plan."""
    purpose = "HOPERAT" if isinstance(who, str) else "CAREMGT"
    with access.opened(who, purpose, plan=access.GATHER), connection.cursor() as cursor:
        indexes = [services.blind_index(unit) for unit in LegalUnit.objects.order_by("slug")]
        asked = looking.arguments(selectors.parts_of(words.read(said), indexes), size=9)
        for kind in forbidden:
            cursor.execute(f"set local enable_{kind} = off")
        cursor.execute("explain (analyze, buffers, timing off, format json) " + statement, asked)
        (told,) = cursor.fetchone()
        for kind in forbidden:
            cursor.execute(f"set local enable_{kind} = on")
    return list(costs(told[0]["Plan"]))


COSTS = (
    "Node Type", "Index Name", "Actual Loops", "Actual Rows", "Shared Hit Blocks", "Shared Read Blocks", "Index Searches",
    "Rows Removed by Index Recheck",
)  # fmt: skip


def costs(node):
    yield {name: node.get(name) for name in COSTS}
    for each in node.get("Plans", ()):
        yield from costs(each)


# As it stood at first: by token, and what opens is left to row-level security.
BY_SECURITY_ALONE = """
select s.client_id, count(*) from clinical_searchtoken s
 where s.token = any(%(tokens)s::bigint[]) group by s.client_id
"""


@pytest.fixture
def crowd(night):
    """Enough clients, of Varga's as well, that reading an index is worth it."""
    for number in range(40):
        make_known(night.lind, night.program, given_name=f"Ada{number:02}", family_name="Transom")
    make_known(night.lind, night.program, **JUNIPER)
    for number in range(3):
        make_known(night.varga, night.program, given_name="Kit", family_name=f"Ballast{number}")


def test_looking_for_somebody_hidden_touches_what_looking_for_nobody_touches(night, crowd):
    for forbidden in FORBIDDEN:
        touched(night.varga, HIDDEN, looking.FOUND, forbidden)  # warms what is read once

        hidden, absent = (touched(night.varga, said, looking.FOUND, forbidden) for said in (HIDDEN, ABSENT))

        assert hidden == absent, forbidden
        assert any(
            node["Index Name"] == "token_granted" or node["Node Type"] == "Seq Scan" for node in hidden
        )
        # whoever may see her is told by the same measure
        assert touched(night.lind, HIDDEN, looking.FOUND, forbidden) != touched(
            night.lind, ABSENT, looking.FOUND, forbidden
        ), forbidden


def test_looking_by_token_alone_would_be_found_out(night, crowd):
    told = [
        touched(night.varga, HIDDEN, BY_SECURITY_ALONE, forbidden)
        != touched(night.varga, ABSENT, BY_SECURITY_ALONE, forbidden)
        for forbidden in FORBIDDEN
    ]

    assert any(told)


def test_the_database_shows_tokens_of_ones_own_clients_alone(night, juniper):
    with access.opened(night.varga, "CAREMGT"):
        assert not SearchToken.objects.exists()
    with access.opened(night.lind, "CAREMGT"):
        assert SearchToken.objects.exists()
        assert not Unmatched.objects.exists()
    with pytest.raises(ProgrammingError, match="row-level security"), access.opened(night.varga, "CAREMGT"):
        SearchToken.objects.bulk_create(
            [
                SearchToken(
                    client_id=juniper.pk,
                    token=1,
                    compartment=juniper.compartment,
                    scope_key=juniper.scope_key,
                )
            ]
        )


def test_forgetting_a_client_leaves_no_row_that_finds_them(night, juniper):
    with access.opened("system:grants", "HOPERAT"):
        services.forget(juniper.subject_id)

    with access.opened("system:matching", "HOPERAT"):
        assert not SearchToken.objects.filter(client_id=juniper.pk).exists()
        assert not Unmatched.objects.filter(client_id=juniper.pk).exists()
    assert found_by(night, "juniper") == []


def test_indexing_anew_after_the_key_was_changed_goes_on_where_it_stopped(night, juniper, monkeypatch):
    other = make_known(night.lind, night.program, given_name="Kit", family_name="Ballast")
    monkeypatch.setattr("consent.services.blind.store.index_key", lambda slug: slug.encode() * 8)
    assert found_by(night, "juniper") == []
    with access.opened("system:index", "HOPERAT"):  # one was done before the run was stopped
        index.write_again([Client.objects.select_related("unit", "compartment").get(pk=other.pk)])

    assert searching.index_again(night.program.unit) == (1, 2)
    assert searching.index_again(night.program.unit) == (0, 2)
    assert found_by(night, "juniper") == ["Juniper Holloway"]
    assert found_by(night, "ballast") == ["Kit Ballast"]


def test_the_search_line_is_on_the_list_of_ones_clients(night, juniper):
    page = night.get(night.lind, "clients").content.decode()

    assert f'action="{reverse("clinical:search")}"' in page
    assert 'method="post"' in page
