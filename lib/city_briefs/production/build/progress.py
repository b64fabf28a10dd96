"""What a person sees of a build: a bar with the cities being made, a line for each that failed."""

from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from city_briefs.common.characters import visible
from city_briefs.production.build.outcome import PackOutcome
from city_briefs.production.packs.plan import PackRequest


class BuildProgress:
    """The bar on a terminal; one line per pack when stderr is a file or a pipe."""

    def __init__(self, requests: Sequence[PackRequest], jobs: int) -> None:
        self.waiting = {request.id: request.name for request in requests}
        self.jobs, self.total = jobs, len(requests)
        self.console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        columns = (BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
        self.progress = Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        self.bar = self.progress.add_task(self._making(), total=self.total)

    def __enter__(self) -> "BuildProgress":
        self.progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.progress.stop()

    def show(self, outcome: PackOutcome) -> None:
        """Move on by one pack."""
        del self.waiting[outcome.request.id]
        self.progress.update(self.bar, advance=1, description=self._making())
        if outcome.error:
            self.console.print(visible(outcome.error))
        elif not self.console.is_terminal and outcome.status == "built":
            done = self.total - len(self.waiting)
            self.console.print(
                visible(f"[{done}/{self.total}] {outcome.request.name} {outcome.request.pack.id}: {outcome.seconds:.1f} s")
            )

    def _making(self) -> str:
        """The packs in hand: those that wait longest, since packs are started in order."""
        return visible("、".join(list(self.waiting.values())[: self.jobs]))
