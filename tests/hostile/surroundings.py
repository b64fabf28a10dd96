"""What may surround a build: modules under every name that it could import, settings of matplotlib, IPython and Jupyter, a strange environment."""

import sys
from importlib.metadata import packages_distributions
from pathlib import Path

SHADOW = """
import os
with open(os.environ.get("SHADOW_MARK", "{mark}"), "a", encoding="utf-8") as file:
    file.write(f"{{__name__}} {{os.getpid()}}\\n")
raise ImportError(__name__)
"""
CUSTOMIZE = """
with open("{mark}", "a", encoding="utf-8") as file:
    import os, sys
    file.write(f"{{__name__}} {{' '.join(sys.orig_argv)}}\\n")
"""
MATPLOTLIBRC = (
    "font.size: 22\naxes.facecolor: red\naxes.grid: True\nlines.linewidth: 9\npatch.linewidth: 5\nxtick.labelsize: 30\n"
)
KERNEL = '{{"argv": ["/bin/sh", "-c", "echo kernel >> {mark}"], "display_name": "a", "language": "python"}}'
CONFIG = (
    "ipython_config.py",
    "ipython_kernel_config.py",
    "jupyter_config.py",
    "jupyter_nbconvert_config.py",
    "papermill_config.py",
)


def dependencies() -> list[str]:
    """The names of all that is installed here, as a program imports them."""
    return sorted(name for name in packages_distributions() if name.isidentifier() and not name.startswith("_"))


def plant(folder: Path, mark: Path) -> None:
    """Put modules in a folder, under the names of the dependencies, of Python's own library and of the program, and `matplotlibrc`."""
    shadow = SHADOW.format(mark=mark)
    for name in {*dependencies(), *sys.stdlib_module_names, "sitecustomize", "usercustomize"}:
        (folder / f"{name}.py").write_text(shadow, "utf-8")
    for name in ("city_briefs", "lib"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "__init__.py").write_text(shadow, "utf-8")
    (folder / "shadow.pth").write_text(f"import os; open({str(mark)!r}, 'a').write('pth ')\n", "utf-8")
    (folder / "matplotlibrc").write_text(MATPLOTLIBRC, "utf-8")
    for name in CONFIG:
        (folder / name).write_text(shadow, "utf-8")


def home(folder: Path, mark: Path) -> dict[str, str]:
    """Fill a folder as the home of a user who has set what can be set, and return the variables by which he has set more."""
    shadow = SHADOW.format(mark=mark)
    profile = folder / ".ipython/profile_default"
    kernels, templates = (folder / f".local/share/jupyter/{name}" for name in ("kernels/python3", "nbconvert/templates/brief"))
    user_site = folder / f".local/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    for place in (profile / "startup", folder / ".config/matplotlib", folder / ".jupyter", kernels, templates, user_site):
        place.mkdir(parents=True)
    (profile / "startup/00-first.py").write_text(shadow, "utf-8")
    for name in CONFIG:
        (profile / name).write_text(shadow, "utf-8")
        (folder / ".jupyter" / name).write_text(shadow, "utf-8")
    (folder / ".config/matplotlib/matplotlibrc").write_text(MATPLOTLIBRC, "utf-8")
    (kernels / "kernel.json").write_text(KERNEL.format(mark=mark), "utf-8")
    (templates / "index.html.j2").write_text("planted", "utf-8")
    (user_site / "usercustomize.py").write_text(shadow, "utf-8")
    (folder / "startup.py").write_text(shadow, "utf-8")
    added = folder / "added"
    added.mkdir()
    for name in dependencies():
        (added / f"{name}.py").write_text(shadow, "utf-8")
    (added / "sitecustomize.py").write_text(CUSTOMIZE.format(mark=mark.with_name("started")), "utf-8")
    return {
        "HOME": str(folder), "IPYTHONDIR": str(folder / ".ipython"), "JUPYTER_CONFIG_DIR": str(folder / ".jupyter"),
        "JUPYTER_PATH": str(folder / ".local/share/jupyter"), "MATPLOTLIBRC": str(folder / ".config/matplotlib/matplotlibrc"),
        "MPLCONFIGDIR": str(folder / ".config/matplotlib"), "PYTHONSTARTUP": str(folder / "startup.py"), "PYTHONPATH": str(added),
        "PYTHONWARNINGS": "error", "OMP_NUM_THREADS": "1", "PAPERMILL_OUTPUT": "a", "PANDOC_DATA": "a", "SHADOW_MARK": str(mark),
    }  # fmt: skip
