"""What a database complains of, said to the person in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from story_bank.errors import BadInput, Conflict, NotAvailable, NotFound, VecuError

FULL = ("Le disque est plein, rien n'a été enregistré ; libérez de la place puis recommencez.",
        "The disk is full and nothing was saved; free some space, then try again.")
BUSY = ("La base de données est occupée par un autre travail ; réessayez dans un instant.",
        "The database is busy with other work; try again in a moment.")
NOT_MADE = ("La base de données n'est pas à jour ; lancez « make run », ou redémarrez le studio, pour la préparer.",
            "The database is not up to date; run `make run`, or restart the studio, to prepare it.")
SICK = ("Le fichier de la base de données est abîmé ; déplacez vecu.db, vecu.db-wal et vecu.db-shm hors du dossier, "
        "sans rien d'autre, puis restaurez une sauvegarde avec « vecu restore » : le registre laissé en place lui "
        "redit les effacements et les retraits.",
        "The database file is damaged; move vecu.db, vecu.db-wal and vecu.db-shm out of the folder, and nothing "
        "else, then restore a backup with `vecu restore`: the ledger left in place tells it what was forgotten and "
        "withdrawn.")
AWAY = ("La base de données ne répond pas ; vérifiez son adresse, ses droits et qu'elle est démarrée.",
        "The database does not answer; check its address, its permissions and that it is running.")
_SIGNS: tuple[tuple[tuple[str, ...], tuple[str, str]], ...] = (
    (("disk is full", "no space left", "53100"), FULL),
    (("locked", "55p03", "40p01", "40001", "lock timeout"), BUSY),
    (("no such table", "no such column", "42p01", "42703"), NOT_MADE),
    (("malformed", "not a database"), SICK),
)


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Translate what the database raises inside the block, `from` its cause."""
    try:
        yield
    except PoolTimeout as cause:
        raise NotAvailable(*BUSY) from cause
    except UnicodeEncodeError as cause:
        raise _unreadable() from cause
    except DBAPIError as cause:
        raise _said(cause) from cause
    except StatementError as cause:
        # A value that a column type refused before any database saw it.
        raise _unreadable() from cause


def _unreadable() -> VecuError:
    return BadInput("Ce texte contient un caractère ou une valeur que la base ne peut pas garder ; retirez-le.",
                    "This text holds a character or value that the database cannot keep; remove it.")


def _said(cause: DBAPIError) -> VecuError:
    sign = f"{getattr(cause.orig, 'sqlstate', None)} {cause.orig}".lower()
    if isinstance(cause, IntegrityError):
        return _broken_rule(sign)
    if isinstance(cause, DataError):
        return _unreadable()
    return NotAvailable(*next((sentence for signs, sentence in _SIGNS if any(each in sign for each in signs)), AWAY))


def _broken_rule(sign: str) -> VecuError:
    if "foreign key" in sign:
        return NotFound("Cela se rapporte à quelque chose qui n'existe plus ; rechargez la page.",
                        "This belongs to something that no longer exists; reload the page.")
    return Conflict("Quelqu'un a enregistré la même chose entre-temps ; rechargez la page.",
                    "Someone saved the same thing meanwhile; reload the page.")
