"""A person in care, as one legal unit knows them."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from clinical.search import index
from consent.access import Unledgered
from consent.models import EncryptedDateField, EncryptedTextField, LegalUnit, Protected, ProtectedQuerySet


class ClientQuerySet(ProtectedQuerySet["Client"]):
    """Clients, who are found by the blind index and not by what stands in their row."""

    def bulk_create(self, objs: Iterable["Client"], *args: Any, **kwargs: Any) -> list["Client"]:
        """Insert many, each with what it is found by."""
        made = super().bulk_create(objs, *args, **kwargs)
        index.write(made, is_new=True)
        return made

    def update(self, **kwargs: Any) -> int:
        """Change rows in a way that leaves what they are found by alone.

        Raises:
            Unledgered: a name, a birth date or a phone would change past the index.
        """
        if not index.INDEXED.isdisjoint(kwargs):
            raise Unledgered("a client's name would change past the index")
        return super().update(**kwargs)


class Client(Protected):
    """Somebody in care; one row for each legal unit that knows them.

    The client's opaque id is the compartment's ``subject_id``; the compartment is
    the identity of the program that first met the person.
    """

    unit = models.ForeignKey(LegalUnit, models.PROTECT, related_name="+")
    given_name = EncryptedTextField(max_length=100, blank=True)
    family_name = EncryptedTextField(max_length=100, blank=True)
    described_as = EncryptedTextField(max_length=200, blank=True)
    born_on = EncryptedDateField(blank=True)
    phone = EncryptedTextField(max_length=40, blank=True)
    contact_rule = EncryptedTextField(max_length=300, blank=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="client_is_called_something",
                condition=~Q(
                    given_name__isnull=True, family_name__isnull=True, described_as__isnull=True
                ),  # no text is NULL
            )
        ]

    class Privacy:
        as_compartment = frozenset(
            {"unit", "given_name", "family_name", "described_as", "born_on", "phone", "contact_rule"}
        )
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"client {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep the index true in the same transaction."""
        is_new, changed = self._state.adding, kwargs.get("update_fields")
        super().save(*args, **kwargs)
        if changed is None or not index.INDEXED.isdisjoint(changed):
            index.write([self], is_new=is_new)

    @property
    def subject_id(self):  # a UUID, or what the compartment holds in a test
        """The client's opaque id, the same in every compartment of this legal unit."""
        return self.compartment.subject_id

    @property
    def called(self) -> str:
        """What to call them on a screen: the name, or the description in its place."""
        return f"{self.given_name} {self.family_name}".strip() or self.described_as
