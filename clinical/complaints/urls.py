"""Complaints' addresses."""

from django.urls import path

from clinical.complaints import views

urlpatterns = [
    path("complaints/", views.complaints, name="complaints"),
    path("complaints/<uuid:complaint_id>/", views.complaint, name="complaint"),
    path("complaints/<uuid:complaint_id>/owner/", views.give, name="complaint_owner"),
    path("complaints/<uuid:complaint_id>/acknowledge/", views.acknowledge, name="complaint_acknowledge"),
    path("complaints/<uuid:complaint_id>/answer/", views.answer, name="complaint_answer"),
    path("clients/<uuid:subject_id>/complaints/", views.take_down, name="take_complaint"),
]
