"""What the editor says, in both languages; every key is on an AZERTY and a QWERTY keyboard alike."""

from __future__ import annotations

from dataclasses import dataclass

from story_bank.language import Bilingual
from studio.ui.words import W


@dataclass(frozen=True, slots=True)
class Key:
    """Keys pressed together, and what they do."""

    keys: Bilingual
    does: Bilingual


SAID = {
    "label": W("Vos mots, à corriger", "Your words, to correct"),
    "how": W("Écrivez n'importe où. Échap écoute ou arrête, Tab va au mot à vérifier suivant, puis quitte le texte. "
             "Les autres touches sont sous le bouton « ? ».",
             "Type anywhere. Escape plays or pauses, Tab goes to the next word to check, then leaves the text. The "
             "other keys are behind the button “?”."),
    "skip": W("Aller après le texte", "Skip the text"),
    "listen": W("Écouter et vérifier", "Listen and check"), "tools": W("Outils", "Tools"),
    "toggle": W("Écouter ou arrêter", "Play or pause"), "back": W("Revenir de 3 secondes", "Back 3 seconds"),
    "speed": W("Vitesse", "Speed"), "doubt": W("Mot à vérifier suivant", "Next word to check"),
    "accept": W("Ce mot est juste", "This word is right"), "undo": W("Annuler", "Undo"), "redo": W("Rétablir", "Redo"),
    "find": W("Chercher", "Find"), "finder": W("Chercher et remplacer", "Find and replace"),
    "who": W("Qui parle ?", "Who speaks?"),
    "versions": W("Versions", "Versions"), "help": W("Les touches", "Keys"), "close": W("Fermer", "Close"),
    "passage": W("Écouter ce passage", "Play this passage"), "extract": W("En faire un extrait", "Make an extract"),
    "wanted": W("Chercher", "Find"), "instead": W("Remplacer par", "Replace with"),
    "whole": W("Mots entiers", "Whole words"), "exact": W("Casse et accents exacts", "Match case and accents"),
    "next": W("Suivant", "Next"), "one": W("Remplacer", "Replace"), "all": W("Tout remplacer", "Replace all"),
    "found": W("{n} sur {all}", "{n} of {all}"), "none": W("Introuvable", "Not found"),
    "replaced": W("{n} remplacés", "{n} replaced"), "replaced_one": W("1 remplacé", "1 replaced"),
    "voice": W("Voix {n}", "Voice {n}"), "name": W("Nom affiché", "Name shown"),
    "name_why": W("Un nom que quelqu'un ne veut pas montrer reste caché aux autres, ici aussi.",
                  "A name that somebody does not want shown stays hidden from others, here too."),
    "everywhere": W("Partout où cette voix parle", "Wherever this voice speaks"),
    "here": W("Ce paragraphe seulement", "This paragraph only"), "cancel": W("Annuler", "Cancel"),
    "versions_why": W("Tout ce que vous tapez est gardé. Revenir à une version en fait une nouvelle : rien ne se perd.",
                      "Everything you type is kept. Going back to a version makes a new one: nothing is lost."),
    "then": W("Le texte de cette version", "The text of this version"),
    "return": W("Revenir à cette version", "Go back to this version"),
    "heard": W("Ce que la machine a entendu", "What the machine heard"), "now": W("maintenant", "now"),
    "left_none": W("Aucun mot douteux", "No doubtful word"), "left_one": W("1 mot à vérifier", "1 word to check"),
    "left_many": W("{n} mots à vérifier", "{n} words to check"),
    "check": W("À vérifier : {word}", "To check: {word}"), "no_more": W("Plus aucun mot à vérifier.",
                                                                        "No word left to check."),
    "undone": W("Annulé.", "Undone."), "redone": W("Rétabli.", "Redone."), "speed_is": W("Vitesse {n}", "Speed {n}"),
    "keeping": W("Ça se garde…", "Saving…"), "kept": W("C'est gardé.", "Saved."),
    "lost": W("Pas encore gardé : le serveur ne répond pas. Nouvel essai dans quelques secondes.",
              "Not saved yet: the server does not answer. Trying again in a few seconds."),
    "elsewhere": W("Ce texte est aussi ouvert ailleurs : dans un autre onglet ou sur un autre appareil. Ce qui y "
                   "change arrive ici.",
                   "This text is also open elsewhere: in another tab or on another device. What changes there "
                   "arrives here."),
    "clash": W("Ce passage a été changé ailleurs entre-temps. Ce que vous avez écrit est resté à l'écran. L'autre "
               "version :",
               "This passage was changed elsewhere meanwhile. What you wrote has stayed on the screen. The other "
               "version:"),
    "mine": W("Garder ce que j'ai écrit", "Keep what I wrote"), "theirs": W("Prendre l'autre", "Take the other"),
    "keys": W("Les touches", "Keys"), "touch": W("Au doigt", "By touch"),
    "mac": W("Sur Mac, ⌘ remplace Ctrl et ⌥ remplace Alt.", "On a Mac, ⌘ stands for Ctrl and ⌥ for Alt."),
}
_CTRL_ENTER = W("Ctrl + Entrée", "Ctrl + Enter")
HELP = (
    Key(W("Échap", "Esc"), W("Écouter, arrêter", "Play, pause")),
    Key(W("Alt + ↑", "Alt + ↑"), W("Revenir de 3 secondes", "Back 3 seconds")),
    Key(W("Alt + ↓", "Alt + ↓"), W("Écouter à partir du curseur", "Play from the cursor")),
    Key(W("Alt + Maj + ↑", "Alt + Shift + ↑"), W("Plus vite", "Faster")),
    Key(W("Alt + Maj + ↓", "Alt + Shift + ↓"), W("Moins vite", "Slower")),
    Key(W("Tab", "Tab"), W("Mot à vérifier suivant ; après le dernier, quitter le texte",
                           "Next word to check; after the last, leave the text")),
    Key(W("Maj + Tab", "Shift + Tab"), W("Mot à vérifier précédent", "Previous word to check")),
    Key(_CTRL_ENTER, W("Ce mot est juste, au suivant", "This word is right, on to the next")),
    Key(W("Entrée", "Enter"), W("Couper le paragraphe en deux", "Split the paragraph")),
    Key(W("Retour arrière", "Backspace"), W("Au début d'un paragraphe : le joindre au précédent",
                                            "At the start of a paragraph: join it to the one before")),
    Key(W("Alt + Entrée", "Alt + Enter"), W("Dire qui parle", "Say who speaks")),
    Key(W("Ctrl + F", "Ctrl + F"), W("Chercher et remplacer", "Find and replace")),
    Key(W("Ctrl + Z", "Ctrl + Z"), W("Annuler, jusqu'à l'ouverture de la page",
                                         "Undo, back to the opening of the page")),
    Key(W("Ctrl + Maj + Z", "Ctrl + Shift + Z"), W("Rétablir", "Redo")),
    Key(W("Ctrl + ?", "Ctrl + ?"), W("Cette liste (« ? » seul, hors du texte)",
                                         "This list (“?” alone outside the text)")),
)
TOUCH = (
    W("Touchez un mot : le curseur et le son y vont.", "Tap a word: the cursor and the sound go there."),
    W("Touchez l'heure d'un paragraphe pour l'écouter.", "Tap the time of a paragraph to hear it."),
    W("Gardez le doigt sur un mot pour choisir un passage : ses secondes s'affichent.",
      "Hold a word to select a passage: its seconds are shown."),
)
