"""Addresses of community events and slips."""

from django.urls import path

from clinical.trauma import views

urlpatterns = [
    path("events/", views.events, name="events"),
    path("events/new/", views.new_event, name="new_event"),
    path("events/<uuid:event_id>/", views.event, name="event"),
    path("events/<uuid:event_id>/actions/", views.note_action, name="event_action"),
    path("events/<uuid:event_id>/end/", views.end_event, name="end_event"),
    path("slips/", views.slips, name="slips"),
    path("slips/new/", views.new_slip, name="new_slip"),
    path("slips/<uuid:slip_id>/", views.slip, name="slip"),
]
