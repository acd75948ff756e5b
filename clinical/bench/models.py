"""Questions that the desk keeps."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class BenchScenario(models.Model):
    """A made-up question under a name.

    Not behind the one door, because it is about no client: every part but name and note comes
    from closed lists, and the page says that nothing about a person belongs into those two.
    Only the desk's roles come to the pages that read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    note = models.TextField(max_length=1000, blank=True)
    question = models.JSONField()  # as a scenario of `manage.py decide`, with its determinations
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(name="bench_scenario_has_a_name", condition=~Q(name=""))]
        indexes = [models.Index(fields=["-created_at", "-id"], name="bench_scenario_newest")]

    def __str__(self) -> str:
        return f"bench scenario {self.pk}"
