"""Whether this process runs in a container, and of what kind."""

from enum import StrEnum
from pathlib import Path

from .kernel_files import name_of, text_of


class ContainerKind(StrEnum):
    """What a process runs in."""

    DOCKER = "docker"
    KUBERNETES = "kubernetes"
    LXC = "lxc"
    NONE = "none"
    OTHER = "other"
    PODMAN = "podman"
    SYSTEMD_NSPAWN = "systemd_nspawn"


# Parts of the names of control groups.
_GROUPS = {
    "kubepods": ContainerKind.KUBERNETES,
    "libpod": ContainerKind.PODMAN,
    "docker": ContainerKind.DOCKER,
    "lxc": ContainerKind.LXC,
}
# What systemd calls them (systemd-detect-virt).
_NAMES = {
    "docker": ContainerKind.DOCKER,
    "lxc": ContainerKind.LXC,
    "lxc-libvirt": ContainerKind.LXC,
    "podman": ContainerKind.PODMAN,
    "systemd-nspawn": ContainerKind.SYSTEMD_NSPAWN,
}


def read_container(root: Path) -> ContainerKind | None:
    """Return the kind of container, None where nothing tells; never raises.

    Docker leaves ``/.dockerenv``, Podman ``/run/.containerenv``; where there is a
    systemd it writes ``/run/systemd/container``. A group's name tells only where
    the container has no control groups of its own.
    """
    if name := name_of(root / "run/systemd/container"):
        return _NAMES.get(name, ContainerKind.OTHER)
    if (root / "run/.containerenv").exists():
        return ContainerKind.PODMAN
    groups = text_of(root / "proc/1/cgroup")
    for part, kind in _GROUPS.items():
        if part in groups:
            return kind
    if (root / ".dockerenv").exists():
        return ContainerKind.DOCKER
    return ContainerKind.NONE if groups else None
