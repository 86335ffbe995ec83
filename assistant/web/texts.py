"""Every Dutch word that the page says by itself."""

from __future__ import annotations

from assistant.types import Status

NAME = "Opgavewijzer"
SUBTITLE = "Vragen over opgavegericht werken, met antwoorden die u kunt nakijken"
MODES = {
    "citaten": "Antwoordt met citaten, zonder taalmodel",
    "taalmodel": "Antwoordt met een taalmodel; de citaten zijn nagekeken",
}
AUTOMATED = (
    "U schrijft met een geautomatiseerde assistent. Wat u typt, gaat niet naar diensten van anderen. Kijk een citaat "
    "na voordat u het gebruikt."
)
WITHOUT_ESSAYS = (
    "De essays zelf zijn nog niet ingelezen: antwoorden komen uit het handboek, met verwijzing naar de essays. "
    "Inlezen doet uw beheerder met ‘make essays SRC=map’."
)
TAB_ASK = "Vraag"
TAB_SOURCES = "Bronnen"

QUESTION_LABEL = "Uw vraag"
QUESTION_PLACEHOLDER = "Bijvoorbeeld: hoe krijg ik mijn eigen organisatie mee?"
SEND = "Stel de vraag"
NEW = "Nieuw gesprek"
ROLE_LABEL = "Uw rol"
ROLE_INFO = "Voor advies dat bij uw rol past. Niet verplicht."
NO_ROLE = "Geen rol gekozen"
FILTER_LABEL = "Zoek in"
FILTER_INFO = "Ik zoek in alles, tenzij u hier iets kiest."
ALL_SOURCES = "Alle bronnen"
OPTIONS = "Rol en bronnen kiezen"
EXAMPLES_TITLE = "Vragen om mee te beginnen"
EXAMPLES = (
    "Wat is het verschil tussen een opgave, een programma, een project en een proces?",
    "Een belangrijke partner komt niet opdagen: doorgaan of wachten?",
    "Twee ministeries en drie provincies werken aan stikstof, maar iedereen stuurt op zijn eigen doelen. "
    "Welk sturingsperspectief past hier?",
    "Hoe laat je zien dat er vooruitgang is als resultaat jaren duurt?",
    "Wie is de baas in een opgave, en wie hakt de knoop door?",
    "Wat doet een goede lijnmanager in een opgave?",
)
FOLLOW_UPS_TITLE = "Verder vragen"
WORKING = "Ik zoek in de bronnen …"

STATUS = {
    Status.ANSWERED: "Beantwoord",
    Status.PERHAPS: "Misschien",
    Status.REFUSED: "Niet in de bronnen",
}
READ_AS = "Gelezen als"
SOURCES_TITLE = "Bronnen bij dit antwoord"
NO_SOURCES = "Bij dit antwoord horen geen bronnen."
COPY = "Kopieer antwoord met bronnen"
COPIED = "Gekopieerd"
OPEN_SOURCE = "Open in de bron"
RESTS_ON = "Rust op"
CHARACTERS = "tekens"
KINDS = {"essay": "Essay", "handbook": "Handboek", "own": "Eigen document"}
SECTION = "Onder"
PAGE = "bladzijde"
MARKER = "bron {number}"
FAILED = "Er ging iets mis bij het antwoorden. Stel uw vraag nog eens; blijft het misgaan, vertel het dan uw beheerder."

SOURCES_INTRO = "Dit is alles waar de antwoorden uit komen. Open een bron om de hele tekst te lezen."
CONTENTS = "Inhoud"
CITED = "Het citaat staat gemarkeerd in de tekst."
BACK = "Naar de vragen"
NO_TEXT = "Deze bron heeft geen tussenkoppen."
ABOUT_LICENCE = "Rechten"
