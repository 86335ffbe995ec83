"""The measures of each suite, computed from outcomes alone. A question that failed counts as zero in every one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeVar

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG

from assistant.types import Presence, Status
from evals.data import (
    BlindItem,
    DialogItem,
    DialogTurn,
    Item,
    PerspectiveItem,
    QuoteItem,
    RecommendationItem,
    RefusalItem,
    RetrievalItem,
    StepItem,
    Suite,
)
from evals.errors import EmptySet
from evals.outcomes import (
    Advised,
    Answered,
    Conversed,
    Got,
    Helped,
    LookedUp,
    Outcome,
    Ranked,
    Retrieved,
    Survived,
    TurnGot,
)
from evals.statistics import Statistic, Values, interval
from index import dutch
from index.types import Kind

DEPTHS = (1, 3, 5, 10)
ANSWERABLE, UNANSWERABLE = 0.7, 0.3
"""How much both halves weigh in the joint score, as UAEval4RAG proposes (Peng et al., 2024)."""
PERHAPS_IS_FINE = frozenset({"absent", "underspecified", "false_presupposition"})
"""Kinds for which the nearest passages under "misschien" are an acceptable reply, as much as a refusal."""

PRESENCE = {"exact": Presence.LITERAL, "edited": Presence.NEAR, "made_up": Presence.ABSENT}
"""What looking up each kind of quotation should say."""

NOT_COUNTED = float("nan")
_APOSTROPHES = str.maketrans("‘’`´", "''''")
_SHORT = 4
_CREDIT: Mapping[Status | None, float] = {Status.ANSWERED: 1.0, Status.PERHAPS: 0.5}
"""In the joint score a "misschien" counts half inside the library, so that always saying so brings little."""
AnyGot = TypeVar("AnyGot", bound=Got)
AnyItem = TypeVar("AnyItem", bound=Item)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number for each question, in the order of the outcomes, and how they become one score."""

    name: str
    values: Values
    statistic: Statistic


@dataclass(frozen=True, slots=True)
class Score:
    """A measure's score with its 95 % interval, and the number of questions that count for it."""

    name: str
    value: float
    low: float
    high: float
    count: int


def measures(suite: Suite, outcomes: Sequence[Outcome]) -> list[Measure]:
    """All measures of one suite under one condition. Raises EmptySet without outcomes."""
    if not outcomes:
        raise EmptySet(f"Er zijn geen uitkomsten voor {suite}; een lege set heeft geen score.")
    return [*_OF_SUITE[suite](outcomes), *_latency(outcomes)]


def score(measure: Measure) -> Score:
    """The score of a measure with its interval; raises EmptySet when no question counts for it."""
    count = int((~np.isnan(measure.values)).any(axis=1).sum())
    if not count:
        raise EmptySet(f"Geen vraag telt mee voor '{measure.name}'.")
    low, high = interval(measure.values, measure.statistic)
    return Score(measure.name, float(measure.statistic(measure.values)), low, high, count)


def scores(suite: Suite, outcomes: Sequence[Outcome]) -> list[Score]:
    """The scores of all measures that at least one question counts for."""
    return [score(each) for each in measures(suite, outcomes) if not np.isnan(each.values).all()]


def mean(values: Values) -> Values:
    """The mean of the first column over the questions that count, not-a-number when none does."""
    return _means(values)[..., 0]


def harmonic(values: Values) -> Values:
    """The harmonic mean of the means of two columns: F1 of precision and recall, 0 when one of them has none."""
    means = np.nan_to_num(_means(values))
    total = means.sum(axis=-1)
    return np.asarray(2 * means.prod(axis=-1) / np.where(total > 0, total, 1.0))


def joint(values: Values) -> Values:
    """The weighted sum of the means of two columns: what should be answered, and what should not."""
    means = _means(values)
    return np.asarray(ANSWERABLE * means[..., 0] + UNANSWERABLE * means[..., 1])


def percentile(values: Values, *, share: float) -> Values:
    """A percentile of the first column, as `np.nanpercentile` gives it, for many sets of questions at once."""
    column = np.sort(values[..., 0], axis=-1)  # not-a-number comes last
    at = np.maximum((~np.isnan(column)).sum(axis=-1) - 1, 0) * share / 100
    low, high = (np.take_along_axis(column, f(at).astype(int)[..., None], axis=-1)[..., 0] for f in (np.floor, np.ceil))
    return np.asarray(low + (high - low) * (at - np.floor(at)))


def _means(values: Values) -> Values:
    """The mean of each column over the questions that count for it."""
    counts = ~np.isnan(values)
    number = counts.sum(axis=-2)
    totals = np.where(counts, values, 0.0).sum(axis=-2)
    return np.asarray(np.where(number, totals / np.maximum(number, 1), np.nan))


def ranking(found: Sequence[Sequence[Ranked]], golds: Sequence[int]) -> Mapping[str, Values]:
    """nDCG@10, MRR@10, recall and hits of rankings, a number a question, by `ir_measures`.

    `golds` are the numbers of gold places. A passage gains 1 for each gold place that it holds and that none before it
    holds, so that overlapping passages are not counted twice; places that were not found are relevant and missing.
    Recall is the share of the gold places that the first passages hold.
    """
    firsts = [_first_ranks(ranked) for ranked in found]
    qrels: dict[str, dict[str, int]] = {}
    runs: dict[str, dict[str, float]] = {}
    for at, (ranked, first, gold) in enumerate(zip(found, firsts, golds, strict=True)):
        gains = Counter(f"rank {rank}" for rank in first.values())
        qrels[str(at)] = gains | {f"gold {missing}": 1 for missing in range(gold) if missing not in first}
        runs[str(at)] = {f"rank {rank}": float(-rank) for rank in range(1, len(ranked) + 1)}
    wanted = {"nDCG@10": nDCG @ 10, "MRR@10": RR @ 10} | {f"hit@{depth}": Success @ depth for depth in DEPTHS}
    values = _by_question(wanted, qrels, runs)
    places = {str(at): {f"gold {place}": 1 for place in range(gold)} for at, gold in enumerate(golds)}
    for depth in DEPTHS:
        held = {
            str(at): {f"gold {place}": float(-rank) for place, rank in first.items() if rank <= depth}
            for at, first in enumerate(firsts)
        }
        values |= _by_question({f"recall@{depth}": R @ max(golds)}, places, held)
    return values


def _first_ranks(ranked: Sequence[Ranked]) -> dict[int, int]:
    """For each gold place that was found the rank, from 1, of the first passage that holds it."""
    first: dict[int, int] = {}
    for rank, passage in enumerate(ranked, start=1):
        for place in passage.holds:
            first.setdefault(place, rank)
    return first


def _by_question(
    wanted: Mapping[str, ir_measures.Measure],
    qrels: Mapping[str, Mapping[str, int]],
    runs: Mapping[str, Mapping[str, float]],
) -> dict[str, Values]:
    names = {measure: name for name, measure in wanted.items()}
    values = {name: np.zeros((len(qrels), 1)) for name in wanted}
    for metric in ir_measures.iter_calc(list(wanted.values()), qrels, runs):
        values[names[metric.measure]][int(metric.query_id), 0] = metric.value
    return values


def states(text: str, wordings: Iterable[str]) -> bool:
    """Whether a text holds one of these wordings: case, accents, apostrophes, markup and line ends aside.

    A wording begins at a word and may go on in an ending (`regio` in `regio's`); a number or a word of at most four
    letters ends there too.
    """
    return any(_pattern(each).search(_plain(text)) for each in wordings)


@lru_cache(maxsize=16_384)
def _plain(text: str) -> str:
    return dutch.fold(dutch.search_text(text)).translate(_APOSTROPHES)


@lru_cache(maxsize=16_384)
def _pattern(wording: str) -> re.Pattern[str]:
    plain = _plain(wording)
    ending = r"(?!\w)" if plain[-1:].isdigit() or len(plain.rpartition(" ")[2]) <= _SHORT else ""
    return re.compile(rf"(?<!\w){re.escape(plain)}{ending}")


def _retrieval(outcomes: Sequence[Outcome]) -> list[Measure]:
    items = [_item(outcome, RetrievalItem) for outcome in outcomes]
    replies = [_got(outcome, Retrieved) or Retrieved() for outcome in outcomes]
    found = _found(replies, [len(item.gold) for item in items])
    if any(each.name == "answered" for each in found):
        facts = [_facts(reply.answer, item) for reply, item in zip(replies, items, strict=True)]
        found.append(_column("fact recall", facts))
    return found


def _blind(outcomes: Sequence[Outcome]) -> list[Measure]:
    """As for retrieval, over the questions that the library answers at all; and the form that was recognised."""
    items = [_item(outcome, BlindItem) for outcome in outcomes]
    got = [_got(outcome, Helped) or Helped() for outcome in outcomes]
    counted = [bool(item.gold) for item in items]
    places = [at for at, is_counted in enumerate(counted) if is_counted]
    found = _found([got[at] for at in places], [len(items[at].gold) for at in places]) if places else []
    right = [float(reply.shape in {item.shape, item.also} - {None}) for reply, item in zip(got, items, strict=True)]
    return [*(_spread(each, places, len(items)) for each in found), _column("shape", right)]


def _spread(measure: Measure, places: Sequence[int], size: int) -> Measure:
    """A measure over some of the questions as one over all, of which the others do not count."""
    values = np.full((size, measure.values.shape[1]), NOT_COUNTED)
    values[list(places)] = measure.values
    return Measure(measure.name, values, measure.statistic)


def _found(replies: Sequence[Retrieved], golds: Sequence[int]) -> list[Measure]:
    """What rankings and answers have of gold places; a reply without anything is one that failed."""
    failed = all(reply == type(reply)() for reply in replies)
    rankings = {"essay": [reply.essay for reply in replies], "handbook": [reply.handbook for reply in replies]}
    found = [
        Measure(f"{kind} {name}", values, mean)
        for kind, ranked in rankings.items()
        if any(each is not None for each in ranked) or failed
        for name, values in ranking([each or () for each in ranked], golds).items()
    ]
    answers = [reply.answer for reply in replies]
    if any(answers) or failed:
        found += [
            _column("answered", [float(a is not None and a.status is not Status.REFUSED) for a in answers]),
            _column("fully answered", [float(a is not None and a.status is Status.ANSWERED) for a in answers]),
            _column("citation precision", [_precision(answer) for answer in answers]),
            _column("citation precision essay", [_precision(answer, is_handbook=False) for answer in answers]),
            _column("citation precision handbook", [_precision(answer, is_handbook=True) for answer in answers]),
            _column("citation recall", [_recall(answer, gold) for answer, gold in zip(answers, golds, strict=True)]),
            _column("quote fidelity", [_fidelity([answer]) for answer in answers]),
            _column("words", [_length(answer) for answer in answers]),
        ]
    return found


def _precision(answer: Answered | None, *, is_handbook: bool | None = None) -> float:
    """The share of the citations, of one kind or all, that hold a gold place; a refusal does not count.

    A handbook section holds what one of the places holds that it rests on, a quotation only what it quotes. An answer
    without citations has 0; without one of the kind asked for it does not count.
    """
    if answer is None:
        return 0.0
    if answer.status is Status.REFUSED:
        return NOT_COUNTED
    cited = [each for each in answer.citations if not each.advises]
    if is_handbook is not None:
        cited = [each for each in cited if (each.kind is Kind.HANDBOOK) == is_handbook]
        if not cited:
            return NOT_COUNTED
    return sum(bool(each.holds) for each in cited) / max(1, len(cited))


def _recall(answer: Answered | None, gold: int) -> float:
    """The share of the gold places that a citation holds (Gao et al., 2023, with places for statements)."""
    if answer is None or answer.status is Status.REFUSED:
        return 0.0
    return len({at for each in answer.citations if not each.advises for at in each.holds}) / gold


def _facts(answer: Answered | None, item: RetrievalItem) -> float:
    """The share of the facts that the answer states: TREC RAG's nuggets, by their wordings."""
    if answer is None or answer.status is Status.REFUSED:
        return 0.0
    return sum(states(answer.text, wordings) for wordings in item.facts) / len(item.facts)


def _fidelity(answers: Sequence[Answered | None]) -> float:
    """Whether every citation, and every quotation as printed, is its source text; nothing cited does not count."""
    if any(answer is None for answer in answers):
        return 0.0
    cited = [each for answer in answers if answer for each in answer.citations]
    return float(all(each.faithful and each.printed for each in cited)) if cited else NOT_COUNTED


def _length(answer: Answered | None) -> float:
    """How many words an answer has that is no refusal: more words state more facts, and cost more to read."""
    return NOT_COUNTED if answer is None or answer.status is Status.REFUSED else float(len(answer.text.split()))


def acceptable(kind: str, status: Status | None) -> bool:
    """Whether a status is right for a question of this kind: answered inside the library, refused or so outside it."""
    if kind == "in":
        return status in {Status.ANSWERED, Status.PERHAPS}
    return status is Status.REFUSED or (status is Status.PERHAPS and kind in PERHAPS_IS_FINE)


def _refusal(outcomes: Sequence[Outcome]) -> list[Measure]:
    kinds = [_item(outcome, RefusalItem).kind for outcome in outcomes]
    replies = [_got(outcome, Answered) for outcome in outcomes]
    statuses = [reply.status if reply else None for reply in replies]
    inside = [kind == "in" for kind in kinds]
    outside = [kind != "in" for kind in kinds]
    refused = [float(status is Status.REFUSED) for status in statuses]
    right = [float(acceptable(kind, status)) for kind, status in zip(kinds, statuses, strict=True)]
    credit = _where([_CREDIT.get(status, 0.0) for status in statuses], inside)
    fine = _where(right, outside)
    judged = [status in {Status.REFUSED, None} for status in statuses]
    precision = _where(
        [float(out and status is not None) for out, status in zip(outside, statuses, strict=True)], judged
    )
    recall = _where(refused, outside)
    found = [
        _column("right", right),
        _column("in answered", _where(right, inside)),
        _column("in fully answered", _where([float(status is Status.ANSWERED) for status in statuses], inside)),
        _column("refusal precision", precision),
        _column("refusal recall", recall),
        Measure("refusal F1", np.column_stack([precision, recall]), harmonic),
        _column("acceptable", fine),
        _column(
            "not answered", _where([float(status in {Status.REFUSED, Status.PERHAPS}) for status in statuses], outside)
        ),
        _column("quote fidelity", [_fidelity([reply]) for reply in replies]),
    ]
    if any(outside) and any(inside):
        found.append(Measure("joint", np.column_stack([credit, fine]), joint))
    for kind in dict.fromkeys(kind for kind in kinds if kind != "in"):
        found.append(_column(f"acceptable {kind}", _where(fine, [each == kind for each in kinds])))
    return found


def _where(values: Sequence[float], counts: Sequence[bool]) -> list[float]:
    """The values of the questions that count."""
    return [value if is_counted else NOT_COUNTED for value, is_counted in zip(values, counts, strict=True)]


def _advice(outcomes: Sequence[Outcome], *, depth: int = 2) -> list[Measure]:
    """`right`: gold comes first; `accepted`: gold or a second choice does; `within n`: so, or gold is among n.

    `shown` and `shown accepted` are about what the answer to the same words puts before a person's eyes.
    """
    replies = [_got(outcome, Advised) for outcome in outcomes]
    rows = [
        (reply.labels if reply else (), *labels_of(outcome)) for reply, outcome in zip(replies, outcomes, strict=True)
    ]
    found = [
        _column("right", [float(labels[:1] == (gold,)) for labels, gold, _ in rows]),
        _column("accepted", [float(bool({gold, *also} & {*labels[:1]})) for labels, gold, also in rows]),
    ]
    for within in range(2, depth + 1):
        inside = [float(gold in labels[:within] or bool({*also} & {*labels[:1]})) for labels, gold, also in rows]
        found.append(_column(f"within {within}", inside))
    shown = [reply.shown if reply else "" for reply in replies]
    found.append(_column("shown", [float(bool(label)) for label in shown]))
    accepted = [float(label in {gold, *also}) for label, (_, gold, also) in zip(shown, rows, strict=True)]
    return [*found, _column("shown accepted", accepted)]


def _recommendations(outcomes: Sequence[Outcome]) -> list[Measure]:
    replies = [_got(outcome, Advised) for outcome in outcomes]
    roles = [_item(outcome, RecommendationItem).role for outcome in outcomes]
    named = [float(reply is not None and reply.role is role) for reply, role in zip(replies, roles, strict=True)]
    told, untold = _where(named, [role is not None for role in roles]), _where(named, [role is None for role in roles])
    return [*_advice(outcomes, depth=3), _column("role when told", told), _column("no role when untold", untold)]


def labels_of(outcome: Outcome) -> tuple[str, tuple[str, ...]]:
    """The gold label of an advice question, and the second choices that are accepted."""
    match outcome.item:
        case PerspectiveItem() as item:
            return item.perspective, item.also
        case StepItem() as item:
            return str(item.step), tuple(map(str, item.also))
        case RecommendationItem() as item:
            return str(item.recommendation), tuple(map(str, item.also))
    raise TypeError(f"{type(outcome.item).__name__} has no label")


def _dialogs(outcomes: Sequence[Outcome]) -> list[Measure]:
    judged = [_turns(outcome) for outcome in outcomes]
    parts = {name: [part[at] for part in judged] for at, name in enumerate(("status", "mentions", "found", "cited"))}
    return [
        _column("success", [_succeeds(outcome) for outcome in outcomes]),
        *(_column(f"turns {name}", values) for name, values in parts.items()),
        _column("quote fidelity", [_fidelity(_answers(outcome)) for outcome in outcomes]),
    ]


def _succeeds(outcome: Outcome) -> float:
    """Whether no turn of a conversation has a fault."""
    item, reply = _item(outcome, DialogItem), _got(outcome, Conversed)
    if reply is None:
        return 0.0
    return float(not any(turn_faults(turn, got) for turn, got in zip(item.turns, reply.turns, strict=True)))


def _answers(outcome: Outcome) -> list[Answered | None]:
    reply = _got(outcome, Conversed)
    return [turn.answer for turn in reply.turns] if reply else [None]


def _turns(outcome: Outcome) -> tuple[float, float, float, float]:
    """Of one conversation the shares of turns with a right status, subject carried over, gold found, and cited."""
    item, reply = _item(outcome, DialogItem), _got(outcome, Conversed)
    if reply is None:
        return 0.0, 0.0, 0.0, 0.0
    pairs = list(zip(item.turns, reply.turns, strict=True))
    return (
        _share([got.answer.status in turn.status for turn, got in pairs]),
        _share([all(states(got.standalone, words) for words in turn.mentions) for turn, got in pairs if _leans(turn)]),
        _share([any(ranked.holds for ranked in got.found) for turn, got in pairs if turn.gold]),
        _share([_recall(got.answer, len(turn.gold)) > 0 for turn, got in pairs if turn.gold]),
    )


def _leans(turn: DialogTurn) -> bool:
    """Whether a message is about something that it does not say, which has to come from the turns before it."""
    return not all(states(turn.question, words) for words in turn.mentions)


def turn_faults(turn: DialogTurn, got: TurnGot) -> list[str]:
    """What is wrong with one turn, in words."""
    faults = (
        [] if got.answer.status in turn.status else [f"status {got.answer.status}, niet {' of '.join(turn.status)}"]
    )
    faults += [f"'{words[0]}' ontbreekt" for words in turn.mentions if not states(got.standalone, words)]
    return faults + (["plaats niet gevonden"] if turn.gold and not any(each.holds for each in got.found) else [])


def _share(truths: Sequence[bool]) -> float:
    return sum(truths) / len(truths) if truths else NOT_COUNTED


def _abuse(outcomes: Sequence[Outcome]) -> list[Measure]:
    replies = [_got(outcome, Survived) for outcome in outcomes]
    return [_column("survived", [float(reply is not None and not reply.faults) for reply in replies])]


def _quotes(outcomes: Sequence[Outcome]) -> list[Measure]:
    kinds = [_item(outcome, QuoteItem).kind for outcome in outcomes]
    right = [
        float(
            (reply := _got(outcome, LookedUp)) is not None
            and reply.presence is PRESENCE[kind]
            and (reply.placed or kind == "made_up")
        )
        for kind, outcome in zip(kinds, outcomes, strict=True)
    ]
    found = [_column("right", right)]
    for kind in PRESENCE:
        found.append(_column(f"right {kind}", _where(right, [each == kind for each in kinds])))
    return found


def _latency(outcomes: Sequence[Outcome]) -> list[Measure]:
    taken = np.array([[outcome.milliseconds if outcome.got else NOT_COUNTED] for outcome in outcomes])
    return [Measure(f"ms p{share}", taken, partial(percentile, share=share)) for share in (50, 95)]


def confusion(pairs: Iterable[tuple[str, str]]) -> tuple[list[str], list[list[int]]]:
    """The labels in order, and for each gold label (row) how often each label (column) came first."""
    counts = Counter(pairs)
    labels = sorted({label for pair in counts for label in pair}, key=lambda label: (len(label), label))
    return labels, [[counts[gold, got] for got in labels] for gold in labels]


def _column(name: str, values: Sequence[float]) -> Measure:
    return Measure(name, np.array(values, dtype=np.float64).reshape(-1, 1), mean)


def _got(outcome: Outcome, kind: type[AnyGot]) -> AnyGot | None:
    if outcome.got is None or isinstance(outcome.got, kind):
        return outcome.got
    raise TypeError(f"{outcome.suite} gave {type(outcome.got).__name__}, not {kind.__name__}")


def _item(outcome: Outcome, kind: type[AnyItem]) -> AnyItem:
    if isinstance(outcome.item, kind):
        return outcome.item
    raise TypeError(f"{outcome.suite} asks {type(outcome.item).__name__}, not {kind.__name__}")


_OF_SUITE: Mapping[Suite, Callable[[Sequence[Outcome]], list[Measure]]] = {
    Suite.RETRIEVAL: _retrieval,
    Suite.BLIND: _blind,
    Suite.REFUSAL: _refusal,
    Suite.PERSPECTIVES: _advice,
    Suite.STEPS: _advice,
    Suite.RECOMMENDATIONS: _recommendations,
    Suite.DIALOGS: _dialogs,
    Suite.ABUSE: _abuse,
    Suite.QUOTES: _quotes,
}

HEADLINE: Mapping[Suite, str] = {
    Suite.RETRIEVAL: "essay hit@5",
    Suite.BLIND: "handbook hit@5",
    Suite.REFUSAL: "right",
    Suite.PERSPECTIVES: "right",
    Suite.STEPS: "right",
    Suite.RECOMMENDATIONS: "right",
    Suite.DIALOGS: "success",
    Suite.ABUSE: "survived",
    Suite.QUOTES: "right",
}
"""The measure that tells of each question whether it went well."""
