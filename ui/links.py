"""Opening an address in the person's browser: https only, and only where the caller says it may lead."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

_HTTPS, _HTTP = "https", "http"
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})

CRM_HOSTS = ("salesforce.com", "force.com", "hubspot.com", "cybozu.com", "kintone.com", "odoo.com")
"""Where the pages of CRMs lie; the host of the connection itself is added by those who know it."""


SOCIAL: dict[str, tuple[str, ...]] = {"linkedin": ("linkedin.com",), "x": ("x.com", "twitter.com")}
"""Where the profiles of a channel lie; no other address of a lead is ever opened."""


def social(channel: str, address: str) -> QUrl | None:
    """Return a lead's profile that may be opened for a channel, None for any other address."""
    return checked(address, SOCIAL[channel]) if channel in SOCIAL else None


def checked(address: str, hosts: Iterable[str] | None = None) -> QUrl | None:
    """Return an address that may be opened, None for any other (SECURITY C3).

    It is https, carries no user, and its host is one of ``hosts`` or lies below one; None: any host. Plain http only
    on this machine.
    """
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    host = url.host().casefold()
    if not url.isValid() or not host or url.userInfo():
        return None
    if url.scheme() != _HTTPS and not (url.scheme() == _HTTP and host in _LOOPBACK):
        return None
    if hosts is not None and not any(host == one or host.endswith(f".{one}") for one in hosts):
        return None
    return url


def open_mail(link: str) -> bool:
    """Open a ``mailto:`` link in the person's mail program; False where it is none or there is no such program."""
    url = QUrl(link, QUrl.ParsingMode.StrictMode)
    return url.isValid() and url.scheme() == "mailto" and QDesktopServices.openUrl(url)


def open_https(address: str, hosts: Iterable[str] | None = None) -> bool:
    """Open an address in the browser; False where it may not be opened or there is no browser."""
    url = checked(address, hosts)
    return url is not None and QDesktopServices.openUrl(url)
