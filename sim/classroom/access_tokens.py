"""Secrets and codes: made here, shown once, and kept only as hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32
"""256 bits, twice what is asked of a token."""
ALPHABET = "ABCDEFGHJKMNPQRTUVWXY346789"
"""Letters and figures that are not taken for each other when read from a wall: no 0 O, 1 I L, 2 Z, 5 S."""
ROOM_LETTERS = 6
"""Of the code that a whole class types: 27^6, about 4e8."""
OWN_LETTERS = 8
"""Of the code by which one person comes back on another device: 27^8, about 3e11."""
GROUP = 4
"""Letters of a person's own code that stand together."""


def token() -> str:
    """A new secret for a cookie or a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_id() -> str:
    """A new name for an action, a session or a person, that nobody can guess (128 bits)."""
    return secrets.token_hex(16)


def room_code() -> str:
    """A new code for a room."""
    return _letters(ROOM_LETTERS)


def own_code() -> str:
    """A new code for one person, as it is shown: ``K7QM-3XHP``."""
    letters = _letters(OWN_LETTERS)
    return f"{letters[:GROUP]}-{letters[GROUP:]}"


def typed(code: str) -> str:
    """A code as somebody typed it, brought to the form in which it is kept."""
    return "".join(letter for letter in code.upper() if letter in ALPHABET)


def hashed(secret: str) -> str:
    """What is stored of a secret (SHA-256; the secret is random, so that no salt is needed)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_key(cookie: str) -> str:
    """The word in a form that only a page for the holder of this cookie can know (against forged requests)."""
    return hashlib.sha256(b"form:" + cookie.encode()).hexdigest()[: 2 * 16]


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))
