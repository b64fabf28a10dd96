"""Commands about the installation.

init makes the folder of an office, upgrade and upgrade-chapters rewrite what an older version wrote, doctor looks at what is installed,
and bundle packs it for a machine without internet.
"""

import sys
import sysconfig
from pathlib import Path
from typing import Annotated

import typer

from city_briefs.app.cli.app import INSTALLATION, command
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import Data
from city_briefs.common import paths
from city_briefs.common.errors import DONE, NONE_MADE, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say

PYTHON = "{}.{}".format(*sys.version_info)


@command(INSTALLATION)
def init(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help=both("Folder that is made; one that is there must be empty.", "要新建的文件夹；已有的须为空。")
        ),
    ],
) -> None:
    """Make an office's own folder, with the standard notebooks, reference data and settings, in which every command works.

    \f
    新建本单位的文件夹，内有标准笔记本、参考数据和设置，各命令都可在其中使用。
    """
    from city_briefs.app import init

    made = init.make(folder.absolute())
    say(
        chosen(
            f"{paths.shown(made)} has the standard notebooks, reference data and settings. Next, in that folder: briefs demo.",
            f"{paths.shown(made)}已有标准笔记本、参考数据和设置。下一步，在该文件夹中运行：briefs demo。",
        )
    )


@command(INSTALLATION)
def upgrade_chapters() -> None:
    """Rewrite the chapters that import lib, as the package was called up to version 0.3, so that they import city_briefs.

    \f
    改写仍引用lib的章（0.3及以前版本的包名），改为引用city_briefs。
    """
    from city_briefs.production.packs import old_imports

    rewritten, left = old_imports.rewrite_all(paths.notebooks())
    if rewritten:
        say(chosen(f"Rewritten: {', '.join(rewritten)}.", f"已改写：{'、'.join(rewritten)}。"))
    if left:
        raise UsageError("\n".join(left))
    if not rewritten:
        say(chosen("No chapter imports lib. There is nothing to rewrite.", "没有一章引用lib，不需要改写。"))


@command(INSTALLATION)
def upgrade(data: Data = None) -> None:
    """After a new version was installed: rewrite chapters and settings of an older one, then see what is missing; no pack is made.

    \f
    安装新版本后使用：改写旧版的章和设置，再检查缺什么；不编制简报。
    """
    from city_briefs.app.upgrade import upgrade

    for line in upgrade() or [chosen("Nothing has to be rewritten.", "没有需要改写的内容。")]:
        say(line)
    doctor(data)


@command(INSTALLATION)
def doctor(data: Data = None) -> None:
    """See what is installed and what is missing, with the remedy.

    \f
    检查装了什么、缺什么，并说明怎样补。
    """
    from city_briefs.app.doctor import checks

    looked_at = checks(data)
    for check in looked_at:
        state = chosen("ok     ", "正常") if check.remedy is None else chosen("missing", "缺少")
        say(f"{state}  {check.what}{f' {check.remedy}' if check.remedy else ''}")
    raise typer.Exit(DONE if all(check.remedy is None for check in looked_at) else NONE_MADE)


@command(INSTALLATION)
def services(
    into: Annotated[
        Path,
        typer.Option(
            metavar="DIR",
            help=both("Folder of the units, such as /etc/systemd/system.", "单元文件写入的文件夹，如/etc/systemd/system。"),
        ),
    ],
) -> None:
    """Write the units by which systemd makes packs by the calendar, tells what needs attention, and serves the pages.

    \f
    生成systemd单元：按日历编制简报，通知需要处理的事项，提供网页查看。
    """
    from city_briefs.app import services

    for file in services.write(into.absolute()):
        say(paths.shown(file))


@command(INSTALLATION)
def bundle(
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=both(
                "Where the archive goes. [default: outputs of briefs.toml]", "安装包写入的文件夹。[默认：briefs.toml的outputs]"
            ),
        ),
    ] = None,
    platform: Annotated[
        str,
        typer.Option(
            help=both(
                "Machine it is for: linux-aarch64, linux-x86_64 or win-amd64.",
                "用于哪种机器：linux-aarch64、linux-x86_64或win-amd64。",
            ),
            show_default=both("this one", "本机"),
        ),
    ] = sysconfig.get_platform(),
    python: Annotated[
        str,
        typer.Option(
            metavar="VERSION", help=both("Python it is for.", "用于哪个Python版本。"), show_default=both("this one", "本机")
        ),
    ] = PYTHON,
) -> None:
    """Pack the project and all that it needs in one archive, which installs where there is no network.

    \f
    把项目及所需的全部内容打成一个安装包，可在没有网络的机器上安装。
    """
    from city_briefs.app import bundle

    made = bundle.make((into or paths.outputs()).absolute(), platform, python)
    size = made.path.stat().st_size >> 20
    say(
        chosen(
            f"{paths.shown(made.path)}: {made.wheels} wheels, {made.project} files of the project, {size} MiB. SHA-256 {made.hash}.",
            f"{paths.shown(made.path)}：{made.wheels}个wheel，{made.project}个项目文件，{size} MiB。SHA-256 {made.hash}。",
        )
    )
    say(
        chosen(
            "On a machine without internet: unpack it, and run `python install.py` where it was unpacked to.",
            "在没有外网的机器上：解开安装包，在解开的文件夹中运行`python install.py`。",
        )
    )
