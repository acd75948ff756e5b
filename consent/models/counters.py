"""How many rows of a kind each compartment holds; written by triggers alone (`consent.counting`)."""

from django.db import models
from django.db.models import Q

from consent.models.compartments import Compartment


class Counter(models.Model):
    """The number of rows of one protected table in one compartment, exact in every transaction."""

    pk = models.CompositePrimaryKey("kind", "compartment_id")
    # the database's own key is the composite one of `consent.counting`, which keeps the scope true as well
    compartment = models.ForeignKey(
        Compartment, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=63)  # the table's name
    scope_key = models.SmallIntegerField()
    records = models.IntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(name="counter_counts", condition=Q(records__gte=0))]
        indexes = [models.Index(fields=["scope_key", "compartment"], name="counter_scope")]

    def __str__(self) -> str:
        return f"counter of {self.kind}"
