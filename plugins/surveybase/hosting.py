"""Where the site is published, and where its files are edited and their history is read on the hosts in use."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, slots=True)
class Host:
    """The pages of a host: to edit a file, its history, to begin a file in a folder, to write an issue.

    ``takes_value`` says that the name and the text of a new file can be given with the address, ``forks`` that who
    may not write gets a copy of his own there; elsewhere these pages refuse him.
    """

    name: str
    edit: str
    history: str
    new: str
    issue: str
    takes_value: bool = False
    forks: bool = False


HOSTS = {
    "github": Host(
        "GitHub",
        "{url}/edit/{branch}/{path}",
        "{url}/commits/{branch}/{path}",
        "{url}/new/{branch}/{path}",
        "{url}/issues/new",
        takes_value=True,
        forks=True,
    ),
    "gitlab": Host(
        "GitLab",
        "{url}/-/edit/{branch}/{path}",
        "{url}/-/commits/{branch}/{path}",
        "{url}/-/new/{branch}/{path}",
        "{url}/-/issues/new",
    ),
    "gitea": Host(
        "Gitea",
        "{url}/_edit/{branch}/{path}",
        "{url}/commits/branch/{branch}/{path}",
        "{url}/_new/{branch}/{path}",
        "{url}/issues/new",
        takes_value=True,
    ),
    "gitee": Host(
        "Gitee",
        "{url}/edit/{branch}/{path}",
        "{url}/commits/{branch}/{path}",
        "{url}/new/{branch}/{path}",
        "{url}/issues/new",
    ),
}
# Public servers of Gitea or its fork whose name does not say so.
SERVERS = {"codeberg.org": "gitea"}


def host_of(url: str) -> str:
    """The host that the address of a repository speaks of; GitHub when it speaks of none."""
    server = urlsplit(url).hostname or ""
    named = next((kind for kind in HOSTS if kind in server.split(".")), "github")
    return SERVERS.get(server, named)


@dataclass(frozen=True, slots=True)
class Repository:
    """The public repository: ``kind`` is a key of HOSTS."""

    kind: str
    url: str
    branch: str

    @property
    def host(self) -> Host:
        return HOSTS[self.kind]

    def edit(self, path: str) -> str:
        return self._filled(self.host.edit, path)

    def history(self, path: str) -> str:
        return self._filled(self.host.history, path)

    def new(self, folder: str) -> str:
        return self._filled(self.host.new, folder)

    def issue(self) -> str:
        return self._filled(self.host.issue, "")

    def _filled(self, pattern: str, path: str) -> str:
        return pattern.format(url=self.url.rstrip("/"), branch=quote(self.branch), path=quote(path))


def repository_at(url: str | None, kind: str | None, branch: str) -> Repository | None:
    """The repository at the address, of the kind that the address speaks of when none is given."""
    return Repository(kind or host_of(url), url, branch) if url else None


@dataclass(frozen=True, slots=True)
class Publication:
    """Where the site is published: its name, its address (empty when not known) and its repository."""

    name: str
    url: str = ""
    repository: Repository | None = None
