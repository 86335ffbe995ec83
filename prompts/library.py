"""The practice models: five design steps, four steering perspectives, ten recommendations for four roles."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from prompts.errors import BadFile, MissingFile
from prompts.frontmatter import Fields, read, shown

T = TypeVar("T")

STEPS = 5
RECOMMENDATIONS = 10
PERSPECTIVES = ("rechtmatig", "presterend", "netwerkend", "participerend")

ANCHOR = re.compile(r"(?P<source>[a-z0-9]+(?:-[a-z0-9]+)*) (?P<start>[0-9]+)-(?P<end>[0-9]+)")
NUMBERED = re.compile(r"0*(?P<number>[0-9]+)-[a-z0-9-]+")


class Role(StrEnum):
    """Who somebody is in a programme around a societal task."""

    OPDRACHTGEVER = "opdrachtgever"
    OPDRACHTNEMER = "opdrachtnemer"
    STAANDE_ORGANISATIE = "staande_organisatie"
    ORGANISATIEADVISEUR = "organisatieadviseur"

    @property
    def label(self) -> str:
        """The name of the role as it stands in a Dutch sentence."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A stretch of an essay that a text of ours rests on: characters `start` to `end` of its decoded text."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five steps in which a collaboration is designed."""

    number: int
    title: str
    key_question: str
    follow_up_questions: tuple[str, ...]
    signals: tuple[str, ...]
    pitfalls: tuple[str, ...]
    go_back: str
    delivers: str
    anchors: tuple[Anchor, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Perspective:
    """One of the four perspectives on steering, with the form of collaboration that is built on it."""

    id: str
    title: str
    name: str
    core_values: tuple[str, ...]
    relation_to_society: str
    arrangement: str
    cement: str
    strength: str
    weakness: str
    signals: tuple[str, ...]
    counterweight: str
    anchors: tuple[Anchor, ...]
    text: str


@dataclass(frozen=True, slots=True)
class RoleAdvice:
    """What a recommendation asks of one role."""

    role: Role
    advice: str
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One of the ten recommendations for programmes, with its advice for each of the four roles."""

    number: int
    title: str
    advice: str
    roles: tuple[RoleAdvice, ...]
    signals: tuple[str, ...]
    anchors: tuple[Anchor, ...]
    text: str

    def advice_for(self, role: Role) -> RoleAdvice:
        """Give the cell of one role."""
        return next(cell for cell in self.roles if cell.role is role)


@dataclass(frozen=True, slots=True)
class Practice:
    """All practice models, each in the order of the essays."""

    steps: tuple[Step, ...]
    perspectives: tuple[Perspective, ...]
    recommendations: tuple[Recommendation, ...]


def load(root: Path | None = None) -> Practice:
    """Read and check all models; `root` is the folder that holds steps/, perspectives/ and recommendations/."""
    root = Path(__file__).parent if root is None else root
    steps = sorted(_read_folder(root / "steps", _step), key=lambda step: step.number)
    perspectives = {perspective.id: perspective for perspective in _read_folder(root / "perspectives", _perspective)}
    recommendations = sorted(_read_folder(root / "recommendations", _recommendation), key=lambda each: each.number)
    _expect(root / "steps", [str(step.number) for step in steps], _numbers(STEPS))
    _expect(root / "perspectives", list(perspectives), list(PERSPECTIVES))
    _expect(root / "recommendations", [str(each.number) for each in recommendations], _numbers(RECOMMENDATIONS))
    return Practice(tuple(steps), tuple(perspectives[each] for each in PERSPECTIVES), tuple(recommendations))


def _read_folder(folder: Path, read_one: Callable[[Path], T]) -> list[T]:
    if not folder.is_dir():
        raise MissingFile(f"de map {shown(folder)} ontbreekt; zet haar terug")
    return [read_one(path) for path in sorted(folder.glob("*.md"))]


def _numbers(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]


def _expect(folder: Path, found: list[str], wanted: list[str]) -> None:
    for each in wanted:
        if found.count(each) != 1:
            raise MissingFile(
                f"{shown(folder)} heeft {found.count(each)} bestanden voor {each!r}; het moet er een zijn"
            )
    for each in found:
        if each not in wanted:
            raise MissingFile(f"{shown(folder)} heeft een bestand voor {each!r}; haal het weg, bekend zijn {wanted}")


def _step(path: Path) -> Step:
    fields, text = read(
        path,
        [
            "number",
            "title",
            "key_question",
            "follow_up_questions",
            "signals",
            "pitfalls",
            "go_back",
            "delivers",
            "anchors",
        ],
    )
    return Step(
        number=_number(fields),
        title=fields.text("title"),
        key_question=fields.text("key_question"),
        follow_up_questions=fields.texts("follow_up_questions", least=4, most=8),
        signals=fields.texts("signals", least=6, most=12),
        pitfalls=fields.texts("pitfalls", least=2, most=4),
        go_back=fields.text("go_back"),
        delivers=fields.text("delivers"),
        anchors=_anchors(fields),
        text=text,
    )


def _perspective(path: Path) -> Perspective:
    fields, text = read(
        path,
        [
            "id",
            "title",
            "name",
            "core_values",
            "relation_to_society",
            "arrangement",
            "cement",
            "strength",
            "weakness",
            "signals",
            "counterweight",
            "anchors",
        ],
    )
    if fields.text("id") != path.stem:
        raise fields.error("id", f"is {fields.text('id')!r}", f"maak het gelijk aan de bestandsnaam: {path.stem!r}")
    return Perspective(
        id=fields.text("id"),
        title=fields.text("title"),
        name=fields.text("name"),
        core_values=fields.texts("core_values"),
        relation_to_society=fields.text("relation_to_society"),
        arrangement=fields.text("arrangement"),
        cement=fields.text("cement"),
        strength=fields.text("strength"),
        weakness=fields.text("weakness"),
        signals=fields.texts("signals", least=8, most=15),
        counterweight=fields.text("counterweight"),
        anchors=_anchors(fields),
        text=text,
    )


def _recommendation(path: Path) -> Recommendation:
    fields, text = read(path, ["number", "title", "advice", "roles", "signals", "anchors"])
    cells = fields.mapping("roles", list(Role))
    return Recommendation(
        number=_number(fields),
        title=fields.text("title"),
        advice=fields.text("advice"),
        roles=tuple(_role_advice(cells, role) for role in Role),
        signals=fields.texts("signals", least=6, most=12),
        anchors=_anchors(fields),
        text=text,
    )


def _role_advice(cells: Fields, role: Role) -> RoleAdvice:
    fields = cells.mapping(role, ["advice", "anchors"])
    return RoleAdvice(role=role, advice=fields.text("advice"), anchors=_anchors(fields))


def _number(fields: Fields) -> int:
    """Give the number, which the name of the file begins with too."""
    named = NUMBERED.fullmatch(fields.path.stem)
    if named is None:
        raise BadFile(f"{shown(fields.path)}: de naam begint niet met een nummer; noem het zoals '1-vraagstuk.md'")
    number = fields.number("number")
    if number != int(named["number"]):
        raise fields.error("number", f"is {number}", f"maak het gelijk aan de bestandsnaam: {named['number']}")
    return number


def _anchors(fields: Fields) -> tuple[Anchor, ...]:
    return tuple(_anchor(fields, value) for value in fields.texts("anchors"))


def _anchor(fields: Fields, value: str) -> Anchor:
    parts = ANCHOR.fullmatch(value)
    if parts is None:
        raise fields.error("anchors", f"bevat {value!r}", "schrijf een anker als 'leren-van-doen 39151-39974'")
    anchor = Anchor(parts["source"], int(parts["start"]), int(parts["end"]))
    if anchor.start >= anchor.end:
        raise fields.error("anchors", f"bevat {value!r}", "laat het begin voor het eind liggen")
    return anchor
