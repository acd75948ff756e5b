"""The addresses of lowered labels."""

from django.urls import path

from clinical.lowering import views

urlpatterns = [
    path("labels/", views.lowerings, name="lowerings"),
    path("labels/<uuid:lowering_id>/", views.lowering, name="lowering"),
    path("labels/<uuid:lowering_id>/take-back/", views.take_back_lowering, name="take_back_lowering"),
    path("labels/<uuid:record_id>/<slug:record>/ask/", views.ask_to_lower, name="ask_to_lower"),
]
