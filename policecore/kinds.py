"""What a call is about."""

from django.db import models


class Kind(models.TextChoices):
    """What a call is about, in words that every city's call types are sorted into."""

    CRISIS = "crisis", "Person in crisis"
    OVERDOSE = "overdose", "Overdose or intoxication"
    WELFARE = "welfare", "Welfare check"
    FALL = "fall", "Fall"
    VICTIM = "victim", "Somebody hurt or threatened"
    MEDICAL = "medical", "Medical"
    DISTURBANCE = "disturbance", "Disturbance"
    TRAFFIC = "traffic", "Traffic"
    FIRE = "fire", "Fire"
    OTHER = "other", "Other"
