"""Log-in, log-out and second factors, the same on both sites; nobody signs up or mails a password."""

from allauth.account import views as account
from django.urls import include, path

from config import health

account_patterns = [
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("health/", health.alive, name="health"),
]
