"""Addresses of taking, showing, copying and taking back a consent."""

from django.urls import path

from clinical.consents import register, views

urlpatterns = [
    path("clients/<uuid:subject_id>/consents/", views.take_consent, name="take_consent"),
    path("clients/<uuid:subject_id>/consents/all/", register.consents, name="consents"),
    path("consents/<uuid:consent_id>/", views.consent_page, name="consent"),
    path("consents/<uuid:consent_id>/copy/", register.copy, name="consent_copy"),
    path("consents/<uuid:consent_id>/paper/", register.add_paper, name="consent_add_paper"),
    path("consents/papers/<uuid:paper_id>/", register.paper, name="consent_paper"),
    path("consents/<uuid:consent_id>/take-back/", views.take_back, name="take_back"),
    path("limits/<uuid:limit_id>/end/", register.end_limit, name="end_limit"),
]
