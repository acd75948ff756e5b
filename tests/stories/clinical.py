"""What a social worker does on the clinical site, step by step."""

from dataclasses import dataclass
from typing import Any

from tests.stories.demonstration import Demonstration
from tests.stories.hand import Finger, sign_on
from tests.stories.police import Call


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is typed in a story about its client: none of it may appear anywhere else."""

    given: str
    family: str
    born: str
    phone: str
    note: str
    needs: str
    message: str

    @property
    def telling(self) -> tuple[str, ...]:
        """The words that would give the client away."""
        return (self.given, self.family, self.phone, self.note, self.needs, self.message)


def see_the_card_arrive(page: Any, demonstration: Demonstration, call: Call) -> None:
    """Look at *Tonight* until the call's card is there."""

    def arrived() -> bool:
        page.goto(demonstration.url("clinical", "/tonight/"))
        return card(page, call).count() > 0

    demonstration.until(arrived, f"no card for `{call.address}` arrived")


def card(page: Any, call: Call) -> Any:
    """The newest card of the call, on *Tonight*."""
    return page.locator(".card--new").filter(has_text=call.place)


def open_the_encounter(page: Any, call: Call) -> str:
    """Open the card and, from it, the encounter; its address."""
    finger = Finger(page)
    finger.go(card(page, call).locator("a"))
    finger.go("main button:has-text('Open encounter')")
    page.wait_for_url("**/encounters/*/**")
    return str(page.url).partition("#")[0]


def introduce_roles(page: Any, answer: str = "agrees") -> None:
    """Say who one is, and keep the answer."""
    finger = Finger(page)
    finger.go("main a.step:has-text('Introduce yourself')")
    finger.go(f"button[name=answer][value={answer}]")


def write_note(page: Any, words: Words) -> str:
    """Write a note; the words of the compartment that the page showed for it."""
    form = page.locator(".note-form")
    shown: str = form.locator(".compartment-panel__head").inner_text()
    page.fill(".note-form [name=body]", words.note)
    Finger(page).go(form.locator("button:has-text('Keep the note')"))
    return shown


def say_who_they_are(page: Any, encounter: str, words: Words) -> None:
    """Write down name, birth date and phone."""
    page.goto(encounter)
    Finger(page).go("main a:has-text('Who they are')")
    page.fill("[name=given_name]", words.given)
    page.fill("[name=family_name]", words.family)
    page.fill("[name=born_on]", words.born)
    page.fill("[name=phone]", words.phone)
    Finger(page).go("main button:has-text('Save')")


def take_consent(
    page: Any, encounter: str, partner: str, *, kinds: tuple[str, ...], by_finger: bool = True
) -> str:
    """Take a written consent in four steps; the address of the signed form.

    ``by_finger`` signs on the sheet; otherwise the name is typed before a witness.
    """
    finger = Finger(page)
    page.goto(encounter)
    finger.go("main a:has-text('Take a consent')")
    finger.tap(f"label:has-text('{partner}')")
    finger.go("button:has-text('Next')")
    for kind in kinds:
        finger.tap(f"label:has-text('{kind}')")
    finger.go("button:has-text('Next')")
    finger.tap("label:has-text('To treat me or help me')")
    finger.tap("label:has-text('90 days')")
    finger.go("button:has-text('Next')")
    finger.tap("label:has([name=capacity])")
    finger.tap("label:has([name=copy_offered])")
    if by_finger:
        sign_on(page)
    else:
        _sign_before_a_witness(page)
    finger.go("button:has-text('Sign and open')")
    page.wait_for_url("**/consents/*/")
    return str(page.url)


def _sign_before_a_witness(page: Any) -> None:
    Finger(page).tap("summary:has-text('Sign by typing')")
    page.fill("[name=signature_typed]", "Signed by the client")
    page.fill("[name=signature_witness]", "Wanda Witness")


def refer_to_partner(page: Any, encounter: str, partner: str, words: Words) -> str:
    """See what would go, write what they should know, and send it; the referral's address."""
    finger = Finger(page)
    page.goto(encounter)
    finger.go("main a:has-text('Refer to a partner')")
    finger.go(f"main a:has-text('{partner}')")
    if page.locator("[name=needs]").count():
        page.fill("[name=needs]", words.needs)
    page.fill("[name=message]", words.message)
    finger.go("main button:has-text('Send')")
    page.wait_for_url("**/referrals/*/")
    return str(page.url)


def take_back(page: Any, consent: str, how: str) -> None:
    """Take a consent back, as the client said."""
    finger = Finger(page)
    page.goto(consent)
    finger.go("main a:has-text('Take back')")
    finger.tap(f"label:has-text('{how}')")
    finger.go("main button:has-text('Take back now')")
    page.wait_for_url(consent)
