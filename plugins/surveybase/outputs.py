"""What the site consists of: pages and files, with what makes each and what stands for all it is made from.

Of all that knows the site this is the least: a build that finds nothing changed needs no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from surveybase.render import Rendered
from surveybase.views.figures import Target

STYLES = ("surveybase.css", "search.css")
SCRIPTS = ("surveybase.js",)
MODULES = ("search-ui.js", "lists.js", "compare.js")  # they import the others
ASSET_FOLDER = "assets/surveybase/"


@dataclass(frozen=True, slots=True)
class PageOutput:
    """A page: ``file`` is the Markdown file it stands for, ``render`` makes its content when it is wanted.

    ``is_wide`` pages use the width of the side bars; ``in_navigation`` pages may be named in the navigation,
    pages with ``has_side_bars`` show it beside their text. ``key`` gives what stands for everything that the
    content is made from besides the program.
    """

    target: Target
    file: str
    title: str
    description: str
    render: Callable[[], Rendered]
    key: Callable[[], str]
    is_wide: bool = False
    in_navigation: bool = False
    has_side_bars: bool = False

    @property
    def hidden(self) -> list[str]:
        """The side bars that the theme leaves out: the tabs lead everywhere, a tree of pages would stand empty."""
        if self.has_side_bars:
            return []
        return ["navigation", "toc"] if self.is_wide else ["navigation"]


@dataclass(frozen=True, slots=True)
class FileOutput:
    """A file that is not a page; ``uri`` is its address, ``key`` as for pages."""

    uri: str
    content: Callable[[], bytes]
    key: Callable[[], str]


@dataclass(frozen=True, slots=True)
class FolderOutput:
    """Files that are made together, and only then have names: ``content`` is each by its path below ``uri``. They
    are published as gzip, whatever the host does. ``order`` is what another process needs to make the same."""

    uri: str
    content: Callable[[], Mapping[str, bytes]]
    order: Callable[[], object]
    key: Callable[[], str]


Output = PageOutput | FileOutput | FolderOutput
