"""The line about emergency access that stands on every clinical page; `{% load emergency %}`."""

from typing import Any

from django import template
from django.utils import timezone

from clinical.emergency.reminder import remembered
from clinical.roles import RATE_READERS
from consent import access
from consent.models import EmergencyAlarm

register = template.Library()


@register.inclusion_tag("clinical/emergency/_reminder.html", takes_context=True)
def emergency_line(context: dict[str, Any]) -> dict[str, Any]:
    """What is open to the signed-in principal, from their session; for a privacy officer, whether an alarm waits."""
    request = context["request"]
    watches = access.current_or_none() is not None and not set(context["roles"]).isdisjoint(RATE_READERS)
    alarms = watches and EmergencyAlarm.objects.filter(acknowledged_at__isnull=True).exists()
    return {"open": remembered(request, timezone.now()), "alarms": alarms}
