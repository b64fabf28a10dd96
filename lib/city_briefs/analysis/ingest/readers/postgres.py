"""PostgreSQL tables and queries as typed raw tables, read in a stream by ADBC in a read-only transaction."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa

from city_briefs.analysis.ingest import database_hosts
from city_briefs.analysis.ingest.raw_table import ROW, RawTable
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common import clock
from city_briefs.common.errors import DataError, missing_extra, suggestion
from city_briefs.common.language import chosen, suggestion_zh

HINT = "adbc.postgresql.batch_size_hint_bytes"
BATCH = 1 << 22  # bytes
ANSWER = 30  # seconds for a server to let us in
# What arrives as it is. Anything else comes as its text: ADBC makes a number of money, and something opaque of numeric.
AS_IT_IS = {"bool", "int2", "int4", "int8", "float4", "float8", "text", "varchar", "bpchar", "date", "timestamp"}
TABLES = """
    SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
    WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type IN ('BASE TABLE', 'VIEW') ORDER BY name
"""


def raw_tables(source: DataSource) -> Iterator[RawTable]:
    """Yield the raw table of a query, or of the table that the source is named for.

    Raises:
        DataError: the database does not answer, refuses the query, or gives two columns of one name.
    """
    select = source.query.strip().rstrip(";") or f"TABLE {_quote_name(*source.name.split('.', 1))}"
    with _read_only_cursor(source.name, str(source.location)) as cursor:
        cursor.execute(f"SELECT * FROM ({select}\n) AS rows LIMIT 0")  # noqa: S608
        schema = cursor.fetch_record_batch().schema
    names = tuple(name for name in schema.names if name != ROW)  # no table has a column of that name
    if len(set(names)) < len(names) or not names:
        raise DataError(
            chosen(
                f"{source.name}: the query gives no column, or two of one name. Name each column that is asked for.",
                f"{source.name}：查询结果没有栏，或有两栏同名，请逐栏写明名称。",
            )
        )
    columns = ", ".join(_select_column(schema.field(name)) for name in names)

    def rows(first: int) -> Iterator[pa.RecordBatch]:
        done = 0
        with _read_only_cursor(source.name, str(source.location)) as cursor:
            cursor.adbc_statement.set_options(**{HINT: str(BATCH)})
            cursor.execute(f"SELECT {columns} FROM ({select}\n) AS rows")  # noqa: S608
            for batch in cursor.fetch_record_batch():
                numbers = pa.array(np.arange(done + 1, done + len(batch) + 1))
                done += len(batch)
                if done >= first:
                    numbered = pa.RecordBatch.from_arrays([*batch.columns, numbers], names=[*names, ROW])
                    yield numbered[max(0, first - (done - len(batch)) - 1) :]

    yield RawTable(source, "", True, names, (), rows)


def tables(url: str) -> list[str]:
    """Return the tables and views of a database that the user may see, as schema.table.

    Raises:
        DataError: the database does not answer.
    """
    with _read_only_cursor(_database_name(url), url) as cursor:
        cursor.execute(TABLES)
        return cursor.fetch_arrow_table()["name"].to_pylist()


def _select_column(field: pa.Field) -> str:
    """Return a column as SQL selects it; a moment as the time that it is in the office."""
    name, kind = _quote_name(field.name), field.metadata[b"POSTGRESQL:type"].decode()
    if kind in AS_IT_IS:
        return name
    in_text = {"timestamptz": f" AT TIME ZONE '{clock.zone().key}'", "money": "::numeric::text"}
    return f"{name}{in_text.get(kind, '::text')} AS {name}"


def _quote_name(*names: str) -> str:
    """Return the names quoted for SQL, joined by dots."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def _database_name(url: str) -> str:
    """Return the name of a database in messages, without user and password."""
    try:
        parts = urlsplit(url)
        database, host, port = parts.path.strip("/"), parts.hostname, parts.port or 5432
    except ValueError:
        return chosen("the database", "数据库")
    return chosen(
        f"the database {database or '(default)'} at {host or 'this machine'}:{port}",
        f"{host or '本机'}:{port}上的数据库{database or '（默认）'}",
    )


def _with_timeout(url: str) -> str:
    """Return the address with the time within which the server must have let us in."""
    return url if "connect_timeout=" in url else f"{url}{'&' if '?' in url else '?'}connect_timeout={ANSWER}"


@contextmanager
def _read_only_cursor(name: str, url: str) -> Iterator[Any]:
    """Open a cursor in a read-only transaction.

    Raises:
        DataError: the host is not listed, or the driver reports an error; the message has no user and no password.
    """
    database_hosts.check(name, url)
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise missing_extra(f"{name}: PostgreSQL", "postgres") from None
    try:
        with closing(dbapi.connect(_with_timeout(url))) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            yield cursor
    except (dbapi.Error, pa.ArrowException, OSError) as error:
        raise DataError(_error_sentence(name, url, error)) from None


def _error_sentence(name: str, url: str, error: Exception) -> str:
    """Return what went wrong, and the remedy."""
    message, database, code = str(error), _database_name(url), getattr(error, "sqlstate", None)
    if code in ("42P01", "3F000"):
        names = tables(url)
        has = f"It has {', '.join(names) or 'none'}.{suggestion(name, names)}"
        return chosen(
            f"{name}: there is no such table in {database}, or none that the user may see. {has}",
            f"{name}：{database}中没有这张表，或该用户无权查看。已有{'、'.join(names) or '零张表'}。{suggestion_zh(name, names)}",
        )
    if code == "42501":
        return chosen(
            f"{name}: the user may not read it in {database}. Grant SELECT, or name another user.",
            f"{name}：该用户无权读取{database}中的这张表，请授予SELECT权限，或改用其他用户。",
        )
    if "read-only transaction" in message:
        return chosen(
            f"{name}: the query would write. Name one that only reads.", f"{name}：该查询会写入数据，请改用只读的查询。"
        )
    if "ERROR:" in message:  # of the query; what PostgreSQL says of a connection is FATAL
        line = message.partition("ERROR:")[2].strip().splitlines()[0]
        return chosen(
            f"{name}: PostgreSQL refuses the query: {line}. Correct it in sources.toml.",
            f"{name}：PostgreSQL不接受该查询（{line}），请在sources.toml中改正。",
        )
    if "database" in message and "does not exist" in message:
        return chosen(
            f"{name}: there is no such database as {database.removeprefix('the database ')}. Correct the URL.",
            f"{name}：没有{database}，请改正地址。",
        )
    is_other = "expected authentication request" in message  # something that is no PostgreSQL answers there
    if not is_other and any(word in message for word in ("password", "role", "pg_hba.conf", "authentication")):
        return chosen(
            f"{name}: {database} does not let the user in. Correct the user in the URL, and give the password in PGPASSWORD.",
            f"{name}：{database}拒绝该用户登录，请改正地址中的用户名，并在PGPASSWORD中给出密码。",
        )
    return chosen(
        f"{name}: {database} does not answer. See that it runs, and that host and port of the URL are right.",
        f"{name}：{database}没有响应，请检查数据库是否运行、地址中的主机和端口是否正确。",
    )
