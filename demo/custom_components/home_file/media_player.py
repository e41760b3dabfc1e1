"""Players of a home file."""

from typing import override

from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddEntitiesCallback
from homeassistant.helpers.typing import ConfigType, DiscoveryInfoType

from .entity import HomeFileEntity, async_add_described

FIRST_TRACK = 1


async def async_setup_platform(
    hass: HomeAssistant,
    config: ConfigType,
    async_add_entities: AddEntitiesCallback,
    discovery_info: DiscoveryInfoType | None = None,
) -> None:
    """Add the home's players."""
    async_add_described(hass, "media_player", HomeFilePlayer, async_add_entities)


class HomeFilePlayer(HomeFileEntity, MediaPlayerEntity):
    """A player without sound: state, volume and track follow the actions."""

    @override
    def restore(self) -> None:
        """Take on the state that the file gives."""
        self._attr_supported_features = MediaPlayerEntityFeature(
            self.given("supported_features", 0)
        )
        self._attr_state = MediaPlayerState(self.described.state)
        self._attr_volume_level = self.given("volume_level")
        self._attr_is_volume_muted = self.given("is_volume_muted", False)
        self._attr_media_track = FIRST_TRACK

    @override
    async def async_turn_on(self) -> None:
        """Switch on."""
        self._become(MediaPlayerState.ON)

    @override
    async def async_turn_off(self) -> None:
        """Switch off."""
        self._become(MediaPlayerState.OFF)

    @override
    async def async_media_play(self) -> None:
        """Play."""
        self._become(MediaPlayerState.PLAYING)

    @override
    async def async_media_pause(self) -> None:
        """Pause."""
        self._become(MediaPlayerState.PAUSED)

    @override
    async def async_media_stop(self) -> None:
        """Stop playing."""
        self._become(MediaPlayerState.IDLE)

    @override
    async def async_media_next_track(self) -> None:
        """Go on to the next track."""
        self._skip(1)

    @override
    async def async_media_previous_track(self) -> None:
        """Go back to the track before."""
        self._skip(-1)

    @override
    async def async_mute_volume(self, mute: bool) -> None:
        """Mute or unmute."""
        self._attr_is_volume_muted = mute
        self.async_write_ha_state()

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Play at another volume."""
        self._attr_volume_level = volume
        self.async_write_ha_state()

    def _become(self, state: MediaPlayerState) -> None:
        """Take on a state."""
        self._attr_state = state
        self.async_write_ha_state()

    def _skip(self, tracks: int) -> None:
        """Move among the tracks, never before the first one."""
        track = self._attr_media_track or FIRST_TRACK
        self._attr_media_track = max(FIRST_TRACK, track + tracks)
        self.async_write_ha_state()
