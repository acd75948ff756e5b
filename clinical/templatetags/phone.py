"""What a page tells the phone that shows it, and the number of a form; `{% load phone %}`."""

import json
from typing import Any
from uuid import uuid4

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinical.encounters.models import Encounter
from clinical.field.phones import owner_tag
from clinical.roles import CARE_TEAM

register = template.Library()


def opened(encounter: Encounter) -> str:
    """The one thing by which a phone tells tonight's encounters apart: when each was opened."""
    return timezone.localtime(encounter.opened_at).strftime("%H:%M")


@register.inclusion_tag("clinical/field/_phone.html", takes_context=True)
def phone(context: dict[str, Any]) -> dict[str, Any]:
    """Whose phone it is; for the care team also where it sends what it kept, and tonight's encounters."""
    user = context["request"].user
    is_in_the_field = user.is_authenticated and not set(context["roles"]).isdisjoint(CARE_TEAM)
    tonight = context.get("tonight")
    encounter = context.get("encounter")
    keeps = encounter is not None and context.get("may_write") and encounter.left_at is None
    return {
        "owner": owner_tag(user) if user.is_authenticated else "",
        "is_in_the_field": is_in_the_field,
        "tonight": ""
        if tonight is None
        else json.dumps([{"id": str(e.pk), "opened": opened(e)} for e in tonight]),
        "encounter": encounter.pk if keeps and is_in_the_field else "",
        "opened": opened(encounter) if keeps else "",
    }


@register.simple_tag
def number() -> SafeString:
    """The form's own number: whatever is sent twice under it is done once."""
    return format_html('<input type="hidden" name="parcel" value="{}">', uuid4())
