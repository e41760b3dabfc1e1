"""Speech to text that knows already what is going to be said."""

from collections.abc import AsyncIterable
from typing import override

from homeassistant.components import stt

SAMPLES = 16000
FORMAT = stt.SpeechMetadata(
    language="en",
    format=stt.AudioFormats.WAV,
    codec=stt.AudioCodecs.PCM,
    bit_rate=stt.AudioBitRates.BITRATE_16,
    sample_rate=stt.AudioSampleRates.SAMPLERATE_16000,
    channel=stt.AudioChannels.CHANNEL_MONO,
)


class Listener(stt.SpeechToTextEntity):
    """Hears nothing but when speech is over."""

    _attr_name = "Bench"

    def __init__(self) -> None:
        """Expect nothing yet."""
        self.entity_id = "stt.bench"
        self.text = ""

    @property
    @override
    def supported_languages(self) -> list[str]:
        """Return the language of the words."""
        return [FORMAT.language]

    @property
    @override
    def supported_formats(self) -> list[stt.AudioFormats]:
        """Return the format of the sound."""
        return [FORMAT.format]

    @property
    @override
    def supported_codecs(self) -> list[stt.AudioCodecs]:
        """Return the codec of the sound."""
        return [FORMAT.codec]

    @property
    @override
    def supported_bit_rates(self) -> list[stt.AudioBitRates]:
        """Return the bits of a sample."""
        return [FORMAT.bit_rate]

    @property
    @override
    def supported_sample_rates(self) -> list[stt.AudioSampleRates]:
        """Return the samples of a second."""
        return [FORMAT.sample_rate]

    @property
    @override
    def supported_channels(self) -> list[stt.AudioChannels]:
        """Return the number of channels."""
        return [FORMAT.channel]

    @override
    async def async_process_audio_stream(
        self, metadata: stt.SpeechMetadata, stream: AsyncIterable[bytes]
    ) -> stt.SpeechResult:
        """Listen to the end; the text is there at once then."""
        async for _ in stream:
            pass
        return stt.SpeechResult(self.text, stt.SpeechResultState.SUCCESS)
