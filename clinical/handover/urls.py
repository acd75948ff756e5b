"""The addresses of care teams."""

from django.urls import path

from clinical.handover import views

urlpatterns = [
    path("clients/<uuid:subject_id>/team/", views.team, name="team"),
    path("clients/<uuid:subject_id>/team/<slug:program>/join/", views.join_team, name="join_team"),
    path("clients/<uuid:subject_id>/team/<slug:program>/hand-over/", views.hand_over, name="hand_over"),
    path("clients/<uuid:subject_id>/team/<uuid:assignment_id>/leave/", views.leave_team, name="leave_team"),
]
