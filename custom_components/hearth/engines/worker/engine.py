"""The thread that computes: it loads the model, and then does one thing at a time.

llama.cpp's functions give Python's lock back while they compute, so the server
answers meanwhile. All of them are called in the same thread, whose helpers OpenMP
keeps from one call to the next.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from time import perf_counter

from .context import Aborted, Context
from .errors import ApiError, failed
from .generation import Ended, Machine, Order, generate
from .library import LOGGER, LibraryError, load_library
from .model import Model
from .options import Options
from .reading import Reading
from .weight import Weight

type Event = str | Weight | Ended | ApiError


@dataclass(slots=True)
class Totals:
    """What was done since the start; seconds and tokens."""

    read: int = 0
    cached: int = 0
    read_seconds: float = 0.0
    generated: int = 0
    generation_seconds: float = 0.0


class Job:
    """An answer that is wanted, until nobody wants it any more."""

    def __init__(self, order: Order) -> None:
        """Note what is wanted; made in the event loop that listens."""
        self.order = order
        self.cancelled = False
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()

    def tell(self, event: Event) -> None:
        """Pass on an event, from the thread."""
        # The loop is closed when the server has stopped.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.events.put_nowait, event)


class Engine:
    """The model and the thread it lives in."""

    def __init__(self, options: Options) -> None:
        """Prepare to load."""
        self._options = options
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._lock = Lock()
        self._current: Job | None = None
        self._closing = False
        self._machine: Machine | None = None
        # A load that hangs in the middle of a file must not keep the process.
        self._thread = Thread(target=self._run, name="engine", daemon=True)
        self._loaded: Callable[[LibraryError | None], None] = lambda _: None
        self.waiting = 0
        self.totals = Totals()

    @property
    def machine(self) -> Machine:
        """Return what was loaded; only to be asked once it was."""
        assert self._machine is not None
        return self._machine

    @property
    def busy(self) -> bool:
        """Return whether an answer is being generated."""
        return self._current is not None

    @property
    def read(self) -> int:
        """Return how many tokens are in the context."""
        return len(self.machine.reading.tokens)

    def start(self) -> asyncio.Future[None]:
        """Begin to load; the future is done when that is."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()

        def finish(err: LibraryError | None) -> None:
            if not future.cancelled():
                future.set_result(None) if err is None else future.set_exception(err)

        def loaded(err: LibraryError | None) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(finish, err)

        self._loaded = loaded
        self._thread.start()
        return future

    def submit(self, order: Order) -> Job:
        """Have an answer generated after those that others wait for."""
        job = Job(order)
        self.waiting += 1
        self._tasks.put(lambda: self._generate(job))
        return job

    def cancel(self, job: Job) -> None:
        """Stop an answer; where it is done already, nothing happens."""
        with self._lock:
            job.cancelled = True
            if self._current is job:
                self.machine.context.switch.set(True)

    async def do[T](self, what: Callable[[Reading], T]) -> T:
        """Do something with what was read, when its turn comes."""
        future: Future[T] = Future()

        def task() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(what(self.machine.reading))
                except Exception as err:  # noqa: BLE001 - who asked hears of it
                    future.set_exception(err)

        self._tasks.put(task)
        return await asyncio.wrap_future(future)

    def close(self, patience: float) -> bool:
        """Stop whatever goes on; return whether the thread ended within seconds."""
        with self._lock:
            self._closing = True
            if self._machine is not None:
                self._machine.context.switch.set(True)
        self._tasks.put(None)
        if self._thread.is_alive():
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        """Load, and do what is to be done until the end."""
        try:
            self._load()
        except LibraryError as err:
            self._loaded(err)
            return
        self._loaded(None)
        while not self._closing and (task := self._tasks.get()) is not None:
            task()

    def _load(self) -> None:
        """Load the library and the model."""
        start = perf_counter()
        library = load_library(self._options.packages)
        model = Model(library, self._options.model, lambda: not self._closing)
        context = Context(library, model, self._options)
        reading = Reading(context, model.facts, self._options)
        self._machine = Machine(
            library=library, model=model, context=context, reading=reading
        )
        LOGGER.info(
            "model loaded in %.1f s, %d tokens of context",
            perf_counter() - start,
            context.size,
        )

    def _generate(self, job: Job) -> None:
        """Generate an answer, unless nobody wants it any more."""
        machine = self.machine
        with self._lock:
            self.waiting -= 1
            if job.cancelled or self._closing:
                return
            machine.context.switch.set(False)
            self._current = job
        try:
            event: Event = generate(
                machine, job.order, job.tell, lambda: not job.cancelled
            )
        except Aborted:
            return
        except LibraryError as err:
            LOGGER.error("%s", err)
            event = failed(str(err))
        except Exception:  # noqa: BLE001 - the thread must live on
            LOGGER.exception("The engine failed")
            machine.reading.erase()
            event = failed("The engine failed")
        finally:
            with self._lock:
                self._current = None
        if isinstance(event, Ended):
            self._count(event)
        job.tell(event)

    def _count(self, ended: Ended) -> None:
        """Add an answer to what was done."""
        timings, totals = ended.timings, self.totals
        totals.cached += timings.cached
        totals.read += timings.read
        totals.read_seconds += timings.read_seconds
        totals.generated += timings.generated
        totals.generation_seconds += timings.generation_seconds
