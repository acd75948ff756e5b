"""The addresses of triage."""

from django.urls import path

from policecore.triage import views

urlpatterns = [
    path("triage/", views.waiting, name="triage_list"),
    path("triage/counts/", views.counts, name="triage_counts"),
    path("incidents/<uuid:incident_id>/triage/", views.triage, name="triage"),
    path("incidents/<uuid:incident_id>/reclassify/", views.reclassify, name="reclassify"),
]
