"""Arguments of a command, refused in Dutch."""

from __future__ import annotations

import argparse
import re
import sys
from typing import NoReturn

_FAULTS = (
    (r"argument ([^:]+): invalid choice: '(.*)' \(choose from (.*)\)", r"\1: '\2' bestaat niet; kies uit \3."),
    (r"argument ([^:]+): expected one argument", r"\1: hier hoort een waarde achter."),
    (r"argument ([^:]+): invalid int value: '(.*)'", r"\1: '\2' is geen geheel getal."),
    (r"argument ([^:]+): ", r"\1: "),
    (r"the following arguments are required: (.*)", r"Er ontbreekt: \1."),
    (r"unrecognized arguments: (.*)", r"Onbekend: \1."),
)


class Parser(argparse.ArgumentParser):
    """argparse that says in Dutch what is wrong with a command."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end with 2."""
        for pattern, told in _FAULTS:
            message = re.sub(pattern, told, message)
        print(f"{message} Zie: {self.prog} --help", file=sys.stderr)
        sys.exit(2)
