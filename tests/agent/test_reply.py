"""What is said of what was done, in the words of Home Assistant."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
import re
from typing import Any

from home_assistant_intents import get_languages
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.intent import async_register_timer_handler
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, intent, llm
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.deeds import Deed
from custom_components.hearth.agent.reply import async_confirm
from custom_components.hearth.agent.results import Done as Data
from custom_components.hearth.agent.sentence_table import SENTENCES
from custom_components.hearth.agent.toolset import async_register_api

from ..homes import VILLA, async_set_up_home

ONE_WORD = frozenset(table["done"] for table in SENTENCES.values())

type Call = tuple[str, dict[str, Any]]
type Done = Callable[..., Awaitable[list[llm.ToolResult]]]


@pytest.fixture
async def done(hass: HomeAssistant, home: None, llm_context: llm.LLMContext) -> Done:
    """Return a function that calls tools, from a satellite that has timers."""
    async_register_api(hass)
    entry = MockConfigEntry()
    entry.add_to_hass(hass)
    satellite = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("test", "satellite")}
    )
    async_register_timer_handler(hass, satellite.id, lambda *_: None)
    context = replace(llm_context, device_id=satellite.id)

    async def _done(*calls: Call) -> list[llm.ToolResult]:
        api = await llm.async_get_api(hass, "hearth", context)
        results = [
            await api.async_call_tool(
                llm.ToolInput(tool_name=tool, tool_args=arguments)
            )
            for tool, arguments in calls
        ]
        await hass.async_block_till_done()
        return results

    return _done


def control(action: str, **more: Any) -> Call:
    """Return a call that acts."""
    return "control", {"action": action, **more}


def put(**values: Any) -> Call:
    """Return a call that sets values."""
    return "set", values


def timer(action: str, **more: Any) -> Call:
    """Return a call that uses timers."""
    return "timer", {"action": action, **more}


LAMP, TV = {"name": "Desk lamp"}, {"name": "Living room TV"}
KITCHEN = [control("on", name=f"Kitchen {name}") for name in ("ceiling", "counter")]

SAID: list[tuple[str, list[Call], str]] = [
    ("one light", KITCHEN[:1], "Turned on the light: Kitchen ceiling"),
    (
        "by another name",
        [control("on", name="espresso machine")],
        "Turned on the switch: Coffee machine",
    ),
    ("two lights", KITCHEN, "Turned on the lights: Kitchen ceiling, Kitchen counter"),
    (
        "two switches",
        [control("on", name="Coffee machine"), control("on", name="Dishwasher")],
        "Turned on the switch: Coffee machine. Turned on the switch: Dishwasher.",
    ),
    (
        "on and off",
        [KITCHEN[0], control("off", name="Kitchen counter")],
        "Turned on the light: Kitchen ceiling. Turned off the light: Kitchen counter.",
    ),
    (
        "an area",
        [control("off", area="Bedroom", domain="light")],
        "Turned off the lights: Bedroom",
    ),
    (
        "all in an area",
        [control("off", area="Bedroom")],
        "Turned off the fan: Bedroom fan. Turned off the lights: Bedroom.",
    ),
    (
        "the switches of an area",
        [control("on", area="Kitchen", domain="switch")],
        "Turned on the switch: Coffee machine. Turned on the switch: Dishwasher.",
    ),
    (
        "a floor",
        [control("off", area="Upstairs", domain="light")],
        "Turned off the lights: Upstairs",
    ),
    (
        "all lights",
        [control("off", area="home", domain="light")],
        "Turned off all of the lights",
    ),
    ("a cover", [control("open", name="Bedroom blinds")], "Opening: Bedroom blinds"),
    (
        "the only cover of an area",
        [control("close", area="Living Room")],
        "Closing: Living room blinds",
    ),
    ("a lock", [control("lock", name="Front door")], "Locking: Front door"),
    (
        "no lock any more",
        [control("unlock", name="Front door")],
        "Unlocking: Front door",
    ),
    ("a pause", [control("pause", **TV)], "Paused: Living room TV"),
    ("louder", [control("louder", **TV)], "Volume set: Living room TV"),
    ("a volume", [put(volume=30, **TV)], "Volume set: Living room TV"),
    ("a vacuum", [control("start", name="Mower")], "Started: Mower"),
    ("brightness", [put(brightness=30, **LAMP)], "Brightness set: Desk lamp"),
    (
        "the brightness of an area",
        [put(brightness=30, area="Bedroom")],
        "Brightness set: Bedroom ceiling, Bedside lamp left, Bedside lamp right",
    ),
    ("a color", [put(color="red", **LAMP)], "Color set: Desk lamp"),
    (
        "brightness and color",
        [put(brightness=30, color="red", **LAMP)],
        "Brightness set: Desk lamp. Color set: Desk lamp.",
    ),
    (
        "a color temperature",
        [put(kelvin=2700, **LAMP)],
        "Color temperature set: Desk lamp",
    ),
    (
        "a temperature",
        [put(temperature=20.5, area="Living Room")],
        "Temperature set to 20.5 degrees: Living room thermostat",
    ),
    (
        "a position",
        [put(position=50, name="Bedroom blinds")],
        "Position set: Bedroom blinds",
    ),
    ("a speed", [put(speed=50, name="Bedroom fan")], "Speed set: Bedroom fan"),
    (
        "a timer",
        [timer("start", minutes=5)],
        "Timer set for 5 minutes",
    ),
    (
        "a timer with a name",
        [timer("start", hours=1, minutes=30, seconds=0, name="Pizza")],
        "Timer set for 1 hour and 30 minutes named Pizza",
    ),
    (
        "no timer any more",
        [timer("start", minutes=5), timer("cancel all")],
        "Timer set for 5 minutes. Canceled 1 timer.",
    ),
    (
        "a command later",
        [timer("start", minutes=5, command="turn off the light")],
        "Command will be executed in 5 minutes",
    ),
]


@pytest.mark.parametrize(
    ("calls", "said"), [case[1:] for case in SAID], ids=[case[0] for case in SAID]
)
async def test_english(
    hass: HomeAssistant, done: Done, calls: list[Call], said: str
) -> None:
    """What was done is said with the names of what was changed."""
    assert await async_confirm(hass, "en", await done(*calls)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Temperatur auf 20,5 Grad gestellt: Living room thermostat"),
        ("en-GB", "Temperature set to 20.5 degrees: Living room thermostat"),
        ("fr", "Température réglée sur 20,5 degrés: Living room thermostat"),
        ("es", "Temperatura ajustada: Living room thermostat"),
        ("it", "Temperatura impostata a 20,5 gradi: Living room thermostat"),
        ("nl", "Temperatuur ingesteld op 20,5 graden: Living room thermostat"),
        ("pt", "Temperatura definida para 20,5 graus: Living room thermostat"),
        ("pl", "Ustawiono temperaturę: Living room thermostat"),
        ("da", "Temperatur sat til 20,5 grader: Living room thermostat"),
        # Home Assistant has no answer to it in Swedish.
        ("sv", None),
    ],
)
async def test_temperature(
    hass: HomeAssistant, done: Done, language: str, said: str | None
) -> None:
    """A temperature is written as in the language that is spoken."""
    results = await done(put(temperature=20.5, area="Living Room"))

    assert await async_confirm(hass, language, results) == said


@pytest.mark.parametrize(
    ("language", "one", "two", "area"),
    [
        (
            "de",
            "Licht eingeschaltet: Kitchen ceiling",
            "Licht eingeschaltet: Kitchen ceiling, Kitchen counter",
            "Licht ausgeschaltet: Bedroom ceiling, Bedside lamp left, Bedside lamp right",
        ),
        (
            "fr",
            "Allumé: Kitchen ceiling",
            "Allumé: Kitchen ceiling, Kitchen counter",
            "Éteint: Bedroom ceiling, Bedside lamp left, Bedside lamp right",
        ),
        (
            "es",
            "Se ha activado la luz: Kitchen ceiling",
            "Luces encendidas: Kitchen ceiling, Kitchen counter",
            "Luces apagadas: Bedroom",
        ),
        (
            "it",
            "Ho acceso Kitchen ceiling",
            "Ho acceso Kitchen ceiling. Ho acceso Kitchen counter.",
            "Ho spento le luci in Bedroom",
        ),
        (
            "nl",
            "Aangezet: Kitchen ceiling",
            "Verlichting aangezet: Kitchen ceiling, Kitchen counter",
            "Verlichting uitgezet: Bedroom",
        ),
        (
            "pt",
            "Ligado: Kitchen ceiling",
            "Luzes ligadas: Kitchen ceiling, Kitchen counter",
            "Luzes desligadas: Bedroom",
        ),
        (
            "pl",
            "Włączono Kitchen ceiling",
            "Włączono Kitchen ceiling. Włączono Kitchen counter.",
            "Wyłączono światła w bedroom",
        ),
        (
            "sv",
            "Slog på lampan: Kitchen ceiling",
            "Tände lamporna: Kitchen ceiling, Kitchen counter",
            "Släckte lamporna: Bedroom",
        ),
        (
            "da",
            "Tændte lyset: Kitchen ceiling",
            "Tændte lyset: Kitchen ceiling, Kitchen counter",
            "Slukkede lyset: Bedroom",
        ),
        (
            "ja",
            "ライトがオンになりました: Kitchen ceiling",
            "ライトがオンになりました: Kitchen ceiling, Kitchen counter",
            "ライトがオフになりました: Bedroom",
        ),
        # It would say the kind of the thing in English.
        (
            "sr-Latn",
            None,
            "Svetla su uključena: Kitchen ceiling, Kitchen counter",
            "Svetla su isključena: Bedroom",
        ),
    ],
)
async def test_lights(
    hass: HomeAssistant,
    done: Done,
    language: str,
    one: str | None,
    two: str,
    area: str,
) -> None:
    """One light, two, and those of an area are said as the language does."""
    off = control("off", area="Bedroom", domain="light")

    assert await async_confirm(hass, language, await done(KITCHEN[0])) == one
    assert await async_confirm(hass, language, await done(*KITCHEN)) == two
    assert await async_confirm(hass, language, await done(off)) == area


WELL_SPOKEN = frozenset({"de", "en", "es", "fr", "it", "nl", "pl", "pt", "pt-BR"})


async def test_every_language(
    hass: HomeAssistant, done: Done, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever there is to say, it is words with a name, or left to the model."""
    count: Counter[str] = Counter()
    for _, calls, english in SAID:
        results = await done(*calls)
        about = english.partition(": ")[2]
        for language in get_languages():
            words = await async_confirm(hass, language, results)
            if words is None:
                continue
            count[language] += 1
            assert not re.search(r"[{}]|None|TODO|\bred\b| {2}", words), words
            assert words == words.strip()
            assert language == "en" or words != english
            if about and not re.search(r"[,.]", about) and words not in ONE_WORD:
                assert about.casefold() in words.casefold(), words
    assert all(count[language] > 20 for language in WELL_SPOKEN), count
    assert sum(count.values()) > 1200, count
    assert "Template variable" not in caplog.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Done."), ("de-AT", "Erledigt."), ("hu", None)],
)
async def test_more_than_anybody_listens_to(
    hass: HomeAssistant, done: Done, language: str, said: str | None
) -> None:
    """A long list is one word, where Hearth knows it."""
    switches = ("Coffee machine", "Dishwasher", "Irrigation", "Printer")
    results = await done(*(control("on", name=name) for name in switches))
    assert not any(result.error for result in results), results

    assert await async_confirm(hass, language, results) == said


async def test_more_sentences_than_anybody_listens_to(
    hass: HomeAssistant, done: Done
) -> None:
    """So is much of different kinds."""
    results = await done(
        control("on", name="Kitchen ceiling"),
        control("off", name="Kitchen counter"),
        control("lock", name="Front door"),
        control("open", name="Bedroom blinds"),
        put(speed=50, name="Bedroom fan"),
    )

    assert await async_confirm(hass, "en", results) == "Done."


@pytest.mark.parametrize(
    ("language", "added", "scene", "all_covers"),
    [
        ("en", "Added oat milk", "Activated: Movie night", "Done."),
        ("de", "Oat milk hinzugefügt", "Movie night aktiviert", "Erledigt."),
    ],
)
async def test_villa(
    hass: HomeAssistant,
    llm_context: llm.LLMContext,
    language: str,
    added: str,
    scene: str,
    all_covers: str,
) -> None:
    """Lists, scenes, and more covers than can be named."""
    assert await async_setup_component(hass, "conversation", {})
    await async_set_up_home(hass, VILLA)
    async_register_api(hass)
    api = await llm.async_get_api(hass, "hearth", llm_context)

    async def said(tool: str, **arguments: Any) -> str | None:
        result = await api.async_call_tool(
            llm.ToolInput(tool_name=tool, tool_args=arguments)
        )
        return await async_confirm(hass, language, [result])

    assert await said("list", action="add", item="oat milk") == added
    assert await said("control", action="on", name="Movie night") == scene
    assert await said("control", action="close", area="home") == all_covers


async def test_what_tells_something(hass: HomeAssistant, home: None) -> None:
    """An answer of its own, or an intent that is no mere action, is the model's."""
    async_expose_entity(hass, "conversation", "light.kitchen_ceiling", True)
    response = intent.IntentResponse("en")
    asked = [llm.ToolResult(data=llm.IntentResponseDict(response))]
    assert await async_confirm(hass, "en", asked) is None

    response = await intent.async_handle(
        hass, "test", "HassTurnOn", {"name": {"value": "Kitchen ceiling"}}
    )
    asked = [llm.ToolResult(data=llm.IntentResponseDict(response))]
    assert await async_confirm(hass, "en", asked) is not None
    response.async_set_speech("It was on already")
    assert await async_confirm(hass, "en", asked) is None
    assert await async_confirm(hass, "en", []) is None
    assert await async_confirm(hass, "en", [llm.ToolResult(data={"ok": True})]) is None


async def test_what_is_switched_like_a_light(hass: HomeAssistant) -> None:
    """A humidifier has no sentence of its own, but a word; a boiler has neither."""
    deed = Deed(
        intent="HassTurnOn",
        slots={"name": "Mister"},
        changed={"Mister": State("humidifier.mister", "on")},
        domain="humidifier",
        named=True,
    )

    async def said(deed: Deed) -> str | None:
        data = Data({})
        data.deeds = (deed,)
        return await async_confirm(hass, "en", [llm.ToolResult(data=data)])

    assert await said(deed) == "Turned on the humidifier: Mister"
    unknown = replace(deed, changed={"Boiler": State("boiler.a", "on")})
    assert await said(unknown) is None
    # Of a handler that tells nothing only the name is known.
    silent = replace(deed, changed={"Mister": None})
    assert await said(silent) is None
    assert await said(replace(deed, intent="HassLightSet")) is None
