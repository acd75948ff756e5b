"""The mutation report: every module of the engine and the law is in it, and every reason belongs to one."""

import re
import tomllib

from tests.mutants.__main__ import MODULES
from tests.mutants.report import PAGE, REASONS
from tests.shared_data import REPOSITORY

CITATIONS_ALONE = {"consent.law.gates"}


def test_faults_are_put_into_every_module_of_the_engine_and_the_law():
    files = [file for name in ("engine", "law") for file in (REPOSITORY / "consent" / name).glob("*.py")]
    named = {
        f"consent.{file.parent.name}.{file.stem}".removesuffix(".__init__")
        for file in files
        if file.read_text(encoding="utf-8").strip()
    }

    assert set(MODULES) == named - CITATIONS_ALONE
    assert re.findall(r"^\| `(consent\.[\w.]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == list(
        MODULES
    )


def test_every_reason_belongs_to_a_module_and_says_something():
    reasons = tomllib.loads(REASONS.read_text(encoding="utf-8"))

    assert set(reasons) <= set(MODULES)
    assert all(len(why) > 20 for told in reasons.values() for why in told.values())
