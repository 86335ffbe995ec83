"""A run as one HTML file that opens from disk: tables, plots, and the questions that went worst."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.data import (
    HERE,
    AbuseItem,
    DialogItem,
    DialogTurn,
    QuoteItem,
    RecommendationItem,
    RefusalItem,
    RetrievalItem,
    Suite,
)
from evals.errors import EmptySet
from evals.measures import PRESENCE, Score, acceptable, confusion, labels_of, measures, score, turn_faults
from evals.outcomes import Advised, Answered, Conversed, LookedUp, Outcome, Ranked, Retrieved, Survived, TurnGot
from evals.runs import Run
from evals.tables import number, scored

MAIN = "whole"
SHOWN, DEPTH = 40, 3
ABLATION = ("essay hit@5", "handbook hit@5")
ACROSS = ("essay hit@1", "essay hit@5", "essay hit@10", "essay nDCG@10", "handbook hit@5", "handbook nDCG@10")
NO_ROLE = "geen"


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one group of questions, such as a style or a source, under several conditions."""

    name: str
    count: int
    scores: Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class Matrix:
    """How often each label (column) came first for each right label (row)."""

    title: str
    labels: Sequence[str]
    rows: Sequence[Sequence[int]]

    @property
    def shares(self) -> list[list[float]]:
        """Each number as a share of its row."""
        return [[count / (sum(row) or 1) for count in row] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that went wrong: what was right, and what came instead."""

    asked: str
    wanted: str
    got: str


def report(run: Run) -> str:
    """The run as HTML without anything from elsewhere. Raises EmptySet for a run without outcomes."""
    if not run.outcomes:
        raise EmptySet(f"De meting {run.name} heeft geen uitkomsten.")
    found = scored(run)
    retrieval = [each for each in found if each.suite is Suite.RETRIEVAL]
    several = Counter(condition for condition, _ in run.measured)
    whole = [name for name, count in several.items() if count > 1] or [run.measured[0][0]]
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = number
    return environment.get_template("report.html").render(
        run=run,
        style=Markup((HERE / "report.css").read_text(encoding="utf-8")),
        retrieval=retrieval,
        across=[name for name in ACROSS if any(each.get(name) for each in retrieval)],
        ablation=[name for name in ABLATION if any(each.get(name) for each in retrieval)],
        wholes={name: [each for each in found if each.condition == name] for name in whole},
        latency=[each for each in found if each.get("ms p95")],
        slowest=max((score.high for each in found if (score := each.get("ms p95"))), default=1.0),
        styles=list(_groups(run, "essay hit@5", lambda item: [item.style])),
        sources=list(_groups(run, "essay hit@5", lambda item: sorted({place.source for place in item.gold}))),
        compared=[each.condition for each in retrieval if each.get("essay hit@5")],
        matrices=list(_matrices(run)),
        misses={title: rows for title, rows in _all_misses(run) if rows},
        failed=[outcome for outcome in run.outcomes if outcome.error],
        shown=SHOWN,
    )


def _groups(run: Run, measure: str, names: Callable[[RetrievalItem], Sequence[str]]) -> Iterator[Group]:
    found: dict[str, dict[str, list[Outcome]]] = defaultdict(lambda: defaultdict(list))
    for outcome in run.outcomes:
        if outcome.suite is Suite.RETRIEVAL and isinstance(outcome.item, RetrievalItem):
            for name in names(outcome.item):
                found[name][outcome.condition].append(outcome)
    for name, conditions in found.items():
        values = {
            condition: score(each)
            for condition, outcomes in conditions.items()
            for each in measures(Suite.RETRIEVAL, outcomes)
            if each.name == measure
        }
        if values:
            yield Group(name, max(each.count for each in values.values()), values)


def _matrices(run: Run) -> Iterator[Matrix]:
    titles = {Suite.PERSPECTIVES: "Perspectieven", Suite.STEPS: "Stappen", Suite.RECOMMENDATIONS: "Aanbevelingen"}
    for suite, title in titles.items():
        pairs = [
            (labels_of(each)[0], each.got.labels[0])
            for each in run.of(suite, MAIN)
            if isinstance(each.got, Advised) and each.got.labels
        ]
        if pairs:
            yield Matrix(title, *confusion(pairs))
    roles = [
        (each.item.role or NO_ROLE, each.got.role or NO_ROLE)
        for each in run.of(Suite.RECOMMENDATIONS, MAIN)
        if isinstance(each.got, Advised) and isinstance(each.item, RecommendationItem)
    ]
    if roles:
        yield Matrix("Rollen", *confusion(roles))


def _all_misses(run: Run) -> Iterator[tuple[str, list[Miss]]]:
    for suite in Suite:
        outcomes = run.of(suite, MAIN)
        if suite is Suite.RETRIEVAL:
            outcomes = sorted(outcomes, key=_worst)
        yield suite, [miss for outcome in outcomes if (miss := _miss(outcome))]


def _worst(outcome: Outcome) -> tuple[int, int]:
    """Questions of which the handbook and the essays hold the least within reach come first."""
    got = outcome.got
    return (_rank(got.essay or ()), _rank(got.handbook or ())) if isinstance(got, Retrieved) else (0, 0)


def _rank(ranked: Sequence[Ranked]) -> int:
    """Minus the rank of the first passage that holds a gold place; very small when none does."""
    return next((-rank for rank, each in enumerate(ranked, start=1) if each.holds), -1_000)


def _miss(outcome: Outcome) -> Miss | None:
    item, got = outcome.item, outcome.got
    match item, got:
        case RetrievalItem(), Retrieved() if _rank(got.essay or ()) < -5:
            gold = ", ".join(f"{each.source} {each.start}-{each.end}" for each in item.gold)
            first = "; ".join(f"{each.title or 'zonder kop'} ({each.id})" for each in (got.essay or ())[:DEPTH])
            section = _rank(got.handbook or ())
            handbook = f"handboek: plaats {-section}" if section > -1_000 else "ook niet in het handboek"
            return Miss(item.question, f"{item.style}: {gold}", f"{first} · {handbook}")
        case RefusalItem(), Answered():
            wanted = "beantwoorden" if item.kind == "in" else f"weigeren ({item.kind})"
            return None if acceptable(item.kind, got.status) else Miss(item.question, wanted, got.status)
        case _, Advised():
            gold, also = labels_of(outcome)
            if got.labels[:1] and got.labels[0] in {gold, *also}:
                return None
            told = ", ".join(
                f"{label} {value:.2f}" for label, value in list(zip(got.labels, got.scores, strict=True))[:3]
            )
            return Miss(item.asked, gold, told)
        case DialogItem(), Conversed():
            pairs = list(zip(item.turns, got.turns, strict=True))
            wrong = [(turn, reply, faults) for turn, reply in pairs if (faults := turn_faults(turn, reply))]
            told = " · ".join(f"{_rewritten(turn, reply)}: {', '.join(why)}" for turn, reply, why in wrong)
            return Miss(item.asked, "elke beurt goed", told) if wrong else None
        case AbuseItem(), Survived():
            return Miss(item.asked[:300], item.kind, ", ".join(got.faults)) if got.faults else None
        case QuoteItem(), LookedUp():
            wanted = PRESENCE[item.kind]
            if got.presence is wanted and (got.placed or item.gold is None):
                return None
            place = f", {item.gold.source} {item.gold.start}-{item.gold.end}" if item.gold else ""
            return Miss(item.text, f"{wanted}{place}", f"{got.presence} {', '.join(got.places[:DEPTH])}")
    return None


def _rewritten(turn: DialogTurn, reply: TurnGot) -> str:
    return turn.question if turn.question == reply.standalone else f"{turn.question} → {reply.standalone}"
