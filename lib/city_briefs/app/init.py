"""The folder of an office: the standard notebooks, reference data and settings, which are its own from then on."""

import shutil
from pathlib import Path

from city_briefs.common import atomic_files, files, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen

STANDARD = ("notebooks", "data/reference")
IGNORED = """\
# 每次都可重新生成，不提交
outputs/
data/snapshots/
# 本单位的记录：另行备份，不提交；其中有个人的地址
data/editions/
data/deliveries/
data/recipients.csv
data/actions.csv
.ipynb_checkpoints/
__pycache__/
"""
README = """\
# 市场监管文档

这个文件夹由`briefs init`建立，放本单位自己的章节、参考数据和设置；程序另行安装，不在这里。命令在这个文件夹里运行。

| 位置 | 内容 |
|---|---|
| `notebooks/` | 各章（Jupyter笔记本）；`packs.toml`规定每种文档由哪些章组成 |
| `data/reference/` | 地区、人口、预警规则等参考数据 |
| `briefs.toml` | 设置：数据放在哪里，文档输出到哪里，用什么字体 |

先试：`briefs demo`生成模拟数据，`briefs build`生成文档，文档目录在`outputs/index.html`。
"""


def make(folder: Path) -> Path:
    """Make the folder of an office, whole or not at all.

    Raises:
        UsageError: There is a file of that name, or a folder with anything in it; or it cannot be written to.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            chosen(
                f"{paths.shown(folder)} is there and not empty. Name a new folder, or an empty one.",
                f"{paths.shown(folder)}已存在且不是空文件夹。请另指新文件夹或空文件夹。",
            )
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = atomic_files.begun(folder.parent, f".{folder.name}")
        try:
            _fill(unfinished)
            _put(unfinished, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise UsageError(
            chosen(
                f"{paths.shown(folder)} cannot be made: {files.reason(error)}. Name another folder.",
                f"{paths.shown(folder)}无法建立（{files.reason_zh(error)}）。请另指文件夹。",
            )
        ) from None
    return folder


def _fill(folder: Path) -> None:
    """Put in a folder what an office begins with."""
    standard = (paths.STANDARD / paths.SETTINGS, *(file for name in STANDARD for file in (paths.STANDARD / name).iterdir()))
    for file in standard:
        if file.is_file() and not file.name.startswith("."):
            place = folder / file.relative_to(paths.STANDARD)
            place.parent.mkdir(parents=True, exist_ok=True)
            files.copy(file, place)  # and not its mode: the package may be for reading only
    files.write_new(folder / ".gitignore", IGNORED)
    files.write_new(folder / "README.md", README)


def _put(unfinished: Path, folder: Path) -> None:
    """Let the folder be where it belongs; an empty one that is there stays, since somebody may be working in it."""
    if not folder.exists():
        atomic_files.put_once(unfinished, folder)
        return
    for entry in sorted(unfinished.iterdir(), key=lambda entry: entry.name == paths.SETTINGS):  # last, what makes it a project
        entry.rename(folder / entry.name)
