"""Kernels for a program that asks for no kind in particular, and how their client knows that they are ready."""

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type


class Client(AsyncKernelClient):
    """A client that begins when the kernel has answered on both channels. Jupyter's own then sits out a fifth of a second."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel has replied and its messages to all arrive here; a RuntimeError when it dies or takes longer."""
        until = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < until:
            asked = self.kernel_info()
            try:
                reply = await self.get_shell_msg(timeout=1)
                while not _idle(await self.get_iopub_msg(timeout=0.2), asked):
                    pass
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
            else:
                self._handle_kernel_info_reply(reply)
                return
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")


def _idle(message: dict[str, Any], asked: str) -> bool:
    """Whether this is the last message about what was asked."""
    return message["parent_header"].get("msg_id") == asked and message["content"].get("execution_state") == "idle"


class Manager(AsyncKernelManager):
    """Starts whatever kernelspec it is asked for through the provisioner `warm`."""

    client_factory = Type(Client, klass=AsyncKernelClient)

    @property
    def kernel_spec(self) -> KernelSpec | None:
        """The kernelspec, with the provisioner unless it names one of its own."""
        spec = super().kernel_spec
        if spec:
            spec.metadata.setdefault("kernel_provisioner", {"provisioner_name": "warm"})
        return spec
