"""The addresses of documents."""

from django.urls import path

from clinical.documents import views

urlpatterns = [
    path("clients/<uuid:subject_id>/documents/", views.documents, name="documents"),
    path("clients/<uuid:subject_id>/documents/new/", views.add_document, name="add_document"),
    path("documents/<uuid:document_id>/", views.document, name="document"),
    path("documents/<uuid:document_id>/file/", views.paper, name="document_file"),
    path("documents/<uuid:document_id>/strike/", views.strike, name="strike_document"),
]
