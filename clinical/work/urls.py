"""The work list's address."""

from django.urls import path

from clinical.work import views

urlpatterns = [path("work/", views.work, name="work")]
