"""Which addresses a webhook may reach: never what only this house can see, unless it is meant to.

The name is resolved once, every answer is judged, and the connection goes to the judged number, so
that a name which answers differently the second time gains nothing.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

MOST_LETTERS = 500
_TRANSLATED = IPv6Network("64:ff9b::/96")
Number = IPv4Address | IPv6Address


class AddressRefused(Exception):
    """The address is none that a webhook may be posted to; the code names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart."""

    host: str
    port: int
    path: str
    is_encrypted: bool

    @property
    def host_header(self) -> str:
        """The name as the receiver expects it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.is_encrypted else 80
        return name if self.port == usual else f"{name}:{self.port}"


def read_address(url: str, *, private: bool) -> Target:
    """Return the address taken apart. Without `private` it must be encrypted.

    Raises: AddressRefused (`shape`, `unencrypted`).
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("shape") from error
    is_odd = any(char.isspace() or ord(char) < 33 or ord(char) == 127 for char in url)
    if is_odd or len(url) > MOST_LETTERS or not parts.hostname or parts.username is not None:
        raise AddressRefused("shape")
    if parts.scheme not in ("http", "https"):
        raise AddressRefused("shape")
    is_encrypted = parts.scheme == "https"
    if not is_encrypted and not private:
        raise AddressRefused("unencrypted")
    if not url.isascii():
        raise AddressRefused("shape")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.hostname, port or (443 if is_encrypted else 80), path, is_encrypted)


def resolve(target: Target, *, private: bool) -> str:
    """Return the number to connect to. Every number that the name has must be allowed.

    Raises: AddressRefused (`unknown_name`, `private`).
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused("unknown_name") from error
    numbers = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not private and not all(is_public(ip_address(number)) for number in numbers):
        raise AddressRefused("private")
    return numbers[0]


def is_public(number: Number) -> bool:
    """Return whether a number belongs to the open internet, also one wrapped in another."""
    inner = _wrapped(number)
    if inner is not None:
        return is_public(inner)
    return number.is_global and not number.is_multicast and not number.is_reserved


def _wrapped(number: Number) -> Number | None:
    if isinstance(number, IPv4Address):
        return None
    if number in _TRANSLATED:
        return IPv4Address(int(number) & 0xFFFFFFFF)
    if number.teredo is not None:
        return number.teredo[1]
    return number.ipv4_mapped or number.sixtofour
