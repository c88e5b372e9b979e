"""One report edited, in our project and in the stock one: a figure, and a sentence beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

QUOTED = re.compile(r"社区有党员([0-9]+)人")  # a figure that no other must add up with
MARKS = "甲乙丙丁戊己庚辛壬癸"


@dataclass
class Edit:
    """The files that say the same figure, each as written at first. No edit repeats an earlier one."""

    report: str
    texts: dict[Path, str]
    count: int = 0

    @classmethod
    def of(cls, ours: Path, *stock: Path) -> Edit:
        """Of the generated report in the middle of the list."""
        data = sorted((ours / "data" / "communities").glob("*-[0-9][0-9][0-9][0-9][0-9].yml"))
        id = data[len(data) // 2].stem
        pages = [folder / "docs" / "communities" / f"{id}.md" for folder in stock]
        reports = [folder / "docs" / "reports" / f"{id}.md" for folder in (ours, *stock)]
        files = [data[len(data) // 2], *pages, *reports]
        return cls(id, {file: file.read_text(encoding="utf-8") for file in files})

    @property
    def figure(self) -> int:
        """As the files said at first."""
        return next(int(found[1]) for text in self.texts.values() if (found := QUOTED.search(text)))

    @property
    def address(self) -> str:
        return f"reports/{self.report}/"

    @property
    def words(self) -> str:
        """What the report says last of all that is new."""
        return self._sentence() if self.count else ""

    def make(self) -> None:
        """Make the next edit, in all files."""
        self.count += 1
        for file, text in self.texts.items():
            file.write_text("\n".join(map(self._line, text.split("\n"))), encoding="utf-8")

    def _line(self, line: str) -> str:
        """With the figure raised wherever it stands on the line, and a sentence more where the report says it."""
        if not (found := QUOTED.search(line)):
            return line
        figure = found[1]
        line = re.sub(rf"(?<![0-9]){figure}(?![0-9])", str(int(figure) + self.count), line)
        return f"{line}{self._sentence()}" if line.startswith(found[0][:5]) else line

    def _sentence(self) -> str:
        mark = "".join(MARKS[int(digit)] for digit in str(self.count))
        return f"这段话已照核对稿{mark}改过。"
