"""The words of the letters: short, in the person's language, nothing in them but the link and how long it holds."""

from __future__ import annotations

from typing import Literal

from story_bank.person import Person
from studio.mail.mailer import Letter
from studio.typography import W

LetterKind = Literal["invitation", "reset", "leaving", "ending"]

_SUBJECTS = {
    "invitation": W("Votre invitation au studio de récits", "Your invitation to the story studio"),
    "reset": W("Choisir un nouveau mot de passe", "Choose a new password"),
    "leaving": W("Ce qui est à vous dans le studio de récits", "What is yours in the story studio"),
    "ending": W("Un accord que vous avez signé prend bientôt fin", "A consent you signed ends soon"),
}
_TEXTS = {
    "invitation": W(
        "{company} vous invite à raconter des moments de fierté, dans votre voix. Rien ne vous y oblige, et personne "
        "n'entend un récit avant que vous le décidiez.\n\nCe lien ne sert qu'une fois, pendant sept jours :",
        "{company} invites you to tell of proud moments, in your own voice. Nothing obliges you to, and nobody hears a "
        "story until you decide.\n\nThis link works once, within seven days:"),
    "reset": W(
        "Voici un lien pour choisir un nouveau mot de passe chez {company}. Il ne sert qu'une fois, pendant un jour, "
        "et met fin à toutes vos sessions. Si vous n'avez rien demandé, prévenez la personne qui administre le studio.",
        "Here is a link to choose a new password at {company}. It works once, within a day, and ends all your "
        "sessions. If you asked for nothing, tell the studio's administrator."),
    "leaving": W(
        "Vous avez quitté {company}. Ce que vous avez raconté reste à vous : par ce lien, vous pouvez le voir, retirer "
        "vos accords, l'emporter et le faire oublier. Gardez-le pour vous.\n\nIl s'ouvre pendant 90 jours ; la "
        "personne qui administre le studio peut en faire un autre. Ensuite, les enregistrements pour lesquels rien "
        "n'a jamais été signé s'effacent d'eux-mêmes.",
        "You have left {company}. What you told stays yours: by this link you can see it, take your consents back, "
        "take it with you and have it forgotten. Keep it to yourself.\n\nIt opens for 90 days; the studio's "
        "administrator can make another. Afterwards, recordings for which nothing was ever signed erase themselves."),
    "ending": W(
        "Un accord que vous avez signé chez {company} prend fin d'ici {days} jours. Si vous ne faites rien, il "
        "s'arrête de lui-même : ce qu'il permettait disparaît, et votre récit reste à vous. Si vous voulez qu'il "
        "continue, signez-le de nouveau depuis Mes récits.",
        "A consent you signed at {company} ends within {days} days. If you do nothing it stops by itself: what "
        "it allowed disappears, and your story stays yours. If you want it to go on, sign it again from My stories."),
}
_HELLO = W("Bonjour {name},", "Hello {name},")


def letter(kind: LetterKind, person: Person, link: str, company: str, days: int = 0) -> Letter | None:
    """Return the letter that carries a link to a person, or None where no address of theirs is known.

    `link` is "" where the studio's own address was not set; `days` is told by the letter about an end.
    """
    if not person.email:
        return None
    lang = person.language
    parts = (_HELLO.said(lang).format(name=person.first_name),
             _TEXTS[kind].said(lang).format(company=company, days=days), link)
    return Letter(person.email, _SUBJECTS[kind].said(lang), "\n\n".join(filter(None, parts)) + "\n")
