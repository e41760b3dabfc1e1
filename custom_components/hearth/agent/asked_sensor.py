"""The one sensor that a question is about, in whatever words. English only.

"What's the turbine making just now", "how many kilowatts is the kiln eating": who names
all that a sensor is called after, and nothing else, asks what it tells.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from .heard import heard_by_name
from .home import ExposedEntity
from .inquiry_table import DEGREES, KINDS, MEASURED, MORE
from .looks import look
from .measured_looks import OUTSIDE
from .named_things import Entities
from .names import key, singular, stems
from .plain_call import PlainCall

# Words that are said of what is measured, beside those of inquiries.
_SAID_OF: Mapping[str, frozenset[str]] = {
    "battery": frozenset({"left", "flat"}),
    "power": frozenset("kilowatt kw eating pulling burning using making".split()),
    "temperature": frozenset({"nippy", "frosty"}),
}
# Words of names that say what a sensor is, and not of what.
_GENERAL = (
    frozenset("level meter monitor reading sensor statu".split()) | MEASURED.keys()
)
# It begins like that, or has this in it.
_BEGINS = frozenset("how what whats".split())
_HOW_MUCH = frozenset({("how", "much"), ("how", "many")})
_SENSOR, _YES_OR_NO = "sensor", "is"
_STATES = frozenset(
    "above below cold damp dead dry empty flat freezing full high hot humid low over under"
    " warm".split()
)
# With these two things are compared, or something else is asked.
_COMPARING = (
    MORE.keys()
    | DEGREES.keys()
    | frozenset(
        "thermometer difference or than whose which where when why and both set target".split()
    )
)
_TWO = frozenset({"difference", "or", "than"})
_AIMS = frozenset({"set", "target"})
# The places have these, and heating tells its own.
_OF_PLACES = frozenset({"temperature", "humidity"})


def looks_at_sensors(
    entities: Entities, spoken: Sequence[str]
) -> tuple[PlainCall, ...]:
    """Return looks at the sensor that is asked about, or at the two that are compared."""
    one = asked_sensor(entities, spoken)
    asked = (one,) if one else compared_sensors(entities, spoken)
    return tuple(look(name=sensor.name) for sensor in asked)


def asked_sensor(entities: Entities, spoken: Sequence[str]) -> ExposedEntity | None:
    """Return the sensor that is asked about, None where it may be another.

    Args:
        entities: What is exposed.
        spoken: The words of a question.
    """
    heard = frozenset(map(singular, spoken))
    wanted = _measured(heard)
    if not _asks(spoken) or not _COMPARING.isdisjoint(heard):
        return None
    if wanted <= _OF_PLACES and _names_another(entities, heard):
        return None
    if not wanted and not heard.isdisjoint(KINDS):
        return None
    called = [
        sensor
        for sensor in _called(entities, wanted, heard)
        if wanted or stems(sensor.name) - _GENERAL != stems(sensor.area or "")
    ]
    if len(called) != 1 or _has_rival(called[0], entities):
        return None
    return called[0]


def compared_sensors(
    entities: Entities, spoken: Sequence[str]
) -> tuple[ExposedEntity, ...]:
    """Return the two sensors that are compared: "is the byre warmer than outside"."""
    heard = frozenset(map(singular, spoken))
    wanted = _measured(heard)
    if len(wanted) != 1 or heard.isdisjoint(_TWO) or heard & _AIMS:
        return ()
    own = {place for place in OUTSIDE if place in heard}
    called = _called(entities, wanted, heard | (OUTSIDE if own else frozenset()))
    apart = len({key(entity.name) for entity in called}) == len(called) == 2
    return tuple(called) if apart else ()


def _called(
    entities: Entities, wanted: frozenset[str], heard: frozenset[str]
) -> list[ExposedEntity]:
    """Return sensors of which all that they are called after was said."""
    return [
        entity
        for entity in entities
        if entity.domain == _SENSOR
        and (not wanted or entity.device_class in wanted)
        and (own := stems(entity.name) - _GENERAL)
        and own <= heard
    ]


def _asks(spoken: Sequence[str]) -> bool:
    """Return whether words ask for a value, or whether one is low, or high."""
    if spoken[0] == _YES_OR_NO:
        return not _STATES.isdisjoint(spoken)
    if "about" in spoken[1:2]:
        return False
    return spoken[0] in _BEGINS or not _HOW_MUCH.isdisjoint(pairwise(spoken))


def _has_rival(sensor: ExposedEntity, entities: Entities) -> bool:
    """Return whether another one has its name, or is called after its place, too."""
    own = stems(sensor.name) - _GENERAL
    is_of_place = own == stems(sensor.area or "")
    return any(
        key(other.name) == key(sensor.name)
        or (
            is_of_place
            and other.device_class == sensor.device_class
            and other.area == sensor.area
        )
        for other in entities
        if other is not sensor
    )


def _measured(heard: frozenset[str]) -> frozenset[str]:
    """Return the device classes that words speak of."""
    told = {MEASURED[word] for word in heard if word in MEASURED}
    return frozenset(told | {kind for kind, said in _SAID_OF.items() if heard & said})


def _names_another(entities: Entities, heard: frozenset[str]) -> bool:
    """Return whether something is named that is no sensor."""
    named = heard_by_name(entities, heard)
    return any(e.entity_id in named and e.domain != _SENSOR for e in entities)
