"""Secrets and codes: generated here, shown once, and stored only as hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Container

TOKEN_BYTES = 32
"""Bytes of a token: 256 bits, twice the usual minimum."""
ALPHABET = "ABCDEFGHJKMNPQRTUVWXY346789"
"""Letters and digits that are easy to tell apart on a wall: no 0 O, 1 I L, 2 Z, 5 S."""
ROOM_LETTERS = 6
"""Length of the code that a whole class types: 27^6, about 4e8 codes."""
OWN_LETTERS = 8
"""Length of the code with which one person returns on another device: 27^8, about 3e11 codes."""
KEY_SECONDS = 7 * 24 * 3_600.0
"""Lifetime of a token and its cookie, seconds: a week."""
KEYS_KEPT = 10
"""Tokens of one person, or of the teacher, that are valid at the same time: the newest, one for each browser."""
GROUP = 4
"""Letters between the hyphens of a personal code."""


def token() -> str:
    """Return a new secret for a cookie or a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_id() -> str:
    """Return a new id for an action, a session or a person that nobody can guess (128 bits)."""
    return secrets.token_hex(16)


def new_code(length: int, taken: Container[str]) -> str:
    """Return a new code that is not taken, as it is stored."""
    codes = iter(lambda: "".join(secrets.choice(ALPHABET) for _ in range(length)), "")
    return next(code for code in codes if code not in taken)


def grouped(code: str) -> str:
    """Return a personal code as it is shown: ``K7QM-3XHP``; empty without a code."""
    return f"{code[:GROUP]}-{code[GROUP:]}" if code else ""


def normalized(code: str) -> str:
    """Return a code that somebody typed in the form in which it is stored."""
    return "".join(letter for letter in code.upper() if letter in ALPHABET)


def hashed(secret: str) -> str:
    """Return the stored form of a secret (SHA-256; the secret is random, so it needs no salt)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_key(cookie: str) -> str:
    """Return the key in forms for the holder of a cookie; forged requests do not know it."""
    return hashlib.sha256(b"form:" + cookie.encode()).hexdigest()[: 2 * 16]


def equal(first: str, second: str) -> bool:
    """Return whether two secrets are equal, in a time that reveals nothing about them."""
    return hmac.compare_digest(first.encode(), second.encode())
