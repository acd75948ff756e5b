"""The clinical site's addresses."""

from django.urls import include, path

from config import errors
from config.urls.account import account_patterns

urlpatterns = [
    *account_patterns,
    path("", include("referrals.partners.urls")),
    path("", include("clinical.urls")),
]

handler400 = errors.bad_request
handler403 = errors.not_found
handler404 = errors.not_found
handler500 = errors.server_error
