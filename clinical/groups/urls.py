"""Addresses of groups; none says which group."""

from django.urls import path

from clinical.groups import views

urlpatterns = [
    path("groups/", views.groups, name="groups"),
    path("groups/new/<slug:slug>/", views.new_group, name="new_group"),
    path("groups/<uuid:session_id>/", views.group, name="group"),
    path("groups/<uuid:session_id>/members/", views.add_members, name="group_members"),
    path("groups/<uuid:session_id>/members/take-back/", views.take_back_member, name="take_back_member"),
    path("groups/<uuid:session_id>/guests/", views.count_guests, name="group_guests"),
]
