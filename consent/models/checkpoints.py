"""The ledger as a signed tree: checkpoints, the tiles of the tree, and what was seen of the other side's."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Checkpoint(models.Model):
    """One seal: the entries it added to the tree, and the signed size and root. Rows are only added.

    The database gives every entry a ``number``, which no model shows. ``added`` and
    ``pending`` are sets of these numbers (`consent.ledger.numbers`); the leaves of one
    checkpoint stand in the order of their numbers.
    """

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3, …
    size = models.BigIntegerField()  # entries in the tree
    high = models.BigIntegerField()  # the greatest number in the tree
    added = ArrayField(models.BigIntegerField(), default=list)
    pending = ArrayField(
        models.BigIntegerField(), default=list
    )  # below ``high``, given to somebody, not seen yet
    frontier = models.BinaryField()
    note = models.TextField()  # c2sp.org/tlog-checkpoint
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["high", "number"], name="checkpoint_high"),
            models.Index(fields=["size", "number"], name="checkpoint_size"),
        ]

    def __str__(self) -> str:
        return f"checkpoint {self.number}"


class Tile(models.Model):
    """256 hashes of one level of the tree, and the root over them; written once it is full (c2sp.org/tlog-tiles)."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()  # 0: leaves, 1: roots of level 0's tiles, …
    index = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class WitnessedCheckpoint(models.Model):
    """What this side was told of the other side's ledger in one hour: a hash and a padded size.

    The first word about an hour stands; what contradicts it, or the sizes before it, is
    kept as well, as refused. Rows are only added.
    """

    id = models.BigAutoField(primary_key=True)
    hour = models.DateTimeField()
    digest = models.CharField(max_length=64)  # SHA-256 of the checkpoint's note, hex
    padded_size = models.BigIntegerField()
    refused = models.CharField(max_length=40, blank=True)  # why; empty when it was accepted
    envelope_id = models.UUIDField(unique=True)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["hour"], condition=models.Q(refused=""), name="witnessed_once_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"witnessed {self.hour.isoformat()}"
