"""The address of joining."""

from django.urls import path

from clinical.merging import views

urlpatterns = [path("clients/<uuid:subject_id>/join/", views.join, name="join")]
