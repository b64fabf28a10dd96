"""What a mail says of a document: its title, its headline numbers and who issued it, in plain text and HTML, and the files or links."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from city_briefs.common import theme
from city_briefs.common.blocks import Block, HeadlineCard
from city_briefs.production.delivery.documents import MEDIA, Document
from city_briefs.production.delivery.mail_settings import Mail
from city_briefs.production.editions import content
from city_briefs.production.packs.edition import day

SUMMARIES = (  # chapters that begin with page one, or with the headline numbers, of their pack
    "summary", "period-summary", "province-page", "province-summary", "safety-situation",
)  # fmt: skip
HERE = Path(__file__).parent
POLICY = SMTP.clone(cte_type="7bit")  # for servers that take nothing else


def identity(document: Document, address: str) -> str:
    """What is the same for ever of this edition and this recipient, and of no other: the left part of the Message-ID."""
    return hashlib.sha256(f"{document.entry.get('hash', '')}\n{address.casefold()}".encode()).hexdigest()[:40]


def composed(document: Document, address: str, files: Mapping[str, bytes], mail: Mail) -> bytes:
    """The mail to one recipient, as it goes out; without files, with a link to each format."""
    message = EmailMessage(policy=POLICY)
    words = _said(document, tuple(files), mail.link)
    message["Subject"] = "".join([*(f"【{mark}】" for mark in words["marks"]), document.title])
    message["From"] = mail.sender
    message["To"] = address
    message["Date"] = localtime()
    message["Message-ID"] = f"<{identity(document, address)}@{mail.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(theme.templates(HERE).get_template("message.txt.j2").render(words), cte="base64")
    message.add_alternative(theme.templates(HERE).get_template("message.html.j2").render(words), subtype="html", cte="base64")
    for name, file in files.items():
        kind, _, form = MEDIA[name.rpartition(".")[2]].partition("/")
        message.add_attachment(file, maintype=kind, subtype=form, filename=name)
    return message.as_bytes()


def summary(document: Document) -> list[Block]:
    """The blocks of the chapter that begins with what a document says in short; none when it has no such chapter."""
    for name in (f"notebooks/{chapter}.ipynb" for chapter in SUMMARIES):
        if name in document.entry["outputs"]:
            return content.blocks(json.loads(document.content(name)))
    return []


def first_lines(blocks: Iterable[Block]) -> list[str]:
    """The conclusion of page one and the sentences under it; none where there is no page one."""
    page_one = next((block for block in blocks if block["kind"] == "page-one"), None)
    return [page_one["conclusion"], *(f"{lead['word']}：{lead['text']}" for lead in page_one["leads"])] if page_one else []


def headlines(blocks: Iterable[Block]) -> list[HeadlineCard]:
    """The headline numbers as cards: label, value, unit, change, place, light; none where there are none."""
    return [card for block in blocks if block["kind"] == "cards" for card in block["cards"]]


def _said(document: Document, files: tuple[str, ...], link: str) -> dict[str, Any]:
    """What the templates print."""
    entry, in_short = document.entry, summary(document)
    snapshot, classification = entry["snapshot"], entry.get("classification", "")
    notice = (snapshot.get("notice") or "模拟数据") if snapshot.get("synthetic") else ""
    return {
        "title": document.title,
        "draft": document.is_draft,
        "marks": [mark for mark in (classification, "模拟" if snapshot.get("synthetic") else "") if mark],
        "notice": "　".join(filter(None, [classification, notice])),
        "until": day(entry["until"]),
        "number": document.number,
        "approval": entry.get("approval"),
        "issued_on": day(entry["approval"]["issued_on"]) if "approval" in entry else "",
        "first_lines": first_lines(in_short),
        "cards": headlines(in_short),
        "refusals": len(entry.get("refusals", [])),
        "files": files,
        "links": {} if files else _links(document, link),
        "palette": theme.PALETTE,
    }


def _links(document: Document, link: str) -> dict[str, str]:
    """The address of each format of an edition, where the register is served."""
    names = {form: f"{document.entry['pack']}.{form}" for form in MEDIA}
    return {
        form.upper(): "/".join([link, *map(quote, (*document.place, name))])
        for form, name in names.items()
        if name in document.entry["outputs"]
    }
