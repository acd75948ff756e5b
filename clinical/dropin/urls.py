"""The desk's addresses."""

from django.urls import path

from clinical.dropin import views

urlpatterns = [
    path("desk/", views.desks, name="desks"),
    path("desk/cards/<uuid:card_id>/", views.desk_card, name="desk_card"),
    path("desk/cards/<uuid:card_id>/end/", views.end_card, name="end_card"),
    path("desk/cards/<uuid:card_id>/record/", views.record_of_card, name="record_of_card"),
    path("desk/<slug:slug>/", views.desk, name="desk"),
    path("desk/<slug:slug>/find/", views.find_at_desk, name="find_at_desk"),
    path("desk/<slug:slug>/undo/", views.undo_tap, name="undo_tap"),
    path("desk/<slug:slug>/new/", views.new_card, name="new_card"),
    path("desk/<slug:slug>/counts/", views.desk_counts, name="desk_counts"),
]
