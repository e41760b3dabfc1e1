"""Assist's tools, without Assist's own list of the home."""

from collections.abc import Iterator
from types import SimpleNamespace
from unittest.mock import patch

from homeassistant.components import llm as llm_platforms
from homeassistant.components.homeassistant import llm as home_platform
from homeassistant.components.light import llm as light_platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm
import pytest

from custom_components.hearth.agent import assist
from custom_components.hearth.agent.assist import (
    async_assist_tools,
    available,
    intent_name,
)


@pytest.fixture(autouse=True)
async def _home(home: None) -> None:
    """Have the reference home."""


@pytest.fixture
def listed() -> Iterator[list[str]]:
    """Note for which API the whole home is listed."""
    asked: list[str] = []
    lists = home_platform.async_get_tools

    def note(
        hass: HomeAssistant, llm_context: llm.LLMContext, api_id: str
    ) -> llm_platforms.LLMTools | None:
        asked.append(api_id)
        return lists(hass, llm_context, api_id)

    with patch.object(home_platform, "async_get_tools", note):
        yield asked


async def test_all_but_the_list(
    hass: HomeAssistant, llm_context: llm.LLMContext, listed: list[str]
) -> None:
    """Every tool of Assist is there but the one whose part lists the home."""
    ours = await async_assist_tools(hass, llm_context)
    assert listed == []
    whole = await llm.async_get_api(hass, "assist", llm_context)
    assert listed == ["assist"]
    assert available(whole) - available(ours) == {"GetLiveContext"}
    assert [tool.name for tool in ours.tools] == [
        tool.name for tool in whole.tools if intent_name(tool.name) != "GetLiveContext"
    ]
    assert ours.api is whole.api
    assert ours.custom_serializer is whole.custom_serializer
    assert whole.api_prompt
    assert ours.api_prompt == ""


async def test_a_part_that_fails(
    hass: HomeAssistant,
    llm_context: llm.LLMContext,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One integration's tools that cannot be had cost nobody else theirs."""
    before = available(await async_assist_tools(hass, llm_context))
    with patch.object(light_platform, "async_get_tools", side_effect=RuntimeError):
        after = available(await async_assist_tools(hass, llm_context))
    assert before - after == {"HassLightSet"}
    assert "The tools of light for Assist could not be had" in caplog.text


async def test_another_home_assistant(
    hass: HomeAssistant, llm_context: llm.LLMContext, listed: list[str]
) -> None:
    """Where Assist is put together in another way, it is asked as a whole."""
    with patch.object(assist, "llm_platforms", SimpleNamespace()):
        assert "GetLiveContext" in available(
            await async_assist_tools(hass, llm_context)
        )
    assert listed == ["assist"]
