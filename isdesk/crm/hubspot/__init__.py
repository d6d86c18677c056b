"""HubSpot: contacts, companies, calls and deals of one account, through its date-versioned REST interface.

Signing in is a Service Key (Development → Keys → Service keys), which an administrator makes with the scopes that the
set-up check names. ``connect`` is the factory of `isdesk.crm.registry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from isdesk.crm import mapping
from isdesk.crm.http import place as placed
from isdesk.crm.hubspot.adapter import HubSpot
from isdesk.crm.hubspot.api import VERSIONS
from isdesk.crm.hubspot.records import CONVERTERS
from isdesk.crm.port import Adapter
from isdesk.crm.registry import Place
from isdesk.domain.errors import BadInput

__all__ = ["HubSpot", "connect"]

ORIGIN: Final = "https://api.hubapi.com"
SUFFIXES: Final = (".hubapi.com",)
"""Where a key may be sent (SECURITY C3)."""


def connect(*, url: str, user: str, secret: str | None, options: Mapping[str, str], place: Place) -> Adapter:
    """Return the adapter. ``secret`` is the Service Key; ``user`` the owner's mail address, by default the person's.

    Options: ``name`` of the connection, ``version`` of the interface. Raises BadInput.
    """
    if not secret:
        raise BadInput("hubspot_key_needed")
    version = options.get("version", VERSIONS[0])
    if version not in VERSIONS:
        raise BadInput("hubspot_version_unknown", version=version)
    text = place.mapping if place.mapping is not None else mapping.shipped("hubspot")
    return HubSpot(
        placed(url or ORIGIN, SUFFIXES),
        key=secret,
        user=user or place.me.email,
        mapping=mapping.loads(text, "hubspot", CONVERTERS),
        now=place.now,
        name=options.get("name", "hubspot"),
        version=version,
    )
