"""From a message to a question that stands by itself: greetings, follow-ups, carried-over terms. Rules, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.errors import InvalidQuestion
from assistant.types import Question, Turn
from index import dutch
from prompts import Role

LONGEST = 4_000

ROLE_WORDS: dict[Role, str] = {
    Role.OPDRACHTGEVER: r"opdrachtgevers?",
    Role.OPDRACHTNEMER: r"opdrachtnemers?|programmadirecteur(?:en)?|programmamanagers?|opgavemanagers?",
    Role.STAANDE_ORGANISATIE: r"staande organisaties?|lijnorganisaties?|lijnmanagers?|afdelingshoofd(?:en)?",
    Role.ORGANISATIEADVISEUR: r"organisatieadviseurs?|procesbegeleiders?|(?:onafhankelijk |hr-)?adviseurs?",
}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LETTER = re.compile(r"[^\W\d_]")
_SYMBOLS = re.compile(r"[^\w\s'-]")

_TALK: dict[str, str] = {
    "afscheid": r"tot ziens|doei|tot de volgende keer|fijne (?:dag|avond|middag)(?: nog)?|bye",
    "dank": (
        r"(?:(?:heel erg|heel|hartelijk|erg) )?(?:be?dankt|dank(?: ?(?:je|u))?(?: ?wel)?|thanks|thank you|merci)"
        r"(?: (?:hoor|voor (?:de|je|uw|het|dit) \w+|hiervoor|alvast|zeg))*"
        r"|top|super|fijn|mooi|prima|geweldig|helder|duidelijk|oke?"
    ),
    "groet": (
        r"(?:goe(?:de|den|ie|i)n? ?(?:morgen|middag|avond|dag)|hallo|hoi|hey|hai|dag|hi|hello|beste|welkom)"
        r"(?: (?:daar|allemaal|assistent))?"
    ),
    "wie": (
        r"(?:wie|wat) (?:ben|bent) (?:je|jij|u)|wat (?:kan|kun|kunt) (?:je|jij|u)(?: (?:allemaal|voor mij doen))?|help"
    ),
    "": r"en|ja|nee|nou",
}
_PHRASE = {kind: re.compile(rf"(?:{pattern})(?:\s+|$)") for kind, pattern in _TALK.items()}

_EXAMPLE = re.compile(
    r"(?:en )?(?:(?:geef|noem|heb|heeft|is er|zijn er|kun|kunt|mag ik|graag)\b.*)?"
    r"\b(?:voorbeeld(?:en)?|casus(?:sen)?)\b(?:.*\b(?:hiervan|daarvan|ervan|geven|noemen|hebben)\b)?"
)
_GENERIC = frozenset(
    dutch.terms("geef noem geven noemen kun kunt mag graag voorbeeld voorbeelden casus casussen hiervan")
)
_MORE = re.compile(
    r"(?:vertel (?:me |mij )?(?:daar |hier |er )?(?:iets )?meer(?: over)?|leg (?:dat|dit|eens)? ?uit|"
    r"(?:kun|kunt) (?:je|u) (?:dat|dit) (?:verder |nader )?(?:uitleggen|toelichten)|"
    r"ga (?:door|verder)|meer (?:hierover|daarover|uitleg)|licht (?:dat|dit) toe)(?: (?:alsjeblieft|aub|graag))?"
)
_JOINING = re.compile(r"(?:en|maar|of|dus|oke?|ja|nee)[ ,]+(?=\S)")
_POINTING = re.compile(
    r"\b(?:dat|dit|deze|die|daar|hier|er|ze|zij|hen|hun|hem|haar|zoiets|zo'n|daarvoor|daarmee|daarbij|daarover|"
    r"daarin|daaraan|hiervoor|hiermee|hierbij|hierover|ervan|ervoor|ermee|erbij|erover|eraan|dan|ook|that|this|it|they|"
    r"them)\b|\bhet$"
)
_ELLIPSIS = re.compile(
    r"(?:en )?(?:waarom|hoe(?: dan)?|wanneer|wie(?: dan)?|waar|welke|hoezo|wat nu|en nu|en dan|why|how)"
    r"(?: niet| wel| precies)?"
)
_FOR = re.compile(r"(?:en |maar )?(?:wat )?(?:voor|bij|als|namens|over|met|van) (?P<what>.+)")
_WHOLE = re.compile(
    r",|\b(?:wie|wat|hoe|welke?|waar|wanneer|waarom|ik|we|wij|je|jij|u|is|zijn|heeft|hebben|moet|kan)\b"
)

_ADJECTIVE = r"(?:(?!(?:geen|naar|van|op|in|bij|met|voor|tegen)\b)\w+\s+)?"
_STATED = (
    rf"\b(?:ik ben|ik werk als|wij zijn|we zijn|in de rol van|mijn rol is|rol:)\s+(?:(?:een|de|het)\s+)?{_ADJECTIVE}"
    rf"(?:WORDS)\b|(?:^|[.!?,;]\s*|\b(?:ik|wij|we|mij|ons)\s+)als\s+(?:een\s+)?{_ADJECTIVE}(?:WORDS)\b"
)
_FEW = 3


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that can be searched without the conversation before it.

    `topic` is the question that later follow-ups are about. `role` is the one that this answer is for, `own_role` the
    one that was chosen or stated and goes on to the next question. `small_talk` is "groet", "dank", "afscheid" or "wie"
    when nothing was asked.
    """

    text: str
    topic: str
    role: Role | None = None
    own_role: Role | None = None
    small_talk: str = ""


def standalone(question: Question, history: Sequence[Turn] = ()) -> Standalone:
    """Make a message standalone with the turns before it.

    A role that is named as one's own is recognised; one that was chosen goes before it. Raises InvalidQuestion for a
    message that is empty, too long or without a letter.
    """
    text = clean(question.text)
    previous = history[-1] if history else None
    own = question.role or recognised_role(text) or (previous.role if previous else None)
    made = _made(text, previous.topic if previous else "", question.role)
    return replace(made, role=made.role or own, own_role=own)


def _made(text: str, topic: str, chosen: Role | None) -> Standalone:
    """The message made standalone; with a role only where it asks about another role than one's own."""
    plain = re.sub(r"[\s.!?,;:]+$", "", dutch.fold(text)).strip()
    if talk := _small_talk(plain):
        return Standalone(text, topic, small_talk=talk)
    if not topic:
        return Standalone(text, text)
    if _EXAMPLE.fullmatch(plain) and _GENERIC.issuperset(dutch.terms(plain)):
        return Standalone(f"Geef een voorbeeld bij: {topic}", topic)
    if _MORE.fullmatch(plain):
        return Standalone(topic, topic)
    about = _FOR.fullmatch(plain)
    is_short = len(dutch.terms(plain)) <= _FEW and not (about and _WHOLE.search(about["what"]))
    named = _named_role(plain)
    if named and is_short and (about or plain.startswith(("en ", "maar ", "als "))):
        return replace(_for_role(topic, named), role=chosen or named)
    if about and is_short:
        return Standalone(f"{_stripped(topic)} ({clean(about['what'])})", topic)
    if _leans(plain):
        return Standalone(f"{text} (over: {_stripped(topic)})", topic)
    return Standalone(text, text)


def clean(text: str, name: str = "vraag") -> str:
    """The message without control and broken characters, its white space single; `name` is what it is called.

    Raises InvalidQuestion when nothing is left.
    """
    if len(text) > LONGEST:
        told = f"{len(text):,}".replace(",", ".")
        raise InvalidQuestion(f"Uw {name} is te lang ({told} tekens); houd het bij {LONGEST} tekens.")
    cleaned = " ".join(_CONTROL.sub(" ", whole(text)).split())
    if not cleaned:
        raise InvalidQuestion(f"Uw {name} is leeg; typ een {name}.")
    if not _LETTER.search(cleaned):
        raise InvalidQuestion(f"Er staan geen woorden in uw {name}; typ een {name} in gewone taal.")
    return cleaned


def whole(text: str) -> str:
    """The text without halves of characters, which cannot be written as UTF-8."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def recognised_role(text: str) -> Role | None:
    """The role that somebody says to have ("ik ben opdrachtnemer", "als lijnmanager"), or None."""
    plain = dutch.fold(text)
    for role, words in ROLE_WORDS.items():
        if re.search(_STATED.replace("WORDS", words), plain):
            return role
    return None


def _small_talk(plain: str) -> str:
    """What kind of small talk a message wholly consists of; the last phrase decides."""
    rest, kind = " ".join(_SYMBOLS.sub(" ", plain).split()), ""
    while rest:
        matched = next(((name, found) for name, phrase in _PHRASE.items() if (found := phrase.match(rest))), None)
        if matched is None:
            return ""
        kind, rest = matched[0] or kind, rest[matched[1].end() :]
    return kind


def _named_role(plain: str) -> Role | None:
    return next((role for role, words in ROLE_WORDS.items() if re.search(rf"\b(?:{words})\b", plain)), None)


def _for_role(topic: str, named: Role) -> Standalone:
    """The topic asked for another role: put in the place of the role that it names, or behind it."""
    for words in ROLE_WORDS.values():
        replaced, count = re.subn(rf"\b(?:{words})\b", named.label, topic, flags=re.IGNORECASE)
        if count:
            return Standalone(replaced, replaced)
    return Standalone(f"{_stripped(topic)} (voor de {named.label})", topic)


def _leans(plain: str) -> bool:
    joining = _JOINING.match(plain)
    bare = plain[joining.end() :] if joining else plain
    if _ELLIPSIS.fullmatch(plain) or _ELLIPSIS.fullmatch(bare):
        return True
    meaning = len(dutch.terms(bare))
    return meaning <= _FEW and (bare != plain or bool(_POINTING.search(bare)))


def _stripped(topic: str) -> str:
    return topic.rstrip(" ?.!")
