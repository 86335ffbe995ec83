"""The kind of thing that a question asks for, and whether what was found has one: an amount, a date, a contact.

What belongs to somebody's private life is never said to be found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index import dutch
from index.types import Hit

HITS = 6
SHARE = 0.5

_NUMBERS = (
    "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien twintig dertig veertig"
    " vijftig zestig zeventig tachtig negentig honderd duizend miljoen miljard helft derde kwart"
)
_NUMBER = rf"\d|\b(?:{'|'.join(_NUMBERS.split())})\b"
_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing that can be asked for: how it is asked, what it looks like, and what it is called."""

    name: str
    asked: re.Pattern[str]
    looks: re.Pattern[str]


THINGS = (
    Thing(
        "adres",
        re.compile(
            r"\b(?:telefoonnummer|e-?mail(?:adres)?|mailadres|postadres|adres van|phone number|email address)\b"
        ),
        re.compile(r"@|\b0\d{1,3}[- ]?\d{6,}|\b[1-9]\d{3} ?[A-Z]{2}\b"),
    ),
    Thing(
        "gegeven over een persoon",
        re.compile(
            r"\b(?:welke ziekte|diagnose van|medisch dossier|salaris van|hoeveel verdient|hoe oud is|leeftijd van|"
            r"geboortedatum|geloof van|getrouwd|gescheiden|prive-?adres|woonadres|huisadres|burgerservicenummer|bsn|"
            r"strafblad)\b"
        ),
        re.compile(r"(?!)"),
    ),
    Thing(
        "getal",
        re.compile(
            r"\b(?:hoeveel|how (?:many|much)|welke? (?:bedrag|percentage|budget|aantal|begroting)|"
            r"hoe (?:groot|hoog|duur)|wat (?:kost|kostte|kosten)|percentage|welk deel)\b"
        ),
        re.compile(_NUMBER, re.IGNORECASE),
    ),
    Thing(
        "tijdstip",
        re.compile(
            r"\b(?:welke (?:datum|dag|maand)|welk jaar|op welke (?:datum|dag)|wanneer precies|in which year|what date|"
            r"deadline|einddatum|startdatum|tot wanneer|sinds wanneer)\b"
        ),
        re.compile(rf"\b(?:1[89]|20)\d\d\b|\b(?:{'|'.join(_MONTHS.split())})\b", re.IGNORECASE),
    ),
)


def missing(question: str, hits: Sequence[Hit]) -> str:
    """The Dutch name of what is asked for and stands in no sentence found about it; empty when nothing is missing.

    A sentence is about the question when it, with its heading, shares half of the question's terms.
    """
    plain = dutch.fold(question)
    thing = next((thing for thing in THINGS if thing.asked.search(plain)), None)
    if thing is None:
        return ""
    asked = set(dutch.terms(thing.asked.sub(" ", plain)))
    for hit in hits[:HITS]:
        about = set(dutch.terms(hit.passage.heading))
        for start, end in dutch.sentences(hit.passage.text):
            sentence = hit.passage.text[start:end]
            if thing.looks.search(sentence) and _shares(asked, about | set(dutch.terms(sentence))):
                return ""
    return thing.name


def _shares(asked: set[str], found: set[str]) -> bool:
    return len(asked & found) >= SHARE * len(asked)
