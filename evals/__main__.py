"""`python -m evals calibrate|bench`: choose the refusal's numbers, and measure speed and memory."""

from __future__ import annotations

import argparse
import sys

from assistant.settings import Settings
from assistant.wiring import opened
from evals.bench import bench
from evals.calibration import HERE, calibrate, read_questions, table
from index.errors import LibraryError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it went well, 2 when the reader has to do something first."""
    parser = argparse.ArgumentParser(prog="python -m evals", description="Meten hoe goed en hoe snel.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("calibrate", help="kies de drempels voor weigeren op train/ en toon ze op dev/")
    commands.add_parser("bench", help="meet snelheid en geheugen")
    given = parser.parse_args(arguments)
    settings = Settings.read()
    try:
        with opened(settings) as assistant:
            if given.command == "bench":
                print(bench(assistant, settings))
                return 0
            train = read_questions(HERE / "train" / "refusal.jsonl", assistant.index)
            dev = read_questions(HERE / "dev" / "refusal.jsonl", assistant.index)
    except (LibraryError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    confidence = calibrate(train)
    confidence.save()
    print(f"train\n{table(train, confidence)}\n\ndev\n{table(dev, confidence)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
