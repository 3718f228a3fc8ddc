"""Addresses and host names under which other devices reach this machine; finding them sends nothing."""

from __future__ import annotations

import ipaddress
import socket

import ifaddr

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"


def lan_addresses() -> list[str]:
    """Return the IPv4 addresses of this machine's interfaces, private ones first, without loopback and link-local."""
    ips = {ipaddress.IPv4Address(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4}
    usable = [ip for ip in ips if not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)]
    return [str(ip) for ip in sorted(usable, key=lambda ip: (not ip.is_private, ip))]


def host_names() -> frozenset[str]:
    """Return the host names by which a browser may call this machine, in lower case."""
    own = socket.gethostname().lower()
    return frozenset({"localhost", own, own.partition(".")[0], f"{own.partition('.')[0]}.local"})


def is_address(host: str) -> bool:
    """Return whether a host is an IP address, which no name server can redirect."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
