"""The addresses of screenings."""

from django.urls import path

from clinical.instruments import views

urlpatterns = [
    path("clients/<uuid:subject_id>/screenings/", views.screenings, name="screenings"),
    path("clients/<uuid:subject_id>/screenings/<slug:slug>/", views.run, name="run_screening"),
    path("screenings/<uuid:screening_id>/", views.screening_page, name="screening"),
    path("screenings/<uuid:screening_id>/strike/", views.strike, name="strike_screening"),
]
