"""The calls of the API: their fields, their order, and citations that stand where they say that they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.assistant import Assistant
from assistant.types import Brief, Mode, Turn
from assistant.web import problems
from assistant.web.api import router
from assistant.web.conversations import Conversations
from index.search import Index
from index.sources import sha256

if TYPE_CHECKING:
    from tests.assistant.web.conftest import Ask, Told, With

API = "/api/v1"
STEPS = "Wat zijn de vijf stappen om een samenwerking in te richten?"
KADE = "Wie stut de kade van Zandmeer?"
GATE = "Wat is het wachtwoord van het hek van de kadewachter?"
QUESTIONS = (
    STEPS,
    KADE,
    GATE,
    "Ik ben opdrachtnemer, wie regelt het geld?",
    "Wanneer kies je niet voor een programma?",
    "Vier gemeenten delen een zwembad maar niemand wil beslissen. Welk sturingsperspectief past hier?",
    "Hoe krijg ik mijn eigen organisatie mee?",
    "Wat doet een opdrachtgever als het vastloopt?",
    "Hoe voorkom je dat een overleg stationair blijft draaien?",
    "Wat zijn de voorwaarden voor een burgerforum?",
    "Hoeveel kost een kilo aardappelen?",
    "how do I involve citizens in an energy region",
    "programmadirekteur compententies",
)
ANSWER = set(
    "id gesprekId vraag zelfstandigeVraag status antwoord citaten stappen perspectieven aanbevelingen vervolgvragen "
    "modus duurMs".split()
)
PASSAGE = set("id bron soort titel auteurs jaar sectie pagina begin eind tekst score herkomst".split())
CITATION = PASSAGE - {"score"} | {"nummer", "verwijzing", "url"}
PERSPECTIVES = {"rechtmatig", "presterend", "netwerkend", "participerend"}
CALLS = (
    "gezondheid",
    "bronnen",
    "bronnen/kadeboek",
    "bronnen/kadeboek/tekst",
    "passages?q=kade",
    "citaten?tekst=de+kade+van",
    "openapi.json",
)


@pytest.fixture(scope="module")
def answers(ask: Ask) -> list[Told]:
    """The answers to all questions above."""
    return [ask(question) for question in QUESTIONS]


@pytest.fixture(scope="module")
def citations(answers: list[Told]) -> list[Told]:
    """Every citation of those answers."""
    return [citation for answer in answers for citation in answer["citaten"]]


def events(client: TestClient, question: str, **fields: str) -> list[tuple[str, Any]]:
    """The server-sent events of an answer, by name."""
    response = client.post(
        f"{API}/antwoorden", json={"vraag": question, **fields}, headers={"Accept": "text/event-stream"}
    )
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    return list(parsed(response.text))


def parsed(stream: str) -> Iterator[tuple[str, Any]]:
    """Server-sent events as a browser reads them."""
    for block in filter(None, stream.split("\n\n")):
        fields = [line.split(": ", 1) for line in block.splitlines()]
        name = next(value for field, value in fields if field == "event")
        yield name, json.loads("\n".join(value for field, value in fields if field == "data"))


def comparable(answer: Told) -> Told:
    """An answer without what differs every time."""
    return {name: value for name, value in answer.items() if name not in {"id", "gesprekId", "duurMs"}}


def small_app(assistant: Assistant, conversations: Conversations) -> TestClient:
    """The API alone, over a store of conversations of our own."""
    app = FastAPI()
    problems.install(app, "")
    routes = router(assistant, conversations)
    whole = any(str(getattr(route, "path", "")).startswith(API) for route in routes.routes)
    app.include_router(routes, prefix="" if whole else API)
    return TestClient(app, raise_server_exceptions=False)


# antwoorden


def test_an_answer_has_every_field_of_the_design(answers: list[Told]) -> None:
    assert [answer["vraag"] for answer in answers if not set(answer) >= ANSWER] == []


def test_every_citation_has_exactly_the_fields_of_the_design(citations: list[Told]) -> None:
    assert {frozenset(citation) for citation in citations} == {frozenset(CITATION)}


def test_every_field_at_every_depth_is_in_camel_case(answers: list[Told]) -> None:
    def names(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            yield from value
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for child in children:
            yield from names(child)

    assert {name for name in names(answers) if not re.fullmatch(r"[a-z]+(?:[A-Z][a-z]*)*", name)} == set()


def test_every_status_is_one_of_the_three(answers: list[Told]) -> None:
    statuses = {answer["status"] for answer in answers}
    assert {"beantwoord", "geweigerd"} <= statuses <= {"beantwoord", "misschien", "geweigerd"}


def test_a_question_about_the_library_is_answered(ask: Ask) -> None:
    assert ask(STEPS)["status"] == "beantwoord"


def test_a_question_about_an_own_document_cites_it(ask: Ask) -> None:
    assert "nota-hek" in {citation["bron"] for citation in ask(GATE)["citaten"]}


def test_a_question_that_nobody_wrote_about_is_refused(ask: Ask) -> None:
    answer = ask("Hoeveel kost een kilo aardappelen?")
    assert answer["status"] == "geweigerd"


def test_every_citation_is_the_text_at_its_place(client: TestClient, citations: list[Told]) -> None:
    for citation in citations:
        place = {"begin": citation["begin"], "eind": citation["eind"]}
        text = client.get(f"{API}/bronnen/{citation['bron']}/tekst", params=place).json()
        assert text["tekst"] == citation["tekst"] != ""


def test_citations_of_bank_questions_are_the_text_at_their_place(client: TestClient, index: Index, ask: Ask) -> None:
    titles = [passage.heading for passage in index.passages if passage.heading.endswith("?")]
    cited = [citation for title in titles[::12] for citation in ask(title)["citaten"]]
    wrong = [
        citation["id"]
        for citation in cited
        if index.sources[citation["bron"]].text[citation["begin"] : citation["eind"]] != citation["tekst"]
    ]
    assert len(cited) > 60
    assert wrong == []


def test_every_address_of_a_citation_gives_a_page_with_its_exact_text_marked(
    client: TestClient, citations: list[Told]
) -> None:
    for citation in citations:
        path, _, fragment = citation["url"].partition("#")
        page = client.get(path)
        marked = BeautifulSoup(page.text, "html.parser").find("mark", id=fragment)
        assert page.status_code == 200
        assert fragment == "citaat" and marked is not None
        assert marked.get_text() == citation["tekst"]


def test_citations_are_numbered_in_the_order_of_their_markers(answers: list[Told]) -> None:
    for answer in answers:
        markers = [int(number) for number in re.findall(r"(?<!\\)\[(\d+)\]", answer["antwoord"])]
        assert list(dict.fromkeys(markers)) == [citation["nummer"] for citation in answer["citaten"]]


def test_the_place_that_a_section_rests_on_is_an_essay_of_the_register(answers: list[Told], index: Index) -> None:
    origins = [place for answer in answers for citation in answer["citaten"] for place in citation["herkomst"]]
    assert {place["bron"] for place in origins} <= set(index.publications)
    assert origins and all(0 <= place["begin"] < place["eind"] for place in origins)


def test_steps_perspectives_and_recommendations_have_the_ids_of_the_design(ask: Ask) -> None:
    answer = ask(STEPS)
    assert {step["nummer"] for step in answer["stappen"]} <= set(range(1, 6))
    assert {each["id"] for each in answer["perspectieven"]} <= PERSPECTIVES
    assert {each["nummer"] for each in answer["aanbevelingen"]} <= set(range(1, 11))
    assert answer["stappen"] and answer["perspectieven"] and answer["aanbevelingen"]


def test_practice_models_stand_best_first(ask: Ask) -> None:
    answer = ask(STEPS)
    for name in ("stappen", "perspectieven", "aanbevelingen"):
        scores = [each["score"] for each in answer[name]]
        assert scores == sorted(scores, reverse=True)


def test_a_chosen_role_gives_the_advice_for_that_role(ask: Ask) -> None:
    question = "Hoe zorg ik dat de samenwerking geld en mensen krijgt?"
    advice = [ask(question, rol=role)["aanbevelingen"][0]["advies"] for role in ("opdrachtgever", "opdrachtnemer")]
    assert advice[0] != advice[1]


@pytest.mark.parametrize("role", ["opdrachtgever", "opdrachtnemer", "staande_organisatie", "organisatieadviseur"])
def test_every_role_of_the_design_is_known(ask: Ask, role: str) -> None:
    assert ask("Hoe maak je ruimte voor een opgaveteam?", rol=role)["status"]


@pytest.mark.parametrize("kind", ["essay", "handboek", "eigen"])
def test_a_kind_limits_what_is_cited(ask: Ask, kind: str) -> None:
    cited = [citation for question in (STEPS, KADE, GATE) for citation in ask(question, soort=kind)["citaten"]]
    assert {citation["soort"] for citation in cited} == {kind}


def test_small_talk_gets_a_friendly_line_without_citations(ask: Ask) -> None:
    answer = ask("Dank je wel!")
    assert (answer["status"], answer["citaten"]) == ("beantwoord", [])
    assert answer["antwoord"]


def test_every_answer_has_an_id_of_its_own(answers: list[Told]) -> None:
    assert len({answer["id"] for answer in answers}) == len(answers)


def test_asking_the_same_twice_gives_the_same_answer(ask: Ask) -> None:
    assert comparable(ask(KADE)) == comparable(ask(KADE))


def test_the_time_that_it_took_is_told(ask: Ask) -> None:
    assert 0 < ask(KADE)["duurMs"] < 60_000


# antwoorden as server-sent events


@pytest.mark.parametrize("question", QUESTIONS[:4])
def test_a_stream_ends_with_the_answer_that_json_gives(client: TestClient, ask: Ask, question: str) -> None:
    name, answer = events(client, question)[-1]
    assert name == "antwoord"
    assert comparable(answer) == comparable(ask(question))


def test_a_stream_gives_pieces_before_the_answer(client: TestClient) -> None:
    names = [name for name, _ in events(client, STEPS)]
    assert names.count("antwoord") == 1 and names.count("stuk") > 1 and set(names) == {"stuk", "antwoord"}


def test_the_pieces_of_a_stream_are_the_text_of_its_answer(client: TestClient) -> None:
    *pieces, (_, answer) = events(client, KADE)
    joined = "".join(piece["tekst"] for _, piece in pieces)
    assert re.sub(r"\[\d+\]", "[]", joined).split() == re.sub(r"\[\d+\]", "[]", answer["antwoord"]).split()


def test_a_stream_carries_a_conversation_on(client: TestClient, ask: Ask) -> None:
    first = ask(STEPS)
    _, answer = events(client, "en voor de opdrachtnemer?", gesprekId=first["gesprekId"])[-1]
    assert answer["gesprekId"] == first["gesprekId"]
    assert answer["zelfstandigeVraag"] != answer["vraag"]


def test_a_stream_is_not_kept_by_a_cache(client: TestClient) -> None:
    response = client.post(f"{API}/antwoorden", json={"vraag": KADE}, headers={"Accept": "text/event-stream"})
    assert "no-store" in response.headers["cache-control"]


def test_a_question_that_is_refused_is_a_problem_for_a_stream_too(client: TestClient) -> None:
    response = client.post(f"{API}/antwoorden", json={"vraag": " "}, headers={"Accept": "text/event-stream"})
    assert (response.status_code, response.headers["content-type"]) == (400, "application/problem+json")


class Broken:
    """An answerer that fails after its first words."""

    mode = Mode.QUOTES

    def answer(self, brief: Brief) -> Iterator[str]:
        yield "Ik begin "
        raise RuntimeError("geheime oorzaak in /srv/kelder")


def test_a_stream_that_fails_half_way_ends_with_a_sentence(assistant_with: With) -> None:
    client = small_app(assistant_with(Broken()), Conversations(10, 60))
    name, told = events(client, STEPS)[-1]
    assert name == "fout" and told["detail"] and "kelder" not in told["detail"]


def test_an_answer_that_fails_half_way_is_a_problem_without_its_cause(assistant_with: With) -> None:
    client = small_app(assistant_with(Broken()), Conversations(10, 60))
    response = client.post(f"{API}/antwoorden", json={"vraag": STEPS})
    assert response.status_code == 500
    assert "kelder" not in response.text and "RuntimeError" not in response.text


# gesprekken


def test_a_conversation_makes_a_follow_up_standalone(ask: Ask) -> None:
    first = ask(STEPS)
    later = ask("en voor de opdrachtnemer?", gesprekId=first["gesprekId"])
    assert "stappen" in later["zelfstandigeVraag"] and "opdrachtnemer" in later["zelfstandigeVraag"]
    assert later["gesprekId"] == first["gesprekId"]


def test_without_a_conversation_a_follow_up_stands_alone(ask: Ask) -> None:
    ask(STEPS)
    assert "stappen" not in ask("en voor de opdrachtnemer?")["zelfstandigeVraag"]


def test_an_unknown_conversation_starts_anew(ask: Ask) -> None:
    answer = ask("en voor de opdrachtnemer?", gesprekId="geraden-gesprek")
    assert answer["gesprekId"] != "geraden-gesprek"
    assert "stappen" not in answer["zelfstandigeVraag"]


def test_two_conversations_do_not_touch(ask: Ask) -> None:
    one, other = ask(STEPS)["gesprekId"], ask(KADE)["gesprekId"]
    assert one != other
    assert "kade" in ask("en voor de opdrachtnemer?", gesprekId=other)["zelfstandigeVraag"].lower()
    assert "kade" not in ask("en voor de opdrachtnemer?", gesprekId=one)["zelfstandigeVraag"].lower()


def test_an_id_of_a_conversation_cannot_be_guessed(answers: list[Told]) -> None:
    ids = {answer["gesprekId"] for answer in answers}
    assert len(ids) == len(answers)
    assert min(map(len, ids)) >= 22


def test_the_id_of_an_answer_is_no_way_into_its_conversation(ask: Ask) -> None:
    first = ask(STEPS)
    assert first["gesprekId"] not in first["id"]
    assert "stappen" not in ask("en voor de opdrachtnemer?", gesprekId=first["id"])["zelfstandigeVraag"]


def test_a_conversation_that_is_too_old_starts_anew(assistant: Assistant) -> None:
    now = [0.0]
    client = small_app(assistant, Conversations(10, 60, lambda: now[0]))
    first = client.post(f"{API}/antwoorden", json={"vraag": STEPS}).json()["gesprekId"]
    now[0] = 61.0
    later = client.post(f"{API}/antwoorden", json={"vraag": "en voor de opdrachtnemer?", "gesprekId": first}).json()
    assert later["gesprekId"] != first and "stappen" not in later["zelfstandigeVraag"]


def test_no_more_conversations_are_kept_than_the_settings_say(assistant: Assistant) -> None:
    conversations = Conversations(2, 60)
    client = small_app(assistant, conversations)
    for _ in range(4):
        client.post(f"{API}/antwoorden", json={"vraag": "Dank je wel!"})
    assert len(conversations) == 2
    assert client.get(f"{API}/gezondheid").json()["gesprekken"] == 2


def test_a_refused_question_is_no_part_of_a_conversation(assistant: Assistant) -> None:
    conversations = Conversations(10, 60)
    client = small_app(assistant, conversations)
    id = conversations.add(None, Turn("een", "een", "een"))
    client.post(f"{API}/antwoorden", json={"vraag": "   ", "gesprekId": id})
    assert len(conversations.turns(id)) == 1


# passages


def found(client: TestClient, **query: str | int) -> list[Told]:
    response = client.get(f"{API}/passages", params=query)
    assert response.status_code == 200, response.text
    assert set(response.json()) == {"passages"}
    passages: list[Told] = response.json()["passages"]
    return passages


def test_a_passage_has_exactly_the_fields_of_the_design(client: TestClient) -> None:
    assert {frozenset(passage) for passage in found(client, q=STEPS)} == {frozenset(PASSAGE)}


def test_passages_stand_best_first(client: TestClient) -> None:
    scores = [passage["score"] for passage in found(client, q=STEPS, aantal=40)]
    assert len(scores) == 40 and scores == sorted(scores, reverse=True)


def test_ten_passages_are_given_unless_another_number_is_asked(client: TestClient) -> None:
    assert len(found(client, q=STEPS)) == 10
    assert len(found(client, q=STEPS, aantal=3)) == 3
    assert found(client, q=STEPS, aantal=3) == found(client, q=STEPS)[:3]


def test_every_passage_is_the_text_at_its_place(client: TestClient, index: Index) -> None:
    for passage in found(client, q="kade hek samenwerking", aantal=100):
        assert index.sources[passage["bron"]].text[passage["begin"] : passage["eind"]] == passage["tekst"]


@pytest.mark.parametrize("kind", ["essay", "handboek", "eigen"])
def test_a_kind_limits_the_passages(client: TestClient, kind: str) -> None:
    assert {passage["soort"] for passage in found(client, q="wie bewaakt de kade", soort=kind)} == {kind}


def test_a_source_limits_the_passages(client: TestClient) -> None:
    assert {passage["bron"] for passage in found(client, q="wie betaalt de kraan", bron="kadeboek")} == {"kadeboek"}


def test_the_words_of_a_passage_find_it_first(client: TestClient) -> None:
    assert found(client, q="visafslag betaalt de kraan stutplan")[0]["bron"] == "kadeboek"


# citaten


QUOTED = "leveren het hout en het waterschap levert de heipalen."
MISQUOTED = "leveren het zand en het waterschap levert de heipalen."


def looked_up(client: TestClient, quoted: str) -> Told:
    response = client.get(f"{API}/citaten", params={"tekst": quoted})
    assert response.status_code == 200, response.text
    told: Told = response.json()
    return told


@pytest.mark.parametrize(
    ("quoted", "presence"), [(QUOTED, "letterlijk"), (MISQUOTED, "bijna"), ("Xqzjw vlorp grumbelfnak", "niet")]
)
def test_a_quotation_is_told_to_be_there_nearly_or_not(client: TestClient, quoted: str, presence: str) -> None:
    assert looked_up(client, quoted)["gevonden"] == presence


def test_a_look_up_has_exactly_its_fields(client: TestClient) -> None:
    assert set(looked_up(client, QUOTED)) == {"gevonden", "citaten"}


def test_a_place_of_a_quotation_has_exactly_its_fields(client: TestClient) -> None:
    places = [*looked_up(client, QUOTED)["citaten"], *looked_up(client, MISQUOTED)["citaten"]]
    assert {frozenset(place) for place in places} == {frozenset(CITATION | {"gelijkenis", "verschillen"})}


def test_a_quotation_that_is_not_there_has_no_places(client: TestClient) -> None:
    assert looked_up(client, "Xqzjw vlorp grumbelfnak")["citaten"] == []


def test_a_literal_place_tells_no_differences(client: TestClient) -> None:
    place = looked_up(client, QUOTED)["citaten"][0]
    assert (place["bron"], place["tekst"], place["gelijkenis"], place["verschillen"]) == ("kadeboek", QUOTED, 1.0, [])


def test_a_near_place_tells_what_was_given_and_what_the_source_has(client: TestClient) -> None:
    assert looked_up(client, MISQUOTED)["citaten"][0]["verschillen"] == [{"gegeven": "zand", "bron": "hout"}]


@pytest.mark.parametrize("quoted", [QUOTED, MISQUOTED, "Wie stut de kade van Zandmeer?", "stutten haar om beurten. De"])
def test_every_place_of_a_quotation_is_the_text_at_its_place(client: TestClient, quoted: str) -> None:
    places = looked_up(client, quoted)["citaten"]
    assert places
    for place in places:
        span = {"begin": place["begin"], "eind": place["eind"]}
        assert client.get(f"{API}/bronnen/{place['bron']}/tekst", params=span).json()["tekst"] == place["tekst"] != ""


def test_the_address_of_a_quotation_gives_a_page_with_its_exact_text_marked(client: TestClient) -> None:
    place = looked_up(client, QUOTED)["citaten"][0]
    path, _, fragment = place["url"].partition("#")
    marked = BeautifulSoup(client.get(path).text, "html.parser").find("mark", id=fragment)
    assert marked is not None and marked.get_text() == place["tekst"]


@pytest.mark.parametrize("size", [6, 12])
def test_the_words_of_a_passage_are_found_literally_in_its_source(client: TestClient, index: Index, size: int) -> None:
    cut = {passage.source: " ".join(passage.text.split()[:size]) for passage in index.passages[::40]}
    found = {slug: looked_up(client, quoted) for slug, quoted in cut.items()}
    assert len(found) > 5
    assert [slug for slug, told in found.items() if told["gevonden"] != "letterlijk"] == []
    assert [slug for slug, told in found.items() if slug not in {each["bron"] for each in told["citaten"]}] == []


# bronnen


def test_the_register_names_every_source_of_the_index(client: TestClient, index: Index) -> None:
    response = client.get(f"{API}/bronnen").json()
    assert set(response) == {"bronnen"}
    assert [source["slug"] for source in response["bronnen"]] == list(index.sources)


def test_a_source_of_the_register_has_its_facts(client: TestClient) -> None:
    source = client.get(f"{API}/bronnen/kadeboek").json()
    assert (source["titel"], source["jaar"], source["soort"]) == ("De kade & het <i>water</i>", 2018, "essay")
    assert "Zeeman" in source["auteurs"] and "Visser" in source["auteurs"]


def test_the_hash_of_a_source_is_that_of_its_text(client: TestClient) -> None:
    source = client.get(f"{API}/bronnen/kadeboek").json()
    text = client.get(f"{API}/bronnen/kadeboek/tekst").json()["tekst"]
    assert (source["sha256"], source["tekens"]) == (sha256(text), len(text))


def test_every_source_of_the_register_can_be_opened(client: TestClient, index: Index) -> None:
    slugs = [source["slug"] for source in client.get(f"{API}/bronnen").json()["bronnen"]]
    assert [slug for slug in slugs[::8] if client.get(f"{API}/bronnen/{slug}").json()["slug"] != slug] == []
    assert [slug for slug in slugs[::8] if client.get(f"/bronnen/{slug}").status_code != 200] == []


def test_headings_of_a_source_stand_where_they_say(client: TestClient, index: Index) -> None:
    heads = client.get(f"{API}/bronnen/nota-hek").json()["koppen"]
    assert heads and all(index.sources["nota-hek"].text[head["begin"] :].startswith("#") for head in heads)


def test_the_text_without_a_place_is_the_whole_text(client: TestClient, index: Index) -> None:
    told = client.get(f"{API}/bronnen/nota-hek/tekst").json()
    assert told == {
        "bron": "nota-hek",
        "begin": 0,
        "eind": len(index.sources["nota-hek"].text),
        "tekst": index.sources["nota-hek"].text,
    }


@pytest.mark.parametrize(("begin", "end"), [(0, 1), (5, 5), (3, 40)])
def test_a_place_gives_that_text_letter_for_letter(client: TestClient, index: Index, begin: int, end: int) -> None:
    told = client.get(f"{API}/bronnen/kadeboek/tekst", params={"begin": begin, "eind": end}).json()
    assert told["tekst"] == index.sources["kadeboek"].text[begin:end]


def test_the_end_of_a_text_is_a_place(client: TestClient, index: Index) -> None:
    end = len(index.sources["kadeboek"].text)
    assert client.get(f"{API}/bronnen/kadeboek/tekst", params={"begin": end - 1, "eind": end}).status_code == 200


# gezondheid, versions, openapi


def test_health_counts_what_the_index_holds(client: TestClient, index: Index) -> None:
    health = client.get(f"{API}/gezondheid").json()
    assert (health["bronnen"], health["passages"]) == (len(index.sources), len(index.passages))
    assert health["vragen"] == index.manifest.questions
    assert health["status"] and health["versie"] and health["modus"] == "citaten"


@pytest.mark.parametrize("call", CALLS)
def test_every_call_tells_the_version_of_the_api(client: TestClient, call: str) -> None:
    response = client.get(f"{API}/{call}")
    assert response.status_code == 200
    assert re.fullmatch(r"\d+\.\d+\.\d+", response.headers["API-Version"])


def test_a_problem_tells_the_version_of_the_api_too(client: TestClient) -> None:
    for response in (client.get(f"{API}/bronnen/weg"), client.post(f"{API}/antwoorden", content=b"x" * 1_100_000)):
        assert response.headers["API-Version"]


def test_openapi_describes_every_call_of_the_design(client: TestClient) -> None:
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    wanted = {"antwoorden", "passages", "citaten", "bronnen", "bronnen/{slug}", "bronnen/{slug}/tekst", "gezondheid"}
    assert {f"{API}/{path}" for path in wanted} <= set(paths)
    assert "post" in paths[f"{API}/antwoorden"]


def test_openapi_describes_nothing_but_the_api(client: TestClient) -> None:
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    assert [path for path in paths if not path.startswith(API)] == []


def test_openapi_names_the_fields_of_a_question_and_an_answer(client: TestClient) -> None:
    schemas = client.get(f"{API}/openapi.json").json()["components"]["schemas"]
    assert {"vraag", "gesprekId", "rol", "soort"} <= set(schemas["Vraag"]["properties"])
    assert set(schemas["Antwoord"]["properties"]) >= ANSWER


def test_openapi_names_the_fields_of_a_look_up(client: TestClient) -> None:
    schemas = client.get(f"{API}/openapi.json").json()["components"]["schemas"]
    assert set(schemas["Vindplaatsen"]["properties"]) == {"gevonden", "citaten"}
    assert {"gelijkenis", "verschillen"} <= set(schemas["Vindplaats"]["properties"])
    assert set(schemas["Verschil"]["properties"]) == {"gegeven", "bron"}
