"""A new version in the folder of an office: its chapters and settings become as this version has them, and nothing is built."""

from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from city_briefs.common import files, paths, settings
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.production.packs import old_imports


def upgrade() -> list[str]:
    """Rewrite what an older version wrote, and return a sentence for each thing that was rewritten; running it again changes nothing.

    Raises:
        UsageError: a chapter or the settings cannot be rewritten; the message has a line for each, and the rest was rewritten.
    """
    rewritten, left = old_imports.rewrite_all(paths.notebooks())
    done = [chosen(f"{name} imports city_briefs now.", f"{name}已改为导入city_briefs。") for name in rewritten]
    file = paths.settings_file()
    if file and file.exists():
        try:
            done += settings_of_now(file)
        except UsageError as error:
            left.append(str(error))
    if left:
        raise UsageError("\n".join([*done, *left]))
    return done


def settings_of_now(file: Path) -> list[str]:
    """Rewrite settings that have another name now, with their comments, and return a sentence for each.

    Raises:
        UsageError: the file cannot be read, or is not as this version has it after that; it stays as it was.
    """
    try:
        written = tomlkit.parse(files.read_text(file, most=files.BY_HAND))
    except (OSError, ValueError, TOMLKitError) as error:
        raise UsageError(chosen(f"{file.name} cannot be read: {error}.", f"{file.name}无法读取：{error}。")) from None
    done = []
    schedule = written.get("schedule")
    if isinstance(schedule, dict) and "timezone" in schedule and written.get("timezone") in (None, schedule["timezone"]):
        written.setdefault("timezone", schedule.pop("timezone"))
        done.append(
            chosen(
                f"{file.name}: schedule.timezone is called timezone now, and stands above the tables.",
                f"{file.name}：schedule.timezone现名timezone，写在各表之前。",
            )
        )
    if done:
        write_whole(file, tomlkit.dumps(written))
    settings.read.cache_clear()
    settings.read(file)
    return done
