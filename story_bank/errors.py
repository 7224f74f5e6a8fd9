"""What can go wrong, said in one sentence to the person: what happened, what to do.

Vendor errors are translated where the vendor is called, `from` their cause. They are shown in three places only:
the page decorator, the command line and the job record.
"""

from __future__ import annotations

import traceback
from typing import ClassVar

from story_bank.language import Bilingual, Language


def trace(error: BaseException) -> str:
    """Return an error's kind and where it happened, for a log; not its message, which may quote a story or a person."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"


class VecuError(Exception):
    """Something went wrong; `fr` and `en` hold the sentence for the person."""

    exit_code: ClassVar[int] = 2

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.sentence = Bilingual(fr, en)

    def said(self, language: Language) -> str:
        """Return the sentence in the person's language."""
        return self.sentence.said(language)


class BadInput(VecuError):
    """What was given cannot be used; nothing that was given before is lost."""


class NotFound(VecuError):
    """There is no such thing, or this person may not know of it: the two look the same on purpose."""


class NotAllowed(VecuError):
    """The person sees the thing, but consent or role does not cover this use of it."""


class Conflict(VecuError):
    """Someone else changed the same thing meanwhile."""


class NotAvailable(VecuError):
    """A part of the studio sleeps (model, disk, database, neighbour process); says how to wake it."""

    exit_code = 3


class Cancelled(VecuError):
    """The work was stopped on request or because consent for it ended."""

    def __init__(self) -> None:
        super().__init__("Le travail a été arrêté.", "The work was stopped.")
