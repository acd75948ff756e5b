"""The addresses of a program's page."""

from django.urls import path

from clinical.lives import views

urlpatterns = [
    path("programs/<uuid:program_id>/", views.program_page, name="program"),
    path("programs/<uuid:program_id>/hours/", views.cover, name="cover"),
    path("programs/<uuid:program_id>/hours/end/", views.end_coverage, name="end_coverage"),
]
