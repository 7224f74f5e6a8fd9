"""A written story as a page shows it: in serif, as somebody's words."""

from __future__ import annotations

from typing import Any

from story_bank.language import Language
from story_bank.story import Story
from studio.ui.voices import set_in
from studio.ui.words import W

_GO_ON = W("Reprendre le texte", "Go on writing")


def written_template(lang: Language) -> str:
    """Return the template of a text, with a way back to writing it where there is one."""
    return ('{{#if value.lines}}<div class="v-sheet rl-text">{{#each value.lines}}<p class="v-said" lang="{{lang}}">'
            '{{text}}</p>{{/each}}</div>{{#if value.href}}<p><a class="v-link" href="{{value.href}}">'
            f"{_GO_ON.said(lang)}</a></p>{{{{/if}}}}{{{{/if}}}}")


def written_value(story: Story, href: str) -> dict[str, Any]:
    """Return what the template reads; `href` leads back to writing, "" for nobody's."""
    lines = [{"text": set_in(story.language, line), "lang": story.language}
             for line in story.text.splitlines() if line.strip()]
    return {"lines": lines, "href": href}
