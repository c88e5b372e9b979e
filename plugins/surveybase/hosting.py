"""Where the site is published, and where its files are edited and their history is read on the hosts in use."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

# Edit page and history of one file.
PATTERNS = {
    "github": ("{url}/edit/{branch}/{path}", "{url}/commits/{branch}/{path}"),
    "gitlab": ("{url}/-/edit/{branch}/{path}", "{url}/-/commits/{branch}/{path}"),
    "gitea": ("{url}/_edit/{branch}/{path}", "{url}/commits/branch/{branch}/{path}"),
    "gitee": ("{url}/edit/{branch}/{path}", "{url}/commits/{branch}/{path}"),
}


@dataclass(frozen=True, slots=True)
class Repository:
    """The public repository: ``kind`` is a key of PATTERNS."""

    kind: str
    url: str
    branch: str

    def edit(self, path: str) -> str:
        return self._filled(PATTERNS[self.kind][0], path)

    def history(self, path: str) -> str:
        return self._filled(PATTERNS[self.kind][1], path)

    def _filled(self, pattern: str, path: str) -> str:
        return pattern.format(url=self.url.rstrip("/"), branch=quote(self.branch), path=quote(path))


@dataclass(frozen=True, slots=True)
class Publication:
    """Where the site is published: its name, its address (empty when not known) and its repository."""

    name: str
    url: str = ""
    repository: Repository | None = None
