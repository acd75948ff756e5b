"""A passkey on the addresses that the demonstration prints: made, used, and told of when it fails."""

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.side("clinical")]
ROLES = ("analyst", "clinical supervisor")  # whose sign-in no other story needs
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def own_a_phone(page: Any) -> Any:
    """A device that can hold passkeys."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return device


def go_to_add_one(demonstration: Any, page: Any, role: str) -> None:
    """To the form, which asks for the password once more."""
    account = demonstration.account(role)
    demonstration.sign_in(page, role)
    page.goto(demonstration.url(account["side"], "/account/2fa/webauthn/add/"))
    page.fill("input[name=password]", account["password"])
    page.click("main form button[type=submit]")
    page.wait_for_selector("#mfa_webauthn_add")


def throw_the_key_away(demonstration: Any, page: Any, role: str) -> None:
    """Others sign in with this account too, and have no such phone."""
    account = demonstration.account(role)
    page.goto(demonstration.url(account["side"], "/account/2fa/webauthn/"))
    page.click("main a[href*='/remove/']")
    page.fill("input[name=password]", account["password"])
    page.click("main form button[type=submit]")
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    assert not page.locator("main a[href*='/remove/']").count()


@pytest.mark.parametrize("role", ROLES)
def test_a_passkey_is_made_and_signs_in_alone(demonstration, new_page, role):
    page = new_page()
    own_a_phone(page)
    go_to_add_one(demonstration, page, role)
    page.fill("input[name=name]", "My phone")
    with page.expect_navigation():
        page.click("#mfa_webauthn_add")
    page.context.clear_cookies()

    page.goto(demonstration.url(demonstration.account(role)["side"], "/account/login/"))
    with page.expect_navigation():
        page.click("#passkey_login")

    page.wait_for_url(lambda url: "/account/login" not in url)
    throw_the_key_away(demonstration, page, role)


@pytest.mark.parametrize("role", ROLES)
def test_a_passkey_that_fails_is_told_of_on_the_page(demonstration, new_page, role):
    page = new_page()
    device = own_a_phone(page)
    go_to_add_one(demonstration, page, role)
    device.send("WebAuthn.disable")
    page.evaluate(
        "void (navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError')))"
    )

    page.click("#mfa_webauthn_add")

    told = page.locator("#key-failed")
    told.wait_for(state="visible")
    assert "cancelled" in told.inner_text()


def test_a_passkey_that_the_site_does_not_know_is_told_of_on_the_page(demonstration, new_page):
    page = new_page()
    page.goto(demonstration.url("clinical", "/account/login/"))
    page.evaluate("document.getElementById('mfa_credential').value = '{\"id\": \"x\"}'")

    with page.expect_navigation():
        page.evaluate("document.getElementById('mfa_login').submit()")

    assert "The key was not recognized" in page.locator("#messages").inner_text()


def test_where_a_browser_makes_no_passkeys_the_page_says_so(demonstration, new_page):
    page = new_page()
    page.goto(demonstration.url("clinical", "/account/login/").replace("localhost", "127.0.0.1"))

    page.click("#passkey_login")

    told = page.locator("#key-failed")
    told.wait_for(state="visible")
    assert "Open the site by its name" in told.inner_text()
    assert "cancelled" not in told.inner_text()
