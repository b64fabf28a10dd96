"""Installs City Briefs from the unpacked bundle that this file lies in, without network: `python install.py [FOLDER]`.

Only the standard library is used, and nothing that an older Python cannot read, so that it can say that it is too old.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator  # noqa: UP035  # older Pythons have it here

HERE = Path(__file__).resolve().parent
SUMS = "SHA256SUMS"
UNFINISHED = "UNFINISHED"  # lies in a folder until all is in it
COMPILED = 1.5  # times the size of what is packed: what is compiled of it takes room too
WINDOWS = os.name == "nt"


class Refused(Exception):
    """Why nothing is installed, as a sentence."""


def chosen(english: str, chinese: str) -> str:
    """The sentence in the language of messages, which the locale says: no package is there yet, nor any settings."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return chinese if locale.startswith("zh") else english


def main() -> None:
    """Install, or say in a sentence why not and leave nothing behind."""
    parser = argparse.ArgumentParser(description="Install City Briefs from this bundle, without network.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("city-briefs"), help="the folder that is made [default: city-briefs]"
    )
    folder = parser.parse_args().folder.absolute()
    try:
        files = whole()
        bundle = json.loads((HERE / "bundle.json").read_text("utf-8"))
        check_python(bundle)
        check_folder(folder)
        version = bundle["version"]
        print(
            chosen(
                f"Installing City Briefs {version} in {folder}. It takes a minute or two.",
                f"正在把City Briefs {version}装到{folder}，需一两分钟。",
            ),
            flush=True,
        )
        with made(folder):
            install(folder, files)
    except Refused as error:
        sys.exit(str(error))
    except OSError as error:
        reason = error.strerror or error
        sys.exit(
            chosen(
                f"{folder} could not be written: {reason}. Nothing was left behind.",
                f"{folder}无法写入（{reason}）。没有留下任何文件。",
            )
        )
    except KeyboardInterrupt:
        sys.exit(chosen("Stopped. Nothing was left behind.", "已停止。没有留下任何文件。"))
    command = f"{program(Path(), 'briefs')} demo"
    print(
        chosen(
            f"City Briefs {version} is installed in {folder}; next, in that folder: {command}",
            f"City Briefs {version}已装到{folder}；接着在该文件夹里运行：{command}",
        )
    )


def whole() -> list[str]:
    """The names of all files of the bundle, each as it was packed."""
    if not (HERE / SUMS).is_file():
        raise Refused(
            chosen(
                f"There is no {SUMS} beside install.py. Unpack the whole archive, and run install.py where it was unpacked to.",
                f"install.py旁边没有{SUMS}。请解压整个安装包，在解压后的文件夹里运行install.py。",
            )
        )
    try:
        sums = (HERE / SUMS).read_text("utf-8", "replace")
    except OSError as error:
        raise Refused(
            chosen(
                f"{SUMS} cannot be read: {error.strerror}. Give this user the right to read what was unpacked.",
                f"{SUMS}无法读取（{error.strerror}）。请授予读取解压文件的权限。",
            )
        ) from None
    listed = [line.partition("  ") for line in filter(None, sums.split("\n"))]
    wrong = [name for digest, _, name in listed if not (HERE / name).is_file() or sha256(HERE / name) != digest]
    if wrong:
        what = f"{len(wrong)} of {len(listed)} files are missing or not as they were packed, such as {wrong[0]}"
        raise Refused(
            chosen(
                f"The bundle is damaged: {what}. Copy the archive again, and unpack all of it.",
                f"安装包已损坏：{len(listed)}个文件中有{len(wrong)}个缺少或与打包时不同，如{wrong[0]}。请重新复制，完整解压。",
            )
        )
    return [name for _, _, name in listed]


def sha256(file: Path) -> str:
    """The hash of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def check_python(bundle: dict[str, Any]) -> None:
    """See that this Python and machine are those that the wheels are for."""
    wanted, here = bundle["python"], "{}.{}".format(*sys.version_info)
    if here != wanted:
        command = f"py -{wanted}" if WINDOWS else f"python{wanted}"
        raise Refused(
            chosen(
                f"This bundle is for Python {wanted}, and this is Python {here}. Run: {command} install.py.",
                f"安装包适用于Python {wanted}，现在是Python {here}。请运行：{command} install.py。",
            )
        )
    platform = sysconfig.get_platform()
    if platform != bundle["platform"]:
        raise Refused(
            chosen(
                f"This bundle is for {bundle['platform']}, and this is {platform}. Make one with: briefs bundle --platform {platform}.",
                f"安装包适用于{bundle['platform']}，本机是{platform}。请制作：briefs bundle --platform {platform}。",
            )
        )
    if importlib.util.find_spec("ensurepip") is None:
        raise Refused(
            chosen(
                f"This Python cannot make environments. Install its part for that, which Debian calls python{here}-venv.",
                f"这个Python不能建立虚拟环境。请安装所缺的部分，Debian中名为python{here}-venv。",
            )
        )


def check_folder(folder: Path) -> None:
    """See that the folder can be made, and that there is room for what goes in it."""
    if folder.exists() and not is_unfinished(folder):
        raise Refused(
            chosen(
                f"{folder} exists already. Name another folder, or move that one away.",
                f"{folder}已存在。请另指文件夹，或把它移走。",
            )
        )
    above = next(parent for parent in folder.parents if parent.exists())
    needed, free = room(), shutil.disk_usage(above).free
    if free < needed:
        raise Refused(
            chosen(
                f"{above} has {free >> 20} MiB left, and {needed >> 20} MiB are needed. Name a folder on another disk.",
                f"{above}只剩{free >> 20} MiB，需要{needed >> 20} MiB。请指定另一磁盘上的文件夹。",
            )
        )


def is_unfinished(folder: Path) -> bool:
    """Whether a folder is empty, or of an installation that was killed."""
    return folder.is_dir() and (not any(folder.iterdir()) or (folder / UNFINISHED).exists())


def room() -> int:
    """The bytes that an installation takes."""
    unpacked = sum(file.stat().st_size for file in (HERE / "project").rglob("*"))
    for wheel in (HERE / "wheels").iterdir():
        with zipfile.ZipFile(wheel) as packed:
            unpacked += sum(member.file_size for member in packed.infolist())
    return int(unpacked * COMPILED)


@contextmanager
def made(folder: Path) -> Iterator[None]:
    """A new folder, which goes whole when anything goes wrong; a kill leaves it marked, and the next run takes it away."""
    if folder.exists():
        shutil.rmtree(str(folder))
    folder.mkdir(parents=True)
    try:
        (folder / UNFINISHED).touch()
        yield
        (folder / UNFINISHED).unlink()
    except BaseException:
        shutil.rmtree(str(folder), ignore_errors=True)
        raise


def install(folder: Path, files: list[str]) -> None:
    """Put the project in the folder, its environment in `.venv`, and look at what is installed."""
    for name in files:
        if name.startswith("project/"):
            place = folder / name[len("project/") :]
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(HERE / name), str(place))
    run(folder, [sys.executable, "-m", "venv", str(folder / ".venv")])
    pip = [
        program(folder, "python"),
        "-m",
        "pip",
        "--isolated",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-index",
    ]
    run(folder, [*pip, "--find-links", str(HERE / "wheels"), "--require-hashes", "-r", "requirements.lock"])
    run(folder, [*pip, "--no-deps", "--no-build-isolation", "-e", "."])
    run(folder, [program(folder, "briefs"), "doctor", "--data", "data/real"])


def program(folder: Path, name: str) -> str:
    """A program of the environment in the folder."""
    return str(folder / ".venv" / ("Scripts" if WINDOWS else "bin") / (name + (".exe" if WINDOWS else "")))


def run(folder: Path, command: list[str]) -> None:
    """Run a command in the folder, with nothing set that leads pip or Python elsewhere."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    environment.update(PIP_CONFIG_FILE=os.devnull, PYTHONIOENCODING="utf-8")
    done = subprocess.run(  # noqa: S603
        command,
        cwd=str(folder),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        failed = f"{' '.join(command)}\n{done.stdout.strip()}"
        raise Refused(chosen(f"Nothing was installed, since this failed: {failed}", f"没有安装，下列命令未成功：{failed}"))


if __name__ == "__main__":
    main()
