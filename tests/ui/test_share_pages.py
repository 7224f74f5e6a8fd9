"""Extraits, the pages to share: made for what is agreed today, their address shown once, closed by who may."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr
import pytest

from story_bank.consent import Channel
from story_bank.errors import BadInput, NotAllowed, NotFound
from story_bank.ids import PersonId, StoryId, new_id
from story_bank.person import Person, Role
from studio.steps.share import OpenShare
from studio.ui import extract
from studio.ui.extract import Extracting
from tests.ui.told import FILM, MEDIA, Room, end_consent, event, opened, room, tell, visit


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return room(tmp_path_factory.mktemp("home"))


@pytest.fixture
def does(studio: Room) -> Extracting:
    with gr.Blocks():
        return Extracting(extract.build("fr"), studio.tools, "fr")


def _cut(studio: Room, does: Extracting) -> tuple[StoryId, str]:
    """Tell, agree, and have an extract rendered."""
    story_id = tell(studio.tools, studio.claire, scope=opened(studio.tools))
    ids = does.opened(visit(studio.moussa, story=story_id))[does.page.cutter]["ids"]
    does.asked(story_id, [], visit(studio.moussa),
               event(first=ids[10], last=ids[30], removed=[], shape="wide", captions="none"))
    with studio.tools.bank.open() as work:
        clip = work.clip_of_job(work.open_jobs()[-1].target_id)
        work.save_clip(replace(clip, media_key=studio.tools.vault.put(MEDIA / FILM, ".mp4"), duration_s=6.2, said=""))
        work.commit()
    return story_id, clip.id


def _colleague(studio: Room, *roles: Role) -> Person:
    person = Person(PersonId(new_id()), f"Inès {new_id()[-6:]}", "Inès", roles=frozenset({Role.CONTRIBUTOR, *roles}))
    with studio.tools.bank.open() as work:
        work.save_person(person)
        work.commit()
    return person


def test_the_channels_are_those_agreed_today(studio: Room, does: Extracting) -> None:
    """X is the company's, but nobody agreed to it; each choice says until when (C07, L09)."""
    story_id, _ = _cut(studio, does)
    shown = does.opened(visit(studio.moussa, story=story_id))[does.page.kept]["clips"][0]
    assert [each["id"] for each in shown["channels"]] == ["linkedin", "intranet"]
    assert all("jusqu'au" in each["label"] for each in shown["channels"])


def test_a_page_is_made_seen_by_its_author_and_closed(studio: Room, does: Extracting) -> None:
    """The address is shown to who made it, once; the author sees the page, who made it, its light, and closes it."""
    story_id, clip_id = _cut(studio, does)
    made = does.shared(story_id, visit(studio.moussa), event(clip=clip_id, channel="linkedin"))
    secret = made["fresh"].removeprefix("/partage/")
    assert OpenShare(studio.tools).run(secret) is not None
    seen = does.opened(visit(studio.claire, story=story_id))[does.page.pages]
    assert (seen["fresh"], len(seen["pages"])) == ("", 1)
    assert "par Moussa Diallo" in seen["pages"][0]["facts"]
    assert seen["pages"][0]["light"]["label"].startswith("LinkedIn")
    closed = does.ended(story_id, visit(studio.claire), event(share=seen["pages"][0]["id"]))
    assert (closed["pages"], closed["said"]) == ([], "La page est fermée.")
    assert OpenShare(studio.tools).run(secret) is None


def test_an_ambassador_shares_what_was_cut_without_cutting(studio: Room, does: Extracting) -> None:
    """The extracts are there to make pages of, without a table, a player or a download."""
    story_id, clip_id = _cut(studio, does)
    ambassador = _colleague(studio, Role.AMBASSADOR)
    shown = does.opened(visit(ambassador, story=story_id))
    clip = shown[does.page.kept]["clips"][0]
    assert (shown[does.page.cutter], shown[does.page.refusal], clip["src"], len(clip["channels"])) == ({}, {}, "", 2)
    assert does.shared(story_id, visit(ambassador), event(clip=clip_id, channel="intranet"))["fresh"]


def test_who_has_no_role_is_refused(studio: Room, does: Extracting) -> None:
    """Reading does not let one share."""
    story_id, clip_id = _cut(studio, does)
    colleague = _colleague(studio)
    assert "notice" in does.opened(visit(colleague, story=story_id))[does.page.refusal]
    with pytest.raises(NotAllowed):
        does.shared(story_id, visit(colleague), event(clip=clip_id, channel="linkedin"))


@pytest.mark.parametrize(("channel", "wrong"), [("steal", BadInput), (None, BadInput), (Channel.X.value, NotAllowed)])
def test_a_channel_that_makes_no_sense_is_refused(studio: Room, does: Extracting, channel: str | None,
                                                  wrong: type[Exception]) -> None:
    """Whatever a browser sends."""
    story_id, clip_id = _cut(studio, does)
    with pytest.raises(wrong):
        does.shared(story_id, visit(studio.moussa), event(clip=clip_id, channel=channel))


def test_once_taken_back_no_page_is_made(studio: Room, does: Extracting) -> None:
    """The page was open in the browser when the consent ended."""
    story_id, clip_id = _cut(studio, does)
    end_consent(studio.tools, story_id, studio.claire)
    with pytest.raises(NotFound):
        does.shared(story_id, visit(studio.moussa), event(clip=clip_id, channel="linkedin"))
