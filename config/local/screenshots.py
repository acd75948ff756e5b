"""``make screenshots``: every screen of every role at two widths, in the light and in the dark, to be looked at.

They are what the stories' `Inspector` photographs while it judges, from a demonstration that they start
themselves, on invented calls alone. The pictures and a page that shows them all lie in ``screenshots/``,
which git ignores.
"""

import os
import shutil
from html import escape
from pathlib import Path

from config.local import lanes, setup
from config.local.console import GiveUp, say
from config.local.installation import ROOT
from config.local.lanes import Part
from config.local.supervise import Stopped
from config.local.test import find_browser
from config.local.testing import test_servers

FOLDER = ROOT / "screenshots"
VIEWS = ("1280-light", "1280-dark", "390-light", "390-dark")
PART = Part(name="screenshots", minutes=13, side="clinical", paths=("tests/stories",))
SHEET = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Screenshots</title><style>
  body {{ font: 16px/1.4 system-ui, sans-serif; margin: 1.5rem; background: #e6eaee; color: #22303c; }}
  section {{ display: flex; gap: 1rem; align-items: flex-start; overflow-x: auto; padding-block: .5rem 1.5rem; }}
  img {{ height: 30rem; border: 1px solid #9aa7b3; background: #fff; }}
</style><h1>Screenshots</h1>{pages}</html>
"""


def main() -> int:
    """Take them; the exit code is that of the stories, which also judge what they photograph."""
    setup.main()
    browser = find_browser()
    if browser is None:
        raise GiveUp("There is no Chromium on this machine: install one, or name it with CHROMIUM=path")
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.environ["PYTEST"] = f"-m pictures {os.environ.get('PYTEST', '')}"
    os.environ["BULKHEAD_PICTURES"] = "1"
    os.environ["BULKHEAD_SHARED"] = str(
        FOLDER / "none"
    )  # a real corner and an invented person: never in one picture
    try:
        with test_servers() as (installation, supervisor):
            [outcome] = lanes.run(((PART,),), installation, supervisor, browser)
    except Stopped:
        return 130
    taken = sorted(FOLDER.rglob("*.png"))
    (FOLDER / "index.html").write_text(sheet(taken))
    say(f"{len(taken)} pictures; look at {(FOLDER / 'index.html').relative_to(ROOT)}")
    return 0 if outcome.passed else 1


def sheet(taken: list[Path]) -> str:
    """A page that shows all pictures, a screen a line."""
    screens: dict[str, list[Path]] = {}
    for picture in taken:
        name = str(picture.relative_to(FOLDER).with_suffix(""))
        view = next((each for each in VIEWS if name.endswith(f"-{each}")), "")
        screens.setdefault(name.removesuffix(f"-{view}"), []).append(picture)
    return SHEET.format(pages="".join(_screen(name, pictures) for name, pictures in sorted(screens.items())))


def _screen(name: str, pictures: list[Path]) -> str:
    images = "".join(
        f'<a href="{escape(str(each.relative_to(FOLDER)))}"><img loading="lazy" src="{escape(str(each.relative_to(FOLDER)))}" '
        f'alt="{escape(each.stem)}"></a>'
        for each in pictures
    )
    return f"<h2>{escape(name)}</h2><section>{images}</section>"
