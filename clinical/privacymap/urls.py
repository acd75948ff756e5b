"""The map's addresses."""

from django.urls import path

from clinical.privacymap import views

urlpatterns = [
    path("clients/<uuid:subject_id>/map/", views.privacy_map, name="privacy_map"),
    path("privacy/<uuid:subject_id>/map/", views.privacy_map_desk, name="privacy_map_desk"),
]
