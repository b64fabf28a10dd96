"""The command `briefs`, also as `python -P -m city_briefs`: it imports nothing from where it is started."""

import gc
import os

from city_briefs.common import imports

COLLECTED = 50_000  # objects, after which the collector looks for rings: what is imported has none, and is most of them


def main() -> None:
    """Run the command."""
    gc.set_threshold(COLLECTED)
    imports.clean_path()
    os.environ.update(imports.PYDANTIC)
    from city_briefs.app import cli  # only now, and so from the installation

    cli.main()


if __name__ == "__main__":
    main()
