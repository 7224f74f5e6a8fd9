"""What Raconter says: by the recorder, and on the form that follows it."""

from __future__ import annotations

from studio.ui.words import W

SAID = {
    "start": W("Commencer à raconter", "Start telling"), "stop": W("J'ai fini", "I am done"),
    "pause": W("Pause", "Pause"), "resume": W("Reprendre", "Resume"),
    "hint": W("Appuyez, puis parlez. Deux minutes suffisent.", "Press, then talk. Two minutes are plenty."),
    "opening": W("Le navigateur demande votre accord pour le micro.",
                 "The browser asks whether it may use the microphone."),
    "listening": W("On vous écoute.", "We are listening."),
    "safe": W("On vous entend bien. Tout est gardé au fur et à mesure.", "We hear you well. It is saved as you speak."),
    "offline": W("La connexion est coupée. Continuez : la suite part dès qu'elle revient.",
                 "The connection is lost. Go on: the rest is sent as soon as it is back."),
    "paused": W("En pause. Rien ne s'enregistre.", "Paused. Nothing is being recorded."),
    "sending": W("Encore un instant : la fin de votre récit arrive.", "One moment: the end of your story is arriving."),
    "checking": W("Tout est arrivé. On vérifie que cela s'écoute.", "Everything has arrived. Checking that it plays."),
    "local": W("Le serveur refuse la suite : elle est gardée dans ce navigateur.",
               "The server refuses the rest: it is kept in this browser."),
    "later": W("La connexion est coupée. L'envoi reprend à son retour ; si vous fermez, le récit attend ici.",
               "The connection is lost. Sending goes on when it is back; if you close, the story waits here."),
    "interrupted": W("Le micro est pris par autre chose, un appel peut-être. La suite ne s'entend pas.",
                     "The microphone is held by something else, perhaps a call. The rest is not heard."),
    "testing": W("Dites quelques mots…", "Say a few words…"),
    "tested": W("Votre micro fonctionne. Réécoutez-vous, si vous voulez.",
                "Your microphone works. Listen to yourself, if you like."),
    "mute": W("On n'entend rien. Vérifiez que le micro n'est pas coupé, ou choisissez-en un autre.",
              "We hear nothing. Check that the microphone is not muted, or choose another one."),
    "quiet": W("On vous entend à peine. Rapprochez-vous, ou montez le niveau du micro.",
               "We hardly hear you. Come closer, or turn the microphone up."),
    "clipped": W("Le son est trop fort et se déforme. Éloignez-vous, ou baissez le niveau du micro.",
                 "The sound is too loud and distorted. Move back, or turn the microphone down."),
    "denied": W("Le navigateur bloque le micro. Autorisez-le à côté de l'adresse, ou déposez un fichier.",
                "The browser blocks the microphone. Allow it beside the address, or drop a file."),
    "absent": W("Aucun micro n'est branché. Branchez-en un, ou déposez un fichier.",
                "No microphone is plugged in. Plug one in, or drop a file."),
    "busy": W("Une autre application tient le micro ou la caméra. Fermez-la, puis recommencez, ou déposez un fichier.",
              "Another application holds the microphone or camera. Close it, then try again, or drop a file."),
    "insecure": W("Le micro demande une adresse en https. Déposez un fichier, ou prévenez votre administrateur.",
                  "The microphone needs an https address. Drop a file, or tell your administrator."),
    "old": W("Ce navigateur ne sait pas enregistrer. Mettez-le à jour, ou déposez un fichier.",
             "This browser cannot record. Update it, or drop a file."),
    "unsent": W("L'envoi n'a pas abouti. Ce qui est arrivé est gardé ; réessayez, ou gardez une copie.",
                "Sending did not finish. What has arrived is kept; try again, or keep a copy."),
    "gone": W("Cet envoi n'existe plus sur le serveur ; recommencez.",
              "This upload is no longer on the server; start again."),
    "stranger": W("Une autre personne s'est connectée ici. Votre récit attend dans ce navigateur, pour vous seul.",
                  "Somebody else has signed in here. Your story waits in this browser, for you alone."),
    "hollow": W("Ce fichier est vide. Choisissez-en un autre.", "This file is empty. Choose another one."),
    "again": W("Votre récit du {when} s'est interrompu avant la fin. Ce qui avait été dit est gardé.",
               "Your story of {when} was cut off before its end. What had been said is kept."),
    "half": W("Le fichier du {when} s'est arrêté en route ({share} % envoyés). Déposez-le de nouveau : l'envoi reprend "
              "où il en était.",
              "The file of {when} stopped on its way ({share}% sent). Drop it again: sending goes on from where it "
              "was."),
    "more": W("({n} autre attend aussi.)", "({n} more also waits.)"),
    "names": W("Écrivez qui pose les questions et qui répond : deux noms différents.",
               "Type who asks and who answers: two different names."),
    "turn": W("{asks} pose les questions, {answers} répond.", "{asks} asks, {answers} answers."),
    "swapped": W("C'est à {answers} de répondre.", "It is {answers}'s turn to answer."),
    "gone_again": W("C'est effacé. Recommencez quand vous voulez.", "It is erased. Start again when you like."),
}
OTHER = W("Une autre question", "Another question")
DROP = W("Déposer un fichier", "Drop a file")
TEST = W("Tester le micro", "Test the microphone")
COPY = W("Garder une copie ici", "Keep a copy here")
RETAKE, SWAP_ROLES = W("Recommencer", "Start again"), W("Échanger les rôles", "Swap roles")
TOGETHER = W("À deux", "Two of us")
ASKS, ANSWERS = W("Qui pose les questions ?", "Who asks the questions?"), W("Qui répond ?", "Who answers?")
BOTH_SIGN = W("Chacun donnera son propre accord : rien ne s'ouvre avant.",
              "Each of you will give your own consent: nothing opens before.")
RETAKE_ASKED = W("Effacer et recommencer ?", "Erase and start again?")
RETAKE_MEANS = W("Ce qui vient d'être dit est effacé, ici et sur le serveur. Cela ne se défait pas.",
                 "What was just said is erased, here and on the server. This cannot be undone.")
RETAKE_YES, RETAKE_NO = W("Effacer et recommencer", "Erase and start again"), W("Continuer", "Go on")
HEARD_BACK = W("Réécouter l'essai du micro", "Listen to the microphone test")
HOW = W("Comment raconter", "How to tell")
VOICE, FILM = W("Voix seule", "Voice only"), W("Voix et image", "Voice and picture")
TAKE, LET_GO = W("Le terminer", "Finish it"), W("L'effacer", "Erase it")
NO_BOSS = W("Ni votre responsable ni les RH ne voient qui raconte, ni quand. Ensuite, vous relisez, vous choisissez, "
            "ou vous retirez tout.",
            "Neither your manager nor HR sees who tells a story, or when. Then you read it back, you choose, or you "
            "take it all back.")
SENT = W("Envoi", "Sending")
LARGE = W("Ce fichier dépasse {limit} Mio. Envoyez-en un plus court ou de moindre qualité.",
          "This file is larger than {limit} MiB. Send a shorter one or one of lower quality.")

FORM_TITLE = W("C'est gardé. Qui parle ?", "It is kept. Who is speaking?")
FORM_LEAD = W("Quelques mots pour que votre nom et votre métier s'écrivent juste. Tout est facultatif.",
              "A few words, so that your name and job are spelt right. All of it is optional.")
FIRST_NAME, JOB = W("Prénom", "First name"), W("Métier", "Job")
TEAM = W("Équipe ou service", "Team or department")
UNUSUAL = W("Mots que la machine écrirait mal (noms, sigles, lieux)",
            "Words the machine would misspell (names, acronyms, places)")
UNUSUAL_HINT = W("Trelleborg, Moussa, EHPAD", "Trelleborg, Moussa, NICU")
VOICES = W("Combien de voix entend-on ?", "How many voices are heard?")
SPOKEN = W("Langue parlée", "Language spoken")
LANGUAGE_NAMES = (("Français", "fr"), ("English", "en"))
SIGNS_TOO = W("On entend aussi {names}. Cette personne donnera son propre accord : vous lui passerez un lien à l'étape "
              "« Décider ».",
              "{names} is heard too. This person gives their own consent: you will pass them a link at the step "
              "“Decide”.")
GO = W("Écrire mes mots", "Write down my words")
LATER = W("Plus tard : le récit attend dans « Mes récits »", "Later: the story waits in “My stories”")
