"""Keys: short stand-ins for whatever something was made from."""

from __future__ import annotations

from hashlib import blake2b


def digest(*parts: str | bytes) -> str:
    """A key for the parts; other parts, or parts cut elsewhere, have another."""
    hashed = blake2b(digest_size=16)
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        hashed.update(b"%d:" % len(content))
        hashed.update(content)
    return hashed.hexdigest()
