"""The ways to reach somebody."""

from django.db import models


class Way(models.TextChoices):
    """A way in which a message may come to somebody."""

    CALL = "call", "Phone call"
    VOICE = "voice", "Voice message"
    TEXT = "text", "Text message"
    MAIL = "mail", "Letter"
    EMAIL = "email", "E-mail"
    VISIT = "visit", "Visit at home"
    STREET = "street", "In the street or at a site"
    OTHER = "other", "Through somebody they trust"
