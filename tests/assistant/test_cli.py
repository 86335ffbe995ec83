"""The command line: what every command prints, and the Dutch sentence and exit code 2 when something is wrong."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from assistant.cli import main
from index.settings import IndexSettings

if TYPE_CHECKING:
    from tests.conftest import Command, Ran, SmallCorpus

PROJECT = Path(__file__).parents[2]
NOTA = "De gemeente legt een fietspad aan langs de vaart. Omwonenden denken mee over de bomen."
LIGHT = "Waarom kreeg de vuurtoren een nieuwe lamp?"
COMMANDS = ("index build", "index verify", "index show", "search", "ask", "serve", "essays", "index", "")


@pytest.fixture
def run(program: Callable[[Callable[[list[str]], int], str], Command]) -> Command:
    """Run one command in an empty folder."""
    return program(main, "hier")


@pytest.fixture
def settings(run: Command, small_corpus: SmallCorpus, monkeypatch: pytest.MonkeyPatch) -> IndexSettings:
    """A small corpus, whose folders the environment names."""
    settings = small_corpus()
    for name in ("corpus", "essays", "index", "embedding_model"):
        monkeypatch.setenv(f"OPGAVEWIJZER_{name.upper()}", str(getattr(settings, name)))
    return settings


@pytest.fixture
def built(run: Command, settings: IndexSettings) -> IndexSettings:
    """The same, and its index has been built."""
    assert run("index", "build").code == 0
    return settings


@pytest.fixture
def locked(built: IndexSettings) -> Iterator[IndexSettings]:
    """The same, while another process holds the index."""
    script = (
        "import sys; from pathlib import Path; from index.generations import IndexFolder\n"
        "with IndexFolder(Path(sys.argv[1])): print('houdt', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(built.index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "houdt\n"
        yield built
        assert holder.stdin is not None
        holder.stdin.close()
        holder.wait(20)


def refused(ran: Ran) -> str:
    """The sentence on stderr of a command that ended with 2 and printed nothing else."""
    assert ran.code == 2, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err and 'File "' not in ran.err
    assert len(ran.err.strip().splitlines()) == 1, ran.err
    return ran.err.strip()


# help


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command or "opgavewijzer")
def test_every_command_has_help(run: Command, command: str) -> None:
    told = run(*command.split(), "--help")
    assert (told.code, told.err) == (0, "")
    assert f"opgavewijzer {command}".strip() in told.out


def test_help_names_every_command(run: Command) -> None:
    told = run("--help").out
    assert all(name in told for name in ("index", "search", "ask", "serve", "essays"))


@pytest.mark.parametrize(
    ("command", "flags"),
    [
        ("index build", ("--corpus", "--essays", "--documents", "--index")),
        ("index verify", ("--index",)),
        ("index show", ("--index",)),
        ("search", ("--limit", "--kind", "--json")),
        ("ask", ("--role", "--json")),
        ("serve", ("--host", "--port", "--index")),
    ],
)
def test_help_names_every_flag_of_the_design(run: Command, command: str, flags: Sequence[str]) -> None:
    told = run(*command.split(), "--help").out
    assert [flag for flag in flags if flag not in told] == []


def test_help_loads_no_model() -> None:
    script = "import sys; from assistant.cli import main\ntry: main(['ask', '--help'])\nexcept SystemExit: pass\n"
    script += "print(sorted({'torch', 'gradio', 'chromadb'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert told.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("arguments", [(), ("dansen",), ("index",), ("index", "dansen"), ("ask",), ("search",)])
def test_a_command_that_does_not_exist_ends_with_2(run: Command, arguments: Sequence[str]) -> None:
    told = run(*arguments)
    assert (told.code, told.out) == (2, "") and told.err


@pytest.mark.parametrize(
    ("flag", "value"),
    [("--limit", "0"), ("--limit", "-1"), ("--limit", "veel"), ("--limit", "1001"), ("--kind", "boek")],
)
def test_a_flag_that_cannot_be_is_named(run: Command, flag: str, value: str) -> None:
    told = run("search", "haven", flag, value)
    assert told.code == 2 and told.out == ""
    assert flag in told.err and value in told.err


def test_an_unknown_role_is_refused_with_the_roles_there_are(run: Command) -> None:
    told = run("ask", "Hoe?", "--role", "keizer")
    assert told.code == 2 and "keizer" in told.err and "opdrachtnemer" in told.err


# index


def test_build_tells_what_it_built(run: Command, settings: IndexSettings) -> None:
    told = run("index", "build")
    assert told.code == 0
    assert "3 bronnen" in told.out and "passages" in told.out


def test_build_shows_its_progress_on_stderr(run: Command, settings: IndexSettings) -> None:
    assert "%" in run("index", "build").err


def test_a_second_build_does_nothing(run: Command, built: IndexSettings) -> None:
    before = (built.index / "current").read_text()
    told = run("index", "build")
    assert told.code == 0 and "actueel" in told.out
    assert (built.index / "current").read_text() == before


def test_a_build_after_a_change_is_another_index(run: Command, built: IndexSettings, small_corpus: SmallCorpus) -> None:
    small_corpus(essays={"havenboek": "De haven van Zandmeer is dicht. De sluis ook."})
    assert "2 bronnen" in run("index", "build").out


def test_flags_go_before_the_environment(run: Command, settings: IndexSettings, tmp_path: Path) -> None:
    assert run("index", "build", "--index", tmp_path / "elders").code == 0
    assert (tmp_path / "elders" / "current").exists() and not (settings.index / "current").exists()


def test_own_documents_alone_can_be_indexed(run: Command, settings: IndexSettings, tmp_path: Path) -> None:
    (tmp_path / "stukken").mkdir()
    (tmp_path / "stukken" / "nota.txt").write_text(NOTA, encoding="utf-8")
    told = run("index", "build", "--corpus", "none", "--documents", tmp_path / "stukken")
    assert told.code == 0 and "1 bron" in told.out


def test_own_documents_alone_can_be_searched(
    run: Command, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "stukken").mkdir()
    (tmp_path / "stukken" / "nota.txt").write_text(NOTA, encoding="utf-8")
    run("index", "build", "--corpus", "none", "--documents", tmp_path / "stukken")
    monkeypatch.delenv("OPGAVEWIJZER_CORPUS")
    monkeypatch.delenv("OPGAVEWIJZER_ESSAYS")
    told = run("search", "fietspad langs de vaart")
    assert told.code == 0 and "fietspad" in told.out


def test_one_bad_document_is_told_at_the_end_and_the_rest_goes_on(
    run: Command, settings: IndexSettings, tmp_path: Path
) -> None:
    (tmp_path / "stukken").mkdir()
    (tmp_path / "stukken" / "a-kapot.docx").write_bytes(b"dit is geen docx")
    (tmp_path / "stukken" / "nota.txt").write_text(NOTA, encoding="utf-8")
    told = run("index", "build", "--corpus", "none", "--documents", tmp_path / "stukken")
    assert told.code == 0 and "1 bron" in told.out
    last = told.err.strip().splitlines()[-1]
    assert "a-kapot.docx" in last and "Overgeslagen" in last


def test_a_bad_document_is_told_by_show_too(run: Command, settings: IndexSettings, tmp_path: Path) -> None:
    (tmp_path / "stukken").mkdir()
    (tmp_path / "stukken" / "a-kapot.docx").write_bytes(b"dit is geen docx")
    (tmp_path / "stukken" / "nota.txt").write_text(NOTA, encoding="utf-8")
    run("index", "build", "--corpus", "none", "--documents", tmp_path / "stukken")
    assert "a-kapot.docx" in run("index", "show").out


def test_verify_says_that_a_good_index_is_good(run: Command, built: IndexSettings) -> None:
    told = run("index", "verify")
    assert (told.code, told.err) == (0, "") and "klopt" in told.out


def test_verify_tells_a_fault_on_stderr_and_ends_with_1(run: Command, built: IndexSettings) -> None:
    manifest = next(built.index.glob("generations/*/manifest.json"))
    stored = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**stored, "passages": stored["passages"] + 1}), encoding="utf-8")
    told = run("index", "verify")
    assert told.code == 1 and told.err.strip() and told.out == ""


def test_show_names_the_sources_and_settings(run: Command, built: IndexSettings) -> None:
    told = run("index", "show")
    assert told.code == 0
    assert all(name in told.out for name in ("havenboek", "bosatlas", "handboek-haven-en-bos", str(built.index)))


def test_show_works_on_an_index_that_no_longer_fits(
    run: Command, built: IndexSettings, small_corpus: SmallCorpus
) -> None:
    small_corpus(essays={"havenboek": "De haven van Zandmeer is dicht."})
    assert run("index", "show").code == 0


# search and ask


def test_search_shows_the_passage_with_its_place(run: Command, built: IndexSettings) -> None:
    told = run("search", LIGHT)
    assert (told.code, told.err) == (0, "")
    assert "vuurtoren" in told.out and "havenboek" in told.out.lower()


def test_search_gives_json_as_the_api_does(run: Command, built: IndexSettings) -> None:
    passages = json.loads(run("search", LIGHT, "--json", "--limit", "2").out)["passages"]
    assert len(passages) == 2
    assert set(passages[0]) == set(
        "id bron soort titel auteurs jaar sectie pagina begin eind tekst score herkomst".split()
    )


def test_search_gives_as_many_as_asked(run: Command, built: IndexSettings) -> None:
    assert len(json.loads(run("search", "haven bos", "--json", "--limit", "1").out)["passages"]) == 1


@pytest.mark.parametrize(("kind", "name"), [("essay", "essay"), ("handbook", "handboek")])
def test_search_looks_in_one_kind(run: Command, built: IndexSettings, kind: str, name: str) -> None:
    passages = json.loads(run("search", "Wie betaalt de haven?", "--json", "--kind", kind).out)["passages"]
    assert {passage["soort"] for passage in passages} == {name}


def test_ask_prints_a_status_an_answer_and_its_sources(run: Command, built: IndexSettings) -> None:
    told = run("ask", LIGHT)
    assert (told.code, told.err) == (0, "")
    assert told.out.split()[0] in {"Beantwoord", "Misschien", "Geweigerd"}
    assert "[1]" in told.out and "/bronnen/" in told.out


def test_ask_gives_json_as_the_api_does(run: Command, built: IndexSettings) -> None:
    answer = json.loads(run("ask", LIGHT, "--json").out)
    assert (answer["vraag"], answer["modus"]) == (LIGHT, "citaten")
    assert {"antwoord", "citaten", "zelfstandigeVraag", "stappen", "duurMs"} <= set(answer)


def test_citations_of_ask_are_the_text_at_their_place(run: Command, built: IndexSettings) -> None:
    citations = json.loads(run("ask", LIGHT, "--json").out)["citaten"]
    assert built.essays is not None and citations
    for citation in [each for each in citations if each["soort"] == "essay"]:
        text = (built.essays / f"{citation['bron']}.txt").read_text(encoding="utf-8")
        assert text[citation["begin"] : citation["eind"]] == citation["tekst"]


def test_ask_takes_a_role(run: Command, built: IndexSettings) -> None:
    assert json.loads(run("ask", LIGHT, "--role", "opdrachtgever", "--json").out)["rol"] == "opdrachtgever"


@pytest.mark.parametrize("question", ["", "   ", "\x01", "🙂", "a" * 20_000])
def test_ask_refuses_what_is_no_question(run: Command, built: IndexSettings, question: str) -> None:
    assert "vraag" in refused(run("ask", question))


def test_search_refuses_an_empty_question(run: Command, built: IndexSettings) -> None:
    assert "leeg" in refused(run("search", "  "))


# errors

USING = [("search", "haven"), ("ask", "Hoe?"), ("index", "verify"), ("index", "show"), ("serve",)]


@pytest.mark.parametrize("command", USING, ids=" ".join)
def test_a_missing_index_tells_how_to_build_it(run: Command, settings: IndexSettings, command: Sequence[str]) -> None:
    assert "opgavewijzer index build" in refused(run(*command))


@pytest.mark.parametrize("command", [*USING, ("index", "build"), ("essays", "map")], ids=" ".join)
def test_an_unknown_setting_is_named(
    run: Command, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch, command: Sequence[str]
) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_INDEKS", "x")
    assert "OPGAVEWIJZER_INDEKS" in refused(run(*command))


def test_a_setting_that_cannot_be_is_named(
    run: Command, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_PORT", "veel")
    told = refused(run("index", "show"))
    assert "OPGAVEWIJZER_PORT" in told and "veel" in told


def test_a_port_that_does_not_exist_is_refused(run: Command, built: IndexSettings) -> None:
    assert "70000" in refused(run("serve", "--port", "70000"))


def test_a_port_that_is_taken_is_named(run: Command, built: IndexSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = refused(run("serve", "--port", port))
    assert port in told and "--port" in told
    assert run("index", "verify").code == 0


def test_serve_says_where_it_listens_and_gives_the_index_back(
    run: Command, built: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uvicorn.Server, "run", lambda server, sockets=None: None)

    async def served() -> Ran:  # in a running event loop: elsewhere Gradio makes loops that it never closes
        return run("serve", "--port", "0")

    told = asyncio.run(served())
    assert (told.code, told.err) == (0, "")
    assert re.search(r"http://127\.0\.0\.1:[1-9]\d+", told.out)
    assert run("index", "verify").code == 0


def test_an_unknown_setting_in_a_file_is_refused(run: Command, settings: IndexSettings) -> None:
    Path(".env").write_text("OPGAVEWIJZER_INDEKS=x\n", encoding="utf-8")
    assert "INDEKS" in refused(run("index", "show"))


def test_a_setting_in_a_file_is_read(run: Command, built: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPGAVEWIJZER_INDEX")
    Path(".env").write_text(f"OPGAVEWIJZER_INDEX={built.index}\n", encoding="utf-8")
    assert run("index", "show").code == 0


def test_a_missing_folder_of_documents_is_named(run: Command, settings: IndexSettings, tmp_path: Path) -> None:
    told = run("index", "build", "--documents", tmp_path / "weg")
    assert told.code == 2 and told.out == ""
    assert str(tmp_path / "weg") in told.err and "--documents" in told.err
    assert "Traceback" not in told.err


def test_an_error_of_a_build_is_the_last_line(run: Command, settings: IndexSettings, tmp_path: Path) -> None:
    told = run("index", "build", "--documents", tmp_path / "weg")
    assert str(tmp_path / "weg") in told.err.strip().splitlines()[-1]


def test_a_folder_without_a_readable_document_is_refused(run: Command, settings: IndexSettings, tmp_path: Path) -> None:
    (tmp_path / "leeg").mkdir()
    told = run("index", "build", "--corpus", "none", "--documents", tmp_path / "leeg")
    assert told.code == 2 and "niets om te indexeren" in told.err


@pytest.mark.parametrize("command", [*USING, ("index", "build")], ids=" ".join)
def test_an_index_that_another_process_holds_is_told_at_once(
    run: Command, locked: IndexSettings, command: Sequence[str]
) -> None:
    assert "in gebruik" in refused(run(*command))


@pytest.mark.parametrize("command", [each for each in USING if each != ("index", "show")], ids=" ".join)
def test_an_index_that_no_longer_fits_tells_how_to_build_it(
    run: Command, built: IndexSettings, small_corpus: SmallCorpus, command: Sequence[str]
) -> None:
    small_corpus(essays={"havenboek": "De haven van Zandmeer is dicht. De sluis ook."})
    told = refused(run(*command))
    assert "opgavewijzer index build" in told and "past niet meer" in told


def test_a_missing_model_is_named(run: Command, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPGAVEWIJZER_EMBEDDING_MODEL", str(settings.index / "geen-model"))
    told = run("index", "build")
    assert told.code == 2 and "geen-model" in told.err and "Traceback" not in told.err


def test_an_index_is_free_again_after_every_command(run: Command, built: IndexSettings) -> None:
    for command in (("search", "haven"), ("ask", "🙂"), ("index", "verify"), ("index", "show")):
        run(*command)
    assert run("index", "verify").code == 0


# essays


@pytest.fixture
def publishers(settings: IndexSettings, tmp_path: Path) -> Path:
    """A folder with the texts as a publisher gave them, while none of them has been taken over."""
    assert settings.essays is not None
    shutil.copytree(settings.essays, tmp_path / "uitgever")
    shutil.rmtree(settings.essays)
    return tmp_path / "uitgever"


def test_essays_are_taken_over(run: Command, settings: IndexSettings, publishers: Path) -> None:
    told = run("essays", publishers)
    assert (told.code, told.err) == (0, "") and "2 van de 2" in told.out
    assert settings.essays is not None
    assert {path.name for path in settings.essays.iterdir()} == {"havenboek.txt", "bosatlas.txt"}


def test_a_changed_essay_is_kept_out_and_the_rest_goes_on(
    run: Command, settings: IndexSettings, publishers: Path
) -> None:
    (publishers / "bosatlas.txt").write_text("Heel iets anders.", encoding="utf-8")
    told = run("essays", publishers)
    assert told.code == 0 and "bosatlas.txt" in told.err and "havenboek.txt" in told.out
    assert settings.essays is not None
    assert [path.name for path in settings.essays.iterdir()] == ["havenboek.txt"]


def test_an_unknown_essay_is_kept_out_and_named(run: Command, settings: IndexSettings, publishers: Path) -> None:
    (publishers / "duinroman.txt").write_text("Het duin waait.", encoding="utf-8")
    told = run("essays", publishers)
    assert told.code == 0 and "duinroman.txt" in told.err and "2 van de 2" in told.out


def test_a_broken_essay_is_kept_out_and_the_rest_goes_on(
    run: Command, settings: IndexSettings, publishers: Path
) -> None:
    (publishers / "bosatlas.txt").write_bytes(b"\xff\xfe\x00\x81")
    told = run("essays", publishers)
    assert told.code == 0 and "bosatlas.txt" in told.err and "Traceback" not in told.err


def test_no_essay_at_all_ends_with_2(run: Command, settings: IndexSettings, publishers: Path) -> None:
    for path in publishers.iterdir():
        path.write_text("Heel iets anders.", encoding="utf-8")
    assert run("essays", publishers).code == 2


def test_a_folder_of_essays_that_is_not_there_is_named(run: Command, settings: IndexSettings, tmp_path: Path) -> None:
    assert "weg" in refused(run("essays", tmp_path / "weg"))


def test_essays_need_a_corpus(run: Command, settings: IndexSettings, publishers: Path) -> None:
    assert "corpus" in refused(run("essays", publishers, "--corpus", "none"))


def test_taking_essays_over_twice_changes_nothing(run: Command, settings: IndexSettings, publishers: Path) -> None:
    assert run("essays", publishers) == run("essays", publishers)


def test_an_index_with_essays_that_were_taken_over_quotes_them(
    run: Command, settings: IndexSettings, publishers: Path
) -> None:
    run("index", "build")
    assert json.loads(run("search", LIGHT, "--kind", "essay", "--json").out)["passages"] == []
    run("essays", publishers)
    run("index", "build")
    assert json.loads(run("search", LIGHT, "--kind", "essay", "--json").out)["passages"]
