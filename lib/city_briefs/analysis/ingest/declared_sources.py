"""Sources as a `sources.toml` declares them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from city_briefs.analysis.ingest.named_sources import (
    ADDRESS,
    KINDS,
    checked_source,
    exists,
    file_sources,
    files_below,
    no_file,
    real,
    table_named,
)
from city_briefs.analysis.ingest.readers import postgres
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.sources_toml import NAME, DeclaredSource
from city_briefs.common.errors import DataError, UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.regions import Regions
from city_briefs.model.tables import TABLES


def declared_files(toml_folder: Path, folder: Path, declared: DeclaredSource, where: str) -> Iterator[DataSource]:
    """Yield the sources that a declaration makes of a file: one, or one per sheet."""
    file = toml_folder / declared.file
    if not real(file).is_relative_to(real(toml_folder)):
        raise DataError(
            chosen(
                f"{where}: '{declared.file}' lies outside of the folder. Put it beside {NAME}.",
                f"{where}：“{declared.file}”在文件夹以外，请与{NAME}放在一起。",
            )
        )
    if text := no_file(file, declared.file):
        raise DataError(chosen(f"{where}: {text}", f"{where}：{text}"))
    if not exists(file) or not file.is_file():
        names = [path.relative_to(toml_folder).as_posix() for path in files_below(toml_folder)]
        raise DataError(
            chosen(
                f"{where}: there is no file '{declared.file}'.{suggestion(declared.file, names)}",
                f"{where}：没有文件“{declared.file}”。{suggestion_zh(declared.file, names)}",
            )
        )
    if file.suffix[1:].lower() not in KINDS:
        raise DataError(
            chosen(
                f"{where}: '{declared.file}' is no table. It may be {', '.join(KINDS)}.",
                f"{where}：“{declared.file}”不是数据表，可用的格式有{'、'.join(KINDS)}。",
            )
        )
    name, kind = file.relative_to(folder).as_posix(), KINDS[file.suffix[1:].lower()]
    sources = [checked_source(name, kind, file, TABLES[declared.table])] if declared.table else list(file_sources(file, name))
    for source in sources:
        if not source.sheet or not declared.sheet or source.sheet == declared.sheet:
            yield _with_declaration(replace(source, sheet=declared.sheet or source.sheet), declared, where)


def _with_declaration(source: DataSource, declared: DeclaredSource, where: str) -> DataSource:
    """Return the source with all that is declared of it."""
    return replace(
        source,
        columns=declared.column_mappings(source.table, where),
        drop=tuple(declared.drop),
        period=declared.period,
        reporting=tuple(declared.reporting),
        is_declared=True,
    )


def declared_query(declared: DeclaredSource, where: str) -> Iterator[DataSource]:
    """Yield the source that a declaration makes of a query, or of the database table that is named for ours."""
    url, table = declared.location, TABLES[declared.table]
    if not url.startswith(ADDRESS):
        raise DataError(
            chosen(
                f"{where}: the url is no address of a database, such as postgresql://host/name.",
                f"{where}：url不是数据库地址，应如postgresql://主机/库名。",
            )
        )
    name = f"query for {table.name}"
    if not declared.query:
        names = postgres.tables(url)
        name = next((name for name in names if table_named(name) is table), "")
        if not name:
            raise DataError(
                chosen(
                    f"{where}: the database has no table {table.name}. It has {', '.join(names)}; or give a query.",
                    f"{where}：数据库中没有{table.label}（{table.name}），已有{'、'.join(names) or '零张表'}；也可写query（查询）。",
                )
            )
    yield _with_declaration(DataSource(name, "postgres", url, table, query=declared.query), declared, where)


def with_reporting_regions(sources: Sequence[DataSource], regions: Regions) -> tuple[DataSource, ...]:
    """Return the sources with the codes of their declared regions in place of names.

    Raises:
        DataError: a declared region is unknown.
    """
    resolved = []
    for source in sources:
        try:
            codes = tuple(regions.find(name).code for name in source.reporting)
        except UsageError as error:
            raise DataError(
                chosen(
                    f"{NAME}, {source.name}, reporting: {error}",
                    f"{NAME}，{source.name}，reporting：有的地区不在行政区划名录内（{error}）。",
                )
            ) from None
        resolved.append(replace(source, reporting=codes))
    return tuple(resolved)
