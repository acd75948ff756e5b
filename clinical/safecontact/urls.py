"""The card's address."""

from django.urls import path

from clinical.safecontact import views

urlpatterns = [
    path("clients/<uuid:subject_id>/safe-contact/", views.safe_contact, name="safe_contact"),
]
