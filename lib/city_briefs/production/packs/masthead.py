"""The masthead of a pack, as a 简报 has it: its name, the number of the issue, the office and the day; and what stands at foot and end.

An issue is numbered within its year by its last month, quarter or half-year: the brief of January to December is the twelfth, that of the
second quarter the second. It is numbered in all from the first issue on, which `first_issue` names by a month within it: with 2020-01, the
brief of January to December 2022 is the 36th. A period before the first issue has no number.
"""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

from city_briefs.common import characters
from city_briefs.common.language import chosen
from city_briefs.common.periods import LENGTHS, Period, month_number
from city_briefs.production.packs.edition import DRAFT, Edition, day

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
NOBODY = "——"  # where the name of who has not signed yet will stand


def _filled(words: str) -> str:
    if not words.strip():
        raise ValueError(chosen("is a text that is not empty", "应为文字，不能为空"))
    return characters.checked(words)


def _month(words: str) -> str:
    if not MONTH.fullmatch(words):
        raise ValueError(chosen(f"is a month such as 2020-01, not '{words}'", f"应为月份，如2020-01，不是“{words}”"))
    return words


class Masthead(BaseModel):
    """What packs.toml says of a masthead: the office that edits the pack, the month of its first issue, and who gets a copy (抄送)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    office: Annotated[str, AfterValidator(_filled)]
    first_issue: Annotated[str, AfterValidator(_month)]
    copies: Annotated[str, AfterValidator(characters.checked)] = ""


def issue(first_issue: str, period: Period) -> str:
    """Return the number of an issue in words: 第12期（总第36期）; empty before the first."""
    length = LENGTHS.get(period.span, 1)
    all_in_all = month_number(period.months[-1]) // length - month_number(first_issue) // length + 1
    return f"第{period.through // length}期（总第{all_in_all}期）" if all_in_all > 0 else ""


def printed(masthead: Masthead, name: str, addressee: str, period: Period, edition: Edition | None) -> dict[str, Any]:
    """Return what of a masthead is printed; `edition` is None for a draft that lacks chapters.

    The day is that of issue; a draft, which has none yet, says to which day its data go.
    """
    approval = edition.approval if edition else None
    signed = f"{day(approval.issued_on)}" if approval else ""
    state = ("" if approval else DRAFT) + (f"（{edition.name}）" if edition and not approval else edition.name if edition else "")
    names = (("审核", approval.reviewed_by if approval else NOBODY), ("签发", approval.issued_by if approval else NOBODY))
    sent = [f"报送：{addressee}", *([f"抄送：{masthead.copies}"] if masthead.copies else [])]
    imprint = [[f"主送：{addressee}。", ""], *([[f"抄送：{masthead.copies}。", ""]] if masthead.copies else [])]
    return {
        "name": name,
        "issue": "　".join(filter(None, [period.text, issue(masthead.first_issue, period)])),
        "office": f"{masthead.office}编印",
        "day": signed or f"数据截至{day(period.end.isoformat())}",
        "foot": "　".join([*sent, state, *(f"{role}：{who}" for role, who in names)]),
        "imprint": [*imprint, [masthead.office, f"{signed}印发" if signed else f"{DRAFT}，未印发"]],
    }
