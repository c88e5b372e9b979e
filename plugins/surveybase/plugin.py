"""The door to MkDocs: the only module that imports it. Each hook is one call of a function made elsewhere."""

from __future__ import annotations

import logging
from html import escape
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config import config_options as options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from surveybase.build.exchange import Staging
from surveybase.diagnostics import Severity, as_text
from surveybase.gathering import Gathered, gather, gather_preview
from surveybase.hosting import PATTERNS, Repository
from surveybase.policy import policy_meta
from surveybase.reading.body import Heading
from surveybase.reading.listing import list_files
from surveybase.serving import LIVE_SCRIPT, Board, attend
from surveybase.site import ASSET_FOLDER, MODULES, SCRIPTS, STYLES, FileOutput, PageOutput, Publication, plan

log = get_plugin_logger("surveybase")

THEME_OVERRIDES = Path(__file__).parent / "theme"


class SurveybaseConfig(Config):
    """The options of the plugin in mkdocs.yml."""

    data_dir = options.Type(str, default="data")
    repository_host = options.Choice(tuple(PATTERNS), default="github")
    branch = options.Type(str, default="main")
    preview = options.Type(bool, default=False)


class SurveybasePlugin(BasePlugin[SurveybaseConfig]):
    """Adds the pages of the knowledge base to the site, which is published whole or not at all."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        # Kept from one rebuild to the next, because MkDocs tells it only here; nothing that was contributed is.
        self._board = Board() if command == "serve" else None
        self._is_dirty = dirty

    _board: Board | None = None
    _is_dirty = False
    _staging: Staging | None = None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if not config.use_directory_urls:
            raise PluginError("surveybase 的地址以 / 结尾：请删去 mkdocs.yml 里的 use_directory_urls: false")
        # What a site puts into its own custom_dir comes before ours.
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(THEME_OVERRIDES))
        config.extra_css += [ASSET_FOLDER + name for name in STYLES]
        config.extra_javascript += [_module(ASSET_FOLDER + name) for name in MODULES]
        config.extra_javascript += [ASSET_FOLDER + name for name in self._scripts()]
        config.watch.append(str(_project(config) / self.config.data_dir))
        return config

    @event_priority(100)  # before any other plugin asks where the site is
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        if list_files(*self._folders(config)).linked_folders:
            # MkDocs would follow it at once, out of the repository or round and round.
            self._gathered(config, may_leave_out=False)
        self._staging = Staging(
            Path(config.site_dir), keep=self._is_dirty, waiting=lambda: log.info("另一个生成还没有结束，等待中")
        )
        config.site_dir = str(self._staging.folder)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        is_first_served = self._board is not None and not self._board.has_site
        gathered = self._gathered(config, may_leave_out=self.config.preview or is_first_served)
        _remove_others(files, config, gathered.subject.files)
        repository = (
            Repository(self.config.repository_host, config.repo_url, self.config.branch)
            if config.repo_url
            else None
        )
        for output in plan(gathered.subject, Publication(config.site_name, config.site_url or "", repository)):
            if isinstance(output, PageOutput):
                _add_page(output, files, config)
            else:
                _add_file(output, files, config)
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        env.globals["policy_meta"] = policy_meta
        return env

    @event_priority(-100)  # after every other plugin has written its files
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        if self._staging is None or _fails_when_strict(config):
            return
        config.site_dir = str(self._staging.site)
        self._staging.publish()
        if self._board:
            self._board.has_site = True

    def on_build_error(self, *, error: Exception) -> None:
        if self._staging:
            self._staging.discard()
        if self._board and not self._board.lines:
            self._board.lines = [str(error)]
        if isinstance(error, OSError):
            raise PluginError(f"网站没有写成，原来的网站没有动：{error}") from error

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> None:
        if self._board:
            attend(server, self._board)

    def _scripts(self) -> tuple[str, ...]:
        return (*SCRIPTS, LIVE_SCRIPT) if self._board else SCRIPTS

    def _folders(self, config: MkDocsConfig) -> tuple[Path, Path, Path]:
        project = _project(config)
        return project, Path(config.docs_dir), project / self.config.data_dir

    def _gathered(self, config: MkDocsConfig, *, may_leave_out: bool) -> Gathered:
        """What was contributed. Findings are logged; errors stop the build unless their files may be left out."""
        gathered = (gather_preview if may_leave_out else gather)(*self._folders(config))
        if gathered is None:  # not even a preview can be made
            gathered = gather(*self._folders(config))
        if self._board:
            self._board.lines = [as_text(error) for error in gathered.errors]
        if gathered.errors and not gathered.left_out:
            listed = "\n".join(as_text(finding) for finding in gathered.errors)
            raise PluginError(f"数据有 {len(gathered.errors)} 处错误：\n{listed}")
        for finding in gathered.findings:
            if finding.severity is not Severity.HINT:
                log.warning(as_text(finding))
        for path in gathered.left_out:
            log.warning(f"{path}: 预览里略去了这个文件")
        return gathered


class SurveyPage(Page):
    """A page whose content is made by us, when MkDocs asks for it.

    Its title, description and headings are escaped here: themes print them as HTML.
    """

    def __init__(self, output: PageOutput, file: File, config: MkDocsConfig) -> None:
        title = titles_in_navigation(config.nav).get(output.file, output.title)
        super().__init__(escape(title), file, config)
        self._output = output

    def read_source(self, config: MkDocsConfig) -> None:
        self.markdown = ""
        # The tabs lead everywhere; a column for the tree of pages would stand empty.
        hidden = ["navigation", "toc"] if self._output.is_wide else ["navigation"]
        if self._output.has_side_bars:
            hidden = []
        self.meta = {"description": escape(self._output.description), "hide": hidden}
        if not self.is_homepage:
            self.meta["title"] = self.title  # any other title is unescaped by the theme for <title>

    def render(self, config: MkDocsConfig, files: Files) -> None:
        rendered = self._output.render()
        self.content = rendered.html
        self.toc = _table_of_contents(rendered.headings)


def _module(path: str) -> options.ExtraScriptValue:
    script = options.ExtraScriptValue(path)
    script.type = "module"
    return script


def _project(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent if config.config_file_path else Path.cwd()


def titles_in_navigation(nav: Any) -> dict[str, str]:
    """By file, the titles that ``nav`` of mkdocs.yml gives."""
    if isinstance(nav, list):
        return {file: title for item in nav for file, title in titles_in_navigation(item).items()}
    if not isinstance(nav, dict):
        return {}
    pages = {value: title for title, value in nav.items() if isinstance(value, str)}
    return pages | {file: title for value in nav.values() for file, title in titles_in_navigation(value).items()}


def _remove_others(files: Files, config: MkDocsConfig, accepted: frozenset[str]) -> None:
    """Leave of the files below docs only those that were accepted."""
    for file in list(files):
        if file.src_dir == config.docs_dir and file.src_uri not in accepted:
            files.remove(file)


def _fails_when_strict(config: MkDocsConfig) -> bool:
    """Whether MkDocs is going to fail after all hooks because something was logged as a warning.

    It counts them with a handler of its logger, which has another name in ProperDocs.
    """
    handlers = [handler for name in ("mkdocs", "properdocs") for handler in logging.getLogger(name).handlers]
    return config.strict and any(handler.get_counts() for handler in handlers if hasattr(handler, "get_counts"))


def _add_page(output: PageOutput, files: Files, config: MkDocsConfig) -> None:
    file = files.get_file_from_path(output.file)
    if file is None:
        file = File.generated(config, output.file, content="")
        files.append(file)
    if not output.in_navigation:
        file.inclusion = InclusionLevel.NOT_IN_NAV
    SurveyPage(output, file, config)


def _add_file(output: FileOutput, files: Files, config: MkDocsConfig) -> None:
    files.append(File.generated(config, output.uri, content=output.content()))


def _table_of_contents(headings: tuple[Heading, ...]) -> TableOfContents:
    """Headings nested by level."""
    top: list[AnchorLink] = []
    path: list[AnchorLink] = []
    for heading in headings:
        link = AnchorLink(escape(heading.title), heading.anchor, heading.level)
        while path and path[-1].level >= link.level:
            path.pop()
        (path[-1].children if path else top).append(link)
        path.append(link)
    return TableOfContents(top)
