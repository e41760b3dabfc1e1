"""Keeps one program: starts it, and sees to it that nothing of it is left.

This is a script of its own, started as ``python -I -S keeper.py``, between Home
Assistant and an engine::

    keeper.py GRACE ORPHAN_GRACE PROGRAM ARGUMENT...

It exists because Home Assistant has threads, and a process with threads cannot
safely run anything between fork and exec; and because somebody must outlive it
when it is killed. GRACE is the time in seconds between SIGTERM and SIGKILL when
it is asked to stop by SIGTERM, ORPHAN_GRACE when its parent is gone.

Standard input is a pipe whose other end only the parent has: its end is the end
of the parent. On standard output the parent reads ``started PID`` or ``refused
ERRNO``, and at the end, when every process is gone, ``exited CODE`` or ``killed
SIGNAL``. Standard error is for the program's own output.
"""

from contextlib import suppress
import os
import resource
import select
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

# Of 1000. The kernel takes the process with the highest sum of this and the
# thousandths of the memory that it uses: an engine goes before anything else.
OOM_SCORE = 800

# A third of the processor time of a process with nice 0 that competes for the
# same core (sched(7): the weights are 335 and 1024). Home Assistant answers at
# once while the engine computes, and an idle machine is the engine's alone.
NICE = 5

# llama-server ends its present answer first, unless it is asked twice.
ASK_AGAIN_SECONDS = 2.0

# For what the program leaves behind when it ends on its own.
LEFTOVERS_GRACE = 1.0

# A process that does not even die of SIGKILL sleeps inside the kernel, on a disk
# that does not answer. It dies when it wakes up.
KILL_SECONDS = 5.0
KILL_AGAIN_SECONDS = 0.05

STOPPING = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})


def prctl(option: int, value: int) -> None:
    """Set a property of this process, on systems that know it."""
    try:
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
    except AttributeError, ImportError, OSError:
        return


def write_file(path: str, text: str) -> None:
    """Write a setting of the kernel; one that is not there is left alone."""
    try:
        with open(path, "w", encoding="ascii") as file:  # noqa: PTH123
            file.write(text)
    except OSError:
        return


def oom_score(now: str) -> int | None:
    """Return the score to set, None where the present one is as good."""
    try:
        return OOM_SCORE if int(now) < OOM_SCORE else None
    except ValueError:
        return None


def stand_back() -> None:
    """Let this process, not Home Assistant, wait for the processor and be killed."""
    try:
        with open("/proc/self/oom_score_adj", encoding="ascii") as file:  # noqa: PTH123
            now = file.read(16)
    except OSError:
        now = ""
    if (score := oom_score(now)) is not None:
        write_file("/proc/self/oom_score_adj", str(score))
    # Where the kernel groups processes by session, nice counts only within one;
    # the group's own value is what competes with Home Assistant.
    write_file("/proc/self/autogroup", str(NICE))
    try:
        os.nice(NICE)
        # A dump of gigabytes would fill the SD card.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except OSError, ValueError:
        return


def become(command: list[str], log: int, keeper: int) -> None:
    """Become the program, in the process just forked; raises OSError."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != keeper:
        # The keeper died before the line above: its death is never told.
        os._exit(1)
    os.setpgid(0, 0)
    for number in (*STOPPING, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    stand_back()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    # All other descriptors close by themselves: Python makes them so.
    os.execv(command[0], command)  # noqa: S606


def start(command: list[str], log: int) -> int:
    """Start the program; return its process, which leads a group of its own.

    Raises OSError where it cannot be executed.
    """
    keeper = os.getpid()
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        code = 0
        try:
            become(command, log, keeper)
        except OSError as err:
            code = err.errno or 1
        finally:
            os.write(tell, str(code or 1).encode())
            os._exit(1)
    os.close(tell)
    with open(told, "rb") as pipe:  # noqa: PTH123
        refused = pipe.read()
    if refused:
        os.waitpid(child, 0)
        raise OSError(int(refused), os.strerror(int(refused)))
    return child


def parent_in(stat: str) -> int:
    """Return the parent's number from a process's ``stat``, 0 where there is none.

    The name before it stands in parentheses and may contain any character.
    """
    fields = stat.rpartition(")")[2].split()
    return int(fields[1]) if len(fields) > 1 and fields[1].isdigit() else 0


def own_children() -> list[int]:
    """Return the processes whose parent is this one, where the system tells."""
    found = []
    try:
        names = os.listdir("/proc")  # noqa: PTH208
    except OSError:
        return []
    for name in names:
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", errors="replace") as file:  # noqa: PTH123
                if parent_in(file.read()) == os.getpid():
                    found.append(int(name))
        except OSError:
            continue
    return found


def send(child: int, *signals: int) -> None:
    """Send signals to the program's group, and to whoever left that but is ours."""
    for number in signals:
        with suppress(OSError):
            os.killpg(child, number)
        for process in own_children():
            with suppress(OSError):
                # Twice SIGTERM means "at once" to llama-server.
                if os.getpgid(process) != child:
                    os.kill(process, number)


def told_end(code: int | None) -> str:
    """Return the line that tells the parent how the program ended."""
    if code is None:
        return "lost"
    return f"killed {-code}" if code < 0 else f"exited {code}"


class Keeper:
    """Watches over the program until nothing of it is left."""

    def __init__(self, child: int, grace: float, orphan_grace: float) -> None:
        """Remember who the parent is and how patient to be, in seconds."""
        self._child = child
        self._grace = grace
        self._orphan_grace = orphan_grace
        self._parent = os.getppid()
        self._code: int | None = None
        self._ended = False
        self._until: float | None = None
        self._again: float | None = None

    def watch(self, parent: int, wake: int) -> int | None:
        """Return the program's exit code, a signal's negated number, or None.

        Args:
            parent: The pipe that ends with the parent.
            wake: The pipe that Python writes every signal's number to.
        """
        poll = select.poll()
        poll.register(parent, select.POLLIN)
        poll.register(wake, select.POLLIN)
        while self._reap():
            now = time.monotonic()
            if self._again is not None and now > self._again:
                self._again = None
                send(self._child, signal.SIGTERM)
            if self._until is not None and now > self._until:
                send(self._child, signal.SIGKILL)
                if now > self._until + KILL_SECONDS:
                    break
            for descriptor, _ in poll.poll(self._pause(now)):
                heard = os.read(descriptor, 4096)
                if descriptor == wake:
                    self._on_signals(heard)
                elif not heard:
                    poll.unregister(parent)
                    self._stop(self._orphan_grace)
        return self._code

    def _pause(self, now: float) -> float | None:
        """Return how long to wait for news, in milliseconds."""
        if self._until is None:
            return None
        until = self._until if self._again is None else min(self._until, self._again)
        return max(until - now, KILL_AGAIN_SECONDS) * 1000

    def _on_signals(self, numbers: bytes) -> None:
        """Stop the program when a signal says so."""
        if not STOPPING.isdisjoint(numbers):
            gone = os.getppid() != self._parent
            self._stop(self._orphan_grace if gone else self._grace)

    def _stop(self, grace: float) -> None:
        """Ask all to end, and give them some time; never more than before."""
        until = time.monotonic() + grace
        if self._until is None:
            # One that is stopped hears SIGTERM only when it goes on.
            send(self._child, signal.SIGTERM, signal.SIGCONT)
            self._until = until
            self._again = time.monotonic() + ASK_AGAIN_SECONDS
        self._until = min(self._until, until)

    def _reap(self) -> bool:
        """Take in who has ended; return whether anybody is left."""
        try:
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if ended[0] == self._child:
                    self._code = os.waitstatus_to_exitcode(ended[1])
                    self._ended = True
        except ChildProcessError:
            return False
        if self._ended and self._until is None:
            self._stop(LEFTOVERS_GRACE)
        return True


def tell(line: str) -> None:
    """Tell the parent something, if it still listens."""
    try:
        os.write(1, f"{line}\n".encode())
    except OSError:
        return


def main(arguments: list[str]) -> int:
    """Keep the program that the arguments name; return the exit code."""
    grace, orphan_grace, *command = arguments
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    wake, woken = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    for number in (*STOPPING, signal.SIGCHLD):
        signal.signal(number, lambda _number, _frame: None)
    try:
        child = start(command, 2)
    except OSError as err:
        tell(f"refused {err.errno}")
        return 1
    tell(f"started {child}")
    keeper = Keeper(child, float(grace), float(orphan_grace))
    tell(told_end(keeper.watch(0, wake)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
