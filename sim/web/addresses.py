"""Under which addresses other devices of the room reach this machine; nothing is sent to find out."""

from __future__ import annotations

import ipaddress
import socket

import ifaddr

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"


def addresses() -> list[str]:
    """The IPv4 addresses of this machine's interfaces, private ones first; without loopback and self-given ones."""
    found = {ipaddress.IPv4Address(one.ip) for adapter in ifaddr.get_adapters() for one in adapter.ips if one.is_IPv4}
    usable = [one for one in found if not (one.is_loopback or one.is_link_local or one.is_unspecified)]
    return [str(one) for one in sorted(usable, key=lambda one: (not one.is_private, one))]


def names() -> frozenset[str]:
    """The names by which a browser may call this machine, besides its addresses, in small letters."""
    own = socket.gethostname().lower()
    return frozenset({"localhost", own, own.partition(".")[0], f"{own.partition('.')[0]}.local"})


def is_address(host: str) -> bool:
    """Whether a host is given as an address: no name, so that no name server can turn it elsewhere."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
