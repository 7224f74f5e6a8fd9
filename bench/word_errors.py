"""Word errors with and without what the form asks, on the French testimonials of the demonstration.

    python bench/word_errors.py

The context is what somebody would type in the fields: first name, job, team, company, names that will be said. Never
the script. Digits, number words, fillers, case and punctuation are treated alike on both sides. Target: ≥ 10 % fewer
errors with context.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import jiwer
from text_to_num import alpha2digit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from media.transcriber import Listening  # noqa: E402
from media.whisper import WhisperTranscriber  # noqa: E402
from story_bank.recording import SpokenContext  # noqa: E402

TARGET = 0.10
FILLERS = frozenset({"euh", "heu", "hum", "hmm", "ben", "bah", "hein"})
FORMS = {
    "fr1_nurse_night_shift.mp4": SpokenContext(
        "Camille", "infirmière coordinatrice", "nuit", "clinique des Tilleuls", ("Moussa", "Sophie")),
    "fr3_interview_two_voices.mp4": SpokenContext(
        "Nadia", "cheffe d'équipe", "préparation de commandes", "Norlog", ("Thierry", "Lille"), speakers=2),
    "fr4_technicien_quart_heure.m4a": SpokenContext(
        "Karim", "technicien de maintenance", "agence de Vitrolles", "Lanterval", ("Valérie",)),
}


def folded(text: str) -> str:
    """Fold a text to what counts: words in small letters, numbers as digits, no filler, no mark."""
    text = re.sub(r"\[[^\]]*\]", " ", text).lower().replace("’", "'")
    text = re.sub(r"n[°º]\s*", "numéro ", text).replace("%", " pour cent ")
    text = re.sub(r"(\d)\s*kg\b", r"\1 kilos", text)
    text = alpha2digit(" ".join(re.sub(r"[^\w\s'-]", " ", text).split()), "fr")
    return " ".join(word for word in re.sub(r"['-]", " ", text).split() if word not in FILLERS)


def errors(script: str, heard: str) -> tuple[int, int]:
    """Count the wrong, missing and added words, and the words of the script."""
    found = jiwer.process_words(folded(script), folded(heard))
    return (found.substitutions + found.deletions + found.insertions,
            found.substitutions + found.deletions + found.hits)


def main() -> int:
    totals = {False: 0, True: 0}
    words = 0
    with tempfile.TemporaryDirectory() as home:
        ears = WhisperTranscriber(None, Path(home), allow_hub=False)
        print(f"{'recording':<34}{'words':>6}{'without':>9}{'with':>6}{'fewer':>8}")
        for name, form in FORMS.items():
            media = ROOT / "studio/demo/media" / name
            script = media.with_suffix(".txt").read_text(encoding="utf-8")
            counted = {}
            for told in (False, True):
                heard = ears.hear(media, Listening("fr", form if told else SpokenContext()))
                counted[told], said = errors(script, " ".join(segment.text for segment in heard.segments))
                totals[told] += counted[told]
            words += said
            print(f"{name:<34}{said:>6}{counted[False]:>9}{counted[True]:>6}{1 - counted[True] / counted[False]:>8.0%}")
    fewer = 1 - totals[True] / totals[False]
    print(f"{'all':<34}{words:>6}{totals[False]:>9}{totals[True]:>6}{fewer:>8.0%}")
    print(f"word error rate {totals[False] / words:.1%} → {totals[True] / words:.1%}; "
          f"target ≥ {TARGET:.0%} fewer: {'reached' if fewer >= TARGET else 'MISSED'}")
    return 0 if fewer >= TARGET else 1


if __name__ == "__main__":
    raise SystemExit(main())
