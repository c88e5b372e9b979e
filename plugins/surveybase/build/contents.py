"""What the site is made from, once everything is compiled: read from the memory when it is wanted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from surveybase.addresses import source_file
from surveybase.build.compiling import Compilation, Done
from surveybase.build.memory import PAGES, RECORDS
from surveybase.build.pickling import NO_BASE, loads
from surveybase.digests import digest
from surveybase.reading.credits import NO_CREDITS, Credits
from surveybase.reading.source import Source
from surveybase.reading.sources import HOME
from surveybase.render import Rendered
from surveybase.search.shown import Prepared
from surveybase.site import Contents
from surveybase.views.figures import Target


def contents_of(compilation: Compilation, credits: Credits = NO_CREDITS) -> Contents:
    """Everything that was compiled for readers, with the credits for all of it."""
    base, setting, memory, done = compilation.base, compilation.setting, compilation.memory, compilation.done
    owners = {item.id: one for one in done for item in one.compiled.communities}
    writers = compilation.writers
    texts = {file: one for one in done for file in one.compiled.pages}

    def pages(one: Any) -> Any:
        return loads(one.part(PAGES), base)

    def report(id: str) -> Rendered:
        found = pages(writers[id])[source_file(Target("report", id))]
        assert isinstance(found, Rendered)
        return found

    in_turn = {owners[community].key: owners[community] for community in base.communities}

    def records() -> Iterator[Prepared]:
        for one in in_turn.values():
            yield from loads(one.part(RECORDS), NO_BASE)

    # Keys are of one length: joined they are as distinct as apart.
    data_keys = {id: _data_key(one) for id, one in owners.items()}

    def key(ids: Iterable[str]) -> str:
        return digest(setting.key, "".join(data_keys[id] for id in ids))

    def cases_key(ids: Iterable[str]) -> str:
        return digest(setting.key, "".join(owners[id].compiled.cases for id in ids))

    all_data = cache(lambda: key(base.communities))

    def remembered(name: str, make: Callable[[], dict[str, str]]) -> dict[str, str]:
        content = memory.get(all_data(), name)
        if content is None:
            content = json.dumps(make()).encode()
            memory.put(all_data(), name, content)
        found = json.loads(content)
        assert isinstance(found, dict)
        return found

    written = {file: pages(one)[file] for file, one in texts.items()}
    return Contents(
        base=base,
        home_page=written.pop(HOME, None),
        texts=dict(sorted(written.items())),
        report=report,
        records=records,
        record_keys=tuple(in_turn),
        key=key,
        cases_key=cases_key,
        all_data=all_data,
        remembered=remembered,
        report_key=lambda id: writers[id].key,
        report_texts=_by_id(source for one in done for source in one.unit.sources.reports),
        community_texts=_by_id(source for one in done for source in one.unit.sources.communities),
        all_texts=lambda: digest(setting.key, *(owners[id].key for id in base.communities)),
        credits=credits,
    )


def _by_id(sources: Iterable[Source]) -> dict[str, str]:
    return {PurePosixPath(source.path).stem: source.text for source in sources}


def _data_key(one: Done) -> str:
    """Stands for the data of the unit, without the texts of its reports."""
    data = (part for source in one.unit.sources.communities for part in (source.path, source.text))
    return digest(repr(one.compiled.reports), *data)
