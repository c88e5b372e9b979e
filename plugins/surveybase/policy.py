"""The Content Security Policy of every page.

Scripts run only from files of the site and where their hash is known: the theme's own inline scripts. The hashes
are taken from the theme's partials, rendered by themselves, never from the finished page, where a script that was
smuggled in would be given its hash as well. The base script differs with the page's depth.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from markupsafe import Markup

# Partials are generated files that hold scripts without attributes and nothing else.
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    # The theme's icons are set in a style element; a style runs no script and loads nothing from elsewhere.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}


def policy_meta(*partials: str) -> Markup:
    """The meta element for a page in which the scripts of ``partials`` stand inline."""
    hashes = sorted({_hash(script) for partial in partials for script in SCRIPT.findall(partial)})
    directives = DIRECTIVES | {"script-src": " ".join([DIRECTIVES["script-src"], *hashes])}
    content = "; ".join(f"{name} {sources}" for name, sources in directives.items())
    # Nothing in it needs escaping, and the theme's charset must stand within the first 1,024 bytes.
    return Markup(f'<meta http-equiv="Content-Security-Policy" content="{content}">')


def _hash(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
