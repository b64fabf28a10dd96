"""Kernels for a program that asks for no kind in particular, and how their client knows that they are ready."""

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session, json_unpacker
from traitlets import Type, default


class Channel(AsyncZMQSocketChannel):
    """A channel that takes a message as it comes. Jupyter's own asks first whether there is one, also where it would wait for ever."""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]  # as in that of Jupyter's
        """Return the next message.

        Raises:
            Empty: none has come in so many seconds.
        """
        return await (self._recv() if timeout is None else super().get_msg(timeout))


class Client(AsyncKernelClient):
    """A client that begins when the kernel has answered on both channels. Jupyter's own then sits out a fifth of a second."""

    iopub_channel_class = Type(Channel)

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


class UndatedManager(Manager):
    """The same for a program that does not ask when something was said: no date of a message is parsed."""

    @default("session")
    def _undated(self) -> Session:
        session = Session(parent=self)
        session.unpack = _without_date
        return session


def _without_date(part: bytes) -> Any:
    """Return what a part of a message says, of a header without its date: jupyter_client puts in when it was read, for what may ask."""
    content = json_unpacker(part)
    if "msg_type" in content:  # in headers alone
        content.pop("date", None)
    return content
