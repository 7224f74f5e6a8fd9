"""Suggestions and check results as plain values, in the shapes of command-line.md."""

from __future__ import annotations

from typing import Any

from story_bank.language import Language
from story_bank.making import Suggestion
from studio.writing.check import CheckResult


def suggestion_json(suggestion: Suggestion, language: Language) -> dict[str, Any]:
    """Return the `draft` shape; seconds are null where the story was written."""
    return {
        "writer": suggestion.writer,
        "note": suggestion.note.said(language) if suggestion.note else None,
        "questions": list(suggestion.questions),
        "angles": [
            {"title": angle.title, "hook": angle.hook,
             "sentences": [{"text": one.text, "origin": one.origin, "start": one.start, "end": one.end}
                           for one in angle.sentences]}
            for angle in suggestion.angles],
    }


def suggestion_text(suggestion: Suggestion) -> str:
    """Return everything a suggestion says, to hold a post against: questions, then each angle as a paragraph."""
    angles = (" ".join(sentence.text for sentence in angle.sentences) for angle in suggestion.angles)
    return "\n\n".join((*suggestion.questions, *angles))


def check_json(result: CheckResult, language: Language) -> dict[str, Any]:
    """Return the `check` shape, reasons in the person's language; places are characters of the post."""
    return {
        "own_words": result.own_words,
        "may_be_ready": result.may_be_ready,
        "findings": [
            {"kind": finding.kind, "text": finding.text, "why": finding.why.said(language),
             "fix": finding.fix.said(language), "start": finding.start, "end": finding.end}
            for finding in result.findings],
    }
