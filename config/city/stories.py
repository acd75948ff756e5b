"""What happens in each program, in words: call types, places, answers, notes. Nobody's story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

ANSWERS = ("agrees", "declines", "cannot", "unsafe")
# by: is it a program for victims
CONTACT_RULES: Mapping[bool, Sequence[str]] = {
    False: (
        "",
        "",
        "Mornings only",
        "Leave a message without saying who called",
        "At the drop-in, not by phone",
    ),
    True: ("Text only, never a voice message", "Call weekdays 10 to 12", "Ask for the book club"),
}


@dataclass(frozen=True, kw_only=True)
class Story:
    """What a program's encounters are made of."""

    call_types: tuple[str, ...]
    places: tuple[str, ...]
    police: tuple[str, ...]
    dispositions: tuple[str, ...]
    met: tuple[str, ...]
    said: tuple[str, ...]
    next: tuple[str, ...]
    present: tuple[str, ...] = ("family", "peer")


_STORIES = {
    "CO-RESPONSE": Story(
        call_types=("MENTAL HEALTH CRISIS", "CHECK ON WELFARE", "SUICIDE THREAT", "DISTURBANCE"),
        places=("home", "street", "public", "shelter"),
        police=("present", "available", "none"),
        dispositions=("stayed", "family", "crisis", "ed", "voluntary", "left"),
        met=(
            "Met at the door; calm, tired, hadn't slept for two nights.",
            "Pacing at first, sat down after some minutes; spoke fast, then slower.",
            "Quiet, little eye contact; answered in single words until tea was made.",
        ),
        said=(
            "Says the voices are louder since the move. Takes the tablets most days.",
            "Worried about losing the room. No plan to hurt anybody.",
            "Misses a brother who moved away; the anniversary is this week.",
        ),
        next=(
            "Agreed to a call tomorrow and a visit on Thursday.",
            "Wants a clinic that is open in the evening; list left with them.",
            "Neighbor will look in tonight. Follow-up within 72 hours.",
        ),
        present=("ems", "family", "peer"),
    ),
    "PINS": Story(
        call_types=("MEDICAL ASSIST", "FALL", "CHECK ON WELFARE"),
        places=("home", "phone"),
        police=("none",),
        dispositions=("program", "stayed"),
        met=("Home visit; stairs are the trouble, the walker stands in the hall.", "By phone; the line was clear today."),
        said=("Called 911 six times this month, mostly after falls.", "Doesn't want to move, would like a rail."),
        next=("Rail ordered; benefits form half done.", "Asked the landlord about the light on the stairs."),
    ),
    "LEAD": Story(
        call_types=("SOCIAL CONTACT", "DIVERSION OFFER"),
        places=("street", "public", "other"),
        police=("available", "none"),
        dispositions=("program", "left"),
        met=("Met at the bus station; brought coffee.", "Came to the office on time, the third week in a row."),
        said=("Wants to see the methadone clinic before the court date.", "Used once since last week and said so first."),
        next=("Intake booked with the clinic; will go along.", "Identity card first, then the housing list."),
    ),
    "POST": Story(
        call_types=("AFTER AN OVERDOSE", "OUTREACH VISIT"),
        places=("home", "hospital", "street"),
        police=("none",),
        dispositions=("program", "stayed", "left"),
        met=("Second visit after the overdose on the weekend.", "Met at the hospital an hour before discharge."),
        said=("Had buprenorphine before and would try again.", "Keeps naloxone in the kitchen now; sister knows how."),
        next=("Warm hand-off to the recovery center on Monday.", "Naloxone and test strips left; call on Friday."),
    ),
    "TSAP": Story(
        call_types=("VICTIM SUPPORT", "AFTER AN ASSAULT"),
        places=("other", "phone", "hospital"),
        police=("none", "available"),
        dispositions=("program", "family"),
        met=("Met at a place of her choosing.", "By phone, at the hour agreed on."),
        said=("Doesn't feel safe at the old address.", "Sleeps better; the hearing is what worries most."),
        next=("Safety plan gone through again; locks changed.", "Will go along to the hearing."),
    ),
    "ROOTS": Story(
        call_types=("STREET OUTREACH",),
        places=("street", "shelter", "public"),
        police=("none",),
        dispositions=("program", "left"),
        met=("Under the bridge with two others; dry, in good spirits.", "At the meal; asked for socks."),
        said=("Lost the shelter bed over the dog.", "Would take a room if the dog may come."),
        next=("On the list of a house that takes dogs.", "Clinic van comes on Wednesday; told them."),
    ),
}  # fmt: skip
RISK = (
    "Screener: thoughts yes, plan no, means no. Stayed until the sister came; safety plan written together.",
    "Screener: wished to be dead last week, not today. Pills given to the mother; call tonight at nine.",
)


def of(program: str) -> Story:
    """The program's story; the drop-in desk's is its program's."""
    return _STORIES[program.removesuffix("-DROPIN")]


def note(rng: Random, program: str, *, at_risk: bool) -> str:
    """A note of three or four sentences."""
    story = of(program)
    parts = [rng.choice(story.met), rng.choice(story.said), rng.choice(story.next)]
    return " ".join([*parts, rng.choice(RISK)] if at_risk else parts)
