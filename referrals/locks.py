"""Advisory locks: held by a transaction, gone with it."""

from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections


def wait_for_post_of(subject_id: UUID) -> None:
    """Let one transaction at a time write about a subject, so that numbers rise in the order of commits."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"post {subject_id}"])


def got_the_round(name: str, *, using: str) -> bool:
    """May this transaction do the round, or is somebody else at it?"""
    with connections[using].cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 2))", [f"round {name}"])
        return bool(cursor.fetchone()[0])
