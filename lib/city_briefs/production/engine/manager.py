"""Kernels for a program that asks for no kind in particular."""

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

from city_briefs.production.engine.client import Client


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
