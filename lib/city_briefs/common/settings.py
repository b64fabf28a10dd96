"""The settings of an office, `briefs.toml`: the type and the default of each."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, Field, model_validator

from city_briefs.common import secrets, toml_file
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.common.toml_file import STRICT

HASH = re.compile("[0-9a-f]{64}")
KEY = re.compile("[A-Za-z0-9+/]{43}=")  # of Ed25519, in Base64
# Narrower than RFC 5321: what begins otherwise, a shell or a spreadsheet might run.
ADDRESS = re.compile(r"(?=.{3,254}\Z)[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
HOST = re.compile(r"[A-Za-z0-9.:-]*", re.ASCII)
DATABASE_HOST = re.compile(r"[A-Za-z0-9._:-]+", re.ASCII)
CRON = re.compile(r"[0-9*/,-]+( [0-9*/,-]+){4}")
# Of a variable, but for those of `production.engine.environment`.
VARIABLE = re.compile(
    r"(?!ARROW_|BRIEFS_|IPYTHON|JPY_|JUPYTER|LC_|LD_|MATPLOTLIB|MPL|PYDEVD|PYTHON|XDG_)"
    r"(?!(HOME|LANG|LANGUAGE|PATH|TEMP|TERM|TMP|TMPDIR|TZ|USERPROFILE)\Z)[A-Za-z_][A-Za-z0-9_]*",
    re.IGNORECASE | re.ASCII,
)
# What a setting is to be, in English and in Chinese.
CRON_WORDS = "a time as cron writes it, five fields such as 0 6 8 * *", "cron写法的时间，共五项，如0 6 8 * *"
SERVER = "the name of a server, such as db.example.org", "主机名，如db.example.org"
PUBLIC_KEY = "a public key, as `briefs verify` prints it", "公钥，即`briefs verify`显示的那一串"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def _text(holds: Callable[[str], object], kind: str, kind_zh: str) -> AfterValidator:
    """Return a validator that refuses a text for which `holds` is false; `kind` says what would be right, in both languages."""

    def checked(text: str) -> str:
        if not holds(text):
            raise ValueError(chosen(f"is {kind}, not '{text}'", f"应为{kind_zh}，不能是“{text}”"))
        return text

    return AfterValidator(checked)


def _is_sender(text: str) -> bool:
    if not text:
        return True
    from email.utils import parseaddr  # few commands need more of it

    return bool(ADDRESS.fullmatch(parseaddr(text)[1])) and text.isprintable()


def _is_link(text: str) -> bool:
    parts = urlsplit(text)
    return not text or (parts.scheme in ("http", "https") and bool(parts.netloc) and text.isprintable() and " " not in text)


def _is_timezone(text: str) -> bool:
    try:
        return bool(ZoneInfo(text))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False


Timezone = Annotated[str, _text(_is_timezone, "a time zone, such as Asia/Shanghai", "时区名称，如Asia/Shanghai")]


class FontSettings(BaseModel):
    """The names of fonts by use, the first choice first; empty for the fonts of the package."""

    model_config = STRICT

    serif: list[str] = []
    sans: list[str] = []
    title: list[str] = []


class MailSettings(BaseModel):
    """How mail is sent and from whom. `errors` are the addresses that are told of failures, `link` is where editions are served."""

    model_config = STRICT

    host: Annotated[
        str, _text(HOST.fullmatch, "the name of a server, such as mail.example.org", "主机名，如mail.example.org")
    ] = ""
    port: Annotated[int, Field(ge=0, lt=65536)] = 0
    tls: Literal["smtps", "starttls", "none"] = "smtps"
    sender: Annotated[
        str,
        _text(
            _is_sender,
            "an address, such as briefs@example.org or Name <briefs@example.org>",
            "邮箱地址，如briefs@example.org或“名称 <briefs@example.org>”",
        ),
    ] = Field("", alias="from")
    errors: list[Annotated[str, _text(ADDRESS.fullmatch, "an address of mail", "邮箱地址")]] = []
    link: Annotated[
        str,
        _text(_is_link, "an address such as https://briefs.example.org/editions", "网址，如https://briefs.example.org/editions"),
    ] = ""

    @model_validator(mode="after")
    def _is_encrypted(self) -> Self:
        if self.tls == "none" and self.host and self.host not in LOOPBACK:
            raise ValueError(
                chosen(
                    f"has tls none, and what goes to '{self.host}' could be read on the way. "
                    f"That is for a server on this machine ({', '.join(LOOPBACK)}). Say smtps or starttls",
                    f"的tls为none，发往“{self.host}”的内容途中可能被人看到；"
                    f"这只适用于本机的服务器（{'、'.join(LOOPBACK)}）。请写smtps或starttls",
                )
            )
        return self


class ScheduleSettings(BaseModel):
    """The schedule of builds: when, since which year, and how many times a failed one is tried again, after `pause` seconds.

    `deadline` is the working day after the end of a period by which its packs are to stand.
    """

    model_config = STRICT

    cron: Annotated[
        str,
        _text(CRON.fullmatch, *CRON_WORDS),
    ] = "0 6 8 * *"
    timezone: Timezone | None = None  # where it stood before it was that of the office
    since: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = 2016
    deadline: Annotated[int, Field(ge=1, le=60)] = 10
    retries: Annotated[int, Field(ge=0)] = 2
    pause: Annotated[int, Field(ge=0)] = 60


Days = Annotated[int, Field(ge=0, le=36_500)]


class RetentionSettings(BaseModel):
    """How many days is kept what later builds could use, by kind, 0 for ever; and how many GiB of the disk are to be free.

    `drafts` are folders of outputs in which drafts alone lie, `logs` what chapters wrote past their cells.
    """

    model_config = STRICT

    chapters: Days = 180
    results: Days = 180
    drafts: Days = 0
    logs: Days = 180
    free: Annotated[float, Field(ge=0)] = 2.0


def _variables(given: dict[str, str]) -> dict[str, str]:
    """Return what an office has its builds know, when a build has no such variable of its own and none is a secret."""
    for name, value in given.items():
        if not VARIABLE.fullmatch(name) or not value.isprintable():
            raise ValueError(
                chosen(
                    f"has '{name}', which is no variable, or one that a build sets. Leave it out",
                    f"里的“{name}”不是变量，或由编制自行设定。请删去",
                )
            )
        if secrets.variables({name: value}):
            raise ValueError(
                chosen(
                    f"has '{name}', which looks like a secret, and a build is told none. Leave it out",
                    f"里的“{name}”像是密钥，而编制不接收密钥。请删去",
                )
            )
    return given


Location = Annotated[str, Field(min_length=1)]  # a path, relative to the project root


class Settings(BaseModel):
    """All settings."""

    model_config = STRICT

    data: Location = "data/snapshots/demo"
    outputs: Location = "outputs"
    profile: Literal["trial", "production"] = "trial"  # production refuses synthetic data in its outputs and its register
    language: Literal["", "zh", "en"] = ""  # of messages; empty for that of the locale
    databases: list[Annotated[str, _text(DATABASE_HOST.fullmatch, *SERVER)]] = []
    fonts: FontSettings = FontSettings()
    trust: Literal["all", "committed"] = "all"  # which notebooks may run
    allowed: list[Annotated[str, _text(HASH.fullmatch, "a SHA-256, 64 characters from 0 to f", "SHA-256值，即64位0至f")]] = []
    signers: list[Annotated[str, _text(KEY.fullmatch, *PUBLIC_KEY)]] = []
    engine: str = "duckdb"
    editions: Location = "data/editions"
    recipients: Location = "data/recipients.csv"
    deliveries: Location = "data/deliveries"
    mail: MailSettings = MailSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    retention: RetentionSettings = RetentionSettings()
    environment: Annotated[dict[str, str], AfterValidator(_variables)] = {}  # what the processes of a build have beside their own
    timezone: Timezone = "Asia/Shanghai"  # of the office: in which the schedule runs, and a moment of the data is on a day

    @model_validator(mode="before")
    @classmethod
    def _timezone_of_schedule(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Take the time zone from where it stood before it was that of the office."""
        schedule = given.get("schedule")
        if not isinstance(schedule, dict) or "timezone" not in schedule:
            return given
        if given.setdefault("timezone", schedule["timezone"]) != schedule["timezone"]:
            raise ValueError(
                chosen(
                    "has two time zones, timezone and schedule.timezone. Leave out the second",
                    "有timezone和schedule.timezone两个时区。请删去后一个",
                )
            )
        return given


@cache
def read(file: Path | None) -> Settings:
    """Return the settings of a file; the defaults when there is no file.

    Raises:
        UsageError: the file cannot be read, or has an unknown key or a value of another kind.
    """
    return toml_file.read(file, Settings, UsageError) if file and file.exists() else Settings()
