"""The servers of one state folder, with the sides' roles and databases in them."""

import psycopg

from config.local import roles, valkey
from config.local.environment import database_url
from config.local.installation import Installation
from config.local.keys import BROKERS, SIDES
from config.local.postgres import Postgres
from config.local.supervise import Supervisor


def start_servers(supervisor: Supervisor, installation: Installation, *, for_tests: bool) -> None:
    """Start PostgreSQL and the queues, and see to it that roles and databases are there."""
    cluster = Postgres(
        installation.state,
        installation.ports["postgres"],
        durable=not for_tests,
        log=installation.log("postgres"),
    )
    cluster.prepare()
    cluster.end_leftover()
    supervisor.start(cluster.service())
    for queue in BROKERS:
        supervisor.start(valkey.service(installation, queue))
    supervisor.wait_until_ready("postgres", *(f"valkey_{queue}" for queue in BROKERS))
    _build(cluster, installation, for_tests=for_tests)


def _build(cluster: Postgres, installation: Installation, *, for_tests: bool) -> None:
    with cluster.admin() as admin:
        roles.close_the_house(admin)
        for side in SIDES:
            roles.create_roles(admin, side, installation.keys.passwords, owner_creates_databases=for_tests)
            roles.create_database(admin, side, side)
            roles.create_keys_database(admin, side)
    for side in SIDES:
        with psycopg.connect(database_url(installation, side, "owner"), connect_timeout=3) as owner:
            roles.grant_defaults(owner, side)
