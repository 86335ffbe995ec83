"""What can go wrong in the evaluation: one root, messages in Dutch that say what to do.

EvaluationError
├── InvalidData       a line of a question set, the conditions or the expected scores is not of the form
├── EmptySet          there is nothing to take a mean of: an error, never a perfect score
├── UnknownRun        there is no finished run of this name
└── Unavailable       a condition that cannot be run here: the essays or an optional package are not there
"""

from __future__ import annotations


class EvaluationError(Exception):
    """The root of all errors that `evals` raises on purpose; the message is a Dutch sentence for the reader."""


class InvalidData(EvaluationError):
    """A file of ours breaks its own schema."""


class EmptySet(EvaluationError):
    """A set without questions."""


class UnknownRun(EvaluationError):
    """No run has this name, or it was not finished."""


class Unavailable(EvaluationError):
    """A condition that needs something that is not installed or imported."""
