"""Makes `warm` the default engine of every process that imports papermill: an entry point, loaded as papermill's registry is filled."""

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from papermill import engines

from city_briefs.production.engine import launcher
from city_briefs.production.engine.engines import Warm


async def refuse(*_: object, **__: object) -> None:
    """Stop a test whose kernel would be an ordinary one: it would say nothing about warm ones."""
    raise RuntimeError("The kernel would have been an ordinary one.")


engines.NBClientEngine = Warm
for name in (None, "nbclient"):
    engines.papermill_engines.register(name, Warm)
LocalProvisioner.launch_kernel = refuse
launcher.OF_A_KERNEL.add("PYTEST_CURRENT_TEST")  # or every test would make a zygote of its own
