"""Passwords of an installation's demo accounts, and the file that tells the demo about them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from config.city.people import Person
from config.passphrases import passphrase
from consent.models import Principal


def seed_file(state: Path) -> Path:
    """Where the accounts of this side stand, for the demo to print."""
    return state / f"seed-{settings.SIDE}.json"


def give_passwords(people: Iterable[Person]) -> dict[str, Any]:
    """A new password for everybody: the demo accounts by role, their colleagues by username."""
    accounts: dict[str, dict[str, str]] = {}
    colleagues: dict[str, dict[str, str]] = {}
    for person in people:
        principal = Principal.objects.get(username=person.username)
        password = passphrase()
        principal.set_password(password)
        principal.save(update_fields=["password"])
        known = {"username": person.username, "password": password, "side": settings.SIDE}
        if person.account_of:
            accounts[person.account_of] = known
        else:
            colleagues[person.username] = known
    return {"accounts": accounts, "colleagues": colleagues}


def write_seed_file(content: Mapping[str, Any], state: Path) -> None:
    """Write the file whole or not at all, for its owner alone: it has passwords in it."""
    file = seed_file(state)
    draft = file.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.chmod(0o600)
    draft.write_text(json.dumps(content, indent=1) + "\n")
    draft.replace(file)
