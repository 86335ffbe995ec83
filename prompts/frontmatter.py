"""The form of a text file: YAML front matter with exactly the agreed keys, then Markdown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from prompts.errors import BadFile

FENCED = re.compile(r"---\n(?P<front>.*?\n)---\n(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fields:
    """The keys and values of one mapping, with the place in a file that an error names.

    Every method gives the value of a key in the form that is asked for, or raises `BadFile`.
    """

    path: Path
    values: dict[str, object]
    within: str = ""

    def text(self, key: str) -> str:
        """Give a text of one line."""
        value = self.values[key]
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, f"is {value!r}", "maak er een tekst van (zet hem zo nodig tussen aanhalingstekens)")
        return self._line(key, value)

    def texts(self, key: str, *, least: int = 1, most: int | None = None) -> tuple[str, ...]:
        """Give a list of different texts, from `least` to `most` of them."""
        value = self.values[key]
        if not isinstance(value, list):
            raise self.error(key, f"is {value!r}", "maak er een lijst van, met een streepje voor elke regel")
        for item in value:
            if not isinstance(item, str) or not item.strip():
                raise self.error(key, f"bevat {item!r}", "zet die regel tussen aanhalingstekens of haal hem weg")
        items = tuple(self._line(key, item) for item in value)
        if len(items) < least or (most is not None and len(items) > most):
            bounds = f"minstens {least}" if most is None else f"{least} tot {most}"
            raise self.error(key, f"heeft {len(items)} regels", f"maak er {bounds} van")
        for place, item in enumerate(items):
            if item in items[:place]:
                raise self.error(key, f"bevat {item!r} twee keer", "haal er een weg")
        return items

    def number(self, key: str) -> int:
        """Give a whole number."""
        value = self.values[key]
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(key, f"is {value!r}", "maak er een heel getal van")
        return value

    def mapping(self, key: str, keys: Sequence[str]) -> "Fields":
        """Give the keys and values below a key: exactly `keys`."""
        value = self.values[key]
        if not isinstance(value, dict):
            raise self.error(key, f"is {value!r}", f"maak er een blok van met de sleutels {', '.join(keys)}")
        return exactly(Fields(self.path, value, self._name(key)), keys)

    def error(self, key: str, wrong: str, remedy: str) -> BadFile:
        """Say in Dutch what is wrong with a key, and what to do about it."""
        return BadFile(f"{shown(self.path)}: '{self._name(key)}' {wrong}; {remedy}")

    def _line(self, key: str, value: str) -> str:
        if "\n" in value.strip():
            raise self.error(key, f"is {value!r}", "zet de tekst op een regel")
        return value.strip()

    def _name(self, key: object) -> str:
        return f"{self.within}.{key}" if self.within else str(key)


def read(path: Path, keys: Sequence[str]) -> tuple[Fields, str]:
    """Read a file: its front matter, which has exactly these keys, and the text below it."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{shown(path)} is niet te lezen ({error}); bewaar het bestand als tekst in UTF-8") from error
    parts = FENCED.fullmatch(content)
    if parts is None:
        raise BadFile(f"{shown(path)} heeft geen kop; begin met een regel '---', dan de sleutels, dan weer '---'")
    if not parts["text"].strip():
        raise BadFile(f"{shown(path)} heeft geen tekst onder de kop; schrijf die erbij")
    return exactly(Fields(path, _mapping(path, parts["front"])), keys), parts["text"].strip()


def exactly(fields: Fields, keys: Sequence[str]) -> Fields:
    """Refuse keys that are missing or unknown."""
    for key in keys:
        if key not in fields.values:
            raise fields.error(key, "ontbreekt", "zet die sleutel met een waarde in de kop")
    for key in fields.values:
        if key not in keys:
            raise fields.error(key, "is geen bekende sleutel", f"haal die weg; bekend zijn {', '.join(keys)}")
    return fields


def shown(path: Path) -> str:
    """Name a file by its folder and its name, which are the same on every machine."""
    return f"{path.parent.name}/{path.name}"


def _mapping(path: Path, front: str) -> dict[str, object]:
    try:
        node = yaml.compose(front, Loader=yaml.SafeLoader)
        repeated = next(_repeated(node), None)
        value = yaml.safe_load(front)
    except yaml.YAMLError as error:
        raise BadFile(f"{shown(path)}: de kop is geen geldige YAML ({error}); herstel die regel") from error
    if repeated is not None:
        raise BadFile(f"{shown(path)}: '{repeated}' staat twee keer in de kop; haal er een weg")
    if not isinstance(value, dict):
        raise BadFile(f"{shown(path)}: de kop is {value!r}; schrijf regels als 'title: Het vraagstuk'")
    return value


def _repeated(node: yaml.Node | None) -> Iterator[str]:
    """Find keys that a mapping holds twice: YAML itself keeps the last one in silence."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield str(key.value)
            seen.add(str(key.value))
            yield from _repeated(value)
