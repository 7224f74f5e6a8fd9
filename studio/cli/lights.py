"""The consent light on the command line: the same three states as on the pages, as data and as one line."""

from __future__ import annotations

from typing import Any

from story_bank.access import Light, LightState
from story_bank.consent import Channel, Purpose
from studio.cli.telling import said, tongue


def light_json(light: Light, channel: Channel | None = None) -> dict[str, Any]:
    """Return {"state": ok, soon or stop, "until": the last day or null}, and "channel" where it is a channel's."""
    shaped: dict[str, Any] = {"state": light.state.value, "until": light.until_day and light.until_day.isoformat()}
    return {**shaped, "channel": channel.value} if channel else shaped


def light_line(light: Light, channel: Channel | None = None) -> str:
    """Return the light in words: "[vert] LinkedIn, jusqu'au 30 juin 2027"."""
    from prompts.consent_text import channel_label, day, purpose_label
    name = (channel_label(channel) if channel else purpose_label(Purpose.LIBRARY)).said(tongue())
    colour = {LightState.OK: said("vert", "green"), LightState.SOON: said("orange", "amber"),
              LightState.STOP: said("rouge", "red")}[light.state]
    until = light.until_day and day(light.until_day, tongue())
    return f"[{colour}] {name}" + (said(f", jusqu'au {until}", f", until {until}") if until else "")
