"""A chat model that says what it was told to say, in order, as late as it was told, and remembers what it was asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field


class ScriptedChatModel(BaseChatModel):
    """Answers with its lines, the last one again and again; a line that is an exception is raised.

    `calls_tools`: lines are dictionaries, given as the arguments of the tool that it was bound to.
    """

    lines: list[Any]
    late_s: float = 0.0
    calls_tools: bool = False
    heard: list[list[BaseMessage]] = Field(default_factory=list)
    tool: str = ""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], *, tool_choice: str | None = None,
                   **kwargs: Any) -> Runnable[Any, AIMessage]:
        if not self.calls_tools:
            raise NotImplementedError
        self.tool = tools[0].__name__
        return self

    def with_structured_output(self, schema: Any, *, include_raw: bool = False, **kwargs: Any) -> Runnable[Any, Any]:
        if not self.calls_tools:
            raise NotImplementedError
        return super().with_structured_output(schema, include_raw=include_raw, **kwargs)

    def _generate(self, messages: list[BaseMessage], stop: list[str] | None = None,
                  run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any) -> ChatResult:
        self.heard.append(messages)
        time.sleep(self.late_s)
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        if isinstance(line, Exception):
            raise line
        if self.calls_tools:
            message = AIMessage("", tool_calls=[{"name": self.tool, "args": line, "id": "1"}])
        else:
            message = AIMessage(line)
        return ChatResult(generations=[ChatGeneration(message=message)])


def scripted(*lines: Any, late_s: float = 0.0, calls_tools: bool = False) -> Callable[[], ScriptedChatModel]:
    """Return what makes one such model, and always the same."""
    model = ScriptedChatModel(lines=list(lines), late_s=late_s, calls_tools=calls_tools)
    return lambda: model
