"""What cannot be done, and what is no command at all."""

from datetime import datetime
from random import Random

from . import frames, words as w
from .commands import CONTROLLABLE
from .homes import Home, word_set
from .places import GROUPS
from .references import place
from .speech import decorate, finish
from .words import phrases

_CANNOT = "I only know this home."
# What hardly any home has, to be asked for all the same.
_NOWHERE = phrases("""
        sauna heater; ice machine; disco ball; elevator; rocket; dragon; whirlpool
        escalator; steam bath; solarium; bowling alley; carousel; pinball; slot machine
        cotton candy machine; chocolate fountain; laser; smoke machine; foghorn; siren
        lighthouse; windmill; cannon; volcano; teleporter; time machine; spaceship
        planetarium; organ; pianola; gramophone; telegraph; fax; scanner; copier
        shredder; typewriter; steam iron; mangle; loom; kiln; anvil; forge; furnace
        crane; forklift; conveyor; submarine; helicopter; airplane; tractor; boat
        snow cannon; ski lift; merry-go-round; ferris wheel; trampoline; swing
        chandelier motor; aquarium heater; beehive; chicken coop; rabbit hutch; bidet
        toilet seat; bathtub; shower; sink; stovetop; barbecue; grill; smoker; wok
        deep fryer; waffle iron; egg cooker; yogurt maker; pasta machine; espresso bar
        """)
_NOUNS = {
    "on": (
        *w.SWITCHES,
        *w.LIGHTS,
        *w.FANS,
        *w.MEDIA,
        *w.CLIMATES,
        *_NOWHERE,
    ),
    "open": (*w.COVERS, *w.GATES, *w.VALVES, "chimney flap", "trapdoor", "drawbridge"),
    "lock": (*w.LOCKS, "castle gate", "treasure chest"),
    "start": (*w.VACUUMS, *w.MOWERS),
    "play": w.MEDIA,
    "brightness": w.LIGHTS,
    "temperature": w.CLIMATES,
}
_LIKE = {
    "off": "on",
    "close": "open",
    "unlock": "lock",
    "dock": "start",
    "pause": "play",
    "position": "open",
    "volume": "play",
    "mute": "play",
}
_WORLD = phrases("""
        who wrote {x}; who invented the {y}; what is the capital of {z}
        how old is {x}; when was {x} born; tell me about {z}; how far is {z}
        what's the weather in {z}; who won the game yesterday; what's {a} plus {b}
        how much is {a} times {b}; who is {x}; what does {y} mean; how do i cook {f}
        give me a recipe for {f}; how many people live in {z}; who painted {x}
        what is the meaning of life; translate {f} into French; how tall is {x}
        who is the president of {z}; what's the news; order {f}; book a flight to {z}
        send {x} a message; call {x}; what's the stock price of {x}
        write a poem about {f}; sing a song about {z}; how long does {f} take
        why is the sky blue; what is the fastest animal; who discovered {z}
        define {y}; spell {y}; when does the train to {z} leave; is {f} healthy
        who plays in {x}; what year did {x} die; how deep is the ocean
        remind me to buy {f}; what movies are on; buy some {f}
        how do you say {f} in Spanish; who directed {x}; how many legs has a spider
        what is {a} percent of {b}; how do airplanes fly
        what's the distance to the moon; search for {f}; what's in the news about {z}
        """)
_FOOD = phrases("""
        pancakes; rice; pasta; a cake; soup; bread; lasagna; coffee beans; curry; milk
        eggs; pizza; goulash; dumplings; an omelette
        """)
_THINGS = phrases("""
        telephone; wheel; light bulb; steam engine; internet; serendipity; entropy
        photosynthesis; zeppelin; printing press; umbrella; piano
        """)
_LANDS = phrases("""
        France; Peru; Mongolia; Berlin; Tokyo; Norway; Iceland; Mars; Kenya; Lisbon
        Canada; Vienna; Rome; Sydney; Bolivia; Wales
        """)
_PEOPLE = phrases("""
        Shakespeare; Mozart; Faust; the Mona Lisa; Einstein; Moby Dick; Don Quixote
        Cleopatra; Napoleon; the Odyssey; Macbeth; Beethoven; Casablanca; Dracula
        War and Peace; Picasso; Goethe
        """)
_TALK: dict[str, tuple[str, ...]] = {
    "You're welcome.": phrases("""
        thank you; thanks; thanks a lot; thank you very much; great, thanks; well done
        good job; nice; perfect, thank you; cheers
        """),
    "Hello. What can I do for you?": phrases(
        "hello; hi; hey; hi there; good day; hello there; are you there; hey you"
    ),
    "Good night.": ("good night", "sleep well", "night night"),
    "Good morning.": ("good morning", "morning"),
    "I am the voice of this home.": phrases("""
        who are you; what are you; what's your name; are you a robot
        introduce yourself; what is your name
        """),
    "I switch and set what is in this home, and tell you how it is.": phrases("""
        what can you do; help; what can i say; how can you help me
        what are you good for; what do you do
        """),
    "All right.": phrases("""
        never mind; forget it; nothing; it's fine; cancel that; leave it
        don't do anything; no, leave it as it is; don't; no; stop talking
        just testing; i was talking to someone else; that's all
        """),
    "I'm fine, thank you.": phrases(
        "how are you; how are you doing; are you ok; how do you feel; how's it going"
    ),
    "Goodbye.": (
        "bye",
        "goodbye",
        "see you later",
        "i'm leaving",
        "see you",
        "bye bye",
    ),
    "That is nice to hear.": phrases("""
        i love you; i like this house; you are great; i had a great day; i'm happy
        you are funny
        """),
    "I don't know any jokes.": phrases(
        "tell me a joke; make me laugh; say something funny; do you know a joke"
    ),
}

type Refusal = tuple[str, str]


def unknown(rng: Random, home: Home, here: str | None) -> Refusal | None:
    """Ask for a device that the home does not have."""
    action = rng.choice(["on", "off"] * 3 + [*_NOUNS, *_LIKE])
    noun = rng.choice(_NOUNS[_LIKE.get(action, action)])
    if noun in ("light", "lights") or any(
        word_set(noun) == word_set(group) for group in GROUPS
    ):
        return None
    r = rng.random()
    if r < 0.25:
        noun = f"{rng.choice(w.AREAS).lower()} {noun}"
    elif r < 0.35:
        noun = f"{rng.choice(w.ADJECTIVES)} {noun}"
    elif r < 0.43:
        noun = f"{rng.choice(w.PERSONS)}'s {noun}"
    elif r < 0.5:
        noun = f"{w.invented(rng).lower()} {rng.choice([noun, ''])}".strip()
    if _half_there(home, noun):
        return None
    where = ""
    if rng.random() < 0.12 and home.areas:
        where = f" in {place(rng, rng.choice(home.areas))}"
    frame = rng.choice(_frames(action))
    value = str(rng.randint(1, 100))
    said = frame.replace("{v}", value).replace(
        "{n}", f"{rng.choice(['the ', 'the ', 'the ', ''])}{noun}{where}"
    )
    return decorate(rng, said), f"There is no {noun} in this home."


def _frames(action: str) -> tuple[str, ...]:
    for table in (frames.CONTROL, frames.MEDIA, frames.SET):
        if action in table:
            return table[action]
    raise KeyError(action)


def _half_there(home: Home, noun: str) -> bool:
    """Return whether somebody could mean a device that is there."""
    wanted = word_set(noun)
    for thing in home.of(*CONTROLLABLE):
        for name in thing.entity.names:
            has = word_set(name) | word_set(thing.area or "")
            if wanted <= has or word_set(name) <= wanted:
                return True
    last = word_set(noun.rsplit(" ", maxsplit=1)[-1])
    return (
        any(last <= word_set(n) for t in home.of(*CONTROLLABLE) for n in t.entity.names)
        and len(wanted) == 1
    )


def nonsense(rng: Random, home: Home, here: str | None) -> Refusal | None:
    """Ask something of a device that it cannot do."""
    pool = home.of("light", "switch", "lock", "media_player", "sensor")
    if not pool:
        return None
    thing = rng.choice(pool)
    verbs = {
        "light": ("open", "lock", "unlock", "close"),
        "switch": ("open", "lock", "dim", "mute"),
        "lock": ("dim", "mute", "pause"),
        "media_player": ("lock", "open", "unlock"),
        "sensor": ("turn on", "turn off", "open", "lock", "dim"),
    }
    verb = rng.choice(verbs[thing.domain])
    return decorate(
        rng, f"{verb} the {thing.name.lower()}"
    ), f"I cannot {verb} {thing.name}."


def world(rng: Random, home: Home, here: str | None) -> Refusal | None:
    """Ask about the world."""
    said = rng.choice(_WORLD)
    for mark, choices in (
        ("{x}", (*_PEOPLE, *w.PERSONS)),
        ("{y}", _THINGS),
        ("{z}", _LANDS),
        ("{f}", _FOOD),
    ):
        said = said.replace(mark, rng.choice(choices))
    for mark in ("{a}", "{b}"):
        said = said.replace(mark, str(rng.randint(2, 99)))
    return finish(rng, said, "?"), f"I don't know that. {_CANNOT}"


def talk(rng: Random, home: Home, here: str | None) -> Refusal | None:
    """Say hello, thanks or nothing in particular."""
    answer = rng.choice(list(_TALK))
    return finish(rng, rng.choice(_TALK[answer])), answer


def clock(rng: Random, now: datetime) -> Refusal:
    """Ask for the time or the day."""
    said, answer = rng.choice(
        [
            (
                phrases("""
        what time is it; what's the time; tell me the time; how late is it
        do you know the time; time?
        """),
                f"It is {now:%H:%M}.",
            ),
            (
                phrases(
                    "what day is it; which day is today; what weekday is it; what day is today"
                ),
                f"It is {now:%A}.",
            ),
            (
                (
                    "what's the date",
                    "what date is it",
                    "which date is today",
                    "today's date",
                ),
                f"It is {now:%A %Y-%m-%d}.",
            ),
        ]
    )
    return finish(rng, rng.choice(said), "?"), answer


def which(rng: Random, home: Home, here: str | None) -> Refusal | None:
    """Name nothing in particular where it is not clear what is meant."""
    if (
        here
        or len(home.of("light")) < 2
        or any(word_set(t.name) == {"light"} for t in home.things)
    ):
        return None
    said = rng.choice(
        [
            "turn on the light",
            "turn off the light",
            "light on",
            "light off",
            "switch the light on",
            "dim the light",
            "make it brighter in here",
            "the light please",
        ]
    )
    return decorate(rng, said), "Which light do you mean?"
