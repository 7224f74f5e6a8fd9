"""Downloading: somebody else's extract leaves the studio, and the person it is about can read that it did."""

from __future__ import annotations

from story_bank.access import Act
from story_bank.bank import Asker, Deed, Did
from story_bank.errors import NotFound
from story_bank.ids import ClipId
from story_bank.making import Clip
from studio.steps.read import OpenClip
from studio.steps.step import Step


class DownloadClip(Step):
    """Begin to download a rendered extract."""

    use = Act.CUT

    def run(self, asker: Asker, clip_id: ClipId) -> Clip:
        """Return the extract, having noted who downloads it where the story is somebody else's (`NotFound`)."""
        clip = OpenClip(self.tools).run(asker, clip_id)
        if clip.media_key is None:
            raise NotFound("Cet extrait n'est pas encore prêt.", "This extract is not ready yet.")
        with self.tools.bank.open() as work:
            story = self.story(work, asker, clip.story_id)
            if story.author_id != asker.person.id:
                work.note(Deed(self.tools.clock(), asker.person.id, Did.DOWNLOADED, story.id))
                work.commit()
        return clip
