"""`python -m evals`: measure, compare with an earlier measurement, hold against what is expected, and report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.arguments import Parser
from assistant.progress import Bar
from assistant.settings import Settings
from assistant.wiring import opened
from evals import comparison, expectations, grades, reports
from evals.bench import bench
from evals.calibration import asked, calibrate, judged, table
from evals.conditions import WORK, Condition, chosen, read_conditions, workbench
from evals.data import Split, Suite
from evals.errors import EvaluationError
from evals.runs import Run, finished, measure
from evals.tables import number, overview
from evals.tables import table as aligned
from index.errors import LibraryError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it went well, 1 when a score fell, 2 when the reader has to do something first."""
    given = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = given.command
    try:
        return command(given)
    except (LibraryError, EvaluationError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Gestopt.", file=sys.stderr)
        return 130


def _run(given: argparse.Namespace) -> int:
    print(overview(_measured(given, chosen(read_conditions(), given.condition), [Suite(name) for name in given.suite])))
    return 0


def _compare(given: argparse.Namespace) -> int:
    print(comparison.told(comparison.compare(Run.load(given.first), Run.load(given.second)), most=given.most))
    return 0


def _check(given: argparse.Namespace) -> int:
    expected = expectations.read_expected()
    if given.run:
        run = Run.load(given.run)
    else:
        names = list(dict.fromkeys(each.condition for each in expected))
        suites = list(dict.fromkeys(each.suite for each in expected))
        run = _measured(given, chosen(read_conditions(), names), suites)
    questions = expectations.read_questions()
    if given.accept:
        expectations.require_same_questions(run, {})
        expectations.FILE.write_text(expectations.written(run, expected, questions), encoding="utf-8")
        print(f"{expectations.FILE.name} heeft nu de scores van {run.name}.")
        return 0
    expectations.require_same_questions(run, questions)
    held = expectations.check(run, expected)
    print(expectations.told(held))
    if not all(each.holds for each in held):
        return 1
    if run.manifest["skipped"]:
        print("Wat is overgeslagen, is niet gecontroleerd.", file=sys.stderr)
        return 2
    return 0


def _report(given: argparse.Namespace) -> int:
    names = finished()
    run = Run.load(given.run or (names[-1] if names else "laatste"))
    _write(_path(given.out, f"{run.name}.html"), reports.report(run))
    return 0


def _path(out: str, name: str) -> Path:
    path = Path(out or WORK)
    return path / name if path.is_dir() or not out else path


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"Het bestand {path} kan niet worden geschreven: {error.strerror}.") from error
    print(path)


def _sheet(given: argparse.Namespace) -> int:
    path = _path(given.out, f"{given.run}-blad.jsonl")
    _write(path, "".join(f"{line}\n" for line in grades.sheet(Run.load(given.run))))
    return 0


def _grades(given: argparse.Namespace) -> int:
    rows = [["blad", "vragen", *(each.name for each in grades.graded()[0].scores), "aantal"]]
    for each in grades.graded():
        told = [f"{number(score)} ({number(score, score.low)}-{number(score, score.high)})" for score in each.scores]
        rows.append([each.sheet, each.group, *told, str(each.count)])
    print(aligned(rows))
    return 0


def _calibrate(given: argparse.Namespace) -> int:
    with workbench(Settings.read()) as bench:
        index = bench.assistant().index
        train, dev = (judged(asked(split), index) for split in (Split.TRAIN, Split.DEV))
    confidence = calibrate(train)
    confidence.save()
    print(f"train\n{table(train, confidence)}\n\ndev\n{table(dev, confidence)}")
    return 0


def _bench(given: argparse.Namespace) -> int:
    settings = Settings.read()
    with opened(settings) as assistant:
        print(bench(assistant, settings))
    return 0


def _measured(given: argparse.Namespace, conditions: Mapping[str, Condition], suites: Sequence[Suite]) -> Run:
    bar = Bar()
    try:
        run = measure(Settings.read(), conditions, suites, name=given.name, split=Split(given.split), progress=bar)
    finally:
        bar.close()
    for name, reason in run.manifest["skipped"].items():
        print(f"Overgeslagen: {name}: {reason}", file=sys.stderr)
    return run


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is geen aantal")
    return int(text)


def _parser() -> Parser:
    parser = Parser(prog="python -m evals", description="Meten hoe goed en hoe snel de assistent is.")
    commands = parser.add_subparsers(dest="command_name", required=True, metavar="opdracht")

    def command(name: str, told: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=told, description=told[0].upper() + told[1:] + ".")
        added.set_defaults(command=run)
        return added

    run = command("run", "meet, en schrijf de meting in een map", _run)
    run.add_argument(
        "--suite",
        action="append",
        default=[],
        choices=[str(suite) for suite in Suite],
        help="alleen deze suite (mag vaker)",
    )
    run.add_argument("--condition", action="append", default=[], help="alleen deze conditie (mag vaker)")
    run.add_argument("--name", default="", help="de naam van de meting; anders dag en tijd")
    run.add_argument(
        "--split",
        default=Split.DEV,
        choices=[str(split) for split in Split],
        help="dev om te berichten, train om te kiezen",
    )
    compare = command("compare", "vergelijk twee metingen, vraag voor vraag", _compare)
    compare.add_argument("first", help="de naam van de eerste meting, of haar map")
    compare.add_argument("second", help="de naam van de tweede")
    compare.add_argument("--most", type=_count, default=20, help="hoeveel omgeslagen vragen per suite (20)")
    check = command("check", "houd een meting tegen expected.toml; 1 als een maat is gedaald", _check)
    check.add_argument("--run", default="", help="een meting die er al is; anders wordt gemeten wat verwacht wordt")
    check.add_argument("--accept", action="store_true", help="schrijf de scores van de meting in expected.toml")
    check.set_defaults(name="check", split=str(Split.DEV))
    report = command("report", "maak van een meting één HTML-bestand", _report)
    report.add_argument("run", nargs="?", default="", help="de naam van de meting; anders de laatste")
    report.add_argument("--out", default="", help="waar het bestand komt")
    sheet = command("sheet", "schrijf de antwoorden op blinde vragen als blad voor lezers die cijfers geven", _sheet)
    sheet.add_argument("run", help="de naam van de meting, of haar map")
    sheet.add_argument("--out", default="", help="waar het bestand komt")
    command("grades", "toon wat lezers van de antwoorden vonden", _grades)
    command("calibrate", "kies de drempels voor weigeren op train en toon ze op dev", _calibrate)
    command("bench", "meet snelheid en geheugen", _bench)
    return parser


if __name__ == "__main__":
    sys.exit(main())
