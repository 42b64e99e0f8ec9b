"""What the provider's pages say, in English and French."""

LANGUAGES = ("en", "fr")
WORDS = {
    "en": {
        "title": "eSignet (demonstration)",
        "mock": "This is a demonstration. Nobody's real identity is used.",
        "for": "{client} asks who you are",
        "choose": "Choose a person",
        "or_type": "Or type an ID number",
        "number": "ID number",
        "bad_number": "Type an ID of 4 to 20 letters and digits.",
        "go_on": "Continue",
        "code": "One-time code",
        "code_hint": "In this demonstration the code is always 111111.",
        "bad_code": "That code is not right. The code is 111111.",
        "finger": "Put your finger on the reader (pretend)",
        "need_factor": "Prove who you are in at least one way.",
        "wallet": "Use the wallet on my phone (pretend)",
        "as_person": "You are {name}, ID {number}",
        "consent": "{client} wants to know about you",
        "essential": "Needed",
        "voluntary": "Only if you want",
        "allow": "Allow",
        "cancel": "Cancel",
        "refused": "This login cannot go on",
        "refused_hint": "Go back to where you came from and begin again. Code:",
        "inbox": "Messages of the demonstration",
        "inbox_empty": "No message yet. The page looks again every 5 seconds.",
        "to": "To",
        "language": "Français",
        "purpose": "Why",
    },
    "fr": {
        "title": "eSignet (démonstration)",
        "mock": "Ceci est une démonstration. Aucune identité réelle n'est utilisée.",
        "for": "{client} demande qui vous êtes",
        "choose": "Choisissez une personne",
        "or_type": "Ou tapez un numéro d'identité",
        "number": "Numéro d'identité",
        "bad_number": "Tapez un numéro de 4 à 20 lettres et chiffres.",
        "go_on": "Continuer",
        "code": "Code à usage unique",
        "code_hint": "Dans cette démonstration, le code est toujours 111111.",
        "bad_code": "Ce code n'est pas le bon. Le code est 111111.",
        "finger": "Posez le doigt sur le lecteur (simulé)",
        "need_factor": "Prouvez qui vous êtes d'au moins une façon.",
        "wallet": "Utiliser le portefeuille de mon téléphone (simulé)",
        "as_person": "Vous êtes {name}, numéro {number}",
        "consent": "{client} veut savoir de vous",
        "essential": "Nécessaire",
        "voluntary": "Seulement si vous voulez",
        "allow": "Autoriser",
        "cancel": "Annuler",
        "refused": "Cette connexion ne peut pas continuer",
        "refused_hint": "Retournez d'où vous venez et recommencez. Code :",
        "inbox": "Messages de la démonstration",
        "inbox_empty": "Pas encore de message. La page regarde toutes les 5 secondes.",
        "to": "À",
        "language": "English",
        "purpose": "Pourquoi",
    },
}
CLAIMS = {
    "en": {
        "name": "Your name", "gender": "Your gender", "birthdate": "Your birth date",
        "picture": "Your picture", "email": "Your e-mail address",
        "phone_number": "Your phone number", "address": "Your address",
        "phone_number_verified": "Whether your phone number was checked",
        "individual_id": "Your ID number",
    },
    "fr": {
        "name": "Votre nom", "gender": "Votre genre", "birthdate": "Votre naissance",
        "picture": "Votre photo", "email": "Votre adresse e-mail",
        "phone_number": "Votre numéro de téléphone", "address": "Votre adresse",
        "phone_number_verified": "Si votre numéro a été vérifié",
        "individual_id": "Votre numéro d'identité",
    },
}  # fmt: skip


def language_of(ui_locales: str) -> str:
    """The first language of a request that the pages speak; English otherwise.

    >>> language_of("sw fr-FR en")
    'fr'
    """
    for tag in ui_locales.replace("_", "-").split():
        if tag.split("-")[0].lower() in LANGUAGES:
            return tag.split("-")[0].lower()
    return "en"
