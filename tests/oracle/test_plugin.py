"""A leak in a sink fails the session, whatever its tests said."""

from types import SimpleNamespace

import pytest

from tests.oracle.plugin import CanaryOracle

TOKEN = "CNRYPPPPLLLLUUUU"  # planted by nobody: one more reason to fail


@pytest.fixture
def watching(monkeypatch):
    oracle = CanaryOracle()
    monkeypatch.setattr("tests.oracle.plugin.planted", SimpleNamespace(by_token={}, by_surname={}))
    return oracle


def test_a_leak_fails_the_session_and_is_told(watching):
    session, lines = SimpleNamespace(exitstatus=pytest.ExitCode.OK), []
    watching.sinks.catch("logs", f"saw {TOKEN}".encode())

    watching.pytest_sessionfinish(session)
    watching.pytest_terminal_summary(SimpleNamespace(write_line=lambda line, **_: lines.append(line)))

    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED
    assert lines == [f"LEAK: logs holds token {TOKEN} of ?/?/?"]


def test_a_session_without_a_leak_passes(watching):
    session = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    watching.sinks.catch("logs", b"saw client 4711")

    watching.pytest_sessionfinish(session)

    assert session.exitstatus == pytest.ExitCode.OK


@pytest.mark.django_db
@pytest.mark.urls("tests.oracle.urls")
def test_every_answer_of_a_test_client_is_looked_into(request, client):
    watching = request.config.pluginmanager.get_plugin("canary-oracle")
    before = watching.answers.answers

    client.get("/from_memory/")

    assert watching.answers.answers == before + 1


@pytest.mark.django_db
@pytest.mark.urls("tests.oracle.urls")
def test_every_answer_of_an_api_client_is_looked_into(request):
    from rest_framework.test import APIClient

    watching = request.config.pluginmanager.get_plugin("canary-oracle")
    before = watching.answers.answers

    APIClient().get("/from_memory/")

    assert watching.answers.answers == before + 1
