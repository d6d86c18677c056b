"""What may be opened in the browser: https, known hosts, no names of people in it."""

from __future__ import annotations

import pytest

from ui import links


@pytest.mark.parametrize(
    "address",
    [
        "https://example.my.salesforce.com/00T1",
        "https://app.hubspot.com/contacts/1",
        "https://example.cybozu.com/k/12/show#record=3",
        "http://127.0.0.1:8069/odoo/crm/3",
    ],
)
def test_pages_of_crms_open(address: str) -> None:
    assert links.checked(address, (*links.CRM_HOSTS, "127.0.0.1")) is not None


@pytest.mark.parametrize(
    "address",
    [
        "http://example.my.salesforce.com/00T1",
        "https://salesforce.com.example.org/",
        "https://user:word@app.hubspot.com/",
        "https://evilhubspot.com/",
        "file:///etc/hosts",
        "javascript:alert(1)",
        "https:///nowhere",
        "",
    ],
)
def test_everything_else_does_not(address: str) -> None:
    assert links.checked(address, links.CRM_HOSTS) is None


def test_a_sign_in_page_may_lie_anywhere_but_only_by_https() -> None:
    assert links.checked("https://login.example.org/authorize") is not None
    assert links.checked("http://login.example.org/authorize") is None
