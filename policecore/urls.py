"""The site's own addresses."""

from django.urls import path

from policecore.triage import urls as triage_urls
from policecore.views import incidents, postbox, quarantine, referrals

app_name = "policecore"
urlpatterns = [
    path("", incidents.home, name="home"),
    path("incidents/", incidents.incident_list, name="incidents"),
    path("incidents/<uuid:incident_id>/", incidents.incident_page, name="incident"),
    path("incidents/<uuid:incident_id>/hand-over/", incidents.hand_over, name="hand_over"),
    path("incidents/<uuid:incident_id>/police-only/", incidents.police_only, name="police_only"),
    path("incidents/<uuid:incident_id>/refer/", referrals.refer, name="refer_incident"),
    *triage_urls.urlpatterns,
    path("refer/", referrals.refer, name="refer"),
    path("referrals/", referrals.referral_list, name="referrals"),
    path("referrals/<uuid:referral_id>/", referrals.referral_page, name="referral"),
    path("import/", quarantine.quarantine_list, name="quarantine"),
    path("post-box/", postbox.postbox, name="postbox"),
    path("post-box/<uuid:envelope_id>/retry/", postbox.retry, name="retry"),
    path("post-box/<uuid:envelope_id>/set-aside/", postbox.set_aside, name="set_aside"),
]
