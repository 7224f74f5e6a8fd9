"""Commands that keep everything safe: backup, while the studio is open, and restore, while it is closed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from story_bank.errors import BadInput
from studio.cli.telling import answer, answer_json, check_output, said, tell

if TYPE_CHECKING:
    from story_bank.bank import Forgotten
    from story_bank.consent import Withdrawal
    from studio.keeping.unpacking import Archive
    from studio.settings import Settings
    from studio.toolbox import Toolbox

AsJson = Annotated[bool, typer.Option("--json")]
OURS = ("index", "scratch")
"""Folders of the home that the studio empties as it likes."""


def backup(target: Annotated[Path, typer.Argument(metavar="TO.tar")], as_json: AsJson = False) -> None:
    """Write one archive of everything, while the studio is open. / Sauvegarder, studio ouvert ou fermé."""
    from studio.keeping.backup import back_up
    from studio.keeping.last_backup import note_backup
    from studio.keeping.packing import refuse_taken
    from studio.settings import read_settings
    from studio.wiring import spare_bank, toolbox
    settings = read_settings()
    _check_target(settings, target)
    refuse_taken(target)
    tools = toolbox(settings, may_own_index=False)
    if _held_here(tools) is None:
        raise BadInput(f"Il n'y a rien à sauvegarder dans {settings.home} ; vérifiez VECU_HOME.",
                       f"There is nothing to back up in {settings.home}; check VECU_HOME.")
    done = back_up(tools, spare_bank, target, _percent("Copie", "Copying"))
    note_backup(settings.home, done.made_at)
    if done.lost:
        tell(said(f"{len(done.lost)} médias que la banque nomme n'étaient plus dans le coffre ; le reste est gardé.",
                  f"{len(done.lost)} media that the bank names were not in the vault any more; the rest is kept."))
    if as_json:
        answer_json({"file": str(target), "made_at": done.made_at.isoformat(), "media": done.media,
                     "bytes": done.size, "lost": list(done.lost)})
        return
    answer(said(f"Sauvegarde écrite : {target} ({done.media} médias, {_megabytes(done.size)} Mo).",
                f"Backup written: {target} ({done.media} media, {_megabytes(done.size)} MB)."))


def restore(
    source: Annotated[Path, typer.Argument(metavar="FROM.tar")],
    replace: Annotated[bool, typer.Option("--replace", help="Remplacer ce qui est ici. / Replace what is here.")]
    = False,
    forgotten: Annotated[Path | None, typer.Option(
        metavar="FILE", help="Registre des effacements gardé ailleurs. / Ledger kept elsewhere.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup back, without what was forgotten since, while the studio is closed. / Restaurer, studio fermé."""
    from studio.keeping import restore as restoring
    from studio.keeping.unpacking import verified
    from studio.settings import read_settings
    from studio.wiring import empty_index, spare_bank, toolbox
    settings, elsewhere = read_settings(), _ledger(forgotten)
    with contextlib.ExitStack() as held:
        if settings.home.is_dir():  # else it is made once the archive is known to be good
            held.enter_context(_alone(settings))
        archive = held.enter_context(verified(source, _percent("Vérification", "Checking")))
        if not settings.home.is_dir():
            held.enter_context(_alone(settings))
        tools = toolbox(settings, may_own_index=False)
        _check_replaced(tools, archive, replace)
        done = restoring.restore(tools, spare_bank, archive, elsewhere, _percent("Médias", "Media"))
        empty_index(settings)
    if as_json:
        answer_json({"made_at": done.made_at.isoformat(), "stories": done.stories, "media": done.media,
                     "forgotten_again": done.forgotten, "decisions_carried": done.decisions, "lost": done.lost})
        return
    answer(said(
        f"Restauré, à l'état du {done.made_at:%d/%m/%Y %H:%M} UTC : {done.stories} récits, {done.media} médias. Récits "
        f"oubliés depuis, non repris : {done.forgotten}. Accords et retraits plus récents, gardés : {done.decisions}. "
        "La recherche par le sens se refait à l'ouverture du studio.",
        f"Restored, as of {done.made_at:%Y-%m-%d %H:%M} UTC: {done.stories} stories, {done.media} media. Stories "
        f"forgotten since, left out: {done.forgotten}. Newer consents and withdrawals, kept: {done.decisions}. Search "
        "by meaning is made again when the studio opens."))


def _check_target(settings: Settings, target: Path) -> None:
    check_output(target)
    place = settings.vault_place.removeprefix("file://")
    ours = [Path(place)] if "://" not in place else []
    ours += [settings.home / name for name in OURS]
    if any(target.resolve().is_relative_to(folder.resolve()) for folder in ours):
        raise BadInput(f"« {target} » est dans un dossier que le studio tient lui-même ; choisissez un autre endroit, "
                       "sur un autre disque si possible.",
                       f"“{target}” is in a folder that the studio keeps itself; choose another place, on another disk "
                       "if possible.")
    if target.resolve().is_relative_to(settings.home):
        tell(said("Cette copie est sur le disque qu'elle protège ; gardez-en une ailleurs.",
                  "This copy is on the disk that it protects; keep one elsewhere."))


def _held_here(tools: Toolbox) -> tuple[str, int, int] | None:
    """Return (the company's name, how many people, how many stories), or None where there is nothing."""
    with tools.bank.open() as work:
        company, people, stories = work.company(), len(work.people()), len(work.every_story_id())
    return (company.name if company else "–", people, stories) if company or people or stories else None


def _check_replaced(tools: Toolbox, archive: Archive, replace: bool) -> None:
    held = _held_here(tools)
    if held is None:
        return
    name, people, stories = held
    day = archive.manifest.made_at
    what_fr = (f"Ce qui est ici ({name}, {people} personnes, {stories} récits) sera remplacé par la sauvegarde du "
               f"{day:%d/%m/%Y %H:%M} UTC")
    what_en = (f"What is here ({name}, {people} people, {stories} stories) will be replaced by the backup of "
               f"{day:%Y-%m-%d %H:%M} UTC")
    if not replace:
        raise BadInput(f"{what_fr} ; ajoutez --replace si c'est voulu. Rien n'a été touché.",
                       f"{what_en}; add --replace if that is wanted. Nothing was touched.")
    tell(said(f"{what_fr}.", f"{what_en}."))


def _ledger(file: Path | None) -> list[Forgotten | Withdrawal]:
    """Return what a ledger lists (`BadInput` where there is none to be read: leaving it out says too much)."""
    from studio.ledger import Ledger
    if file is None:
        return []
    if not file.is_file():
        raise BadInput(f"Le fichier {file} est introuvable.", f"The file {file} cannot be found.")
    found: list[Forgotten | Withdrawal] = [*Ledger(file).all(), *Ledger(file).withdrawals()]
    if not found and file.stat().st_size:
        raise BadInput(f"« {file} » n'est pas un registre des effacements ; vérifiez son nom.",
                       f"“{file}” is not a ledger of forgettings; check its name.")
    return found


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Keep every studio and worker of this home closed meanwhile (`NotAvailable` when one is open)."""
    from studio.jobs.dbos_worker import only_worker
    from studio.serve import only_studio
    from studio.wiring import make_home
    make_home(settings)
    names = {"main", *(lock.stem.removeprefix("worker-") for lock in settings.home.glob("worker-*.lock"))}
    with contextlib.ExitStack() as held:
        held.enter_context(only_studio(settings.home))
        for name in sorted(names):
            held.enter_context(only_worker(settings.home, name))
        yield


def _percent(fr: str, en: str) -> Callable[[float], None]:
    """Return a progress that speaks every ten percent."""
    shown = [0]

    def tell_on(share: float) -> None:
        tens = int(share * 10)
        if tens > shown[0]:
            shown[0] = tens
            tell(said(f"{fr} : {tens * 10} %", f"{en}: {tens * 10}%"))
    return tell_on


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}"


COMMANDS: dict[str, Callable[..., Any]] = {"backup": backup, "restore": restore}
