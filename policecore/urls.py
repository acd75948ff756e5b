"""The site's own addresses."""

from django.urls import URLPattern

app_name = "policecore"
urlpatterns: list[URLPattern] = []
