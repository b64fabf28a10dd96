"""How Jupyter comes by a warm kernel: the kernel provisioner `warm`."""

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from city_briefs.production.engine import kernel_server, launcher
from city_briefs.production.engine.forked_kernel import ForkedKernel

ORDINARY = [sys.executable, "-m", "ipykernel_launcher"]  # how the kernelspec of ipykernel starts a kernel
SOON = 1  # seconds
STREAMS = ("stdout", "stderr")
OF_POPEN = {"stdin", "independent", "preexec_fn"}  # what a forked kernel cannot be given


class Provisioner(LocalProvisioner):
    """Asks a zygote for the kernel, and starts an ordinary one where there can be no zygote or the kernel is not ipykernel's."""

    parent: Any  # the kernel manager
    process: Any  # a `Popen`, or what a zygote has forked
    zygote: launcher.Zygote | None = None
    home: launcher.Zygote | None = None  # in whose folder the sockets lie: they stay there when the kernel is started again

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """What the launch needs; the sockets of a kernel lie in a folder that nobody else may enter."""
        self.zygote = launcher.current(kwargs.get("env") or os.environ) if self._forkable(kwargs) else None
        if self.zygote and not self.home:
            self.home = self.zygote
            place = self.home.folder / str(self.kernel_id)[:8]
            self.parent.transport, self.parent.ip = "ipc", str(place)
            self.parent.connection_file = self.parent.connection_file or f"{place}.json"
        return await super().pre_launch(**kwargs)

    def _forkable(self, kwargs: dict[str, Any]) -> bool:
        if not self.parent or self.kernel_spec.env or OF_POPEN & kwargs.keys():
            return False
        return self.parent.format_kernel_cmd()[:3] == ORDINARY

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """How to reach the kernel; a forked one listens by now."""
        folder = Path(kwargs.get("cwd") or "").absolute()
        if self.zygote:
            environment = kwargs["env"] | {"JPY_PARENT_PID": str(os.getpid())}
            streams = [kwargs[name].fileno() for name in STREAMS] if kwargs.keys() >= set(STREAMS) else []
            self.process = await self.zygote.kernel(cmd[3:], str(folder), environment, streams)
        if not self.process:
            self.log.warning("The kernel is an ordinary one, since none could be forked.")
            return await super().launch_kernel(cmd, **kwargs)
        self.pid, self.cwd = self.process.pid, folder
        if (
            self.parent.parent is not None
        ):  # the manager of the kernels of a server, as in JupyterLab: builds will be made beside it
            _start_server_of_builds()
        return self.connection_info

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Wait for the end that the kernel was asked for: its manager looks for it ten times a second only."""
        if isinstance(self.process, ForkedKernel):
            await self.process.end(SOON)


@cache
def _start_server_of_builds() -> None:
    kernel_server.start_beside()
