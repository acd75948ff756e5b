"""A post-box that ends where it begins: sealed to this side, carried by its own exchange role."""

import copy
import os
from base64 import b64decode, b64encode
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connections
from nacl.public import PrivateKey

from referrals.services import inbox

SIDE = django_settings.SIDE
# Partners, their keys and their API are the clinical side's; the police site has no table of them.
collect_ignore = [] if SIDE == "clinical" else ["test_tokens.py", "test_partner_api.py"]


@pytest.fixture
def sealed_to_ourselves(settings, tmp_path):
    """What this side sends, this side can open."""
    private = PrivateKey(b64decode(Path(settings.SEALING_KEY_FILE).read_text()))
    public = tmp_path / "public.key"
    public.write_bytes(b64encode(bytes(private.public_key)))
    settings.OTHER_SIDES_PUBLIC_KEY_FILE = str(public)


@pytest.fixture
def carriers(transactional_db, database):
    """Two connections of the exchange's role to this side's database: the sender's and the receiver's."""
    url = urlsplit(os.environ[f"DATABASE_URL_{SIDE.upper()}_EXCHANGE"])
    for alias in ("sender", "receiver"):
        own = copy.deepcopy(connections.settings["default"])
        own |= {"USER": url.username, "PASSWORD": url.password, "NAME": database.name}
        connections[alias] = type(connections["default"])(own, alias)
    yield
    for alias in ("sender", "receiver"):
        connections[alias].close()
        del connections[alias]


@pytest.fixture
def handled(monkeypatch):
    """What handlers were given, in order; the site's own handlers are out of the way."""
    monkeypatch.setattr(inbox, "_handlers", {})
    return []
