"""What can go wrong with the texts in `prompts/`.

PromptError
├── MissingFile   a folder or a text that should be there is not, or there are too many
└── BadFile       a file is there, and its front matter or its text is not as agreed
"""


class PromptError(Exception):
    """A text of `prompts/` cannot be used; the message is Dutch and names file, key and value."""


class MissingFile(PromptError):
    """A folder or a text is missing, or one is there that does not belong."""


class BadFile(PromptError):
    """A file does not have the agreed front matter or text."""
