"""Quotations made from the imported essays, to see whether the assistant names the right source and place.

After the Tow Center's test of AI search (Jazwinska and Chandrasekar, 2025): an excerpt is given, and the source is
asked for. Here a third kind is added, quotations that no source contains, for which the right reply is that they are
not there. Which ones are made depends on the seed and the texts alone.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from evals.data import Place, QuoteItem
from evals.errors import EmptySet
from index import dutch

EXACT, EDITED, MADE_UP, SEED = 200, 200, 100, 20
SHORTEST, LONGEST = 8, 40
"""Words of a quotation."""
MOST_TRIES = 20_000
ORDER, KNOWN_RUN = 2, 8
"""A made-up quotation follows runs of so many words, and has no run of so many that stands in an essay."""

_WORD = re.compile(r"\S+")
_READABLE = re.compile(r"[A-ZÀ-Þa-zà-ÿ][a-zà-ÿ’'-]*[,;:]?|[\d.,%]+|.*[a-zà-ÿ]{2}[.,;:!?)”’]*")
_LEAST_READABLE = 0.95
_ADDRESS = re.compile(r"https?://|www\.|@|\t| {3,}")


def quotations(essays: Mapping[str, str], *, seed: int = SEED) -> list[QuoteItem]:
    """200 exact quotations, 200 lightly edited ones and 100 made-up ones.

    Raises EmptySet when there are no essays to take them from.
    """
    random_source = random.Random(seed)
    stretches = [place for slug, text in sorted(essays.items()) for place in _stretches(slug, text)]
    if len(stretches) < EXACT + EDITED:
        raise EmptySet("Er zijn te weinig essays om citaten uit te nemen; neem ze over met 'make essays SRC=map'.")
    chosen = random_source.sample(stretches, EXACT + EDITED)
    exact = [_exact(essays, place, random_source) for place in chosen[:EXACT]]
    edited = [_edited(essays, place, random_source) for place in chosen[EXACT:]]
    made_up = list(_made_up([essays[slug] for slug in sorted(essays)], random_source))
    return [*exact, *edited, *made_up]


def _stretches(slug: str, text: str) -> Iterator[Place]:
    """Sentences, alone or with the next, that are prose and can be quoted."""
    spans = dutch.sentences(text)
    for at, (start, end) in enumerate(spans):
        if at % 3 == 0 and at + 1 < len(spans) and "\n\n" not in text[end : spans[at + 1][0]]:
            end = spans[at + 1][1]
        words = text[start:end].split()
        readable = sum(bool(_READABLE.fullmatch(word)) for word in words)
        if (
            SHORTEST <= len(words) <= LONGEST
            and readable >= _LEAST_READABLE * len(words)
            and "\n\n" not in text[start:end]
            and not _ADDRESS.search(text[start:end])
        ):
            yield Place(source=slug, start=start, end=end)


def _exact(essays: Mapping[str, str], place: Place, source: random.Random) -> QuoteItem:
    """As it comes out of a file, as it comes off a page (line ends repaired), or with quotation marks around it."""
    raw = essays[place.source][place.start : place.end]
    text = source.choice([raw, dutch.search_text(raw), f"“{dutch.search_text(raw)}”"])
    return QuoteItem(text=text, kind="exact", gold=place)


def _edited(essays: Mapping[str, str], place: Place, source: random.Random) -> QuoteItem:
    """One or two small changes: a word dropped, doubled in letters, swapped, or taken from elsewhere in the essay."""
    text = essays[place.source]
    words = dutch.search_text(text[place.start : place.end]).split()
    elsewhere = _common(text)
    changed = list(words)
    for _ in range(source.choice([1, 1, 2])):
        at = source.randrange(1, len(changed) - 2)
        match source.choice(["drop", "swap", "replace", "add", "mistype"]):
            case "drop":
                del changed[at]
            case "swap":
                changed[at], changed[at + 1] = changed[at + 1], changed[at]
            case "replace":
                changed[at] = source.choice(elsewhere)
            case "add":
                changed.insert(at, source.choice(elsewhere))
            case _:
                changed[at] = changed[at][:-1] + changed[at][-1] * 2 if changed[at].isalpha() else changed[at] + "x"
    if dutch.words(" ".join(changed)) == dutch.words(" ".join(words)):
        changed.insert(2, source.choice(elsewhere))
    return QuoteItem(text=" ".join(changed), kind="edited", gold=place)


@lru_cache(maxsize=16)
def _common(text: str) -> list[str]:
    """Words of an essay to put where they do not stand."""
    return [word for word in dutch.search_text(text[:20_000]).split() if word.isalpha() and len(word) > 3]


def _made_up(texts: Sequence[str], source: random.Random) -> Iterator[QuoteItem]:
    """Sentences in the essays' own words that none of them contains: every three words are theirs, the whole is not.

    Chains of words (Shannon, 1948), each drawn from what follows the two before it somewhere in an essay.
    """
    after: dict[tuple[str, ...], list[str]] = defaultdict(list)
    known: set[tuple[str, ...]] = set()
    openings: list[tuple[str, ...]] = []
    for text in texts:
        words = [word for word in dutch.search_text(text).split() if _READABLE.fullmatch(word)]
        known |= _runs(text)
        for at in range(len(words) - ORDER):
            after[tuple(words[at : at + ORDER])].append(words[at + ORDER])
        openings += [tuple(words[at : at + ORDER]) for at in range(len(words) - ORDER) if words[at][0].isupper()]
    made: set[str] = set()
    for _ in range(MOST_TRIES):
        words = list(source.choice(openings))
        length = source.randint(12, 28)
        while len(words) < length and after[tuple(words[-ORDER:])]:
            words.append(source.choice(after[tuple(words[-ORDER:])]))
        text = " ".join(words).rstrip(".,;:") + "."
        if len(words) == length and text not in made and not _runs(text) & known:
            made.add(text)
            yield QuoteItem(text=text, kind="made_up")
        if len(made) == MADE_UP:
            return
    raise EmptySet("Uit deze essays zijn te weinig citaten te verzinnen; neem ze over met 'make essays SRC=map'.")


def _runs(text: str) -> set[tuple[str, ...]]:
    words = dutch.words(dutch.search_text(text))
    return set(zip(*(words[at:] for at in range(KNOWN_RUN)), strict=False))
