"""The addresses of what is imported."""

from django.urls import path

from clinical.importing import views

urlpatterns = [path("clients/<uuid:subject_id>/health/import/", views.import_bundle, name="import_bundle")]
