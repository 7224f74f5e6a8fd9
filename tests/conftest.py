"""What holds for every test: no promise depends on how fast the machine is just now (time limits live in bench/)."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("promises", deadline=None)
settings.load_profile("promises")
