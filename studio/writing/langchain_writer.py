"""The writer with a chat model, through LangChain: it answers in time, in shape and in the speaker's words, or the
verbatim writer answers in its place and the suggestion says so."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as OutOfTime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError

from prompts.draft_prompt import Wanted, messages
from story_bank.errors import NotAvailable
from story_bank.language import Bilingual
from story_bank.making import Angle, Suggestion
from studio.writing.quoting import traced
from studio.writing.sentences import told
from studio.writing.verbatim_writer import MOST_QUESTIONS, TOO_SHORT
from studio.writing.words import language_of
from studio.writing.writer import Brief, Source, SourceSentence, Writer

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

AT_ONCE = 4
"""Requests that may be under way, those whose answer nobody waits for any more included."""
MOST_ANGLES = 3


class SentenceAnswer(BaseModel):
    """A sentence and the numbers of the story sentences it comes from."""

    text: str
    sources: list[int] = Field(default_factory=list)


class AngleAnswer(BaseModel):
    """A title and sentences, the first of which opens."""

    title: str
    sentences: list[SentenceAnswer]


class Answer(BaseModel):
    """What the model is asked to return."""

    questions: list[str] = Field(default_factory=list)
    angles: list[AngleAnswer]


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A chat model as an administrator names it: "openai:…", "ollama:…", "mistralai:…", "anthropic:…"."""

    model: str
    base_url: str | None = None
    api_key: str | None = None
    timeout_s: float = 60.0
    max_tokens: int = 2000


class _Unfit(Exception):
    """The answer cannot be used; `note` says why to the person."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.note = Bilingual(f"{fr} : les phrases du récit sont choisies sans lui.",
                              f"{en}: the sentences of the story are chosen without it.")


def chat_model(choice: ModelChoice) -> BaseChatModel:
    """Return the chosen chat model, not yet asked anything; `NotAvailable` when it cannot be made."""
    from langchain.chat_models import init_chat_model

    provider = choice.model.partition(":")[0]
    given: dict[str, Any] = {"timeout": choice.timeout_s, "max_retries": 0, "max_tokens": choice.max_tokens}
    if provider == "ollama":
        given = {"client_kwargs": {"timeout": choice.timeout_s}, "num_predict": choice.max_tokens}
    if choice.base_url:
        given["base_url"] = choice.base_url
    if choice.api_key or (provider == "openai" and choice.base_url):
        given["api_key"] = choice.api_key or "none"  # a server of one's own asks for no key, the client does
    try:
        if not choice.model.strip():
            raise ValueError("no model is named")
        made: BaseChatModel = init_chat_model(choice.model, **given)
    except Exception as error:  # every vendor has its own: missing package, key or name
        raise NotAvailable(
            f"Le modèle de langage « {choice.model} » ne démarre pas ; vérifiez son nom, sa clé et son paquet.",
            f"The chat model “{choice.model}” does not start; check its name, its key and its package.") from error
    return made


class LangchainWriter:
    """Keeps the writer's promise with a chat model; the fallback answers when the model does not, or badly.

    `make_model` is called at the first suggestion; `timeout_s` bounds the whole wait, however the server drips.
    """

    def __init__(self, make_model: Callable[[], BaseChatModel], name: str, fallback: Writer,
                 timeout_s: float = 60.0) -> None:
        self.name = name
        self._make_model = make_model
        self._model: BaseChatModel | None = None
        self._fallback = fallback
        self._timeout_s = timeout_s
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._making = threading.Lock()

    def suggest(self, source: Source, brief: Brief) -> Suggestion:
        """Return the model's questions and angles, each sentence checked against the story, or the fallback's."""
        from langsmith import tracing_context

        story = told(source)
        if sum(len(sentence.text.split()) for sentence in story) < TOO_SHORT:
            return self._fallback.suggest(source, brief)
        with tracing_context(enabled=False):  # no story leaves for a tracing host, whatever the environment says
            suggestion: Suggestion = self._chain().invoke({"source": source, "story": story, "brief": brief})
        return suggestion

    def _chain(self) -> Runnable[dict[str, Any], Suggestion]:
        from langchain_core.runnables import RunnableLambda

        asked: Runnable[dict[str, Any], Suggestion] = RunnableLambda(self._in_time)
        verbatim: Runnable[dict[str, Any], Suggestion] = RunnableLambda(self._without_model)
        return asked.with_fallbacks([verbatim], exception_key="why")

    def _without_model(self, task: dict[str, Any]) -> Suggestion:
        why = task["why"]
        away = _Unfit("Le modèle de langage ne répond pas", "The chat model does not answer")
        return replace(self._fallback.suggest(task["source"], task["brief"]),
                       note=(why if isinstance(why, _Unfit) else away).note)

    def _in_time(self, task: dict[str, Any]) -> Suggestion:
        """Ask in a thread of its own, so that the limit holds even where the vendor's does not."""
        if not self._free.acquire(blocking=False):
            raise _Unfit("Le modèle de langage est occupé", "The chat model is busy")
        answer: Future[Suggestion] = Future()
        threading.Thread(target=self._ask, args=(task, answer), daemon=True, name="chat-model").start()
        try:
            return answer.result(self._timeout_s)
        except OutOfTime as error:
            raise _Unfit("Le modèle de langage a trop tardé", "The chat model took too long") from error

    def _ask(self, task: dict[str, Any], answer: Future[Suggestion]) -> None:
        from langsmith import tracing_context

        try:
            with tracing_context(enabled=False):
                answer.set_result(self._suggestion(task["story"], task["source"], task["brief"]))
        except Exception as error:  # noqa: BLE001  whatever a vendor raises is told by the thread that waits
            answer.set_exception(error)
        finally:
            self._free.release()

    def _suggestion(self, story: tuple[SourceSentence, ...], source: Source, brief: Brief) -> Suggestion:
        from langchain_core.messages import HumanMessage, SystemMessage

        wanted = Wanted(brief.profile, brief.channel, brief.language, mark=secrets.token_hex(6))
        said = messages([sentence.text for sentence in story], wanted)
        answer = _read(_structured(self._made()).invoke([SystemMessage(said.system), HumanMessage(said.request)]))
        angles = tuple(angle for angle in (_angle(one, story, source) for one in answer.angles[:MOST_ANGLES]) if angle)
        if not angles:
            raise _Unfit("Le modèle de langage ne s'appuyait pas sur le récit",
                         "The chat model did not rest on the story")
        questions = tuple(" ".join(question.split()) for question in answer.questions if question.strip())
        _must_speak(brief, " ".join((*questions, *(angle.title for angle in angles))))
        return Suggestion(self.name, questions[:MOST_QUESTIONS], angles)

    def _made(self) -> BaseChatModel:
        with self._making:
            if self._model is None:
                self._model = self._make_model()
            return self._model


def _structured(model: BaseChatModel) -> Runnable[Any, Any]:
    """Return the model asked for our shape; where it or its server knows no such thing, asked in words alone."""
    try:
        return model.with_structured_output(Answer, include_raw=True).with_fallbacks([model])
    except (NotImplementedError, ValueError):
        return model


def _read(raw: Any) -> Answer:
    """Return the answer from a parsed result or from the JSON in a message, whatever stands around it."""
    if isinstance(raw, dict):
        parsed = raw.get("parsed")
        if isinstance(parsed, Answer):
            return parsed
        raw = raw["raw"]
    found = re.search(r"\{.*\}", str(raw.text), re.DOTALL)
    try:
        return Answer.model_validate(json.loads(found.group() if found else ""))
    except (json.JSONDecodeError, ValidationError) as error:
        raise _Unfit("Le modèle de langage a rendu une réponse illisible",
                     "The chat model gave an unreadable answer") from error


def _angle(answer: AngleAnswer, story: tuple[SourceSentence, ...], source: Source) -> Angle | None:
    """Return an angle with each sentence traced, or None where the model says more than the speaker does."""
    texts = [sentence.text for sentence in answer.sentences if sentence.text.strip()]
    sentences = tuple(traced(text, story, source.language) for text in texts)
    spoken = sum(sentence.origin == "spoken" for sentence in sentences)
    if not spoken or 2 * spoken < len(sentences):
        return None
    return Angle(" ".join(answer.title.split()), sentences[0].text, sentences)


def _must_speak(brief: Brief, text: str) -> None:
    if language_of(text) not in {brief.language, None}:
        raise _Unfit("Le modèle de langage a répondu dans une autre langue",
                     "The chat model answered in another language")
