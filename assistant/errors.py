"""What can go wrong between a question and its answer.

AssistantError
└── InvalidQuestion     empty, too long, or without a word in it
"""

from __future__ import annotations


class AssistantError(Exception):
    """The root of all errors that `assistant` raises on purpose; the message is a Dutch sentence for the reader."""


class InvalidQuestion(AssistantError):
    """A message that is no question."""
