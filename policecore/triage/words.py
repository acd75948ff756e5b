"""The words of triage."""

from django.db import models


class Answer(models.TextChoices):
    """Not known is an answer of its own, and never taken for a no."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not known"


class Route(models.TextChoices):
    """Who answers the call."""

    DIVERSION = "diversion", "Call diversion"
    COMMUNITY = "community", "Community team"
    CO_RESPONSE = "co-response", "Co-response"
    COMMITMENT = "commitment", "Involuntary-commitment team"
    PATROL = "patrol", "Patrol"


# The routes on which no police go.
WITHOUT_POLICE = (Route.DIVERSION, Route.COMMUNITY)
QUESTIONS = {
    "weapon": "Is a weapon there?",
    "threat": "Does somebody threaten others?",
    "self_harm": "Has the person hurt themselves, or are they about to?",
    "medical": "Does anybody need medical help?",
    "commitment": "Was an involuntary examination (302) authorized or asked for?",
}
