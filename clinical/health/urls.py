"""The addresses of coded facts."""

from django.urls import path

from clinical.health import care, views

urlpatterns = [
    path("clients/<uuid:subject_id>/health/", views.health, name="health"),
    path("clients/<uuid:subject_id>/health/add/", views.add_fact, name="add_fact"),
    path("clients/<uuid:subject_id>/health/hiv-care/", care.hiv_care, name="hiv_care"),
    path("health/diagnoses/", views.diagnoses, name="diagnoses"),
    path("health/<uuid:fact_id>/", views.fact_page, name="health_fact"),
    path("health/<uuid:fact_id>/end/", views.end_fact, name="end_fact"),
    path("health/<uuid:fact_id>/strike/", views.strike_fact, name="strike_fact"),
]
