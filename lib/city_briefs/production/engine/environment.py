"""The environment of a build: all variables that its processes have, workers and kernels alike.

They have nothing of whoever starts the build but what `KEPT` names, and what `[environment]` of briefs.toml gives them. So no folder of
a user (HOME, a profile of IPython, a `matplotlibrc`, a kernel of Jupyter), no PYTHONPATH and no locale changes a pack. Whoever runs a
notebook by hand, by papermill or in JupyterLab, has his own environment.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from city_briefs.common import files, imports, language, paths, secrets, source_hash
from city_briefs.common.theme import fonts

KEPT = frozenset({
    "PATH", paths.RESULTS_VARIABLE, paths.HOME_VARIABLE,
    "COMSPEC", "NUMBER_OF_PROCESSORS", "PATHEXT", "PROCESSOR_ARCHITECTURE", "SYSTEMDRIVE", "SYSTEMROOT", "WINDIR",  # Windows needs them
})  # fmt: skip
FIXED = {
    "LC_CTYPE": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "PYTHONSAFEPATH": "1",  # neither the working directory nor the folder of a script is on the path
    "PYTHONUTF8": "1",
    **imports.ARROW,
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as a kernel sets it, before matplotlib is imported
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a warning of the debugger's, at its import
}
FOLDERS = {  # of each its own, made for the build and empty
    "HOME": "home", "USERPROFILE": "home", "XDG_CACHE_HOME": "home/cache", "XDG_CONFIG_HOME": "home/config",
    "XDG_DATA_HOME": "home/data", "XDG_RUNTIME_DIR": "home/runtime", "IPYTHONDIR": "home/ipython", "JUPYTER_CONFIG_DIR": "home/jupyter",
    "JUPYTER_DATA_DIR": "home/jupyter-data", "JUPYTER_RUNTIME_DIR": "home/jupyter-runtime", "MPLCONFIGDIR": "home/matplotlib",
}  # fmt: skip
SEAL = "seal.json"
# What differs between builds whose processes import the same, besides FOLDERS.
OF_A_BUILD = frozenset({
    "PATH", "TMPDIR", imports.VARIABLE, paths.CHECKED_VARIABLE, paths.DATA_VARIABLE, paths.HOME_VARIABLE, paths.RESULTS_VARIABLE,
})  # fmt: skip


def of_build(temporary: Path, own: Mapping[str, str]) -> dict[str, str]:
    """The environment of a build whose temporary files go to a folder, with what is its `own`.

    The package and the reference data are sealed there.
    """
    folders = _folders(temporary)
    imports.seal(source_hash.sealed(), paths.reference(), temporary / SEAL)
    kept = {name: value for name, value in os.environ.items() if name.upper() in KEPT}
    kept = {name: value for name, value in kept.items() if name not in secrets.variables(kept)}
    kept["PATH"] = os.pathsep.join(entry for entry in kept.get("PATH", "").split(os.pathsep) if os.path.isabs(entry))  # noqa: PTH117
    return {
        **paths.settings().environment, **kept, **FIXED, **folders, **_temporary(temporary),
        "LC_MESSAGES": "zh_CN.UTF-8" if language.is_chinese() else "C.UTF-8",
        fonts.VARIABLE: os.pathsep.join(map(str, fonts.personal_folders())),
        imports.VARIABLE: str(temporary / SEAL),
        **_of_package(), **own,
    }  # fmt: skip


def lasting(variables: Mapping[str, str]) -> dict[str, str]:
    """Return those variables of a build with which its processes import: the same for the next build of the same project."""
    return {name: value for name, value in variables.items() if name not in OF_A_BUILD and name not in FOLDERS}


def of_server(variables: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of a process that imports for a build and for those after it, whose files and seal lie in a folder of its own."""
    files.copy(variables[imports.VARIABLE], folder / SEAL)
    own = {"PATH": variables.get("PATH", ""), imports.VARIABLE: str(folder / SEAL)}
    return {**lasting(variables), **own, **_folders(folder), **_temporary(folder)}


def _folders(temporary: Path) -> dict[str, str]:
    """Make the empty folders that processes of a build take for those of their user, and return them by their variables."""
    for name in set(FOLDERS.values()):
        (temporary / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return {name: str(temporary / place) for name, place in FOLDERS.items()}


def _temporary(folder: Path) -> dict[str, str]:
    return dict.fromkeys(("TMPDIR", "TEMP", "TMP") if sys.platform == "win32" else ("TMPDIR",), str(folder))


def _of_package() -> dict[str, str]:
    """By which a process finds the package where it would find none, or another, as a copy of the project is tested."""
    lib = str(paths.PACKAGE.parent)
    return {} if lib in imports.own_path() else {"PYTHONPATH": lib}
