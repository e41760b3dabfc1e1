"""The parts of an engine of our own that need no process."""

from dataclasses import replace
import os
from pathlib import Path
import signal
import stat

import pytest

from custom_components.hearth.engines.child import End
from custom_components.hearth.engines.command_line import (
    WORKER,
    command,
    environment,
    refused_option,
    slots_folder,
)
from custom_components.hearth.engines.launch import CacheType, Runtime
from custom_components.hearth.engines.log_tail import LogTail
from custom_components.hearth.engines.private_files import (
    KEY_FILE,
    private_folder,
    remove_key,
    write_key,
)
from custom_components.hearth.engines.processes import (
    Stat,
    all_processes,
    kill_session,
    memory_of_group,
    read_stat,
)
from custom_components.hearth.engines.start_failure import explain

from .managed_programs import make_plan

KEY = Path("/private/api_key")


def value_of(words: list[str], option: str) -> str:
    """Return the word after an option that is there once."""
    assert words.count(option) == 1
    return words[words.index(option) + 1]


def test_command_of_llama_server(tmp_path: Path) -> None:
    """What was planned is said in llama-server's words."""
    plan = make_plan(
        tmp_path, alias="-odd name", prompt_cache=(128 << 20) + 5, checkpoints=3
    )
    words = command(plan, 4711, KEY)
    assert words[0] == str(plan.program)
    assert value_of(words, "--model") == str(plan.model)
    assert value_of(words, "--alias") == "-odd name"
    assert value_of(words, "--host") == "127.0.0.1"
    assert value_of(words, "--port") == "4711"
    assert value_of(words, "--api-key-file") == str(KEY)
    assert value_of(words, "--ctx-size") == "4096"
    assert value_of(words, "--threads") == "1"
    assert value_of(words, "--parallel") == "1"
    assert value_of(words, "--cache-type-k") == "f16"
    assert value_of(words, "--cache-type-v") == "f16"
    assert value_of(words, "--flash-attn") == "auto"
    assert value_of(words, "--slot-save-path") == str(slots_folder(plan))
    assert value_of(words, "--cache-ram") == "128"
    assert value_of(words, "--ctx-checkpoints") == "3"
    assert {"--jinja", "--no-ui", "--offline"} < set(words)


def test_slots_have_a_whole_window_each(tmp_path: Path) -> None:
    """llama-server is told what all slots take together."""
    words = command(make_plan(tmp_path, slots=3), 1, KEY)
    assert value_of(words, "--parallel") == "3"
    assert value_of(words, "--ctx-size") == str(3 * 4096)


def test_what_can_be_tuned(tmp_path: Path) -> None:
    """Guessing is off unless it was planned; the worker knows neither."""
    words = command(make_plan(tmp_path), 1, KEY)
    assert value_of(words, "--batch-size") == "64"
    assert not [word for word in words if word.startswith("--spec")]
    plan = make_plan(tmp_path, batch=256, ngram=True)
    words = command(plan, 1, KEY)
    assert value_of(words, "--batch-size") == "256"
    assert value_of(words, "--spec-type").startswith("ngram")
    worker = command(replace(plan, runtime=Runtime.LLAMA_CPP_PYTHON), 1, KEY)
    assert not {"--batch-size", "--spec-type"} & set(worker)


def test_command_of_the_worker(tmp_path: Path) -> None:
    """The worker is a folder that a Python runs, and has packages of its own."""
    plan = make_plan(
        tmp_path,
        runtime=Runtime.LLAMA_CPP_PYTHON,
        program=Path("/usr/bin/python3"),
        cache_type=CacheType.Q8_0,
    )
    words = command(plan, 1, KEY)
    assert words[:3] == ["/usr/bin/python3", "-P", str(WORKER)]
    assert value_of(words, "--flash-attn") == "on"
    assert value_of(words, "--cache-type-v") == "q8_0"
    assert value_of(words, "--cache-ram") == "0"
    assert not {"--parallel", "--offline", "--no-ui", "--packages"} & set(words)
    packages = command(replace(plan, packages=tmp_path), 1, KEY)
    assert value_of(packages, "--packages") == str(tmp_path)


@pytest.mark.parametrize(
    ("cache_type", "line", "option"),
    [
        (CacheType.F16, "error: invalid argument: --offline", "--offline"),
        (CacheType.F16, "error: invalid argument: auto", "--flash-attn"),
        (CacheType.Q8_0, "error: invalid argument: on", "on"),
        (CacheType.F16, "p: error: unrecognized arguments: --jinja", "--jinja"),
        (CacheType.F16, "error: invalid argument: --spec-type", "--spec-type"),
        (CacheType.F16, "error: invalid argument: --api-key-file", None),
        (CacheType.F16, "error: invalid argument: 4096", None),
        (CacheType.F16, "all is well", None),
    ],
)
def test_refused_option(
    tmp_path: Path, cache_type: CacheType, line: str, option: str | None
) -> None:
    """Only what an engine can do without is left out, and then it is gone."""
    plan = make_plan(tmp_path, cache_type=cache_type, ngram=True)
    assert refused_option(plan, ["something", line, "more"]) == option
    if option is not None:
        assert option in command(plan, 1, KEY)
        assert option not in command(plan, 1, KEY, {option})


def test_flash_attention_of_an_older_build(tmp_path: Path) -> None:
    """Where it is a switch it is still there: a quantized cache needs it."""
    plan = make_plan(tmp_path, cache_type=CacheType.Q8_0)
    words = command(plan, 1, KEY, {"on"})
    assert words[words.index("--flash-attn") + 1].startswith("--")


def test_either_name_of_the_pages_switch(tmp_path: Path) -> None:
    """A build that refuses both is started without."""
    plan = make_plan(tmp_path)
    assert "--no-webui" in command(plan, 1, KEY, {"--no-ui"})
    assert "--no-ui" not in command(plan, 1, KEY, {"--no-ui"})
    neither = command(plan, 1, KEY, {"--no-ui", "--no-webui"})
    assert not {"--no-ui", "--no-webui"} & set(neither)


def test_environment() -> None:
    """Little is passed on, and nothing that would say how a model is run."""
    given = {
        "GGML_BACKEND_PATH": "/b",
        "HASSIO_TOKEN": "x",
        "LD_PRELOAD": "/x.so",
        "LLAMA_ARG_CTX_SIZE": "1",
        "OMP_NUM_THREADS": "2",
        "PATH": "/bin",
        "PYTHONPATH": "/x",
    }
    assert set(environment(given)) == {"GGML_BACKEND_PATH", "OMP_NUM_THREADS", "PATH"}


def test_log_in_pieces() -> None:
    """Lines are put together, cut, cleaned, and forgotten."""
    log = LogTail()
    for piece in (b"on", b"e\ntwo\n\nth", b"ree \xff\x1b[31m\x00", b"\n", b"y" * 9999):
        log.feed(piece)
    assert log.lines() == ("one", "two", "three \ufffd [31m")
    log.feed(b"y" * 999)
    log.finish()
    assert log.lines()[-1] == "y" * 500
    for number in range(300):
        log.feed(b"%d\n" % number)
    assert len(log.lines()) == 200
    assert log.lines()[0] == "100"


@pytest.mark.parametrize(
    ("code", "line", "said"),
    [
        (1, "0.00.1 E x: unknown model architecture: 'new'", "too old for the model"),
        (1, "tensor 'x' data is not within the file bounds", "cut short"),
        (1, "gguf_init: invalid magic characters: '?ELF'", "not a GGUF"),
        (1, "failed to open GGUF file '/x' (No such file)", "cannot be opened"),
        (-signal.SIGABRT, "what():  std::bad_alloc", "not enough memory"),
        (1, "ggml_aligned_malloc: failed to allocate 9 MB", "not enough memory"),
        (1, "start: couldn't bind HTTP server socket", "took its port"),
        (127, "x: error while loading shared libraries: liby.so", "A library"),
        (127, "Error relocating /x: strlcpy: symbol not found", "A library"),
        (1, "ModuleNotFoundError: No module named 'llama_cpp'", "A Python package"),
        (-signal.SIGILL, "anything", "newer processor"),
        (128 + signal.SIGILL, "Illegal instruction (core dumped)", "newer processor"),
        (-signal.SIGKILL, "failed to load model", "memory runs out"),
        (-signal.SIGSEGV, "", "crashed"),
        (-signal.SIGBUS, "", "model file may have been changed"),
        (1, "0.00.005 E srv: failed to load model, '/x'", "could not be loaded"),
        (None, "", "keeper was killed"),
        (3, "hello", "exit code 3 (hello)"),
        (0, "", "exit code 0"),
        (-signal.SIGTERM, "", "signal 15"),
        (1, "error: y\nbye", "exit code 1 (error: y)"),
    ],
)
def test_explain(code: int | None, line: str, said: str) -> None:
    """Every known end has a sentence, with the line that it was read from."""
    text = explain(End(code), [part for part in line.split("\n") if part])
    assert said in text
    assert len(explain(End(1), [f"error {'x' * 9999}"])) < 300
    assert not text.count("0.00.")


@pytest.mark.parametrize(
    "text", ["", "7", "7 (x)", "7 (x) S", "x (x) S 1 2 3", "7 (x) S 1 2 y", ")"]
)
def test_stat_that_is_none(text: str) -> None:
    """Whatever stands there, nothing breaks."""
    assert read_stat(text) is None


def test_stat() -> None:
    """A process may have any name."""
    assert read_stat("7 (a) R 1 (b) S 2 3 4 5\n") == Stat(
        pid=7, state="S", parent=2, group=3, session=4
    )


def test_processes_of_this_machine(tmp_path: Path) -> None:
    """The running process is found; a system without /proc has none."""
    (me,) = [p for p in all_processes() if p.pid == os.getpid()]
    assert me.parent == os.getppid()
    assert me.group == os.getpgrp()
    assert list(all_processes(tmp_path / "none")) == []
    assert kill_session(me.session, tmp_path / "none") == 0
    assert memory_of_group(me.group, tmp_path / "none") is None
    memory = memory_of_group(me.group)
    assert memory is not None
    assert 10 << 20 < memory < 100 << 30


def test_memory_that_is_not_told(tmp_path: Path) -> None:
    """What cannot be read is not known, and not nothing."""
    for pid, rollup in ((5, None), (6, "Rss: 1 kB\n"), (7, "Pss: x kB\n")):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "stat").write_text(f"{pid} (x) S 1 5 5 0")
        if rollup is not None:
            (tmp_path / str(pid) / "smaps_rollup").write_text(rollup)
    (tmp_path / "8").mkdir()
    assert memory_of_group(5, tmp_path) is None
    (tmp_path / "6" / "smaps_rollup").write_text("Rss: 9 kB\nPss:   12 kB\n")
    assert memory_of_group(5, tmp_path) == 12 << 10


def test_key(tmp_path: Path) -> None:
    """Every key is new, and only for us, whatever was there."""
    folder = tmp_path / "a" / "b"
    private_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = os.umask(0)
    try:
        path, key = write_key(folder)
    finally:
        os.umask(before)
    assert path == folder / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == f"{key}\n"
    outside = tmp_path / "outside"
    outside.write_text("mine")
    path.unlink()
    path.symlink_to(outside)
    assert write_key(folder)[1] != key
    assert outside.read_text() == "mine"
    assert not path.is_symlink()
    remove_key(folder)
    remove_key(folder)
    assert not path.exists()


def test_folder_of_somebody_else(tmp_path: Path) -> None:
    """A file or a link where the folder should be is refused."""
    (tmp_path / "file").write_text("")
    with pytest.raises(FileExistsError):
        private_folder(tmp_path / "file")
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(PermissionError):
        private_folder(tmp_path / "link")
