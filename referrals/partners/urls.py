"""The partner API's addresses."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from referrals.partners.api import views

app_name = "partners"
urlpatterns = [
    path("api/token", views.TokenView.as_view(), name="token"),
    path("api/referrals/", views.ReferralList.as_view(), name="referrals"),
    path("api/referrals/<uuid:referral_id>/", views.ReferralDetail.as_view(), name="referral"),
    path("api/referrals/<uuid:referral_id>/accept/", views.Accept.as_view(), name="accept"),
    path("api/referrals/<uuid:referral_id>/start/", views.Start.as_view(), name="start"),
    path("api/referrals/<uuid:referral_id>/complete/", views.Complete.as_view(), name="complete"),
    path("api/referrals/<uuid:referral_id>/reject/", views.Reject.as_view(), name="reject"),
    path("api/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path(
        ".well-known/smart-configuration", views.SmartConfigurationView.as_view(), name="smart_configuration"
    ),
]
