"""Ports: kept, never somebody else's, and refused in words when they are."""

import json
import socket

import pytest

from config.local.console import GiveUp
from config.local.ports import NAMES, is_free, ports_of, wanted_ports

pytestmark = pytest.mark.side("clinical")


@pytest.fixture
def taken():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_the_second_start_has_the_ports_of_the_first(tmp_path):
    first = ports_of(tmp_path, {})

    assert ports_of(tmp_path, {}) == first
    assert len({*first.values()}) == len(NAMES)


def test_a_kept_port_that_somebody_took_is_replaced(tmp_path, taken):
    ports = ports_of(tmp_path, {})
    (tmp_path / "ports.json").write_text(json.dumps(ports | {"postgres": taken}))

    again = ports_of(tmp_path, {})

    assert again["postgres"] != taken
    assert again["clinical"] == ports["clinical"]


def test_a_port_that_was_asked_for_is_taken_over_and_kept(tmp_path):
    wanted = next(port for port in range(30_000, 31_000) if is_free(port))

    ports_of(tmp_path, {"clinical": wanted})

    assert ports_of(tmp_path, {})["clinical"] == wanted


def test_a_taken_port_is_refused_by_number(taken):
    with pytest.raises(GiveUp, match=f"Port {taken} is taken .* CLINICAL_PORT"):
        wanted_ports({"CLINICAL_PORT": str(taken)})


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80a", " ", "８０"])
def test_what_is_no_port_is_refused(text):
    with pytest.raises(GiveUp, match="POLICE_PORT"):
        wanted_ports({"POLICE_PORT": text})


def test_two_sites_on_one_port_are_refused():
    free = next(port for port in range(30_000, 31_000) if is_free(port))

    with pytest.raises(GiveUp, match="a port each"):
        wanted_ports({"CLINICAL_PORT": str(free), "POLICE_PORT": str(free)})


def test_an_empty_variable_asks_for_nothing():
    assert wanted_ports({"CLINICAL_PORT": "", "POLICE_PORT": ""}) == {}
