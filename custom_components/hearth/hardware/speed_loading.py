"""How long a model takes until it is loaded, by arithmetic alone."""

from .speed import NOT_CALIBRATED, Calibration, Figure, factor, figure
from .storage import StorageKind

# Bytes a second at which a Raspberry Pi 5 takes in a model whose file is in memory
# already, rearranging included: 2.02 GB in 2 s are reported for llama.cpp.
_TAKING_IN = 1e9
# Bytes a second that are read from what a model lies on, where that is a rule: on
# a Raspberry Pi 5, a microSD card (104 MB/s on the bus, SDR104), USB 3.0 and one
# lane of PCIe 2.0 (500 MB/s each on the wire), each less what protocols take.
# Bigger machines are faster; eMMC and hard disks, networks and virtual disks
# differ too much for a rule.
_READING = {
    StorageKind.MEMORY: _TAKING_IN,
    StorageKind.NVME: 450e6,
    StorageKind.SD_CARD: 90e6,
    StorageKind.SSD: 450e6,
    StorageKind.USB_SSD: 400e6,
}


def estimate_load(
    weights: int,
    storage: StorageKind | None,
    start: float = 0.0,
    calibration: Calibration = NOT_CALIBRATED,
) -> Figure | None:
    """Return the seconds until a model is loaded, None where nobody knows.

    Args:
        weights: Bytes of the model's file.
        storage: What it lies on; MEMORY for a file that was read before and that
            the system still has in memory.
        start: Seconds that the engine takes with any model.
        calibration: What measurements on this machine say; they are of its storage.
    """
    rate = _READING.get(storage) if storage else None
    found = figure(rate or _TAKING_IN, calibration.loading, known=rate is not None)
    if found is None:
        return None
    return Figure(value=start + weights / found.value, basis=found.basis)


def load_factor(
    before: float | None,
    weights: int,
    seconds: float,
    storage: StorageKind | None,
    start: float = 0.0,
) -> float | None:
    """Return a calibration's factor for loading after a model was loaded."""
    rate = (_READING.get(storage) if storage else None) or _TAKING_IN
    if seconds <= start:
        return before
    return factor(before, weights / (seconds - start), rate)
