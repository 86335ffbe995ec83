"""The practice models of opgavegericht werken, as files with our own Dutch words and a strict loader."""

from prompts.errors import BadFile, MissingFile, PromptError
from prompts.library import Anchor, Perspective, Practice, Recommendation, Role, RoleAdvice, Step, load

__all__ = [
    "Anchor",
    "BadFile",
    "MissingFile",
    "Perspective",
    "Practice",
    "PromptError",
    "Recommendation",
    "Role",
    "RoleAdvice",
    "Step",
    "load",
]
