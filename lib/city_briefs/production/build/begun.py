"""What is begun of a build before it is known what is due: its folder for temporary files, its environment, and its first processes."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from city_briefs.common import atomic_files, paths
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen
from city_briefs.production.engine import environment
from city_briefs.production.packs.plan import SnapshotRef


@dataclass(frozen=True)
class Begun:
    """A folder for temporary files, and the environment of the processes of a build, the first of which import already; or not yet."""

    temporary: Path
    variables: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def begin(source: SnapshotRef) -> Iterator[Begun]:
    """Begin a build of a snapshot of which it is not known yet what is due, so that its processes import meanwhile.

    It is for whoever knows that chapters will run. The program is sealed from now on.

    Raises:
        PackError: there is no room for what the processes begin with.
    """
    from city_briefs.production.engine import launcher

    with _temporary() as temporary:
        try:
            yield start(temporary, source, kernels=True)
        except BaseException:
            launcher.drop()  # it may be importing still, and would be waited for
            raise


@contextmanager
def or_new(begun: Begun | None) -> Iterator[Begun]:
    """What was begun; else a folder alone."""
    if begun:
        yield begun
        return
    with _temporary() as temporary:
        yield Begun(temporary)


def start(temporary: Path, source: SnapshotRef, *, kernels: bool) -> Begun:
    """Have the parent of the workers import what they need, and that of `kernels` too, while the build finds out what is due."""
    from city_briefs.production.build.worker_pool import PARENT  # a build that has nothing to do need not wait for it
    from city_briefs.production.engine import launcher

    try:
        variables = environment.of_build(temporary, source.variables)
        launcher.of_build(variables, PARENT, kernels=kernels)
    except OSError as error:
        raise _no_place(error) from None
    return Begun(temporary, variables)


def start_server() -> bool:
    """Start the kernel server for builds of this project, unless it is there, and return whether there is one.

    Raises:
        PackError: there is no room for what it begins with.
    """
    from city_briefs.production.build.worker_pool import PARENT  # as above
    from city_briefs.production.engine import kernel_server

    with _temporary() as temporary:
        return kernel_server.start(environment.of_build(temporary, {paths.ROOT_VARIABLE: str(paths.root())}), PARENT)


@contextmanager
def _temporary() -> Iterator[Path]:
    """A folder for the temporary files of all processes of a build: it goes with the build, however one of them may have ended."""
    try:
        folder = atomic_files.begun(Path(tempfile.gettempdir()), "briefs-build")
    except OSError as error:
        raise _no_place(error) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _no_place(error: OSError) -> PackError:
    """What is said when temporary files cannot be written."""
    place = tempfile.gettempdir()
    return PackError(
        chosen(
            f"No pack was made: {place} cannot be written to: {error.strerror}. Make room there, or name another folder by TMPDIR.",
            f"没有编制：{place}无法写入（{error.strerror}）。请腾出空间，或用TMPDIR另指文件夹。",
        )
    )
