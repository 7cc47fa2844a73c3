"""Passwords and tokens: argon2id, at the OWASP minimum cost so that a sign-in storm does not stop a two-core server."""

from __future__ import annotations

import hashlib
import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_hashing = BoundedSemaphore(2)  # of a process: each takes 19 MB and a processor, so more at a time are not faster
SHORTEST = 12


def hashed(password: str) -> str:
    with _hashing:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Return whether the password is the one that was kept; takes as long where nothing was kept."""
    known = password_hash or _nobody()
    try:
        with _hashing:
            return _hasher.verify(known, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def token_hash(token: str) -> str:
    """Return what is kept of a session's token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def random_password() -> str:
    """Four groups of five letters and digits without look-alikes, about 98 bits."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(5)) for _ in range(4))


_nobodys: list[str] = []


def _nobody() -> str:
    if not _nobodys:
        _nobodys.append(hashed(secrets.token_urlsafe(24)))
    return _nobodys[0]
