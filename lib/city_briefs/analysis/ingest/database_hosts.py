"""Hosts of databases: where ingest connects, and so sends a password, is on this machine or listed in `briefs.toml`.

An address is held to one form, since libpq reads parts of it in other ways than Python: hosts may also stand in its parameters,
in a service file or in variables, and one address may name several.
"""

import os
import re
from urllib.parse import parse_qsl, unquote

from city_briefs.common import paths
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.settings import LOOPBACK

# user@host:port/database?parameters: no second @, by which libpq would take another host than is read here.
FORM = re.compile(r"postgres(?:ql)?://(?:[^@/?#]*@)?(?P<hosts>[^@/?#]*)(?:/[^@/?#]*)?(?:\?(?P<parameters>[^@#]*))?")
PORT = re.compile(r":[0-9]*$")
PARAMETERS = (
    "user", "password", "port", "sslmode", "ssl", "sslrootcert",
    "channel_binding", "connect_timeout", "application_name", "target_session_attrs", "options",
)  # fmt: skip
ELSEWHERE = ("PGHOSTADDR", "PGSERVICE")  # variables that lead to a host which the address does not name


def check(name: str, address: str) -> None:
    """Check that the address of a database leads to this machine or to listed hosts. `name` is that of the source in messages.

    Raises:
        DataError: it leads elsewhere, or it cannot be told where.
    """
    match = FORM.fullmatch(address)
    if not match or not address.isprintable() or " " in address:
        raise DataError(
            chosen(
                f"{name}: the address of the database is not of the form postgresql://user@host:port/database. Correct it.",
                f"{name}：数据库地址的格式应为postgresql://用户@主机:端口/库名，请改正。",
            )
        )
    for parameter, _ in parse_qsl(match["parameters"] or "", keep_blank_values=True):
        if parameter not in PARAMETERS:
            raise DataError(
                chosen(
                    f"{name}: the address of the database has the parameter '{parameter}', which is not allowed, since it may lead "
                    f"elsewhere. Leave it out; {', '.join(PARAMETERS)} are allowed.",
                    f"{name}：数据库地址中的参数“{parameter}”可能指向别处，不能使用，请删去；可用的有{'、'.join(PARAMETERS)}。",
                )
            )
    for variable in ELSEWHERE:
        if os.environ.get(variable):
            raise DataError(
                chosen(
                    f"{name}: {variable} is set, by which another database may be meant than the address names. Unset it.",
                    f"{name}：设置了环境变量{variable}，实际连接的可能不是地址所写的数据库，请取消该变量。",
                )
            )
    listed = {host.casefold() for host in paths.settings().databases}
    for host in _hosts(match["hosts"]):
        if host.casefold() not in listed and not _is_this_machine(host):
            raise DataError(
                chosen(
                    f"{name}: the database is at '{host}', which is not listed, and would be sent the password. "
                    f'If it is the right one, list it in briefs.toml: databases = ["{host}"].',
                    f"{name}：数据库所在的主机“{host}”没有登记，密码会发到那里，因此没有连接。"
                    f'确属本单位的，请在briefs.toml中登记：databases = ["{host}"]。',
                )
            )


def _hosts(text: str) -> list[str]:
    """Return the hosts of the part of an address between user and database; PGHOST where it names none."""
    hosts = [PORT.sub("", part) for part in text.split(",")]
    decoded = [unquote(host).removeprefix("[").removesuffix("]") for host in hosts]
    return [part for host in decoded for part in (host or os.environ.get("PGHOST", "")).split(",")]


def _is_this_machine(host: str) -> bool:
    """Return whether a host is this machine: nothing, the folder of a socket, or a name of the loopback."""
    return host.startswith(("/", "@")) or host.casefold() in ("", *LOOPBACK)
