"""The line on desk pages about somebody out alone who needs help; `{% load alarms %}`."""

from typing import Any

from django import template

from clinical.roles import ANSWER_FOR_SAFETY

register = template.Library()


@register.inclusion_tag("clinical/field/_alarm_place.html", takes_context=True)
def alarm_place(context: dict[str, Any]) -> dict[str, Any]:
    """Where the line will stand, for those who answer: the page asks for it by itself, once it is there."""
    return {"answers": not set(context["roles"]).isdisjoint(ANSWER_FOR_SAFETY)}
