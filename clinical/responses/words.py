"""The words in which a response is told; codes, the same in every program, so that models can be compared."""

from django.db import models


class Police(models.TextChoices):
    """Where the police were."""

    PRESENT = "present", "Police present"
    AVAILABLE = "available", "Police near, not in the room"
    NONE = "none", "No police"


class Role(models.TextChoices):
    """Who somebody on the scene was there as."""

    CLINICIAN = "clinician", "Social worker or clinician"
    PEER = "peer", "Peer"
    MEDIC = "medic", "Medic"
    OFFICER = "officer", "Officer"
    FIREFIGHTER = "firefighter", "Firefighter"
    MOBILE_CRISIS = "mobile_crisis", "County mobile crisis worker"
    OTHER = "other", "Somebody else"


TOGETHER = ("together", "Together")
SUPERVISOR = ("supervisor", "A supervisor")
NOBODY = ("nobody", "Nobody called")


class CalledBy(models.TextChoices):
    """How the contact came about. 988 and county mobile crisis stand apart from 911."""

    DISPATCH = "dispatch", "911 dispatch"
    POLICE = "police", "Police"
    FIRE = "fire", "Fire"
    EMS = "ems", "Medics"
    LIFELINE = "988", "988 Lifeline"
    MOBILE_CRISIS = "mobile_crisis", "County mobile crisis"
    HOSPITAL = "hospital", "Hospital or clinic"
    PROGRAM = "program", "One of our programs"
    PARTNER = "partner", "A partner agency"
    PERSON = "person", "The person"
    FAMILY = "family", "Family or friend"
    COMMUNITY = "community", "Neighbor, shop or community"
    MET = "met", "Met on the way"


class Order(models.TextChoices):
    """When we came, measured by the others."""

    FIRST = "first", "We came first"
    TOGETHER = "together", "Together with the police"
    AFTER = "after", "After others"
    SECURED = "secured", "Called in once the scene was safe"
    REMOTE = "remote", "By phone or video"


class Unit(models.TextChoices):
    """What kinds of units were there before us."""

    POLICE = "police", "Police"
    EMS = "ems", "Medics"
    FIRE = "fire", "Fire"
    MOBILE_CRISIS = "mobile_crisis", "County mobile crisis"
    OTHER = "other", "Another unit"


class Force(models.TextChoices):
    """The most that anybody used; a guiding touch is none.

    Published figures on force can't be compared without a definition, so it stands here.
    """

    NONE = "none", "None"
    SHOWN = "shown", "Threatened or a weapon shown"
    HANDS = "hands", "Held or taken down by hand"
    RESTRAINT = "restraint", "Handcuffs or restraints"
    DEVICE = "device", "Spray, stun device or baton"
    FIREARM = "firearm", "A firearm was fired"


class Injury(models.TextChoices):
    """Was the person hurt, and when?"""

    NONE = "none", "Not hurt"
    BEFORE = "before", "Hurt before anybody came"
    SELF = "self", "Hurt themselves while we were there"
    DURING = "during", "Hurt while we were there"


class Treated(models.TextChoices):
    """How badly somebody of the responders was hurt."""

    NONE = "none", "Nobody hurt"
    MINOR = "minor", "Hurt, no treatment"
    TREATED = "treated", "Treated"
    HOSPITAL = "hospital", "Taken to a hospital"


class Supply(models.TextChoices):
    """What is handed out and counted."""

    NALOXONE = "naloxone", "Naloxone kits"
    STRIPS = "strips", "Test strips"
    WOUND = "wound", "Wound care kits"
    HYGIENE = "hygiene", "Hygiene kits"
    FOOD = "food", "Food or water"
    CLOTHES = "clothes", "Clothes or blankets"
    TRANSIT = "transit", "Transit tickets"


class Petitioner(models.TextChoices):
    """Who asked for an involuntary examination (50 P.S. 7302)."""

    CLINICIAN = "clinician", "Our clinician"
    PHYSICIAN = "physician", "A physician"
    OFFICER = "officer", "An officer"
    FAMILY = "family", "Family or friend"
    DELEGATE = "delegate", "The county's delegate"
    OTHER = "other", "Somebody else"


class ExaminationOutcome(models.TextChoices):
    """What came of it."""

    REFUSED = "refused", "The county did not authorize it"
    NOT_MET = "not_met", "Examined; criteria not met"
    RELEASED = "released", "Examined and released"
    VOLUNTARY = "voluntary", "Became a voluntary stay (201)"
    ADMITTED = "admitted", "Admitted for up to 120 hours (302)"
    EXTENDED = "extended", "Extended by a hearing (303)"
    UNKNOWN = "unknown", "Could not be learned"
