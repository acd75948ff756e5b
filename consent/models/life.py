"""When a client was born and died, as far as grants and decisions go by it."""

from datetime import date
from uuid import UUID

from django.db import models

from consent.models.encrypted import EncryptedDateField
from consent.models.protected import Protected, ProtectedQuerySet


class LifeDates(Protected):
    """The birth date decides who may sign a form; one row for each compartment that says who somebody is.

    Cites: 45 CFR 164.502(f), (g)(3); 42 CFR 2.14, 2.15; 35 P.S. 10101.1.
    """

    subject_id = models.UUIDField()
    born_on = EncryptedDateField(blank=True)
    died_on = EncryptedDateField(blank=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["compartment"], name="life_dates_once")]
        indexes = [models.Index(fields=["subject_id"], name="life_dates_subject")]

    class Privacy:
        as_compartment = frozenset({"subject_id", "born_on", "died_on"})
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"life dates {self.pk}"

    @classmethod
    def of(cls, subject_id: UUID) -> tuple[date | None, date | None]:
        """``(born on, died on)`` as the asker may know them; of two that differ, the later birth and earlier death.

        Whoever may be a minor is taken for one, and the dead sign nothing.
        """
        rows = list(cls.objects.filter(subject_id=subject_id))
        born = [each.born_on for each in rows if each.born_on]
        died = [each.died_on for each in rows if each.died_on]
        return max(born, default=None), min(died, default=None)
