"""Dutch as text: sentences, repairs, words, stems and grams."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import dutch

PIECES = st.sampled_from(
    [
        "De haven slibt dicht.",
        "dus",
        "bijv. de sluis",
        "dhr. J. Zeeman",
        "Waarom?",
        "“Dat is zo.”",
        "3.2",
        "2024",
        "1.",
        "\n",
        "\n\n",
        "\n- ",
        "\n2. ",
        " ",
        "  ",
        "...",
        "!",
        "</p>",
        "<li>",
        "\f",
        "é",
        "(a)",
        "*",
        "o.a.",
        "Nee",
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=80)


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in dutch.sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "De raad besluit o.a. Utrecht en Zeist te vragen.",
        "Dit regelen wij m.b.t. Zandmeer.",
        "De wethouder, dhr. Zeeman, gaat erover.",
        "Wij vroegen A. Zeeman om raad.",
        "Volgens mr. dr. Zeeman mag het.",
        "Zie bijv. Zandmeer.",
        "De kosten zijn ca. 40 euro.",
        "Zie blz. 12 van het plan.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert split(text) == [text]


def test_joined_initials_do_not_end_a_sentence() -> None:
    assert split("Volgens A.B. Zeeman mag het.") == ["Volgens A.B. Zeeman mag het."]


def test_a_full_stop_question_mark_and_exclamation_mark_end_a_sentence() -> None:
    assert split("Hij komt. Waarom? Kijk! Daar is hij.") == ["Hij komt.", "Waarom?", "Kijk!", "Daar is hij."]


def test_a_full_stop_without_white_space_after_it_ends_nothing() -> None:
    assert split("Het staat op zandmeer.nl en in versie 3.2 van 1.250 pagina's.") == [
        "Het staat op zandmeer.nl en in versie 3.2 van 1.250 pagina's."
    ]


def test_a_year_or_an_amount_can_end_a_sentence() -> None:
    assert split("Dat was in 2024. Daarna kwam 3,5 miljoen. Klaar.") == [
        "Dat was in 2024.",
        "Daarna kwam 3,5 miljoen.",
        "Klaar.",
    ]


def test_the_number_of_a_list_item_ends_no_sentence() -> None:
    assert split("1. Begin klein.\n2. Meet alles.\n3.1. Deel het.") == [
        "1. Begin klein.",
        "2. Meet alles.",
        "3.1. Deel het.",
    ]


def test_each_list_item_is_a_sentence() -> None:
    assert split("Nodig zijn:\n- een boot\n- een net\n* geduld\n• wind") == [
        "Nodig zijn:",
        "- een boot",
        "- een net",
        "* geduld",
        "• wind",
    ]


def test_a_blank_line_ends_a_sentence() -> None:
    assert split("Een los regeltje\n\nEen nieuwe alinea.") == ["Een los regeltje", "Een nieuwe alinea."]


def test_a_sentence_goes_on_after_a_page_break() -> None:
    text = "De vissers en de\n\n\njachtclub betalen samen. Dat gaat goed."
    assert split(text) == ["De vissers en de\n\n\njachtclub betalen samen.", "Dat gaat goed."]


def test_a_blank_line_after_a_colon_ends_a_sentence_even_before_lower_case() -> None:
    assert split("Wij zien drie dingen:\n\nwater, wind en zand.") == ["Wij zien drie dingen:", "water, wind en zand."]


def test_closing_quotes_and_brackets_belong_to_the_sentence_that_they_close() -> None:
    assert split("Zij zei: “Het mag.” Hij zweeg. (Dat bleef zo.) En toen?") == [
        "Zij zei: “Het mag.”",
        "Hij zweeg.",
        "(Dat bleef zo.)",
        "En toen?",
    ]


def test_a_question_in_quotes_that_goes_on_in_lower_case_ends_nothing() -> None:
    assert split("‘Mag het?’ vroeg zij.") == ["‘Mag het?’ vroeg zij."]


def test_dots_of_hesitation_end_nothing_before_lower_case() -> None:
    assert split("Nou ... misschien wel… of niet.") == ["Nou ... misschien wel… of niet."]


def test_a_line_end_within_a_sentence_ends_nothing() -> None:
    assert split("De haven\nvan Zandmeer slibt\ndicht.") == ["De haven\nvan Zandmeer slibt\ndicht."]


def test_a_text_without_words_has_no_sentences() -> None:
    assert dutch.sentences(" \n\n \t") == []


@given(TEXTS)
def test_sentences_are_ordered_and_leave_out_nothing_but_white_space(text: str) -> None:
    spans = dutch.sentences(text)
    assert all(one_end <= other_start for (_, one_end), (other_start, _) in pairwise(spans))
    gaps = [0, *(place for span in spans for place in span), len(text)]
    assert not "".join(text[gaps[at] : gaps[at + 1]] for at in range(0, len(gaps), 2)).strip()


@given(TEXTS)
def test_a_sentence_is_never_empty_and_has_no_white_space_around_it(text: str) -> None:
    assert all(sentence and sentence == sentence.strip() for sentence in split(text))


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("samen-\nwerking", "samenwerking"),
        ("samen- \n  werking", "samenwerking"),
        ("samen\u00ad\nwerking", "samenwerking"),
        ("Noord-\nHolland", "Noord- Holland"),
        ("2019-\n2020", "2019- 2020"),
        ("een doel-middel", "een doel-middel"),
        ("de eﬀecten van reﬂectie en eﬃciëntie, ﬁets, ĳs", "de effecten van reflectie en efficiëntie, fiets, ijs"),
        ("financiéle ruimte creéren", "financiële ruimte creëren"),
        ("patiénten en coördinatie", "patiënten en coördinatie"),
        ("het café, logé en één idee", "het café, logé en één idee"),
        ("er is €én weg", "er is één weg"),
        ("het kost € 5 of €12", "het kost € 5 of €12"),
        ("**vet** en _schuin_", "vet en schuin"),
        ("<p>een <strong>sterk</strong> punt</p>", "een sterk punt"),
        ("<!-- weg -->blijft", "blijft"),
        ("[de gids](https://voorbeeld.nl/gids)", "de gids"),
        ("![een foto](foto.png)", ""),
        ("\n- een\n- twee", "een twee"),
        ("samen¹² verder³", "samen verder"),
        ("opgave® en taak©", "opgave en taak"),
        ("a < b en c > d", "a < b en c > d"),
        ("  veel \t wit\n\nweg ", "veel wit weg"),
        ("cafe\u0301", "café"),
    ],
)
def test_search_text_repairs(text: str, repaired: str) -> None:
    assert dutch.search_text(text) == repaired


@given(st.text(max_size=60))
def test_search_text_is_one_line_without_white_space_around_it(text: str) -> None:
    assert dutch.search_text(text) == " ".join(dutch.search_text(text).split())


def test_shown_text_joins_lines_and_drops_marks_and_line_end_hyphens() -> None:
    text = "De **gezamen-\nlijke** opgave\nvan [Zandmeer](https://voorbeeld.nl)."
    assert dutch.shown_text(text) == "De gezamenlijke opgave van Zandmeer."


def test_shown_text_leaves_the_words_of_the_author_as_they_are() -> None:
    text = "De financiéle ruimte (€ 5) is er, “zegt” hij; één reﬂex: creéren!"
    assert dutch.shown_text(text) == text


@given(st.lists(st.text("abcdé€ﬂ'’12", min_size=1, max_size=6), max_size=8))
def test_shown_text_keeps_every_word(tokens: list[str]) -> None:
    assert dutch.shown_text("\n".join(tokens)).split() == tokens


def test_a_suspended_hyphen_at_a_line_end_stays() -> None:
    assert dutch.shown_text("de werk-\nen denkwijze") == "de werk- en denkwijze"


def test_search_text_drops_soft_hyphens_within_a_line() -> None:
    assert dutch.terms(dutch.search_text("samen\u00adwerking")) == dutch.terms("samenwerking")


def test_shown_text_keeps_an_underscore_within_a_word() -> None:
    assert dutch.shown_text("mail jan_zeeman@voorbeeld.nl") == "mail jan_zeeman@voorbeeld.nl"


def test_shown_text_puts_no_space_where_marks_were() -> None:
    assert dutch.shown_text("de taak (**samen** met *alle*n)") == "de taak (samen met allen)"


def test_fold_takes_away_case_and_accents() -> None:
    assert dutch.fold("Één Coördinatie") == "een coordinatie"


def test_words_are_folded_and_in_order() -> None:
    assert dutch.words("De foto's: één, TWEE_drie!") == ["de", "foto's", "een", "twee", "drie"]


def test_terms_leave_out_stop_words_and_single_letters() -> None:
    assert dutch.terms("Hoe is het met de haven x?") == dutch.terms("haven")


@pytest.mark.parametrize(
    ("one", "other"), [("aanbeveling", "aanbevelingen"), ("gemeente", "gemeenten"), ("Samenwerking", "samenwerkingen")]
)
def test_forms_of_a_word_share_a_term(one: str, other: str) -> None:
    assert dutch.terms(one) == dutch.terms(other) != []


def test_opgave_and_opgaven_share_a_term() -> None:
    assert dutch.terms("opgave") == dutch.terms("opgaven")


def test_grams_are_the_runs_of_four_within_each_marked_word() -> None:
    assert dutch.grams("de haven op") == ["_hav", "have", "aven", "ven_"]


def test_a_short_word_is_one_gram() -> None:
    assert dutch.grams("ei") == ["_ei_"]


def test_a_typing_error_leaves_grams_in_common() -> None:
    assert set(dutch.grams("samenwerking")) & set(dutch.grams("samewerking"))


def test_a_large_text_is_split_in_time_that_grows_with_its_length() -> None:
    text = "De haven van Zandmeer slibt elk voorjaar dicht. " * 4000
    assert len(dutch.sentences(text)) == 4000
