"""Addresses of time without a client."""

from django.urls import path

from clinical.worktime import views

urlpatterns = [
    path("time/", views.my_time, name="my_time"),
    path("time/take-back/", views.take_back_time, name="take_back_time"),
    path("time/sums/", views.time_sums, name="time_sums"),
    path("clients/<uuid:subject_id>/work/", views.collateral, name="collateral"),
    path(
        "clients/<uuid:subject_id>/work/take-back/", views.take_back_collateral, name="take_back_collateral"
    ),
]
