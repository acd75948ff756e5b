"""Bulkhead in job E of the benchmark: one client's accounting, and two searches, out of the ledger.

The ledger's own tables with all their columns, keys and indexes, made by Django from the models, and
an entry of ordinary width for each row of the job; finished days are counted by the product's
service. The statements are what its selectors send, taken from them by asking once; they run
prepared, as those of the other contestants do.

*Not* measured is what surrounds them in a request: the signed principal and the policy that asks
whether it is a reader of the ledger (once a statement, not once a row), and making objects of rows.
"""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from cb.core import DSN
from psycopg.conninfo import conninfo_to_dict

SCHEMA = "job_e"
# The job's six legal bases as leading rules; 3 to 6 are accounted for.
GROUNDS = (
    "", "hipaa.506c.treatment", "hipaa.506c.payment", "p2.consent.specific.2.31", "hipaa.512e.order",
    "hipaa.512f.process", "hipaa.512j.threat",
)  # fmt: skip
SEGMENTS, PURPOSES = (
    ("CASE", "MH", "SUDP2", "LE", "HIV"),
    ("TREAT", "COC", "HPAYMT", "HOPERAT", "HLEGAL", "THREAT"),
)
CANONICAL_BYTES = 1000  # what an entry of a release has
LAST = datetime(2026, 1, 1, tzinfo=UTC)
UUID = "('00000000-0000-4000-8000-' || lpad(to_hex({}), 12, '0'))"


def as_uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def an_array(words: tuple[str, ...]) -> str:
    return "(array[" + ", ".join(f"'{each}'" for each in words) + "]::text[])"


FILL = f"""
insert into consent_ledgerentry (id, at, request_id, side, actor, role, organization, on_behalf_of, authentication,
  session, source_address, destination, client_application, action, outcome, purpose, subject, recipient, resources,
  field_groups, segments, segments_withheld, basis, bars, obligations, consents, policy_version, law_as_of, question,
  request_hash, purposes, ground, is_disclosure, is_accountable, alike, record_count, bytes_out, duration_us, reason,
  canonical, leaf_hash)
select {UUID.format("id")}::uuid, ts, {UUID.format("id")}::uuid, 'clinical', {UUID.format("principal")}, 'social worker',
  {UUID.format("7")}, '', 'mfa', md5(principal::text) || md5(id::text), '10.0.0.1', 'clinical:refer', 'browser', 'refer',
  'done', {an_array(PURPOSES)}[1 + purpose], md5(client::text), {UUID.format("recipient")},
  jsonb_build_object('partners.release', jsonb_build_array({UUID.format("record")})),
  '{{partners.release}}', {an_array(SEGMENTS)}[1 + segment:1 + segment], '{{}}',
  jsonb_build_array(jsonb_build_object('rule', {an_array(GROUNDS[1:])}[basis], 'cite', '45 CFR 164.506(c)')), '{{}}',
  case when basis < 3 then '[]' else '[{{"code": "OBL-ACCT-H6"}}]' end::jsonb, array[{UUID.format("consent")}],
  '2026-11-22.1', '2026-11-22', '{{}}', 'sha256:' || encode(hash, 'hex'), '{{}}', {an_array(GROUNDS[1:])}[basis], true,
  basis >= 3, 1, 1, 4000, 9000, '', convert_to(repeat(md5(id::text), {CANONICAL_BYTES // 32}), 'UTF8'), hash
from job_e.base
"""


class ProductE:
    """The contestant."""

    name = "Bulkhead: the ledger's own table, indexes and counted days"

    def setup(self, connection: Any, rows: int) -> None:
        """Make the tables as the models say, fill them, count the days, and take the selectors' statements."""
        self.connection = connection
        django_in(SCHEMA, connection.info.password)
        from django.db import connection as site

        from consent import policies
        from consent.models import LedgerDay, LedgerEntry

        with site.schema_editor() as editor:
            editor.create_model(LedgerDay)
            editor.create_model(LedgerEntry)
            for statement in policies.number_of_entries():
                if "consent_tile" not in statement:  # the sealer's table is not the job's
                    editor.execute(statement, None)
        indexes = connection.execute(
            "select indexname, indexdef from pg_indexes where schemaname = %s and tablename = 'consent_ledgerentry' "
            "and indexname like 'ledger\\_%%'",
            [SCHEMA],
        ).fetchall()
        for name, _definition in indexes:
            connection.execute(f"drop index {SCHEMA}.{name}")
        connection.execute(FILL)
        for _name, definition in indexes:
            connection.execute(definition)
        count_days()
        connection.execute("vacuum analyze consent_ledgerentry")
        connection.execute("vacuum analyze consent_ledgerday")
        self.statements = statements_of_the_selectors()
        self.weigh()

    def weigh(self) -> None:
        """Say what the indexes cost in space, beside the table."""
        table, indexes = self.connection.execute(
            "select pg_table_size('consent_ledgerentry'), pg_indexes_size('consent_ledgerentry')"
        ).fetchone()
        print(f"  consent_ledgerentry: table {table >> 20:,} MiB, indexes {indexes >> 20:,} MiB", flush=True)

    def _ask(self, question: str, **values: Any) -> list[list[tuple[Any, ...]]]:
        return [
            self.connection.execute(sql, [values.get(each, each) for each in names], prepare=True).fetchall()
            for sql, names in self.statements[question]
        ]

    def e1(self, client: int) -> tuple[list[Any], int]:
        """Six years of a client's disclosures that are accounted for."""
        (rows,) = self._ask("accounting", subject=hashlib.md5(str(client).encode()).hexdigest())
        return rows, len(rows)

    def e2(self, lo: datetime, hi: datetime, recipient: int, basis: int) -> tuple[list[Any], int]:
        """A page and the number of what went to a recipient on a ground in a period."""
        rows, _counted_to, ((number,),) = self._ask(
            "to",
            since=lo,
            until=hi,
            first=lo.date(),
            end=hi.date(),
            recipient=as_uuid(recipient),
            ground=GROUNDS[basis],
        )
        return rows, int(number or 0)

    def e3(self, lo: datetime, hi: datetime, basis: int) -> tuple[list[Any], int]:
        """The same to anybody."""
        rows, _counted_to, ((number,),) = self._ask(
            "on", since=lo, until=hi, first=lo.date(), end=hi.date(), ground=GROUNDS[basis]
        )
        return rows, int(number or 0)


def django_in(schema: str, password: str) -> None:
    """Set Django up with the job's database as the site's."""
    server = conninfo_to_dict(DSN)
    login = f"{server['user']}:{quote(os.environ['PGPASSWORD'])}@{server['host']}:{server['port']}/{server['dbname']}"
    os.environ["DATABASE_URL_CLINICAL"] = f"postgres://{login}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.clinical"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"] = {"options": f"-c search_path={schema},public"}
    django.setup()


def count_days() -> None:
    """Count the finished days as the product's task does, but for the principal that it works as."""
    from consent.models import LedgerDay
    from consent.services.ledger_days import counts_of

    LedgerDay.objects.bulk_create(
        counts_of(datetime(2020, 1, 1, tzinfo=UTC).date(), LAST.date() + timedelta(days=1))
    )


# Stand-ins, by which the values are found again in what the selectors send.
SINCE, UNTIL = datetime(2021, 3, 1, tzinfo=UTC), datetime(2021, 3, 31, tzinfo=UTC)
STANDS_FOR = {
    "the subject": "subject", "the recipient": "recipient", "the ground": "ground", SINCE: "since", UNTIL: "until",
    SINCE.date(): "first", UNTIL.date(): "end",
}  # fmt: skip
Statements = list[tuple[str, list[Any]]]


def statements_of_the_selectors() -> dict[str, Statements]:
    """What each question sends, with names where its values go."""
    from consent.selectors import ledger

    about = {"ground": "the ground", "since": SINCE, "until": UNTIL}
    to = about | {"recipient": "the recipient"}
    return {
        "accounting": sent(lambda: list(ledger.accounting_of("the subject", until=LAST))),
        "to": sent(lambda: (list(ledger.disclosures(**to)[:50]), ledger.number_of_disclosures(**to))),
        "on": sent(lambda: (list(ledger.disclosures(**about)[:50]), ledger.number_of_disclosures(**about))),
    }


def sent(ask: Any) -> Statements:
    """The statements that ``ask`` sends to the site's database."""
    from django.db import connection

    found: Statements = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, [STANDS_FOR.get(each, each) for each in params or ()]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        ask()
    return found
