"""The addresses of contacts and households."""

from django.urls import path

from clinical.contacts import views

urlpatterns = [
    path("clients/<uuid:subject_id>/contacts/", views.contacts, name="contacts"),
    path("clients/<uuid:subject_id>/contacts/new/", views.add_contact, name="add_contact"),
    path("clients/<uuid:subject_id>/household/", views.household, name="household"),
    path("contacts/<uuid:contact_id>/", views.contact, name="contact"),
    path("contacts/<uuid:contact_id>/end/", views.end_contact, name="end_contact"),
]
