"""Commands that keep the house: serve, worker, prepare, doctor."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from story_bank.errors import BadInput, NotAvailable, VecuError, trace
from studio.cli.telling import answer, answer_json, said, tell, tongue

if TYPE_CHECKING:
    from studio.serve import Household
    from studio.settings import Settings
    from studio.toolbox import Toolbox


log = logging.getLogger("vecu.house")
YIELDS = 10
"""How much a worker yields to the pages (niceness)."""


def serve(
    host: Annotated[str, typer.Option(help="Adresse d'écoute. / Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 7860,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Sans travailleur ici. / No worker here.")] = False,
) -> None:
    """Open the studio, with its worker and its index beside it. / Ouvrir le studio."""
    from studio.settings import read_settings
    from studio.wiring import make_home
    settings = read_settings()
    _secure(settings)
    make_home(settings)
    _log_to_stderr()
    # Gradio reads these when it is imported.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_TEMP_DIR"] = str(settings.home / "scratch" / "gradio")
    from studio.serve import only_studio
    with only_studio(settings.home):
        _open_studio(settings, host, port, with_worker=not no_worker)


def _open_studio(settings: Settings, host: str, port: int, *, with_worker: bool) -> None:
    import uvicorn

    from studio.neighbour import answers
    from studio.serve import Household
    from studio.web.app import create_app
    from studio.web.front import Manner
    from studio.wiring import provider, toolbox
    if answers(host if host != "0.0.0.0" else "127.0.0.1", port):  # noqa: S104 - a comparison, not a bind
        raise NotAvailable(f"Le port {port} est déjà pris ; choisissez-en un autre avec --port.",
                           f"Port {port} is taken already; choose another with --port.")
    secure = _secure(settings)
    tools = toolbox(settings, may_own_index=False, threads=1)
    household, warmth = Household(settings, with_worker=with_worker), Warmth()
    manner = Manner(host, secure, lambda: warmth.told() | _children(household), settings.address,
                    provider(settings), settings.oidc.roles)
    app = create_app(tools, manner)
    # Uvicorn ends by raising the signal that it caught once more: unhandled, that would end us before the children.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        household.start()  # after the pages are laid out: the first page must not wait for the children's models
        _greet(tools, f"{'https' if secure else 'http'}://{host}:{port}/")
        threading.Thread(target=warmth.warm, args=(tools,), daemon=True).start()
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=3,
                    ssl_certfile=settings.certificate, ssl_keyfile=settings.key)
    finally:
        for again in (signal.SIGTERM, signal.SIGINT):
            signal.signal(again, signal.SIG_IGN)
        household.stop()


def worker(
    name: Annotated[str, typer.Option(help="Nom stable. / Stable name.")] = "main",
    parent: Annotated[int, typer.Option(hidden=True)] = 0,
) -> None:
    """Carry out durable jobs until told to stop. / Faire les travaux durables."""
    threading.Thread(target=_end_with, args=(parent or os.getppid(),), daemon=True).start()
    from studio.jobs.dbos_worker import Worker, only_worker
    from studio.settings import ChildIndex, read_settings
    from studio.wiring import toolbox
    settings = read_settings()
    _log_to_stderr()
    tools = toolbox(settings, may_own_index=False)
    os.nice(YIELDS)
    # Threads are at work when it is told to stop. Were the lock let go before they end, the next worker would begin the
    # same work beside them; ended at once, they are found unfinished and taken up again.
    for caught in (signal.SIGTERM, signal.SIGINT):
        signal.signal(caught, lambda *_: os._exit(0))
    if isinstance(settings.index, ChildIndex):
        _wait_for_index(settings)
    with only_worker(settings.home, name):
        code = 1
        try:
            threading.Thread(target=_sweep, args=(tools, settings.home), daemon=True).start()
            Worker(tools, settings.jobs_url, name).run(threading.Event())
        except VecuError as wrong:
            tell(wrong.said(tongue()))
            code = wrong.exit_code
        except Exception as error:  # noqa: BLE001 - the process ends here
            log.error("the worker ended: %s", trace(error))
        finally:
            logging.shutdown()
            os._exit(code)


def _sweep(tools: Toolbox, home: Path) -> None:
    """Sweep for as long as the worker runs; a sweep that cannot go on ends the worker, which is started again."""
    from studio.jobs.sweep import keep_sweeping
    try:
        keep_sweeping(tools, home, threading.Event())
    except Exception as error:  # noqa: BLE001 - the process ends here
        log.error("sweeping ended, and the worker with it: %s", trace(error))
        os._exit(1)


def prepare() -> None:
    """Assemble the packaged models and make the database. / Assembler les modèles et la base."""
    from studio.settings import read_settings
    from studio.wiring import embedder, toolbox, transcriber
    settings = read_settings()
    toolbox(settings, may_own_index=False)
    tell(said("La base est prête.", "The database is ready."))
    ears, sense = transcriber(settings), embedder(settings)
    _woken(said("Modèle qui entend (Whisper)…", "Model that hears (Whisper)…"), ears.warm)
    _woken(said("Modèle qui comprend (e5)…", "Model that understands (e5)…"),
           lambda: sense.warm(lambda message: tell("  " + message.said(tongue()))))


def _woken(what: str, warm: Callable[[], None]) -> None:
    tell(what)
    try:
        warm()
    except NotAvailable as sleeps:
        tell("  " + sleeps.said(tongue()))


def doctor(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Say what is chosen, what is missing, and how to wake what sleeps. / Dire ce qui est choisi."""
    from studio.doctor import examined
    from studio.settings import read_settings
    report = examined(read_settings(), tongue())
    if as_json:
        answer_json(report)
    else:
        for part, found in report["parts"].items():
            answer(f"{'ok ' if found['ok'] else '—  '} {part}: {found['told']}")
        answer("\n" + "\n".join(f"{name} = {value}" for name, value in report["settings"].items()))
    if not report["ok"]:
        raise typer.Exit(3)


class Warmth:
    """Loads the models behind the open pages, and says how far it is."""

    def __init__(self) -> None:
        self.state: bool | None = None

    def warm(self, tools: Toolbox) -> None:
        """Load the sense of meaning; searching by words answers meanwhile."""
        began = time.monotonic()
        try:
            tools.embedder.queries([said("une fierté", "a proud moment")])
        except VecuError as sleeps:
            self.state = False
            tell(sleeps.said(tongue()))
            return
        self.state = True
        took = time.monotonic() - began
        tell(said(f"Les modèles sont réveillés ({took:.0f} s).", f"The models are awake ({took:.0f} s)."))

    def told(self) -> dict[str, Any]:
        """Return whether meaning is awake: true, false when it sleeps, null while it wakes."""
        return {"meaning": self.state}


def _children(household: Household) -> dict[str, Any]:
    return {child.name: child.pid is not None for child in household.children}


def _secure(settings: Settings) -> bool:
    if (settings.certificate is None) != (settings.key is None):
        raise BadInput("Donnez le certificat et sa clé ensemble (VECU_CERTIFICATE et VECU_KEY).",
                       "Give the certificate and its key together (VECU_CERTIFICATE and VECU_KEY).")
    for file in (settings.certificate, settings.key):
        if file is not None and not Path(file).is_file():
            raise BadInput(f"Le fichier {file} est introuvable.", f"The file {file} cannot be found.")
    return settings.certificate is not None


def _greet(tools: Toolbox, address: str) -> None:
    from studio.access.links import OneTimeLinks
    with tools.bank.open() as work:
        company, cast = work.company(), [person for person in work.people() if person.cast]
    tell("")
    if company is None:
        secret = OneTimeLinks(tools.bank, tools.clock).make("setup")
        tell(said("Vécu est ouvert. Pour créer l'entreprise et son administration, ouvrez une fois :",
                  "Vécu is open. To set up the company and its administrator, open once:"))
        tell(f"  {address}installation?jeton={secret}")
    else:
        tell(said(f"Vécu est ouvert pour {company.name} : {address}", f"Vécu is open for {company.name}: {address}"))
    if cast:
        tell(said("Démonstration, un clic pour entrer :", "Demonstration, one click to enter:"))
        for person in cast:
            tell(f"  {person.display_name} · {', '.join(sorted(person.roles))}")
    tell(said("Les modèles se réveillent derrière ; la page répond déjà. Ctrl+C pour fermer.",
              "The models wake up behind; the page answers already. Ctrl+C to close."))


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, whatever it is doing: it is taken up again where it was."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def _wait_for_index(settings: Settings, longest_s: float = 60.0) -> None:
    from studio.neighbour import Neighbourhood
    until = time.monotonic() + longest_s
    while time.monotonic() < until and Neighbourhood(settings.home).index_place() is None:
        time.sleep(0.2)


def _log_to_stderr() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for loud in ("httpx", "httpcore", "dbos", "faster_whisper", "sentence_transformers", "alembic", "tuspyserver"):
        logging.getLogger(loud).setLevel(logging.WARNING)


COMMANDS: dict[str, Callable[..., Any]] = {"serve": serve, "worker": worker, "prepare": prepare, "doctor": doctor}
