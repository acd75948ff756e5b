"""What each process is told: its own side's, and nothing that opens the other."""

from pathlib import Path

import pytest

from config.local import environment
from config.local.environment import OTHER
from config.local.installation import Installation
from config.local.keys import SIDES, keys_of
from config.local.ports import NAMES

pytestmark = pytest.mark.side("clinical")


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(
        state=tmp_path, ports=dict(zip(NAMES, range(21_000, 22_000), strict=False)), keys=keys_of(tmp_path)
    )


def secrets_of(installation: Installation, side: str) -> set[str]:
    """Every password and private key file of a side."""
    passwords = {
        word
        for name, word in installation.keys.passwords.items()
        if name.partition("_")[0] == side or name.endswith(f"_{side}")
    }
    return passwords | {
        str(installation.keys.file(kind, side)) for kind in ("principal", "pseudonym", "sealing", "wrapping")
    }


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("of", [environment.of_site, environment.of_owner, environment.of_tests])
def test_a_side_is_told_no_secret_of_the_other(side, of, installation):
    told = "\n".join(of(installation, side).values())

    assert not [secret for secret in secrets_of(installation, OTHER[side]) if secret in told]
    assert [secret for secret in secrets_of(installation, side) if secret in told]


@pytest.mark.parametrize("side", SIDES)
def test_a_site_is_told_one_login_only(side, installation):
    told = environment.of_site(installation, side)

    assert [name for name in told if name.startswith("DATABASE_URL")] == [f"DATABASE_URL_{side.upper()}"]
    assert f"://{side}_app:" in told[f"DATABASE_URL_{side.upper()}"]
    assert "BULKHEAD_AS" not in told
    assert f"://{side}_keys:" in told["KEYS_URL"]
    assert "KEYS_URL_OWNER" not in told


def test_the_exchange_is_told_no_key_and_no_other_login(installation):
    told = environment.of_exchange(installation)

    assert {name for name in told if name.partition("_")[0] in ("DATABASE", "BROKER")} == {
        "DATABASE_URL_CLINICAL_EXCHANGE",
        "DATABASE_URL_POLICE_EXCHANGE",
        "BROKER_URL_EXCHANGE",
    }
    assert not [name for name in told if "KEY" in name or "SEALING" in name]


def test_a_credential_of_the_shell_reaches_nobody(installation, monkeypatch):
    monkeypatch.setenv("DATABASE_URL_CLINICAL_OWNER", "planted")

    assert "planted" not in environment.of_site(installation, "police").values()
    assert "planted" not in environment.of_site(installation, "clinical").values()
    assert "planted" not in environment.of_exchange(installation).values()


def test_keys_are_made_once_and_are_their_owners(tmp_path):
    first = keys_of(tmp_path)
    before = {file.name: file.read_bytes() for file in first.folder.iterdir()}

    keys_of(tmp_path)

    assert {file.name: file.read_bytes() for file in first.folder.iterdir()} == before
    assert {oct(file.stat().st_mode & 0o777) for file in first.folder.iterdir()} == {"0o600"}
    assert len(set(first.passwords.values())) == len(first.passwords)
