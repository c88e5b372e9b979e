"""The door to MkDocs: the only module that imports it. Each hook is one call of a function made elsewhere."""

from __future__ import annotations

from html import escape
from pathlib import Path

from mkdocs.config import config_options as options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from surveybase.check import examine
from surveybase.diagnostics import Severity, as_text, errors
from surveybase.hosting import PATTERNS, Repository
from surveybase.reading.body import Heading
from surveybase.reading.subject import Subject
from surveybase.site import ASSET_FOLDER, MODULES, SCRIPTS, STYLES, FileOutput, PageOutput, Publication, plan

log = get_plugin_logger("surveybase")

THEME_OVERRIDES = Path(__file__).parent / "theme"


class SurveybaseConfig(Config):
    """The options of the plugin in mkdocs.yml."""

    data_dir = options.Type(str, default="data")
    repository_host = options.Choice(tuple(PATTERNS), default="github")
    branch = options.Type(str, default="main")


class SurveybasePlugin(BasePlugin[SurveybaseConfig]):
    """Adds the pages of the knowledge base to the site."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if not config.use_directory_urls:
            raise PluginError("surveybase 的地址以 / 结尾：请删去 mkdocs.yml 里的 use_directory_urls: false")
        # What a site puts into its own custom_dir comes before ours.
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(THEME_OVERRIDES))
        config.extra_css += [ASSET_FOLDER + name for name in STYLES]
        config.extra_javascript += [_module(ASSET_FOLDER + name) for name in MODULES]
        config.extra_javascript += [ASSET_FOLDER + name for name in SCRIPTS]
        config.watch.append(str(_project(config) / self.config.data_dir))
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        project = _project(config)
        subject = _read(project, Path(config.docs_dir), project / self.config.data_dir)
        repository = (
            Repository(self.config.repository_host, config.repo_url, self.config.branch)
            if config.repo_url
            else None
        )
        for output in plan(subject, Publication(config.site_name, config.site_url or "", repository)):
            if isinstance(output, PageOutput):
                _add_page(output, files, config)
            else:
                _add_file(output, files, config)
        return files


class SurveyPage(Page):
    """A page whose content is made by us, when MkDocs asks for it.

    Its title, description and headings are escaped here: themes print them as HTML.
    """

    def __init__(self, output: PageOutput, file: File, config: MkDocsConfig) -> None:
        super().__init__(escape(output.title), file, config)
        self._output = output

    def read_source(self, config: MkDocsConfig) -> None:
        self.markdown = ""
        # The tabs lead everywhere; a column for the tree of pages would stand empty.
        hidden = ["navigation", "toc"] if self._output.is_wide else ["navigation"]
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


def _read(project: Path, docs: Path, data: Path) -> Subject:
    """Everything that was contributed; all errors at once stop the build, warnings go to the log."""
    subject, findings = examine(project, docs, data)
    wrong = errors(findings)
    for finding in findings:
        if finding.severity is Severity.WARNING:
            log.warning(as_text(finding))
    if wrong:
        listed = "\n".join(as_text(finding) for finding in wrong)
        raise PluginError(f"数据有 {len(wrong)} 处错误：\n{listed}")
    return subject


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
