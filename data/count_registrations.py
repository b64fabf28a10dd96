"""Counts real company registrations by city and month, and writes the snapshot `data/real`.

    python data/count_registrations.py gansu-registrations-1980-2019.csv [--into data/real]

The file has one row per registration: 地区 (city short name), 注册日期 (YYYY-MM-DD), 企业类型 (kind, mostly N/A); UTF-8. Its source
is a sample of the national register. Only counts are kept, no row.
"""

import argparse
import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from city_briefs.analysis import snapshot
from city_briefs.common import regions
from city_briefs.common.errors import BriefError
from city_briefs.common.paths import root, shown
from city_briefs.common.periods import Period
from city_briefs.model.tables import COVERAGE, RETURNS

SOURCE = (
    "企业登记样本（github.com/kinginsun/Enterprise-Registration-Data-of-Chinese-Mainland，csv/年份/甘肃.csv），按市州和月份计数"
)
NOTICE = "登记样本计数，非官方统计总量"
CAVEATS = (
    snapshot.Caveat("数据为全国企业登记信息的公开样本，以公司为主，不是登记总量。"),
    snapshot.Caveat("样本的覆盖面逐年不同，数量、位次和增减可能部分来自覆盖面的变化。", views=("value", "yoy")),
    snapshot.Caveat("样本中91%的记录未填写主体类型，均按企业计入新设企业。", ("new_enterprises", "enterprise_share_of_new")),
    snapshot.Caveat("未填写地区的记录计入“其他”，只进入全省合计。"),
)
NO_ENTERPRISE = ("个体工商户", "农民专业合作社")  # a kind that begins so, branches included, is no enterprise
OTHER = "629999"
UNKNOWN = "N/A"
COVERED = {
    **dict.fromkeys([*range(1980, 2012), 2013], 12),
    2019: 4,
}  # 2012 and 2014 to 2018 are absent; 2019 stops on 30 April


def counted(source: Path, known: regions.Regions) -> dict[str, Counter[tuple[str, str]]]:
    """Per indicator, the number of rows by region code and month."""
    counts: dict[str, Counter[tuple[str, str]]] = {"new_entities": Counter(), "new_enterprises": Counter()}
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = OTHER if row["地区"] == UNKNOWN else known.find(row["地区"]).code
            month = date.fromisoformat(row["注册日期"]).isoformat()[:7]
            counts["new_entities"][code, month] += 1
            if not row["企业类型"].startswith(NO_ENTERPRISE):
                counts["new_enterprises"][code, month] += 1
    return counts


def write(source: Path, into: Path) -> snapshot.Snapshot:
    """The snapshot: a covered month without registrations is a zero, an uncovered one is absent."""
    regions_file = root() / "data/reference/regions.csv"
    known = regions.read(regions_file)
    counts = counted(source, known)
    reporting = [*(city.code for city in known.cities), OTHER]
    covered = [(code, month) for code in reporting for year, last in COVERED.items() for month in Period(year, last).months]
    if outside := {key for found in counts.values() for key in found} - set(covered):
        raise SystemExit(f"{source.name}: {min(outside)[1]} lies outside the months that are known to be covered.")
    rows = [
        {"region": code, "month": month, "indicator": indicator, "numerator": Decimal(found[code, month]), "span": "month"}
        for indicator, found in counts.items()
        for code, month in covered
    ]
    return snapshot.write(
        into,
        {
            RETURNS: pa.Table.from_pylist(rows, schema=RETURNS.schema),
            COVERAGE: pa.Table.from_pylist(
                [{"table": RETURNS.name, "region": code, "month": month} for code, month in covered], schema=COVERAGE.schema
            ),
        },
        regions_file=regions_file,
        source=SOURCE,
        ingested_at=date.today().isoformat(),
        notice=NOTICE,
        caveats=CAVEATS,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--into", type=Path, default=root() / "data/real")
    asked = parser.parse_args()
    try:
        made = write(asked.source, asked.into)
    except (BriefError, OSError) as error:
        raise SystemExit(f"{asked.source.name}: {error}") from None
    print(f"{shown(made.path)}: {made.descriptions['returns'].rows} counts, id {made.id[:12]}")
