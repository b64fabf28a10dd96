"""The state of an office in numbers, for the textfile collector of node_exporter."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from city_briefs.app.machine_state import last_run
from city_briefs.app.status import STATES, PackMatter
from city_briefs.common import files, paths
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.disk_space import room
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen


def write(file: Path, matters: Sequence[PackMatter], out: Path) -> None:
    """Write how many matters there are of each state and pack, the room on the disk of `out`, and when a build last ended there.

    Raises:
        UsageError: the file cannot be written.
    """
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    waiting = Gauge("briefs_matters", "Packs that need attention, by state.", ["state"], registry=registry)
    counts = Counter(matter.state for matter in matters)
    for state in STATES:
        waiting.labels(state).set(counts[state])
    disk = room(out)
    Gauge("briefs_disk_free_bytes", "Free room on the disk of the outputs.", registry=registry).set(disk.free * (1 << 30))
    Gauge("briefs_disk_short", "1 when less is free than briefs.toml asks for.", registry=registry).set(disk.is_short)
    if run := last_run(out):
        Gauge("briefs_last_build_timestamp_seconds", "When a build last ended.", registry=registry).set(run.ended.timestamp())
        Gauge("briefs_last_build_failed", "Packs that it could not make.", registry=registry).set(run.failed)
    try:
        write_whole(file, generate_latest(registry).decode())
    except OSError as error:
        raise UsageError(
            chosen(
                f"{paths.shown(file)} cannot be written: {files.reason(error)}. Name another file with --metrics.",
                f"{paths.shown(file)}无法写入（{files.reason_zh(error)}），请用--metrics另指文件。",
            )
        ) from None
