"""How much is tried with bad intent, and what befalls a build, by class: `python -m tests.helpers.tries` writes it into SECURITY.md.

A try is one input at one of its entries, or one fault at a moment of its own. Those of the corpus are counted once, however many
documents and pages they are looked for in.
"""

import os
import re
import subprocess
import sys

from tests.helpers import ROOT
from tests.hostile.corpus import BY_KIND

PAGE = ROOT / "SECURITY.md"
ROUNDS = 20  # of each fault, as in `make faults`
BEGIN, END = "<!-- made by python -m tests.helpers.tries -->\n", "<!-- to here -->\n"
OF_CORPUS = {"test_corpus.py", "test_files.py", "test_names.py", "test_outputs.py", "test_packs.py"}
DRAWN = {"test_drawn_manifests.py": 2000}  # each a test that draws so many
HOSTILE, FAULTS = "Hostile inputs", "Injected faults"
CLASSES = {  # the modules of `tests/hostile` and `tests/faults`
    "test_carried.py": "every unseen character through a notebook into each kind of document",
    "test_characters.py": "separators, controls, changes of direction and halves of characters, at each entry",
    "test_drawn_manifests.py": "manifests that are drawn, half of them signed",
    "test_forged_packs.py": "packs and editions in another place, out of their row, or with an odd manifest",
    "test_odd_files.py": "pipes, sockets, devices, folders, loops and locked folders where a file is expected",
    "test_bounds.py": "patterns, replies and documents without end",
    "test_links.py": "links that are planted in outputs, register, journal and deliveries, before and meanwhile",
    "test_strange_files.py": "odd files, names and labels in the place of settings, sources, chapters and remarks",
    "test_surroundings.py": "modules, settings and start-up files around a build, and machines that lack much",
    "test_terminal.py": "words of chapters, files, servers and the prompt on a terminal",
    "test_cut.py": "manifests, documents and journals that are cut or turn in a bit",
    "test_disk.py": "disks that fill up or may not be written to",
    "test_full_disk.py": "commands of a year whose disk fills up",
    "test_killed_commands.py": "commands of a year that are killed",
    "test_kills.py": "kernels, workers, their servers and builds that are killed",
    "test_large.py": "output without measure, and cells that never end",
    "test_together.py": "builds of the same outputs at once, stopped and killed",
    "test_world.py": "snapshots, chapters, clocks, templates, fonts and caches that change under a build",
}
Row = tuple[str, str, int]  # the kind, its class, how many


def counted() -> list[Row]:
    """Return how many tries there are of each class, in full size, by pytest's own collection."""
    words = ["-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests/hostile", "tests/faults"]
    told = {**os.environ, "FULL_SIZE": "1", "FAULTS_ROUNDS": str(ROUNDS)}
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=told, capture_output=True, text=True, encoding="utf-8", check=True
    )
    rows = [(HOSTILE, f"{kind} of the corpus", len({repr(one) for one in tried})) for kind, tried in BY_KIND.items()]
    for folder, name, number in re.findall(r"^tests/(hostile|faults)/(\w+\.py): (\d+)$", done.stdout, re.MULTILINE):
        if name not in OF_CORPUS:
            rows.append((HOSTILE if folder == "hostile" else FAULTS, CLASSES.get(name, name), DRAWN.get(name, int(number))))
    return rows


def table(rows: list[Row]) -> str:
    """Return the rows as Markdown, and the sums of both kinds."""
    lines = [f"{BEGIN}| | class | tries |", "|---|---|--:|"]
    for kind in (HOSTILE, FAULTS):
        of_kind = [row for row in rows if row[0] == kind]
        lines += [f"| {kind} | {name} | {number:,} |" for _, name, number in of_kind]
        lines.append(f"| **{kind}** | | **{sum(number for _, _, number in of_kind):,}** |")
    return "\n".join(lines) + f"\n{END}"


def stated() -> list[Row]:
    """Return what the page states."""
    found = re.findall(r"^\| ([^*|]+) \| ([^|]+) \| ([\d,]+) \|$", _part(), re.MULTILINE)
    return [(kind, name, int(number.replace(",", ""))) for kind, name, number in found]


def _part() -> str:
    text = PAGE.read_text("utf-8")
    return text[text.index(BEGIN) : text.index(END) + len(END)]


if __name__ == "__main__":
    PAGE.write_text(PAGE.read_text("utf-8").replace(_part(), table(counted())), "utf-8", newline="\n")
