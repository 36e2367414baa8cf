"""Words: a Chinese sentence is its own name; other languages are read from .po files, never compiled."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po
from markupsafe import Markup


@dataclass(frozen=True)
class Language:
    """A language of the site: the tag in the page, the first part of its addresses, its name for itself, in short."""

    id: str
    tag: str
    prefix: str
    name: str
    short: str


LANGUAGES = {
    language.id: language
    for language in (
        Language("zh_CN", "zh-CN", "", "简体中文", "简"),
        Language("zh_Hant", "zh-Hant", "/zh-hant", "繁體中文", "繁"),
        Language("en", "en", "/en", "English", "English"),
    )
}
SOURCE = "zh_CN"


class Words:
    """The words of one language; every .po file in its folder counts, so that each door can keep its own, or the
    one that `catalogue` names."""

    def __init__(self, locale: Path, language: str, catalogue: str = "*") -> None:
        self.language = LANGUAGES[language]
        self._table: dict[str, str] = {}
        for path in sorted((locale / language / "LC_MESSAGES").glob(f"{catalogue}.po")):
            self._table.update(_read(path))

    def __call__(self, sentence: str, **facts: object) -> str:
        """The sentence in this language, with `{name}` replaced by each named fact, which may be a link."""
        words = self._table.get(sentence, sentence)
        if any(hasattr(fact, "__html__") for fact in facts.values()):
            return Markup("{}").format(words).format(**facts)
        return words.format(**facts) if facts else words

    def tables(self, folders: Sequence[Path], *names: str) -> dict[str, object]:
        """The word lists NAME.toml as one object, translated: all that a page's script can say.

        A list stands in the first of `folders` that has it. ValueError where two lists of a page hold the same table:
        the later one would take the earlier one's words away.
        """
        found: dict[str, object] = {}
        for name in names:
            table = tomllib.loads(_first(folders, f"{name}.toml").read_text(encoding="utf-8"))
            if twice := sorted(found.keys() & table.keys()):
                raise ValueError(f"{name}.toml has {', '.join(twice)}, as another list of the page has")
            found |= {key: self._tree(value) for key, value in table.items()}
        return found

    def _tree(self, value: object) -> object:
        if isinstance(value, Mapping):
            return {key: self._tree(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._tree(inner) for inner in value]
        return self(str(value))


def _first(folders: Sequence[Path], name: str) -> Path:
    """The last folder when none has it, so that reading says which file is missing."""
    paths = [folder / name for folder in folders]
    return next((path for path in paths if path.is_file()), paths[-1])


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}
