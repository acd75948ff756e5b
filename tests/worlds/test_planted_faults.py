"""What a world is worth: each of these faults, planted, is found by a few of them.

Policies are edited as PostgreSQL prints them, functions as their source stands; an edit that
finds nothing to change is no edit, and fails.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Q

from consent import paging, plans, selectors
from consent.models import Grant, Membership, OfficeGrant
from tests.worlds.builder import ALWAYS
from tests.worlds.conftest import faults

WITHIN = range(400)  # worlds; most faults are found by the first ten
FROM, UNTIL = r"\(g\.valid_from <= now\(\)\)", r"\(g\.valid_until > now\(\)\)"
PURPOSE = r"\(\( SELECT sec\.purpose\(\) AS purpose\) = ANY \(\(g\.purposes\)::text\[\]\)\)"
USING, CHECK = "using", "with check"

# (table, policy, clause, what is looked for, what stands in its place)
POLICY_EDITS = [
    *[
        (ALWAYS, f"{plan}_select", USING, found, put)
        for plan in ("gather", "walk")
        for found, put in (
            (FROM, "true"),
            (FROM, "(g.valid_from < now())"),
            (UNTIL, "true"),
            (UNTIL, "(g.valid_until >= now())"),
            (PURPOSE, "true"),
            (r"^(.*)$", r"(\1) or true"),
            (r"^(.*)$", "false"),
        )
    ],
    (ALWAYS, "walk_select", USING, r"sec\.my_keys\(\)", "sec.my_write_keys()"),
    (ALWAYS, "gather_select", USING, r"sec\.my_keys\(\)", "sec.my_write_keys()"),
    *[
        (ALWAYS, f"{plan}_{verb}", clause, found, put)
        for plan in ("gather", "walk")
        for verb, clause in (("insert", CHECK), ("update", USING), ("update", CHECK), ("delete", USING))
        for found, put in ((r"^(.*)$", r"(\1) or true"), (r" AND g\.writes", ""), (UNTIL, "true"))
    ],
    ("consent_grant", "gather_select", USING, r"^(.*)$", "true"),
    ("consent_grant", "walk_select", USING, r"^(.*)$", "true"),
    ("consent_compartment", "gather_select", USING, PURPOSE, "true"),
    ("consent_compartment", "walk_select", USING, UNTIL, "(g.valid_until >= now())"),
    ("consent_counter", "gather_select", USING, r"^(.*)$", r"(\1) or true"),
    ("consent_counter", "walk_select", USING, FROM, "true"),
]  # fmt: skip
# (function, what is looked for, what stands in its place)
FUNCTION_EDITS = [
    ("sec.office_keys(boolean)", r"why = any\(o\.purposes\) and ", ""),
    ("sec.office_keys(boolean)", r"and \(o\.writes or not must_write\)", ""),
    ("sec.office_keys(boolean)", r"m\.role_id = o\.group_id and ", ""),
    ("sec.office_keys(boolean)", r" and m\.program_id = s\.program_id", ""),
    ("sec.office_keys(boolean)", r"m\.begins_at <= now\(\)", "true"),
    ("sec.office_keys(boolean)", r"m\.ends_at > now\(\)", "m.ends_at >= now()"),
    ("sec.office_keys(boolean)", r"o\.valid_from <= now\(\)", "o.valid_from < now()"),
    ("sec.office_keys(boolean)", r"o\.valid_until > now\(\)", "true"),
    ("sec.office_keys(boolean)", r"m\.principal_id = me", "true"),
    ("sec.my_keys()", r"office_keys\(false\)", "office_keys(true)"),
    ("sec.my_write_keys()", r"office_keys\(true\)", "office_keys(false)"),
    ("sec.principal()", r" and p\.is_active", ""),
    ("sec.count_added()", r"count\(\*\) from added a", "1 from added a"),
]
TABLE_EDITS = [
    (f"alter table {ALWAYS} disable row level security", f"alter table {ALWAYS} enable row level security"),
    (
        f"alter table {ALWAYS} disable trigger {ALWAYS}_count_added",
        f"alter table {ALWAYS} enable trigger {ALWAYS}_count_added",
    ),
]
CLINICAL_ONLY = [("sec.office_keys(boolean)", r"and not e\.is_criminal_justice_agency", "")]


def edited(pattern: str, replacement: str, text: str) -> str:
    changed, number = re.subn(pattern, replacement, text, flags=re.DOTALL)
    assert number, f"nothing to edit: {pattern}"
    assert changed != text, pattern
    return changed


@contextmanager
def policy_with(owner: Any, table: str, name: str, clause: str, found: str, put: str) -> Iterator[None]:
    column = "qual" if clause == USING else "with_check"
    (plain,) = owner.execute(
        f"select {column} from pg_policies where tablename = %s and policyname = %s", [table, name]
    ).fetchone()
    owner.execute(f"alter policy {name} on {table} {clause} ({edited(found, put, plain.strip())})")
    try:
        yield
    finally:
        owner.execute(f"alter policy {name} on {table} {clause} ({plain})")


@contextmanager
def function_with(owner: Any, name: str, found: str, put: str) -> Iterator[None]:
    (plain,) = owner.execute("select pg_get_functiondef(%s::regprocedure)", [name]).fetchone()
    owner.execute(edited(found, put, plain))
    try:
        yield
    finally:
        owner.execute(plain)


@pytest.fixture
def owner(stage):
    with stage.login("owner") as connection:
        yield connection


def test_there_are_edits_enough():
    assert len(POLICY_EDITS) + len(FUNCTION_EDITS) + len(TABLE_EDITS) >= 20


def test_unedited_the_same_worlds_show_no_fault(stage):
    assert faults(range(25)) == []


@pytest.mark.parametrize(
    "edit", POLICY_EDITS, ids=lambda edit: " · ".join(edit[:3]) + f" · {edit[3]}→{edit[4]}"
)
def test_an_edited_policy_is_found(owner, edit):
    with policy_with(owner, *edit):
        assert faults(WITHIN, most=1)


@pytest.mark.parametrize("edit", FUNCTION_EDITS, ids=lambda edit: f"{edit[0]} · {edit[1]}")
def test_an_edited_function_is_found(owner, edit):
    with function_with(owner, *edit):
        assert faults(WITHIN, most=1)


@pytest.mark.side("clinical")
@pytest.mark.parametrize("edit", CLINICAL_ONLY, ids=lambda edit: edit[1])
def test_an_agencys_officer_let_into_an_office_is_found(owner, edit):
    with function_with(owner, *edit):
        assert faults(WITHIN, most=1)


@pytest.mark.parametrize(("edit", "undo"), TABLE_EDITS)
def test_an_edited_table_is_found(owner, edit, undo):
    owner.execute(edit)
    try:
        assert faults(WITHIN, most=1)
    finally:
        owner.execute(undo)


def loose_check(*, from_=True, until="gt", purpose=True, writes=True, office=True, role=True, employer=True):
    """`selectors.may_open`, written once more with one clause left out or moved by an instant."""

    def may_open(principal: Any, compartment: Any, *, purpose_: str, at: Any, writes_: bool) -> bool:
        if not principal.is_active:
            return False
        valid = Q(**{f"valid_until__{until}": at})
        valid &= Q(valid_from__lte=at) if from_ else Q()
        valid &= Q(purposes__contains=[purpose_]) if purpose else Q()
        valid &= Q(writes=True) if writes_ and writes else Q()
        if Grant.objects.filter(valid, user=principal, content_object=compartment).exists():
            return True
        boss = principal.employer
        if employer and settings.SIDE == "clinical" and (boss is None or boss.is_criminal_justice_agency):
            return False
        held = Membership.objects.held_by(principal, at).filter(program=compartment.scope.program)
        which = {"group__in": held.values("role")} if role else {}
        return (
            office and OfficeGrant.objects.filter(valid, content_object=compartment.scope, **which).exists()
        )

    return lambda principal, compartment, *, purpose, at, writes=False: may_open(
        principal, compartment, purpose_=purpose, at=at, writes_=writes
    )


def test_the_copy_that_faults_are_put_into_has_none_by_itself(stage, monkeypatch):
    monkeypatch.setattr(selectors, "may_open", loose_check())

    assert faults(range(25)) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"from_": False}, {"until": "gte"}, {"purpose": False}, {"writes": False}, {"office": False},
        {"role": False},
        pytest.param({"employer": False}, marks=pytest.mark.side("clinical")),
    ],
    ids=str,
)  # fmt: skip
def test_a_check_with_a_clause_less_is_found(stage, monkeypatch, fault):
    monkeypatch.setattr(selectors, "may_open", loose_check(**fault))

    assert faults(WITHIN, most=1)


def test_a_page_that_repeats_its_last_row_is_found(stage, monkeypatch):
    monkeypatch.setattr(
        paging._Listing,
        "_beyond",
        lambda self, place, rows=None: (self.rows if rows is None else rows).filter(
            **{f"{self.by}__{'gte' if self.upwards else 'lte'}": place.at}
        ),
    )

    assert faults(WITHIN, most=1)


def test_a_page_that_skips_rows_of_its_last_instant_is_found(stage, monkeypatch):
    monkeypatch.setattr(
        paging._Listing,
        "_beyond",
        lambda self, place, rows=None: (self.rows if rows is None else rows).filter(
            **{f"{self.by}__{'gt' if self.upwards else 'lt'}": place.at}
        ),
    )

    assert faults(WITHIN, most=1)


def test_a_count_that_is_one_off_is_found(stage, monkeypatch):
    plain = plans.number_of_all
    monkeypatch.setattr(plans, "number_of_all", lambda model: plain(model) + 1)

    assert faults(WITHIN, most=1)
