"""The picture of the README: ``python -m tests.stories.picture`` makes ``docs/screenshot.png``.

It plays on invented calls alone: a real corner and an invented person don't belong in
one picture.
"""

import base64
import shutil
from typing import Any

from config.local.console import say
from config.local.installation import ROOT
from tests.stories import clinical, police
from tests.stories.clinical import Words
from tests.stories.demonstration import Demonstration, new_folder
from tests.stories.hand import PHONE, open_browser

PICTURE = ROOT / "docs" / "screenshot.png"
MOST_BYTES = 400_000
HEIGHT = 1010  # down to the note
SCREEN = {"width": 1120, "height": HEIGHT}
WORDS = Words(
    given="Juniper",
    family="Holloway",
    born="1979-05-17",
    phone="412-555-0164",
    note=(
        "Sat with her on the front steps until her breathing slowed. Sleeps little since the move. "
        "Would like somebody to go along to a first appointment."
    ),
    needs="",
    message="",
)
SHEET = """<!DOCTYPE html><title>Bulkhead</title><style>
  body {{ margin: 0; padding: 40px; display: inline-flex; gap: 40px; background: #e6eaee;
          font: 600 20px/1.4 system-ui, sans-serif; color: #22303c; }}
  figure {{ margin: 0; }}
  figcaption {{ margin-block-end: 14px; }}
  img {{ display: block; border-radius: 12px; box-shadow: 0 4px 24px rgb(20 40 60 / .28); }}
</style>
<figure><figcaption>What the officer reads afterwards</figcaption><img src="{police}" width="390"></figure>
<figure><figcaption>What the social worker works with</figcaption><img src="{clinical}" width="1120"></figure>"""


def main() -> None:
    """Start a demonstration, play the beginning of the story, and take the picture."""
    folder = new_folder()
    running = Demonstration(folder / "state")
    try:
        running.start()
        with open_browser() as browser:
            PICTURE.write_bytes(compose(browser, *photograph(browser, running)))
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)
    say(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1000} kB")
    if PICTURE.stat().st_size > MOST_BYTES:
        raise SystemExit(f"the picture is larger than {MOST_BYTES // 1000} kB")


def photograph(browser: Any, running: Demonstration) -> tuple[bytes, bytes]:
    """The officer's page, and the encounter that came of it."""
    officer = browser.new_context(viewport=PHONE | {"height": HEIGHT}, has_touch=True).new_page()
    worker = browser.new_context(viewport=SCREEN, has_touch=True).new_page()
    running.sign_in(officer, "officer")
    running.sign_in(worker, "social worker")
    call = police.find_a_call(officer, running, "Person in crisis")
    police.refer_in_words(
        officer, call, reason="mental_health_concern_observed", person="Woman, forties, green coat",
        contact="On the front steps", safety="A stair without light",
    )  # fmt: skip
    sent = police.newest_referral(officer, running)
    running.until(lambda: police.word_of(officer, running, sent) == "Received", "it was never received")
    clinical.see_the_card_arrive(worker, running, call)
    encounter = clinical.open_the_encounter(worker, call)
    clinical.introduce_roles(worker)
    clinical.write_note(worker, WORDS)
    clinical.say_who_they_are(worker, encounter, WORDS)
    worker.goto(encounter)
    return officer.screenshot(), worker.screenshot()


def compose(browser: Any, *pictures: bytes) -> bytes:
    """Both pages on one sheet."""
    shown = [f"data:image/png;base64,{base64.b64encode(each).decode()}" for each in pictures]
    page = browser.new_page(viewport={"width": 1640, "height": 1100})
    page.set_content(SHEET.format(police=shown[0], clinical=shown[1]))
    sheet: bytes = page.locator("body").screenshot()
    return sheet


if __name__ == "__main__":
    main()
