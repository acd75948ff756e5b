"""The questions about who a person says they are, and their categories."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NOT_ASKED, DECLINED, SAID = "not_asked", "declined", "said"
STATES = ((NOT_ASKED, "Not asked"), (DECLINED, "Asked, declined"), (SAID, "The person said"))


@dataclass(frozen=True, kw_only=True)
class Trait:
    """One question; ``words`` is what the person's own words are asked for with."""

    name: str
    label: str
    ask: str
    words: str
    choices: Mapping[str, str]

    def in_words(self, answer: Mapping[str, Any]) -> str:
        """An answer as people read it."""
        state = answer.get("state", NOT_ASKED)
        if state != SAID:
            return "Declined to say" if state == DECLINED else "Not asked"
        chosen = [self.choices.get(code, code) for code in answer.get("chosen", ())]
        own = answer.get("words", "")
        return "; ".join(part for part in (f"“{own}”" if own else "", ", ".join(chosen)) if part)


TRAITS = (
    Trait(
        name="race_ethnicity",
        label="Race and ethnicity",
        ask="What is your race or ethnicity? As many as apply.",
        words="In the person's own words, for example German, Jamaican, Cherokee Nation",
        choices={  # OMB Statistical Policy Directive No. 15 (2024), in its order
            "aian": "American Indian or Alaska Native",
            "asian": "Asian",
            "black": "Black or African American",
            "hispanic": "Hispanic or Latino",
            "mena": "Middle Eastern or North African",
            "nhpi": "Native Hawaiian or Pacific Islander",
            "white": "White",
        },
    ),
    Trait(
        name="gender",
        label="Gender",
        ask="How do you describe your gender?",
        words="In the person's own words, with pronouns if they say them",
        choices={
            "woman": "Woman",
            "man": "Man",
            "nonbinary": "Nonbinary",
            "transgender": "Transgender",
            "two_spirit": "Two-Spirit",
            "questioning": "Questioning",
        },
    ),
    Trait(
        name="language",
        label="Language",
        ask="Which language do you want us to speak and write?",
        words="The language as the person names it",
        choices={
            "en": "English",
            "es": "Spanish",
            "ase": "American Sign Language",
            "ar": "Arabic",
            "zh": "Chinese",
            "ne": "Nepali",
            "ru": "Russian",
            "so": "Somali",
            "sw": "Swahili",
            "uk": "Ukrainian",
            "uz": "Uzbek",
            "vi": "Vietnamese",
            "interpreter": "Wants an interpreter",
        },
    ),
    Trait(
        name="disability",
        label="Disability",
        ask="Is anything hard for you that we should know of?",
        words="In the person's own words, and what helps",
        choices={  # the six of the American Community Survey
            "hearing": "Hearing",
            "seeing": "Seeing",
            "remembering": "Remembering or concentrating",
            "walking": "Walking or stairs",
            "self_care": "Dressing or bathing",
            "errands": "Errands alone",
            "none": "None of these",
        },
    ),
)
