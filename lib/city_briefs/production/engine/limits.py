"""How much a cell may show: what is beyond that is left out, and a notice says so in its place."""

from collections import defaultdict
from typing import IO, Any

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger

from city_briefs.common.theme import MIME
from city_briefs.production.engine import shared_kernel
from city_briefs.production.packs.chapter_notebook import INJECTED

PRINTED = 200_000  # characters that a cell may print, a hundred pages
DISPLAY = "display_data"  # what `display` sends, and its output
STREAMS = "--IPKernelApp.outstream_class=city_briefs.production.engine.streams.Stream"  # an argument of a kernel that is shared
SHOWN = 32_000_000  # characters of the tables, pictures and blocks that it may show; the largest chapter has a tenth of that


class LimitedClient(PapermillNotebookClient):  # type: ignore[misc]
    """Papermill's client, which keeps no more of what a cell shows than it may show, however much comes."""

    def __init__(self, nb_man: Any, **options: Any) -> None:
        super().__init__(nb_man, **options)
        self._used: defaultdict[tuple[int, str], int] = defaultdict(int)  # characters, by cell and by where they are shown
        self._stopped = False  # whether its kernel was ended for the memory that it held

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> NotebookNode:
        """The cell with its outputs. One whose kernel was ended for its memory has stopped as one that asked for too much of it."""
        # By its start papermill would reckon how long a cell took, which nobody keeps.
        cell.metadata.get("papermill", {}).pop("start_time", None)
        try:
            return await super().async_execute_cell(cell, cell_index, **options)
        except DeadKernelError:
            process = getattr(getattr(self.km, "provisioner", None), "process", None)
            self._stopped = bool(getattr(process, "out_of_memory", False))
            if not self._stopped:
                raise
            cell.outputs.append(new_output("error", ename=MemoryError.__name__, evalue="", traceback=[]))
            raise CellExecutionError("", MemoryError.__name__, "") from None

    execute_cell = run_sync(async_execute_cell)

    def execute(self, **options: Any) -> NotebookNode:
        """The notebook with its outputs."""
        try:
            return super().execute(**options)
        except DeadKernelError:
            if not self._stopped:
                raise
            return self.nb  # a cell of it says so

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """The output that a message has added to those of a cell; None when it adds none."""
        kind, content = msg["msg_type"], msg["content"]
        if kind == "clear_output":
            self._used.clear()
        elif kind == "stream":
            room = self._room((cell_index, content["name"]), len(content["text"]), PRINTED)
            if room is None:
                return None
            if room < len(content["text"]):
                content["text"] = f"{content['text'][:room]}\n{self._notice(cell_index)}\n"
        elif kind in ("display_data", "execute_result"):
            size = sum(len(str(shown)) for shown in content["data"].values())
            room = self._room((cell_index, ""), size, SHOWN)
            if room is None:
                return None
            if room < size:
                content["data"] = {"text/plain": self._notice(cell_index)}
        return super().process_message(msg, cell, cell_index)

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """The output that a message has added to others. What is plainly one needs no look at the schema, and its blocks no copy."""
        waits = self.clear_before_next_output or self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if display_id or waits or not _is_plain(msg):
            return super().output(outs, msg, display_id, cell_index)
        shown = NotebookNode()
        for kind, value in msg["content"]["data"].items():
            dict.__setitem__(shown, kind, value)  # a node would make nodes of all that is in a block
        made = NotebookNode(output_type=DISPLAY, metadata=NotebookNode(), data=shown)
        outs.append(made)
        return made

    def _room(self, place: tuple[int, str], size: int, most: int) -> int | None:
        """How many of so many characters more may be shown there; None when it was said already that there is no room."""
        used = self._used[place]
        if used > most:
            return None
        self._used[place] += size
        return min(size, most - used)

    def _notice(self, index: int) -> str:
        written = [cell for cell in self.nb.cells[: index + 1] if INJECTED not in cell.metadata.get("tags", [])]
        return f"（第{len(written)}个单元格的输出过长，以下从略）"


def _is_plain(msg: dict[str, Any]) -> bool:
    """Whether a message shows texts and blocks alone, of which nothing more is said: what notebooks may hold."""
    content = msg["content"]
    if msg["header"]["msg_type"] != DISPLAY or content["metadata"] != {}:
        return False
    return all(isinstance(value, dict if kind == MIME else str) for kind, value in content["data"].items())


class Limited(NBClientEngine):  # type: ignore[misc]
    """Papermill's engine with that client."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        log: IO[bytes] | None = None,
        is_shared: bool = False,
        **options: Any,
    ) -> NotebookNode:
        """The notebook with its outputs. What reaches the standard streams of the kernel, past the cells, goes to `log`.

        A kernel that `is_shared` runs this one after others; else it has its own.
        """
        options.pop("input_path", None)
        if is_shared:
            options["extra_arguments"] = [*options.get("extra_arguments", ()), STREAMS]
        client = LimitedClient(
            nb_man, kernel_name=kernel_name, startup_timeout=start_timeout, timeout=execution_timeout, log=logger, **options
        )
        if is_shared:
            return shared_kernel.execute(client, log)
        return client.execute(**({"stdout": log, "stderr": log} if log else {}))
