"""People around a client, and the household.

A person here is known by what the client or a worker said. Whether they are a client themselves is nobody's to
see from here: there is no key to another client's record, because that would be an answer to "do you know them?"
(`IDMATCH`).
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models import EncryptedTextField, Protected, ProtectedQuerySet


class HouseholdQuerySet(ProtectedQuerySet["Household"]):
    """Households by whether they are the present one."""

    def present(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_at__isnull=True)


class Household(Protected):
    """With whom the client lives, as one program knows it; a change of household is a new row."""

    class Kind(models.TextChoices):
        """What kind."""

        ALONE = "alone", "Alone"
        COUPLE = "couple", "With a partner"
        CHILDREN = "children", "With children"
        FAMILY = "family", "With other family"
        SHARED = "shared", "Shared with others"
        FACILITY = "facility", "In a shelter or facility"
        NONE = "none", "No household"

    class Head(models.TextChoices):
        """Who is the head of it, as benefits and housing ask."""

        CLIENT = "client", "The client"
        OTHER = "other", "Somebody else"
        NOBODY = "nobody", "Nobody"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    head = models.CharField(max_length=8, choices=Head.choices, default=Head.CLIENT)
    remark = EncryptedTextField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["compartment"], condition=Q(ended_at__isnull=True), name="household_once"
            )
        ]

    class Privacy:
        as_compartment = frozenset({"by", "kind", "head", "remark", "ended_at"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"household {self.pk}"


class ContactQuerySet(ProtectedQuerySet["Contact"]):
    """Contacts by whether they count."""

    def present(self) -> Self:
        """Those that nobody took off."""
        return self.filter(ended_at__isnull=True)


class Contact(Protected):
    """Somebody around the client: who, how they can be reached, and what they may know."""

    class Relation(models.TextChoices):
        """What they are to the client."""

        PARTNER = "partner", "Partner"
        PARENT = "parent", "Parent"
        CHILD = "child", "Child"
        SIBLING = "sibling", "Brother or sister"
        RELATIVE = "relative", "Other family"
        FRIEND = "friend", "Friend or neighbor"
        GUARDIAN = "guardian", "Guardian or agent"
        PROFESSIONAL = "professional", "Professional"
        OTHER = "other", "Somebody else"

    class MayKnow(models.TextChoices):
        """What may be said to them; more than nothing needs the client's word, and more than that a form."""

        NOTHING = "nothing", "Nothing, not even that we know the client"
        LOOKING = "looking", "That we look for the client"
        CONSENT = "consent", "What a signed form says"

    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="members")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = EncryptedTextField(max_length=150)
    relation = models.CharField(max_length=12, choices=Relation.choices)
    phone = EncryptedTextField(max_length=40, blank=True)
    address = EncryptedTextField(max_length=300, blank=True)
    contact_rule = EncryptedTextField(max_length=300, blank=True)
    may_know = models.CharField(max_length=8, choices=MayKnow.choices, default=MayKnow.NOTHING)
    is_for_emergencies = models.BooleanField(default=False)
    is_danger = models.BooleanField(default=False)
    is_minor = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="contact_danger_is_told_nothing",
                condition=Q(is_danger=False) | Q(may_know="nothing", is_for_emergencies=False),
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {
                "household", "by", "name", "relation", "phone", "address", "contact_rule", "may_know",
                "is_for_emergencies", "is_danger", "is_minor", "ended_at",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"contact {self.pk}"
