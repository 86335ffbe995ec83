"""What a question wants to get: a definition, both sides of a comparison, a list, steps. It decides an answer's form.

Rules on Dutch words, in order: the first that fits decides. They were written on the questions from which the practice
guide was made (`evals/guide/`) and are measured on others (`python -m evals run --suite blind`).
"""

from __future__ import annotations

import re
from enum import StrEnum

from index import dutch


class Shape(StrEnum):
    """The form of answer that helps who asks."""

    DEFINITION = "definition"
    COMPARISON = "comparison"
    LIST = "list"
    HOW_TO = "howto"
    TROUBLE = "trouble"
    ROLE = "role"
    EXAMPLE = "example"
    FACT = "fact"
    OPINION = "opinion"


_SITUATION = 5
_COMPARED = re.compile(
    r"\bverschil(?:len)? (?:is er )?tussen (?P<things>[^?.!:;]{3,120}?)"
    r"(?:,? (?:bij|in|volgens|als|want|graag|en hoe|en wanneer)\b.*)?(?:[?.!:;]|$)"
)
_JOINED = re.compile(r",\s*(?:en |of )?|\s+(?:en|of|versus|vs)\s+")
_ARTICLE = re.compile(r"^(?:een|de|het|'n)\s+")

_ONE = "(?:ik|je|jij|u|we|wij|men)"
_OWN = "(?:mijn|onze|ons|jouw|uw|zijn|haar|hun)"
_FEW = r"(?:\w+ ){0,3}"
_BEGIN = r"(?:^|[.!?,;:] |\b(?:en|of|dan|maar) )"
_PHRASES: tuple[tuple[Shape, tuple[str, ...]], ...] = (
    (
        Shape.EXAMPLE,
        (
            r"\bvoorbeeld(?:en)?\b",
            r"\bhoe (?:doen|pakken|gaan|lossen|regelen|houden) ander(?:e|en)?\b",
            r"\bwat (?:doen|deden) (?:\w+ )?(?:in )?ander(?:e|en)?\b",
            r"\bervaringen? (?:van|met|elders)\b",
        ),
    ),
    (
        Shape.COMPARISON,
        (
            r"\bverschil(?:len|t)?\b",
            r"\b(?:zelfde|hetzelfde|iets anders) als\b",
            r"\banders dan\b|\bwaarin is\b.*\banders\b",
            r"\bversus\b",
            r"\b(?:in|met) een (?:ander|nieuw) (?:jasje|naampje|etiket\w*)",
            rf"\bof (?:juist|beter|liever|pas|gewoon|toch|(?:kun|kan|laat) (?:{_ONE} )?(?:beter)?)\b",
            r"\bwanneer\b.* en wanneer\b",
            r": [^?:]+ of [^?:]+\?",
            r"(?:^|[.?!] )\w+(?: \w+){0,3} of \w+(?: \w+){0,3}\?",
        ),
    ),
    (
        Shape.LIST,
        (
            r"\blijst(?:je)?\b|\bchecklist\b|\bnoem\b|\bwerkvormen\b|\bgoede vragen\b",
            r"\bwelke (?:\w+ )?\w+(?:en|s)\b",
            rf"\bop(?: te)? letten\b|\bwaar let {_ONE}\b|\bwaar moet {_ONE} (?:\w+ )?op\b",
            r"\bwaara?a?n? (?:\w+ ){0,2}(?:zie|zien|merk|merken|herken|herkennen)\b",
            r"\bwanneer (?:is|ben|heb|stap|moet)\b",
            r"\bwat (?:moet|hoort|staat) er\b|\bwat voor\b|\bwel en niet\b|\bwie nodig\b",
            rf"\bwat moet {_ONE}\b.*\b(?:vragen|bedingen|regelen|krijgen|afspreken|weten)\b",
            rf"\bwat (?:vraag|zet|leg|neem) {_ONE}\b",
            r"\beerste (?:honderd dagen|weken)\b",
        ),
    ),
    (
        Shape.DEFINITION,
        (
            r"^(?:\w+ )?wat (?:is|zijn|betekent|betekenen|bedoel\w*|wordt|houdt|verstaa\w+)\b"
            rf"(?! (?:nu |dan )?(?:{_OWN}|er|een (?:goede|eerlijk|handige)|de (?:rol|taak|winst|beste|kans)|wijs"
            r"|verstandig|slim|beter)\b)(?!.*\b(?:rol|taak|taken|voor (?:het|de|mijn|ons|onze))\b)",
            r"\b(?:uitleggen|leg uit) wat\b|\bwat betekent dat\b",
            r"\bin (?:gewone|gewoon|normaal|simpele|simpel) (?:taal|nederlands)\b",
            r"\bwat is (?:het|dat|dit) (?:nou |nu |dan )?eigenlijk\b",
        ),
    ),
    (
        Shape.ROLE,
        (
            rf"\b{_OWN} (?:eigen )?(?:rol|taak|positie|verantwoordelijkheid|plek|mandaat)\b",
            r"\b(?:welk mandaat|de rol van|aanspreekpunt|bij wie)\b",
            r"\bwat (?:doet|merkt) (?:een|de)\b",
            r"\bwat heb ik (?:\w+ ){0,6}(?:te maken|te brengen)\b",
            r"\bwie (?:is|zijn|beslist|bepaalt|betaalt|hakt|gaat|moet|mag|spreekt|doet|heeft|praat|legt|regelt|hoort"
            r"|neemt|geeft|kiest|wint)\b",
            r"\b(?:is|hoort|ligt) (?:dat|het|dit) (?:\w+ )?(?:aan|bij) (?:mij|ons|de|het)\b",
            rf"\bmoet ik {_FEW}zelf\b",
            rf"\bwat (?:moet|kan|mag|hoort) (?:{_ONE}|een) (?:\w+ )?als (?!een\b|de\b|het\b|er\b|eerste\b|{_ONE}\b)",
            r"\b(?:aan|met|naar|van) wie\b",
        ),
    ),
    (
        Shape.TROUBLE,
        (
            r"\bwat nu\b|\ben nu\?|\bdoorbre(?:ek|ken|eken)\b|\bhelp\b|\bmijn verhaal\b|\bhoe bescherm\b",
            rf"\bwat (?:doe|moet) {_ONE}(?: (?:nu|dan|daar|doen|ermee|daarmee))*(?:\?|$)",
            rf"\bwat (?:doe|moet|kan|kunnen) (?:{_ONE}|een \w+|de \w+|{_OWN} \w+)\b.*\b(?:doen|als|met|mee)\b",
            rf"\bhoe (?:kom|komen) {_ONE} {_FEW}(?:uit|vanaf|eruit)\b",
        ),
    ),
    (
        Shape.HOW_TO,
        (
            r"\bhoe(?! (?:komt|vaak|lang|veel|ver)\b)\b|\bhow\b",
            rf"\btips?\b|\bwat zeg {_ONE}\b|\bmanier om\b|\bals eerste\b",
        ),
    ),
    (
        Shape.FACT,
        (
            r"\bwaarom\b|\bhoe ?(?:veel|lang|vaak|ver)\b|\bhoe (?:komt|heet)\b|\bbewijs\b",
            r"\bwat (?:kost|kosten|levert|gebeurt)\b",
            r"^(?:\w+ )?(?:welke?|wie|waar|wanneer)\b",
        ),
    ),
    (
        Shape.OPINION,
        (
            rf"{_BEGIN}(?:is|zijn|moet|moeten|mag|mogen|kan|kun|kunnen|heeft|hebben|heb|hoort|horen|klopt|werkt|ligt|zal"
            r"|wil|doe|ben|verdwijnt|gaan|komt|loont|krijg\w*|laat|word|vier|had|wat heeft)\b",
            r"\bzin\b|\bverstandig\b",
        ),
    ),
)
_RULES = tuple((shape, re.compile("|".join(phrases))) for shape, phrases in _PHRASES)


def shape(question: str) -> Shape:
    """The form of answer that a question wants: that of the first rule that fits.

    Somebody who tells only a situation wants to know what to do; any other question is taken to ask a fact.
    """
    plain = dutch.fold(question)
    found = next((shape for shape, rule in _RULES if rule.search(_asking(plain))), None)
    return found or (Shape.FACT if "?" in plain or len(plain.split()) < _SITUATION else Shape.TROUBLE)


def compared(question: str) -> tuple[str, ...]:
    """The things that a question names to be compared, folded; none where it does not name at least two."""
    found = _COMPARED.search(dutch.fold(question))
    if found is None:
        return ()
    things = [_ARTICLE.sub("", each).strip() for each in _JOINED.split(found["things"])]
    return tuple(dict.fromkeys(each for each in things if dutch.terms(each))) if len(things) > 1 else ()


def _asking(plain: str) -> str:
    """The sentences of a message that ask, all of it when none ends in a question mark."""
    pieces = [plain[start:end] for start, end in dutch.sentences(plain)]
    return " ".join(piece for piece in pieces if piece.endswith("?")) or plain
