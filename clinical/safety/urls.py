"""The addresses of the safety plan."""

from django.urls import path

from clinical.safety import views

urlpatterns = [
    path("clients/<uuid:subject_id>/safety-plan/", views.safety_plan, name="safety_plan"),
    path("clients/<uuid:subject_id>/safety-plan/write/", views.write, name="write_safety_plan"),
    path("safety-plans/<uuid:plan_id>/", views.version, name="safety_plan_version"),
]
