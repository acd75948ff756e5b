"""A person in care, as one legal unit knows them."""

from typing import Self

from django.db import models
from django.db.models import Q

from consent.models import LegalUnit, Protected, ProtectedQuerySet


class ClientQuerySet(ProtectedQuerySet["Client"]):
    """Clients by what is known of them."""

    def named_like(self, text: str) -> Self:
        """Those whose name or description holds every word of ``text``."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(given_name__icontains=word)
                | Q(family_name__icontains=word)
                | Q(described_as__icontains=word)
            )
        return found


class Client(Protected):
    """Somebody in care; one row for each legal unit that knows them.

    The client's opaque id is the compartment's ``subject_id``; the compartment is
    the identity of the program that first met the person.
    """

    unit = models.ForeignKey(LegalUnit, models.PROTECT, related_name="+")
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    described_as = models.CharField(max_length=200, blank=True)
    born_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    contact_rule = models.CharField(max_length=300, blank=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="client_is_called_something",
                condition=~Q(given_name="", family_name="", described_as=""),
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {"unit", "given_name", "family_name", "described_as", "born_on", "phone", "contact_rule"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"client {self.pk}"

    @property
    def subject_id(self):  # a UUID, or what the compartment holds in a test
        """The client's opaque id, the same in every compartment of this legal unit."""
        return self.compartment.subject_id

    @property
    def called(self) -> str:
        """What to call them on a screen: the name, or the description in its place."""
        return f"{self.given_name} {self.family_name}".strip() or self.described_as
