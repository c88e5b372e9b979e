"""Find the Chromium and the Chinese font of the browser tests; install what is missing.

`make test` runs this file; the tests import `find_chromium` and `HINT` from it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
HINT = """\
The browser tests need Chromium and a font with Chinese characters. `make browser` installs both when it may;
otherwise install, as root:
  Debian    apt-get install chromium fonts-noto-cjk fontconfig
  Ubuntu    apt-get install fonts-noto-cjk fontconfig; .venv/bin/playwright install --with-deps chromium
  other     Chromium or Google Chrome, Noto Sans CJK, fontconfig"""


def find_chromium() -> str | None:
    """Path of a Chromium that starts: one of the system, else Playwright's own; None when there is none."""
    return next((path for path in _candidates() if _succeeds(path, "--version")), None)


def has_chinese_font() -> bool:
    """Whether Chinese text has glyphs here. macOS comes with such fonts; elsewhere fontconfig is asked."""
    if sys.platform == "darwin":
        return True
    fc_list = shutil.which("fc-list")
    return fc_list is not None and bool(subprocess.check_output([fc_list, ":lang=zh-cn", "family"]))


def install_chromium() -> None:
    """Debian's package where apt has one, else Playwright's own download."""
    if _may_use_apt():
        _apt_install("chromium")
    if find_chromium() is None:  # Ubuntu, say: apt has Chromium only as a pointer to a snap
        with_deps = ["--with-deps"] if _may_use_apt() else []
        _succeeds(sys.executable, "-m", "playwright", "install", *with_deps, "chromium", quiet=False)


def main() -> int:
    """Install what is missing and look again. Returns 1, with a hint, when something is still missing."""
    missing_font, missing_chromium = not has_chinese_font(), find_chromium() is None
    if _may_use_apt() and (missing_font or missing_chromium):
        _succeeds("apt-get", "update", quiet=False)
    if _may_use_apt() and missing_font:
        _apt_install("fonts-noto-cjk", "fontconfig")
    if missing_chromium:
        install_chromium()
    chromium = find_chromium()
    if chromium is None or not has_chinese_font():
        print(f"No {'Chromium' if chromium is None else 'Chinese font'} found.\n{HINT}", file=sys.stderr)
        return 1
    print(f"Chromium: {chromium}")
    return 0


def _candidates() -> Iterator[str]:
    """Paths to try, lazily: to ask Playwright takes half a second."""
    yield from filter(None, map(shutil.which, COMMANDS))
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        yield own


def _may_use_apt() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install(*packages: str) -> None:
    _succeeds("apt-get", "install", "--yes", "--no-install-recommends", *packages, quiet=False)


def _succeeds(*command: str, quiet: bool = True) -> bool:
    """Run a command and say whether it ended well; standard error is shown unless `quiet`."""
    return (
        subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if quiet else None,
            check=False,
        ).returncode
        == 0
    )


if __name__ == "__main__":
    sys.exit(main())
