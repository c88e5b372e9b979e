"""The door to MkDocs: the only module that imports it. Each hook is one call of a function made elsewhere."""

from __future__ import annotations

import json
import logging
import os
import posixpath
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from mkdocs.commands.build import get_context
from mkdocs.config import config_options as options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils.templates import TemplateContext

from surveybase.addresses import address_of_file
from surveybase.build import writing
from surveybase.build.exchange import Staging
from surveybase.build.memory import CACHE, Memory
from surveybase.build.messages import PARTS, WORKER, start
from surveybase.build.outline import remembered_content
from surveybase.build.program import OtherProgram, code_key
from surveybase.build.progress import progress
from surveybase.build.rubbish import look_seldom_again
from surveybase.build.writing import Piece, Pieces, WorkerDied, Writer
from surveybase.diagnostics import Severity, as_text
from surveybase.digests import digest
from surveybase.gathering import Gathered, gather
from surveybase.hosting import HOSTS, Publication, repository_at
from surveybase.outputs import ASSET_FOLDER, MODULES, SCRIPTS, STYLES, FolderOutput, Output, PageOutput
from surveybase.policy import policy_meta
from surveybase.reading.body import Heading
from surveybase.reading.listing import list_files
from surveybase.render import Rendered
from surveybase.serving import LIVE_SCRIPT, Board, attend
from surveybase.template_bytecode import TemplateBytecode
from surveybase.views.figures import Target

if TYPE_CHECKING:
    from surveybase.build.compiling import Compile

log = get_plugin_logger("surveybase")

THEME_OVERRIDES = Path(__file__).parent / "theme"


class SurveybaseConfig(Config):
    """The options of the plugin in mkdocs.yml."""

    data_dir = options.Type(str, default="data")
    repository_host = options.Optional(options.Choice(tuple(HOSTS)))
    branch = options.Type(str, default="main")
    preview = options.Type(bool, default=False)
    workers = options.Optional(options.Choice(range(1, 257)))
    scheduler = options.Optional(options.Type(str))


def _compiler(config: SurveybaseConfig) -> Compile:
    if config.scheduler is None:
        first = start(WORKER, PARTS)  # it loads what it needs while this process does
        from surveybase.build.compiling import compile_with  # noqa: PLC0415 - not needed where nothing has changed

        return compile_with(config.workers, log.info, first)
    try:
        from surveybase.build.distributed import compile_on  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise PluginError(
            f"mkdocs.yml 里的 scheduler 要用 Dask，请先安装：pip install 'surveybase[dask]'（{error}）"
        ) from error
    return compile_on(config.scheduler, config.workers, log.info)


class SurveybasePlugin(BasePlugin[SurveybaseConfig]):
    """Adds the pages of the knowledge base to the site, which is published whole or not at all."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        # Kept from one rebuild to the next, because MkDocs tells it only here; nothing that was contributed is.
        self._board = Board() if command == "serve" else None
        self._is_dirty = dirty

    _board: Board | None = None
    _is_dirty = False
    _staging: Staging | None = None
    _memory: Memory
    _navigation: Navigation
    _theme: Theme
    _outputs: list[Output]
    _prepare: Callable[[], object]
    _writer: Writer | None = None

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
        look_seldom_again()
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
        _remove_others(files, config, gathered.files)
        self._outputs = []
        self._prepare = gathered.prepare
        hooks = _page_hooks(self, config)
        for output in gathered.outputs:
            if not isinstance(output, PageOutput) or not (output.in_navigation or hooks):
                self._outputs.append(output)
                _remove_source(output, files)
            else:
                _add_page(output, files, config, self._memory)
        folders = [_folder_piece(output) for output in self._outputs if isinstance(output, FolderOutput)]
        is_large = len(self._outputs) >= writing.FEWEST_AHEAD
        self._writer = Writer(self._memory, self.config.workers, folders if is_large else ())
        gathered.remember()
        if hooks:
            log.info(f"每页都重新生成，因为有别的插件要处理页面：{'、'.join(hooks)}")
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self._navigation = nav
        return nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        env.globals["policy_meta"] = policy_meta
        env.auto_reload = False
        if len(config.plugins.events["env"]) == 1:  # another plugin may change what a template is compiled to
            env.bytecode_cache = TemplateBytecode(*{*config.theme.dirs} - {config.theme.custom_dir})
        env.globals["same_outside_navigation"] = SameOutsideNavigation(env, config, self._navigation)
        self._theme = Theme(env, config, self._navigation, files)
        return env

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        if template_name == "sitemap.xml" and config.site_url:
            context["pages"] = self._theme.pages_with(self._outputs)
        return context

    @event_priority(-100)  # after every other plugin has written its files
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        if self._staging is None or self._writer is None or _fails_when_strict(config):
            return
        pieces = list(map(self._piece, self._outputs))
        with progress("写网页", len(pieces), "个文件", log.info) as advance:
            if self._writer.write(pieces, self._staging.folder, advance, self._prepare):
                self._memory.forget_unused()
        config.site_dir = str(self._staging.site)
        self._staging.publish()
        if self._board:
            self._board.has_site = True

    def on_build_error(self, *, error: Exception) -> None:
        self.on_shutdown()
        if self._board and not self._board.lines:
            self._board.lines = [str(error)]
        if isinstance(error, OSError | WorkerDied):
            raise PluginError(f"网站没有写成，原来的网站没有动：{error}") from error
        if isinstance(error, OtherProgram):
            raise PluginError("集群上的程序与这里的版本不同，请先装成一样的") from error

    def on_shutdown(self) -> None:
        """Also where the build was stopped by a key, which is no error."""
        if self._writer:
            self._writer.stop()
        if self._staging:
            self._staging.discard()

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> None:
        if self._board:
            attend(server, self._board)

    def _piece(self, output: Output) -> Piece | Pieces:
        if isinstance(output, PageOutput):
            return self._theme.piece(output)
        if isinstance(output, FolderOutput):
            return _folder_piece(output)
        return Piece(output.uri, output.content, digest(output.uri, output.key()))

    def _scripts(self) -> tuple[str, ...]:
        return (*SCRIPTS, LIVE_SCRIPT) if self._board else SCRIPTS

    def _folders(self, config: MkDocsConfig) -> tuple[Path, Path, Path]:
        project = _project(config)
        return project, Path(config.docs_dir), project / self.config.data_dir

    def _publication(self, config: MkDocsConfig) -> Publication:
        repository = repository_at(config.repo_url, self.config.repository_host, self.config.branch)
        return Publication(config.site_name, config.site_url or "", repository)

    def _gathered(self, config: MkDocsConfig, *, may_leave_out: bool) -> Gathered:
        """What was contributed. Findings are logged; errors stop the build unless their files may be left out."""
        self._memory = Memory(_project(config) / CACHE)
        gathered = gather(
            *self._folders(config),
            self._publication(config),
            self._memory,
            partial(_compiler, self.config),
            may_leave_out=may_leave_out,
        )
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


def _folder_piece(output: FolderOutput) -> Pieces:
    return Pieces(output.uri, output.content, output.order, digest(output.uri, output.key()))


class SurveyPage(Page):
    """A page whose content is made by us, when MkDocs asks for it.

    Its title, description and headings are escaped here: themes print them as HTML.
    """

    def __init__(self, output: PageOutput, file: File, config: MkDocsConfig, memory: Memory | None) -> None:
        title = titles_in_navigation(config.nav).get(output.file, output.title)
        super().__init__(escape(title), file, config)
        self._output = output
        self._memory = memory

    def read_source(self, config: MkDocsConfig) -> None:
        self.markdown = ""
        self.meta = {"description": escape(self._output.description), "hide": self._output.hidden}
        if not self.is_homepage:
            self.meta["title"] = self.title  # any other title is unescaped by the theme for <title>

    def render(self, config: MkDocsConfig, files: Files) -> None:
        rendered = remembered_content(self._output, self._memory)
        self.content = rendered.html
        self.toc = _table_of_contents(rendered.headings)


class SameOutsideNavigation:
    """The theme's parts that lead through the site: on pages that are not in the navigation none of their entries
    is the page itself, so that they are the same on all pages in one folder."""

    def __init__(self, env: Environment, config: MkDocsConfig, navigation: Navigation) -> None:
        folders = [folder for folder in config.theme.dirs if folder != str(THEME_OVERRIDES)]
        theirs = PrefixLoader({"theme": FileSystemLoader(folders)})
        self._env = env.overlay(loader=ChoiceLoader([theirs, *([env.loader] if env.loader else [])]))
        self._in_navigation = frozenset(map(id, navigation.pages))
        self._known: dict[tuple[str, str | None], Markup] = {}

    @pass_context
    def __call__(self, context: Context, name: str) -> Markup:
        """The template of this name below the theme's own folders, in this context."""
        page = context.get("page")
        if page is None or id(page) in self._in_navigation:
            return self._made(context, name)
        key = name, posixpath.dirname(page.url.rstrip("/")) if page.url else None
        if key not in self._known:
            self._known[key] = self._made(context, name)
        return self._known[key]

    def _made(self, context: Context, name: str) -> Markup:
        return Markup(self._env.get_template(f"theme/{name}").render(context.get_all()))


class Theme:
    """Makes finished pages as MkDocs does, of those that it need not know of."""

    def __init__(self, env: Environment, config: MkDocsConfig, navigation: Navigation, files: Files) -> None:
        self._env = env
        self._config = config
        self._navigation = navigation
        self._files = list(files.documentation_pages())

    def piece(self, output: PageOutput) -> Piece:
        key = digest(self.key, _shown(output), output.key())
        return Piece(f"{address_of_file(output.file)}index.html", partial(self.page, output), key)

    def page(self, output: PageOutput) -> bytes:
        """The finished page."""
        page = SurveyPage(output, File.generated(self._config, output.file, content=""), self._config, None)
        page.read_source(self._config)
        page.render(self._config, Files([]))
        template = self._env.get_template("main.html")
        context = get_context(self._navigation, self._files, self._config, page)
        return template.render(context).encode("utf-8", errors="xmlcharrefreplace")

    def pages_with(self, outputs: Iterable[Output]) -> list[File]:
        """The pages that MkDocs knows of and these, in the order of their files."""
        found = list(self._files)
        for output in outputs:
            if isinstance(output, PageOutput):
                found.append(File.generated(self._config, output.file, content=""))
                SurveyPage(output, found[-1], self._config, None)
        return sorted(found, key=lambda file: file.src_uri)

    @cached_property
    def key(self) -> str:
        """Stands for all that a finished page has from the theme and the configuration."""
        probe = PageOutput(Target("page"), "probe/page.md", "", "", lambda: Rendered("", ()), str)
        written = self.page(probe)
        settings = {name: self._config[name] for name in SHOWN_SETTINGS} | {
            "theme": dict(self._config.theme.items())
        }
        templates = (part for file in self._templates() for part in file)
        return digest(code_key(), written, json.dumps(_plain(settings)), *templates)

    def _templates(self) -> Iterator[tuple[bytes, bytes]]:
        """Every file that a template may include; of the theme's own, only those that are not its pictures."""
        own = self._config.theme.custom_dir
        for folder in self._config.theme.dirs:
            for path in sorted(Path(folder).rglob("*" if folder == own else "*.html")):
                if path.is_file():
                    yield os.fsencode(path.relative_to(folder)), path.read_bytes()


# Settings of mkdocs.yml that pages show, each perhaps not on every page.
SHOWN_SETTINGS = (
    *("site_name", "site_url", "site_description", "site_author", "copyright", "repo_url", "repo_name"),
    *("extra", "nav", "extra_css", "extra_javascript", "edit_uri"),
)

PAGE_EVENTS = ("pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page")


def _page_hooks(plugin: SurveybasePlugin, config: MkDocsConfig) -> list[str]:
    """The names of other plugins and hooks that see or change pages, and so must be given each one."""
    methods = [method for event in PAGE_EVENTS for method in config.plugins.events[event]]
    others = [method for method in methods if getattr(method, "__self__", None) is not plugin]
    return sorted({method.__module__ for method in others})


def _shown(page: PageOutput) -> str:
    """All that a finished page shows besides its content."""
    return repr((page.file, page.title, page.description, page.is_wide, page.in_navigation, page.has_side_bars))


def _plain(value: object) -> Any:
    """What mkdocs.yml may hold, for JSON: a date may be a key."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return list(map(_plain, value)) if isinstance(value, list | tuple) else str(value)


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


def _add_page(output: PageOutput, files: Files, config: MkDocsConfig, memory: Memory) -> None:
    file = files.get_file_from_path(output.file)
    if file is None:
        file = File.generated(config, output.file, content="")
        files.append(file)
    if not output.in_navigation:
        file.inclusion = InclusionLevel.NOT_IN_NAV
    SurveyPage(output, file, config, memory)


def _remove_source(output: Output, files: Files) -> None:
    """Let MkDocs not make a page of its own from a file that is one of ours."""
    file = files.get_file_from_path(output.file) if isinstance(output, PageOutput) else None
    if file:
        files.remove(file)


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
