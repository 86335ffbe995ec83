"""The JSON of the API: names in camelCase as DESIGN.md lists them, made from the assistant's values."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from assistant.types import Answer, Citation, Difference, Lookup, Match, Mode, Presence, Status, Turn
from assistant.web import schemas
from assistant.web.schemas import (
    Antwoord,
    Bron,
    BronMetInhoud,
    Citaat,
    PassageUit,
    Schema,
    Soort,
    Vindplaats,
    Vindplaatsen,
    Vraag,
)
from index.types import Anchor, Author, Heading, Hit, Kind, Passage, Source

PASSAGE = set("id bron soort titel auteurs jaar sectie pagina begin eind tekst score herkomst".split())
CITATION = PASSAGE - {"score"} | {"nummer", "verwijzing", "url"}
ANSWER = set(
    "id gesprekId vraag zelfstandigeVraag status antwoord citaten stappen perspectieven aanbevelingen vervolgvragen "
    "modus duurMs".split()
)

TEXT = "De sluis bij Zandmeer gaat op zondag niet open. De sluiswachter vist dan."
SOURCE = Source(
    slug="sluisboek",
    kind=Kind.OWN,
    title="Het sluisboek",
    text=TEXT,
    sha256="0" * 64,
    authors=(Author("Sluis", "C."), Author("Zeeman", "A.")),
    year=2017,
    publisher="Uitgeverij Voorbeeld",
    headings=(Heading(0, 8, 1, "De sluis"),),
    pages=(0, 40),
)
SECTION = Passage(
    "sluisboek:0-48", "sluisboek", Kind.OWN, 0, 48, TEXT[:48], ("De sluis", "Zondag"), 1, (Anchor("kade", 3, 9),)
)
CITED = Citation(1, SOURCE, SECTION, 9, 21, TEXT[9:21])


def told(schema: Schema) -> dict[str, object]:
    return schema.model_dump(mode="json", by_alias=True)


def all_schemas() -> list[type[Schema]]:
    return [each for each in vars(schemas).values() if isinstance(each, type) and issubclass(each, Schema)]


def test_a_passage_has_the_fields_of_the_design() -> None:
    assert set(told(PassageUit.of(Hit(SECTION, 0.5), SOURCE))) == PASSAGE


def test_a_citation_has_the_fields_of_the_design() -> None:
    assert set(told(Citaat.of(CITED))) == CITATION


def test_a_place_of_a_quotation_is_a_citation_with_how_alike_it_is_and_what_differs() -> None:
    given = told(Vindplaats.at(Match(CITED, 0.9, (Difference("nooit", ""), Difference("", "wel")))))
    assert given == {
        **told(Citaat.of(CITED)),
        "gelijkenis": 0.9,
        "verschillen": [{"gegeven": "nooit", "bron": ""}, {"gegeven": "", "bron": "wel"}],
    }


@pytest.mark.parametrize(
    ("presence", "name"),
    [(Presence.LITERAL, "letterlijk"), (Presence.NEAR, "bijna"), (Presence.ABSENT, "niet")],
)
def test_whether_a_quotation_was_found_is_told_in_dutch(presence: Presence, name: str) -> None:
    assert told(Vindplaatsen.of(Lookup(presence))) == {"gevonden": name, "citaten": []}


def test_the_places_of_a_quotation_keep_their_order() -> None:
    other = Citation(2, SOURCE, SECTION, 0, 8, TEXT[:8])
    places = Vindplaatsen.of(Lookup(Presence.LITERAL, (Match(CITED, 1.0), Match(other, 1.0)))).citaten
    assert [(place.nummer, place.begin) for place in places] == [(1, 9), (2, 0)]


def test_an_answer_has_the_fields_of_the_design() -> None:
    answer = Answer(Turn("hoe?", "hoe dan?", "hoe?"), Status.PERHAPS, Mode.QUOTES, "Zo [1].", (CITED,))
    assert set(told(Antwoord.of(answer, id="a", conversation="g", milliseconds=1.0))) >= ANSWER


def test_an_answer_tells_the_values_that_it_was_given() -> None:
    answer = Answer(
        Turn("hoe?", "hoe dan?", "hoe?"), Status.PERHAPS, Mode.QUOTES, "Zo [1].", (CITED,), follow_ups=("?",)
    )
    given = told(Antwoord.of(answer, id="a", conversation="g", milliseconds=1.0))
    assert (given["id"], given["gesprekId"], given["vraag"], given["zelfstandigeVraag"]) == (
        "a",
        "g",
        "hoe?",
        "hoe dan?",
    )
    assert (given["status"], given["modus"], given["vervolgvragen"]) == ("misschien", "citaten", ["?"])


def test_a_passage_tells_where_it_stands() -> None:
    given = told(PassageUit.of(Hit(SECTION, 0.5), SOURCE))
    assert (given["bron"], given["begin"], given["eind"], given["tekst"]) == ("sluisboek", 0, 48, TEXT[:48])
    assert (given["sectie"], given["pagina"], given["soort"]) == (["De sluis", "Zondag"], 1, "eigen")


def test_an_origin_is_a_place_in_a_source() -> None:
    assert told(Citaat.of(CITED))["herkomst"] == [{"bron": "kade", "begin": 3, "eind": 9}]


def test_a_citation_tells_its_own_place_and_not_that_of_its_passage() -> None:
    given = told(Citaat.of(CITED))
    assert (given["begin"], given["eind"], given["tekst"]) == (9, 21, TEXT[9:21])


def test_the_address_of_a_citation_holds_its_place() -> None:
    assert re.search(r"/bronnen/sluisboek\?begin=9&eind=21\b", str(told(Citaat.of(CITED))["url"]))


def test_a_reference_names_authors_year_title_and_section() -> None:
    reference = str(told(Citaat.of(CITED))["verwijzing"])
    assert all(part in reference for part in ("Sluis", "Zeeman", "2017", "Het sluisboek", "Zondag"))


@pytest.mark.parametrize(("kind", "name"), [(Kind.ESSAY, "essay"), (Kind.HANDBOOK, "handboek"), (Kind.OWN, "eigen")])
def test_a_kind_has_a_dutch_name(kind: Kind, name: str) -> None:
    assert Soort.of(kind).value == name


@pytest.mark.parametrize("kind", Kind)
def test_a_dutch_name_leads_back_to_its_kind(kind: Kind) -> None:
    assert Soort.of(kind).kind is kind


@pytest.mark.parametrize("schema", all_schemas())
def test_every_field_is_in_camel_case(schema: type[Schema]) -> None:
    names = [field.alias or name for name, field in schema.model_fields.items()]
    assert [name for name in names if not re.fullmatch(r"[a-z]+[0-9]*(?:[A-Z][a-z0-9]*)*", name)] == []


@pytest.mark.parametrize("schema", all_schemas())
def test_every_schema_refuses_an_unknown_field(schema: type[Schema]) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        schema.model_validate({"onbekend": 1})


def test_a_question_needs_only_words() -> None:
    asked = Vraag.model_validate({"vraag": "hoe?"})
    assert (asked.gesprek_id, asked.rol, asked.soort) == (None, None, None)


def test_a_question_takes_its_conversation_in_camel_case() -> None:
    assert Vraag.model_validate({"vraag": "hoe?", "gesprekId": "g"}).gesprek_id == "g"


def test_a_source_tells_what_the_register_says() -> None:
    given = told(Bron.of(SOURCE))
    assert (given["slug"], given["titel"], given["jaar"], given["uitgever"]) == (
        "sluisboek",
        "Het sluisboek",
        2017,
        "Uitgeverij Voorbeeld",
    )
    assert (given["sha256"], given["tekens"]) == ("0" * 64, len(TEXT))


def test_a_single_source_has_its_headings() -> None:
    assert told(BronMetInhoud.of(SOURCE))["koppen"] == [{"titel": "De sluis", "niveau": 1, "begin": 0}]
