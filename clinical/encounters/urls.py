"""The addresses of an encounter's forms about the response."""

from django.urls import path

from clinical.encounters import scene_views

urlpatterns = [
    path("encounters/<uuid:encounter_id>/response/", scene_views.response, name="response"),
    path("encounters/<uuid:encounter_id>/outcome/", scene_views.outcome, name="outcome"),
    path("encounters/<uuid:encounter_id>/officer/", scene_views.officer_released, name="officer_released"),
    path("encounters/<uuid:encounter_id>/examination/", scene_views.examination, name="examination"),
]
