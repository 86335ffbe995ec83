"""Dutch as text: sentences, words, stems, character grams, and the repaired text that is searched. All pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

Span = tuple[int, int]

ABBREVIATIONS = frozenset(
    "a.d a.u.b bijv blz bv b.v ca c.q d.d dhr dr drs d.w.z e.a e.d e.v enz etc evt excl fig hr i.c i.h.b incl ing i.o"
    " ir i.p.v i.s.m i.v.m jl jr m.a.w max m.b.t m.b.v mevr min m.i m.i.v m.m.v mr mw nl n.a.v nr nrs o.a o.b.v o.i.d"
    " o.l.v p prof red resp sr st t.a.v tel t.b.v t/m t.o.v vgl vlg vnl vs w.o z.g zgn zie z.o.z".split()
)

STOP_WORDS = frozenset(
    "aan al alle als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens en er ge"
    " geen geweest haar had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je jij jou jouw jullie"
    " kan kon kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat ons onze ook op over"
    " reeds te tegen toch toen tot u uit uw van veel voor want waren was wat we wel werd wezen wie wij wil worden"
    " wordt zal ze zelf zich zij zijn zo zonder zou the a an of to in is are what how do does did i we you for and"
    " or on at by with as it be this that which who when where why can should".split()
)

_BOUNDARY = re.compile(
    r"[.!?…]+[\"'”’)\]*]*(?=\s|$)|\n[ \t]*\n\s*|\n(?=[ \t]*(?:[-*•–]|\d{1,2}[.)])[ \t]+\S)|(?:</(?:p|li|tr|td)>\s*)+"
)
_NUMBERED = re.compile(r"(?:^|\n)[ \t]*\d{1,2}(?:\.\d{1,2})*$")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_VISIBLE = re.compile(r"\S")
_WINDOW = 200
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_LAST_WORD = re.compile(r"[\w./]+$")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad][ \t]*\n\s*(?=[a-zà-ÿ])(?!(?:en|of|tot|noch|als)\b)|\u00ad")
_FOOTNOTE = re.compile(r"(?<=\S)[¹²³⁰⁴-⁹]+|→")
_COMBINING = re.compile(r"[\u0300-\u036f]+")
_SUPERSCRIPT = re.compile(r"[¹²³⁰⁴-⁹]+|(?<=\w)[®©¢]|[→↙]")
_TAGS = "a|b|br|div|em|h[1-6]|i|li|ol|p|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul"
_MARKUP = re.compile(
    rf"<!--.*?-->|</?(?:{_TAGS})(?:\s[^<>]{{0,500}})?/?>|!\[[^\]\[]{{0,300}}\]\([^()]{{0,500}}\)"
    r"|\[(?P<shown>[^\]\[]{0,300})\]\((?:[^()]|\([^()]{0,100}\)){0,500}\)|(?P<bare>[*`]+|(?<![^\W_])_+|_+(?![^\W_]))|[#|]+"
    r"|(?:(?<=\n)|^)[ \t]*[-•][ \t]+",
    re.S,
)
_LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ĳ": "ij", "Ĳ": "IJ"})
_DIAERESIS = re.compile(r"(?<=[ioe])é(?=[a-z])")
_EURO_FOR_ACUTE = re.compile(r"€(?=é?[a-z])")


def sentences(text: str) -> list[Span]:
    """Split a text into whole sentences: spans without surrounding white space, in order, that leave out nothing else.

    A blank line ends a sentence unless the next line goes on in lower case where the last one had no full stop, as
    happens where a page ends in the middle of a sentence. A list item is a sentence of its own.
    """
    spans: list[Span] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if boundary.start() < start or not _ends(text, boundary):
            continue
        end = boundary.end() if not boundary.group().isspace() else boundary.start()
        _append(spans, text, start, end)
        start = boundary.end()
    _append(spans, text, start, len(text))
    return spans


def search_text(text: str) -> str:
    """The text as it is searched: line-end hyphens, ligatures, broken accents, markup and footnote marks repaired."""
    repaired = unicodedata.normalize("NFC", text).translate(_LIGATURES)
    repaired = _HYPHEN.sub("", repaired)
    repaired = _MARKUP.sub(_unmarked, repaired)
    repaired = _SUPERSCRIPT.sub(" ", repaired)
    repaired = _DIAERESIS.sub("ë", _EURO_FOR_ACUTE.sub("é", repaired))
    return " ".join(repaired.split())


def shown_text(text: str) -> str:
    """A verbatim stretch as it is printed: lines joined; hyphens at line ends, Markdown and footnote marks gone."""
    joined = _FOOTNOTE.sub("", _MARKUP.sub(_unmarked, _HYPHEN.sub("", text)))
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(joined.split()))


def layout(text: str) -> list[Span]:
    """The stretches of a text that its reader does not see: tags, comments, addresses of links, marks of Markdown."""
    hidden: list[Span] = []
    for mark in _MARKUP.finditer(text):
        if mark["shown"]:
            hidden += [(mark.start(), mark.start("shown")), (mark.end("shown"), mark.end())]
        else:
            hidden.append(mark.span())
    return hidden


def fold(text: str) -> str:
    """Lower case without accents: `Één` and `een` become the same."""
    lower = text.lower()
    return lower if lower.isascii() else _COMBINING.sub("", unicodedata.normalize("NFD", lower))


def words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball stem of a folded Dutch word."""
    return str(_stemmer().stemWord(word))


def terms(text: str) -> list[str]:
    """The stems of the words that carry meaning (no stop words, no single letters)."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS and len(word) > 1]


def grams(text: str, size: int = 4) -> list[str]:
    """Overlapping character runs within each word, with a mark at its edges: robust to typing errors and compounds."""
    found: list[str] = []
    for word in words(text):
        if word in STOP_WORDS:
            continue
        marked = f"_{word}_"
        found.extend(marked[at : at + size] for at in range(max(1, len(marked) - size + 1)))
    return found


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("dutch_porter")


def _unmarked(mark: re.Match[str]) -> str:
    """What stays of a mark: the words of a link, nothing of emphasis, a space for all else."""
    return mark["shown"] or ("" if mark["bare"] else " ")


def _ends(text: str, boundary: re.Match[str]) -> bool:
    """Whether a sentence ends here, seen from the words just before and the letter after."""
    following = _VISIBLE.search(text, boundary.end())
    if following is None or boundary.group().startswith("<"):
        return True
    goes_on = following.group().islower()
    before = text[max(0, boundary.start() - _WINDOW) : boundary.start()]
    if boundary.group().isspace():
        return not goes_on or before.rstrip().endswith((".", "!", "?", ":", ";"))
    if boundary.group()[0] != ".":
        return not goes_on
    last = _LAST_WORD.search(before[-24:])
    word = last.group().lower() if last else ""
    if word in ABBREVIATIONS or _INITIALS.fullmatch(word) or _NUMBERED.search(before[-12:]):
        return False
    return not goes_on


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    if piece.strip():
        spans.append((start + lead, start + len(piece.rstrip())))
