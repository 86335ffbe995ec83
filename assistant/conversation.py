"""From a message to a question that stands by itself: greetings, follow-ups, carried-over terms. Rules, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
_GREETING = re.compile(
    r"(?:goede?n? ?(?:morgen|middag|avond|dag)|hallo|hoi|hey|hai|dag|hi|hello|beste|welkom)"
    r"(?: (?:daar|allemaal|assistent))?"
)
_THANKS = re.compile(
    r"(?:(?:oke?|top|super|fijn|mooi|prima|geweldig|helder|duidelijk|nou|heel erg|heel|hartelijk|erg),? )*"
    r"(?:be?dankt|dank(?: ?(?:je|u))?(?: ?wel)?|thanks|thank you|merci|top|super|helder|duidelijk|fijn|prima|oke?)"
    r"(?: (?:hoor|voor (?:de|je|uw|het|dit) \w+|hiervoor|alvast|je wel|u wel|zeg))*"
)
_GOODBYE = re.compile(r"(?:tot ziens|doei|tot de volgende keer|fijne (?:dag|avond|middag)(?: nog)?|bye)")
_SELF = re.compile(
    r"(?:wie|wat) (?:ben|bent) (?:je|jij|u)|wat (?:kan|kun|kunt) (?:je|jij|u)(?: (?:allemaal|voor mij doen))?|help"
)
_EXAMPLE = re.compile(
    r"(?:en )?(?:(?:geef|noem|heb|heeft|is er|zijn er|kun|kunt|mag ik|graag)\b.*)?"
    r"\b(?:voorbeeld(?:en)?|casus(?:sen)?)\b(?:.*\b(?:hiervan|daarvan|ervan|geven|noemen|hebben)\b)?"
)
_MORE = re.compile(
    r"(?:vertel (?:me |mij )?(?:daar |hier |er )?(?:iets )?meer(?: over)?|leg (?:dat|dit|eens)? ?uit|"
    r"(?:kun|kunt) (?:je|u) (?:dat|dit) (?:verder |nader )?(?:uitleggen|toelichten)|"
    r"ga (?:door|verder)|meer (?:hierover|daarover|uitleg)|licht (?:dat|dit) toe)(?: (?:alsjeblieft|aub|graag))?"
)
_JOINING = re.compile(r"(?:en|maar|of|dus|oke?|ja|nee)[ ,]+(?=\S)")
_POINTING = re.compile(
    r"\b(?:dat|dit|deze|die|daar|hier|er|het|ze|zij|hen|hun|hem|haar|zoiets|zo'n|daarvoor|daarmee|daarbij|daarover|"
    r"daarin|daaraan|hiervoor|hiermee|hierbij|hierover|ervan|ervoor|ermee|erbij|erover|eraan|dan|ook|that|this|it|they|"
    r"them)\b"
)
_ELLIPSIS = re.compile(
    r"(?:en )?(?:waarom|hoe(?: dan)?|wanneer|wie(?: dan)?|waar|welke|hoezo|wat nu|en nu|en dan|why|how)"
    r"(?: niet| wel| precies)?"
)
_FOR = re.compile(r"(?:en |maar )?(?:wat )?(?:voor|bij|als|namens|over|met|van) (?P<what>.+)")
_STATED = (
    r"\b(?:ik ben|ik werk als|wij zijn|we zijn|als|in de rol van|mijn rol is|rol:?|voor)\s+(?:een|de|het|mij als)?\s*"
    r"(?:\w+\s){{0,2}}?(?:{words})\b"
)
_FEW = 3


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that can be searched without the conversation before it.

    `topic` is the question that later follow-ups are about; `small_talk` is "groet", "dank", "afscheid" or "wie" when
    nothing was asked.
    """

    text: str
    topic: str
    role: Role | None = None
    small_talk: str = ""


def standalone(question: Question, history: Sequence[Turn] = ()) -> Standalone:
    """Make a message standalone with the turns before it.

    A role that is named as one's own is recognised; one that was chosen goes before it. Raises InvalidQuestion for a
    message that is empty, too long or without a letter.
    """
    text = clean(question.text)
    previous = history[-1] if history else None
    plain = re.sub(r"[\s.!?,;:]+$", "", dutch.fold(text)).strip()
    role = question.role or recognised_role(text) or (previous.role if previous else None)
    talk = _small_talk(plain)
    if talk:
        return Standalone(text, previous.topic if previous else "", role, talk)
    if previous is None or not previous.topic:
        return Standalone(text, text, role)
    topic = previous.topic
    if _EXAMPLE.fullmatch(plain):
        return Standalone(f"Geef een voorbeeld bij: {topic}", topic, role)
    if _MORE.fullmatch(plain):
        return Standalone(topic, topic, role)
    named = _named_role(plain)
    about = _FOR.fullmatch(plain)
    if named and (about or plain.startswith(("en ", "maar ", "als "))) and len(dutch.terms(plain)) <= _FEW:
        carried = _with_role(topic, named)
        return Standalone(carried, carried, question.role or named)
    if about and len(dutch.terms(plain)) <= _FEW:
        carried = f"{_stripped(topic)} ({clean(about['what'])})"
        return Standalone(carried, carried, role)
    if _leans(plain):
        return Standalone(f"{text} (over: {_stripped(topic)})", topic, role)
    return Standalone(text, text, role)


def clean(text: str) -> str:
    """The message without control characters, its white space single. Raises InvalidQuestion when nothing is left."""
    if len(text) > LONGEST:
        told = f"{len(text):,}".replace(",", ".")
        raise InvalidQuestion(f"Uw vraag is te lang ({told} tekens); houd het bij {LONGEST} tekens.")
    cleaned = " ".join(_CONTROL.sub(" ", text).split())
    if not cleaned:
        raise InvalidQuestion("Uw vraag is leeg; typ een vraag.")
    if not _LETTER.search(cleaned):
        raise InvalidQuestion("Er staan geen woorden in uw vraag; typ een vraag in gewone taal.")
    return cleaned


def recognised_role(text: str) -> Role | None:
    """The role that somebody says to have ("ik ben opdrachtnemer", "als lijnmanager"), or None."""
    plain = dutch.fold(text)
    for role, words in ROLE_WORDS.items():
        if re.search(_STATED.format(words=words), plain):
            return role
    return None


def _small_talk(plain: str) -> str:
    patterns = {"groet": _GREETING, "dank": _THANKS, "afscheid": _GOODBYE, "wie": _SELF}
    return next((name for name, pattern in patterns.items() if pattern.fullmatch(plain)), "")


def _named_role(plain: str) -> Role | None:
    return next((role for role, words in ROLE_WORDS.items() if re.search(rf"\b(?:{words})\b", plain)), None)


def _with_role(topic: str, role: Role) -> str:
    for words in ROLE_WORDS.values():
        replaced, count = re.subn(rf"\b(?:{words})\b", role.label, topic, flags=re.IGNORECASE)
        if count:
            return replaced
    return f"{_stripped(topic)} (voor de {role.label})"


def _leans(plain: str) -> bool:
    bare = _JOINING.sub("", plain, count=1)
    if _ELLIPSIS.fullmatch(plain) or _ELLIPSIS.fullmatch(bare):
        return True
    meaning = len(dutch.terms(bare))
    return meaning <= _FEW and (bare != plain or bool(_POINTING.search(bare)))


def _stripped(topic: str) -> str:
    return topic.rstrip(" ?.!")
