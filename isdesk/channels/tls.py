"""What a failed TLS handshake means: a server that is not to be trusted, or a line that broke while it was set up."""

from __future__ import annotations

import re
import ssl
from typing import Final

_WEAK: Final = re.compile(
    r"UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|NO_PROTOCOLS|HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY|CIPHER|TOO_SMALL"
    r"|TOO_WEAK|CERTIFICATE|LEGACY_RENEGOTIATION"
)
"""Reasons of OpenSSL that say that the server's encryption is not good enough, or that it wants none of ours."""


def tls_trouble(error: ssl.SSLError) -> str:
    """Return the code of what a failed handshake means.

    ``mail_server_insecure``: nobody vouches for its certificate, or its encryption is too old or too weak; that stays
    so until somebody mends it. ``mail_server_unreachable``: the line broke within the handshake, or who answers does
    not speak TLS at all, as the sign-in page of a hotel's network; nothing is known of the server then.
    """
    if isinstance(error, ssl.SSLCertVerificationError) or _WEAK.search(error.reason or ""):
        return "mail_server_insecure"
    return "mail_server_unreachable"
