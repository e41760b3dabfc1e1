"""Plain answers to a question, by language."""

from collections.abc import Mapping

YES: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("yes", "yes please", "yeah", "yep", "yup", "sure", "ok", "okay", "do it"),
        *("please do", "go ahead", "of course", "right", "that's right", "correct"),
        *("exactly", "yes do it", "yes do that", "do that", "yes I do", "you should"),
        *("yes you should", "yes go ahead", "sure go ahead", "certainly"),
    ),
    "de": (
        *("ja", "ja bitte", "jawohl", "jo", "klar", "gerne", "genau", "okay"),
        *(
            "ok",
            "mach das",
            "ja mach das",
            "ja genau",
            "richtig",
            "natürlich",
            "sicher",
        ),
    ),
    "fr": (
        *("oui", "oui s'il te plaît", "oui s'il vous plaît", "ouais", "d'accord"),
        *("bien sûr", "vas-y", "exactement", "ok", "okay", "c'est ça", "fais-le"),
    ),
    "es": (
        *("sí", "sí por favor", "claro", "vale", "de acuerdo", "hazlo", "adelante"),
        *("exacto", "correcto", "por supuesto", "ok", "okay"),
    ),
    "it": (
        *("sì", "sì grazie", "sì per favore", "certo", "va bene", "d'accordo", "fallo"),
        *("esatto", "giusto", "ok", "okay", "procedi"),
    ),
    "nl": (
        *("ja", "ja graag", "jazeker", "graag", "goed", "doe maar", "ja doe maar"),
        *("klopt", "precies", "natuurlijk", "oké", "ok", "okay"),
    ),
    "pt": (
        *("sim", "sim por favor", "claro", "está bem", "pode ser", "isso", "exato"),
        *("certo", "com certeza", "faz isso", "ok", "okay"),
    ),
    "pl": (
        *("tak", "tak proszę", "jasne", "oczywiście", "dobrze", "zgadza się"),
        *("dokładnie", "zrób to", "tak zrób to", "no tak", "ok", "okay", "pewnie"),
    ),
    "sv": (
        *("ja", "ja tack", "japp", "javisst", "visst", "gärna", "precis", "okej", "ok"),
        *("gör det", "ja gör det", "självklart", "jo", "stämmer"),
    ),
    "da": (
        *("ja", "ja tak", "jep", "jo", "gerne", "selvfølgelig", "præcis", "okay", "ok"),
        *("gør det", "ja gør det", "det må du gerne", "naturligvis"),
    ),
}

NO: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("no", "no thanks", "no thank you", "nope", "nah", "don't", "no don't"),
        *("do not", "please don't", "never mind", "cancel", "forget it"),
        *("leave it", "wrong", "of course not", "better not", "no you should not"),
    ),
    "de": (
        *(
            "nein",
            "nein danke",
            "nee",
            "nö",
            "nicht",
            "lieber nicht",
            "lass es",
            "lass",
        ),
        *("falsch", "vergiss es", "abbrechen", "auf keinen Fall"),
    ),
    "fr": (
        *("non", "non merci", "surtout pas", "laisse", "laisse tomber", "annule"),
        *("pas du tout", "oublie"),
    ),
    "es": (
        *("no", "no gracias", "mejor no", "déjalo", "cancela", "olvídalo"),
        *("para nada", "claro que no"),
    ),
    "it": (
        *("no", "no grazie", "meglio di no", "lascia stare", "annulla"),
        *("lascia perdere", "assolutamente no"),
    ),
    "nl": (
        *("nee", "nee dank je", "nee bedankt", "neen", "liever niet", "laat maar"),
        *("niet doen", "annuleer", "vergeet het"),
    ),
    "pt": (
        *("não", "não obrigado", "não obrigada", "deixa", "deixa estar", "cancela"),
        *("esquece", "melhor não", "claro que não"),
    ),
    "pl": (
        *("nie", "nie dziękuję", "lepiej nie", "zostaw", "anuluj"),
        *("nieważne", "oczywiście że nie", "nie rób tego"),
    ),
    "sv": (
        *("nej", "nej tack", "nä", "låt bli", "avbryt", "glöm det"),
        *("helst inte", "absolut inte", "gör inte det"),
    ),
    "da": (
        *("nej", "nej tak", "næ", "lad være", "annuller", "glem det"),
        *("helst ikke", "absolut ikke", "gør det ikke"),
    ),
}
