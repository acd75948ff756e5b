"""What README.md and docs/ name is there: files, commands, targets of make, links."""

import re
from collections.abc import Iterator

import pytest
from django.core.management import get_commands

from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.side("clinical")
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
TOP = ("config", "consent", "referrals", "clinical", "policecore", "tests", "docs", ".ci")
PATH = re.compile(rf"`((?:{'|'.join(map(re.escape, TOP))})/[\w./-]*)`")
COMMANDS_OF_THE_POLICE_SIDE = {"import_cad"}


def named(pattern: str | re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """``(page, what it names)`` for each place that matches."""
    for page in PAGES:
        for found in re.findall(pattern, page.read_text()):
            yield page.name, found


def test_every_file_and_folder_that_a_page_names_is_there():
    roots = (REPOSITORY, REPOSITORY / "tests")  # the threat model speaks of tests only
    missing = [
        (page, path) for page, path in named(PATH) if not any((root / path).exists() for root in roots)
    ]

    assert not missing
    assert sum(1 for _ in named(PATH)) > 10


def test_every_test_that_the_threat_model_names_is_there():
    text = (REPOSITORY / "docs" / "threat-model.md").read_text()
    tests = re.findall(r"`(\w+/test_\w+\.py)`", text)

    assert len(tests) > 15
    assert not [test for test in tests if not (REPOSITORY / "tests" / test).is_file()]


def test_every_command_that_a_page_names_is_there():
    known = set(get_commands()) | COMMANDS_OF_THE_POLICE_SIDE
    for command in COMMANDS_OF_THE_POLICE_SIDE:
        assert (REPOSITORY / "policecore/management/commands" / f"{command}.py").is_file()

    assert not [(page, name) for page, name in named(r"manage\.py ([a-z_]+)") if name not in known]


def test_every_target_of_make_that_a_page_names_is_there():
    targets = set(re.findall(r"^([a-z -]+):(?!=)", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    targets = {target for line in targets for target in line.split()}

    assert not [(page, name) for page, name in named(r"`make ([a-z-]+)") if name not in targets]


def test_every_link_between_pages_leads_somewhere():
    broken = []
    for page in PAGES:
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text()):
            file, _, place = link.partition("#")
            target = page.parent / file if file else page
            if not target.is_file() or (place and place not in places(target.read_text())):
                broken.append((page.name, link))

    assert not broken


def places(text: str) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}
