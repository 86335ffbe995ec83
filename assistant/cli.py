"""The command line: build and look at the index, search, ask, and start the server."""

from __future__ import annotations

import argparse
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.arguments import Parser
from assistant.errors import AssistantError
from assistant.progress import Bar
from assistant.settings import Settings
from assistant.types import Question
from index.errors import InvalidCorpus, InvalidSettings, LibraryError
from index.generations import IndexFolder
from index.manifest import Manifest, changes, inputs_of, readable
from index.sources import import_essays, read_register
from index.types import Kind
from prompts import PromptError, Role

_PATH_FLAGS = ("corpus", "essays", "documents", "index")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it went well, 2 when the reader has to do something, 1 when `verify` finds a fault."""
    given = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = given.run
    try:
        return run(given)
    except (LibraryError, AssistantError, PromptError) as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("Gestopt.", file=sys.stderr)
        return 130


def _build(given: argparse.Namespace) -> int:
    settings = _settings(given)
    with IndexFolder(settings.index) as folder:
        manifest = None if given.fresh else readable(folder.current())
    if manifest is None or changes(manifest.inputs, inputs_of(settings)):
        manifest = _built(settings, given.fresh)
    else:
        print(f"De index is actueel: {_content(manifest)}.")
    for skipped in manifest.skipped:
        print(f"Overgeslagen: {skipped}", file=sys.stderr)
    return 0


def _built(settings: Settings, fresh: bool) -> Manifest:
    from assistant.wiring import embedding
    from index.build import build

    started = time.monotonic()
    bar = Bar()
    try:
        report = build(settings, embedding(settings), fresh=fresh, progress=bar)
    finally:
        bar.close()
    seconds, content = time.monotonic() - started, _content(report.manifest)
    print(f"De index is gebouwd in {seconds:.1f} s: {content}, {report.embedded} daarvan opnieuw ingesloten.")
    return report.manifest


def _verify(given: argparse.Namespace) -> int:
    settings = _settings(given)
    _require_index(settings)

    from assistant.wiring import embedding
    from index.search import Index

    with Index.open(settings, embedding(settings)) as index:
        faults = index.verify()
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print("Draai: opgavewijzer index build --fresh", file=sys.stderr)
    else:
        print(f"De index klopt: {_content(index.manifest)}.")
    return 1 if faults else 0


def _show(given: argparse.Namespace) -> int:
    with IndexFolder(_settings(given).index) as folder:
        generation = folder.require_current()
        manifest = Manifest.load(generation)
    print(f"Index in {folder.root}, generatie {generation.name}")
    print(f"{_content(manifest)}, {manifest.questions} vragen")
    for name, value in manifest.inputs.settings.items():
        print(f"  {name}: {value}")
    for slug, digest in manifest.sources.items():
        print(f"  {slug}  {digest[:12]}")
    for skipped in manifest.skipped:
        print(f"Overgeslagen: {skipped}")
    return 0


def _essays(given: argparse.Namespace) -> int:
    settings = _settings(given)
    if settings.corpus is None or settings.essays is None:
        raise InvalidCorpus("Essays inlezen kan alleen met een corpus; laat --corpus en --essays weg of geef een map.")
    register = read_register(settings.corpus / "sources.toml")
    copied, refused = import_essays(given.source, settings.essays, register)
    for name in copied:
        print(f"Overgenomen: {name}")
    for told in refused:
        print(f"Niet overgenomen: {told}", file=sys.stderr)
    print(f"{len(copied)} van de {len(register.publications)} essays staan in {settings.essays}.")
    return 0 if copied else 2


def _search(given: argparse.Namespace) -> int:
    settings = _settings(given)
    _require_index(settings)

    from assistant.web.schemas import Passages, PassageUit
    from assistant.wiring import embedding
    from index.dutch import shown_text
    from index.search import Index

    kinds = (Kind(given.kind),) if given.kind else ()
    with Index.open(settings, embedding(settings)) as index:
        hits = index.search(given.question, limit=given.limit, kinds=kinds).hits
    if given.json:
        told = [PassageUit.of(hit, index.sources[hit.passage.source]) for hit in hits]
        print(Passages(passages=told).model_dump_json(by_alias=True, indent=2))
        return 0
    for number, hit in enumerate(hits, start=1):
        passage = hit.passage
        print(f"{number:2}. {hit.score:.3f}  {index.sources[passage.source].title} › {passage.heading}")
        print(f"    {passage.id}\n    {_shortened(shown_text(passage.text))}")
    return 0


def _ask(given: argparse.Namespace) -> int:
    settings = _settings(given)
    _require_index(settings)

    from assistant.assistant import finish
    from assistant.citations import address
    from assistant.web.schemas import Antwoord
    from assistant.wiring import opened

    with opened(settings) as assistant:
        started = time.perf_counter()
        answer = finish(assistant.ask(Question(given.question, Role(given.role) if given.role else None)))
        milliseconds = 1000 * (time.perf_counter() - started)
    if given.json:
        told = Antwoord.of(answer, id="", conversation="", milliseconds=milliseconds)
        print(told.model_dump_json(by_alias=True, indent=2))
        return 0
    print(f"{answer.status.value.capitalize()}\n\n{answer.text}\n")
    for citation in answer.citations:
        print(f"[{citation.number}] {address(citation.source.slug, citation.start, citation.end)}")
    return 0


def _serve(given: argparse.Namespace) -> int:
    settings = _settings(given)
    _require_index(settings)

    import uvicorn

    from assistant.web.app import create
    from assistant.wiring import opened

    try:
        listening = socket.create_server((settings.host, settings.port))
    except OSError as error:
        raise InvalidSettings(
            f"Op {settings.host}:{settings.port} kan de server niet luisteren; "
            "kies een andere poort met --port of stop het programma dat deze gebruikt."
        ) from error
    with listening, opened(settings) as assistant:
        server = uvicorn.Server(uvicorn.Config(create(assistant, settings), log_level="warning"))
        print(f"Opgavewijzer staat klaar op http://{settings.host}:{listening.getsockname()[1]}", flush=True)
        server.run(sockets=[listening])
    return 0


def _require_index(settings: Settings) -> None:
    """Say at once that there is no index or that another process has it, before anything heavy is loaded."""
    with IndexFolder(settings.index) as folder:
        folder.require_current()


def _settings(given: argparse.Namespace) -> Settings:
    chosen = {name: value for name, value in vars(given).items() if name in Settings.model_fields}
    return Settings.read(**chosen)


def _parser() -> Parser:
    parser = Parser(prog="opgavewijzer", description="Antwoorden met citaten over opgavegericht werken.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="opdracht")

    index = commands.add_parser("index", help="de index bouwen, nakijken en tonen")
    actions = index.add_subparsers(dest="action", required=True, metavar="actie")
    builder = actions.add_parser("build", help="bouw de index, of werk hem bij")
    _folders(builder, _PATH_FLAGS)
    builder.add_argument("--fresh", action="store_true", help="bouw alles opnieuw, ook wat niet is veranderd")
    builder.set_defaults(run=_build)
    for name, run, told in (
        ("verify", _verify, "vergelijk de index met zijn manifest"),
        ("show", _show, "toon waar de index uit bestaat"),
    ):
        action = actions.add_parser(name, help=told)
        _folders(action, ("index",))
        action.set_defaults(run=run)

    essays = commands.add_parser("essays", help="neem de essays van de uitgevers over in het corpus")
    essays.add_argument("source", type=Path, help="map met de tekstbestanden")
    _folders(essays, ("corpus", "essays"))
    essays.set_defaults(run=_essays)

    search = commands.add_parser("search", help="zoek passages")
    search.add_argument("question", metavar="vraag")
    search.add_argument("--limit", type=_positive, default=10, metavar="N", help="hoeveel passages (10)")
    search.add_argument("--kind", choices=[kind.value for kind in Kind], help="alleen passages van deze soort")
    search.add_argument("--json", action="store_true", help="als JSON, zoals de API")
    _folders(search, ("index",))
    search.set_defaults(run=_search)

    ask = commands.add_parser("ask", help="stel een vraag")
    ask.add_argument("question", metavar="vraag")
    ask.add_argument("--role", choices=[role.value for role in Role], help="de rol van wie vraagt")
    ask.add_argument("--json", action="store_true", help="als JSON, zoals de API")
    _folders(ask, ("index",))
    ask.set_defaults(run=_ask)

    serve = commands.add_parser("serve", help="start de pagina en de API")
    serve.add_argument("--host", help="adres waarop de server luistert (127.0.0.1)")
    serve.add_argument("--port", type=int, help="poort (7860)")
    _folders(serve, ("index",))
    serve.set_defaults(run=_serve)
    return parser


def _folders(parser: argparse.ArgumentParser, names: Sequence[str]) -> None:
    told = {
        "corpus": "map met register, handboek en vragenbank, of 'none'",
        "essays": "map met de essays, of 'none'",
        "documents": "map met eigen documenten (txt, md, html, pdf, docx)",
        "index": "map van de index",
    }
    for name in names:
        parser.add_argument(f"--{name}", metavar="MAP", help=told[name])


def _positive(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"'{text}' is geen getal van 1 tot 1000")
    return int(text)


def _content(manifest: Manifest) -> str:
    sources = "1 bron" if len(manifest.sources) == 1 else f"{len(manifest.sources)} bronnen"
    return f"{manifest.passages} passages uit {sources}"


def _shortened(text: str, most: int = 220) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


if __name__ == "__main__":
    sys.exit(main())
