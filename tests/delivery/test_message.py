"""What a mail says: its headline numbers in plain text and HTML, 模拟 where it is, and nothing that runs, asks or forges."""

import re
from html.parser import HTMLParser

import pytest

from city_briefs.production.delivery import documents, mail_settings, message
from tests.delivery.conftest import CARD
from tests.helpers import blocks, page_one

SCRIPT = "<script>alert(1)</script><img src=https://x.test/a.png>"


def sent(briefs, office, mailbox, form="pdf"):
    office.recipients(f"li@city.test,*,*,{form},")
    assert briefs("deliver", "--send")[0] == 0
    [(_, mail)] = mailbox.mails()
    return mail, *(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))


class Elements(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes.update(attributes)


def cards(*made):
    return blocks.block("cards", cards=list(made))


def test_a_mail_says_the_headline_numbers_of_the_summary(briefs, office, served):
    mailbox = served()
    office.edition(
        blocks=[blocks.block("prose"), cards(CARD, {**CARD, "label": "投诉", "place": "", "light": ""})],
        refusals=[{"metric": "a"}],
    )
    mail, plain, page = sent(briefs, office, mailbox)
    assert plain.replace("\r\n", "\n") == (
        "现报上《兰州市市场监管工作简报（2021年）》，请审阅。\n\n"
        "数据截至2021年12月28日。第1版，审核人：审核人甲，签发人：签发人乙，2022年1月20日签发。\n\n"
        "主要指标：\n"
        "  新设立市场主体　4.01万户，同比增长10.8%，总量居全省第1位，目标达标\n"
        "  投诉　4.01万户，同比增长10.8%\n\n"
        "未列或未作比较的数据1项，原因见附录或数据表。\n\n"
        "附件：兰州市市场监管工作简报（2021年）.pdf\n\n"
        "本邮件由系统自动发送，仅供收件人工作使用，请勿转发。误收的，请告知发件人并删除。\n"
    )
    words = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))
    for said in (
        "新设立市场主体4.01万户▲同比增长10.8%总量居全省第1位目标达标",
        "数据截至2021年12月28日。第1版",
        "未列或未作比较的数据1项",
    ):
        assert said in words
    assert mail["Subject"] == "兰州市市场监管工作简报（2021年）" and mail["Auto-Submitted"] == "auto-generated"


def test_a_pack_without_headline_numbers_says_its_title_and_date(briefs, office, served):
    mailbox = served()
    office.edition("620000", "targets")
    _, plain, page = sent(briefs, office, mailbox)
    assert "主要指标" not in plain + page and "《甘肃省目标任务进度（2021年）》" in plain and "2021年12月28日" in page


def test_a_classification_is_said_in_subject_and_body(briefs, office, served):
    mailbox = served()
    office.edition(classification="内部资料")
    mail, plain, page = sent(briefs, office, mailbox)
    assert mail["Subject"] == "【内部资料】兰州市市场监管工作简报（2021年）"
    assert "【内部资料】" in plain and "内部资料</td>" in page


def test_a_synthetic_snapshot_is_said_in_subject_and_body(briefs, office, served):
    mailbox = served()
    office.edition(snapshot={"id": "s", "synthetic": True, "notice": "模拟数据，仅供演示", "ingested_at": "2022-01-05"})
    mail, plain, page = sent(briefs, office, mailbox)
    assert mail["Subject"] == "【模拟】兰州市市场监管工作简报（2021年）"
    assert plain.startswith("【模拟数据，仅供演示】") and page.count("模拟数据，仅供演示") == 1


def test_those_who_get_links_get_no_files(briefs, office, served):
    mailbox = served()
    office.edition()
    office.settings(**{**office.mail, "link": "https://briefs.office.test/editions/"})
    mail, plain, page = sent(briefs, office, mailbox, "link")
    assert list(mail.iter_attachments()) == []
    links = [
        f"https://briefs.office.test/editions/2021/620100/city-brief/1/city-brief.{form}"
        for form in ("pdf", "docx", "xlsx", "html")
    ]
    assert re.findall(r"https?://\S+", plain) == re.findall(r'href="([^"]+)"', page) == links


def test_what_is_said_is_text_and_nothing_is_asked_of_any_server(briefs, office, served):
    mailbox = served()
    office.edition(title=f"简报{SCRIPT}", blocks=[cards({**CARD, "label": SCRIPT, "value": SCRIPT, "unit": SCRIPT, "change": SCRIPT, "place": SCRIPT, "light": SCRIPT, "arrow": SCRIPT})])  # fmt: skip
    _, plain, page = sent(briefs, office, mailbox)
    assert SCRIPT in plain
    elements = Elements()
    elements.feed(page)
    assert elements.tags == {"html", "head", "meta", "title", "body", "table", "tr", "td", "th", "span", "br", "caption"}
    assert not {name for name, _ in elements.attributes} & {"src", "href", "srcset", "background", "data", "action"}
    assert not any("url(" in value or "@import" in value for _, value in elements.attributes)


@pytest.mark.parametrize(
    "title",
    ["简报\r\nBcc: x@y.test", "简报\nTo: x@y.test\n\nbody", "简报\u2028Bcc: x@y.test", "简\x00\x85报\u202efdp", "简报" * 200],
)
def test_no_title_makes_a_header_or_a_path(briefs, office, served, title):
    mailbox = served()
    office.edition(title=f"{title}/../../x")
    mail, _, _ = sent(briefs, office, mailbox)
    assert [name.lower() for name in mail] == [
        "subject",
        "from",
        "to",
        "date",
        "message-id",
        "auto-submitted",
        "mime-version",
        "content-type",
    ]
    [part] = mail.iter_attachments()
    printable = "".join(one for one in title if one.isprintable())
    named = f"{printable.replace(':', '_')}_.._.._x.pdf"  # or shorter, where no disk has room for such a name
    named = named if len(named.encode()) <= 255 else "city-brief-620100-2021.pdf"
    assert (mail["Subject"], part.get_filename()) == (f"{printable}/../../x", named)


def test_a_mail_is_plain_ascii_in_lines_that_every_server_takes(briefs, office, served):
    mailbox = served()
    office.edition(blocks=[cards({**CARD, "label": "长" * 3000})])
    sent(briefs, office, mailbox)
    [(_, content)] = mailbox.taken
    assert content.isascii() and max(map(len, content.split(b"\r\n"))) <= 998 and b"filename*" in content


def test_a_mail_begins_with_the_conclusion_and_the_sentences_of_page_one(briefs, office, served):
    mailbox = served()
    office.edition(blocks=[page_one.block(conclusion=SCRIPT)])
    _, plain, page = sent(briefs, office, mailbox)
    lines = plain.replace("\r\n", "\n").split("\n\n")
    assert lines[2:6] == [
        SCRIPT,
        "好在：每万人口发明专利15.67件，居首；药品抽检合格率99.27%，居第2位。",
        "差在：新设主体缺目标1453户，增速居第12位；隐患逾期占未销号20.9%。",
        "要办：再销号16项、再检133台，两灯可灭；4798件投诉待办结。",
    ]
    assert "要办：再销号16项" in page and "<script" not in page


def test_a_message_id_is_fixed_by_edition_and_recipient_alone(office):
    office.edition()
    office.edition("620200")
    one, other = documents.issued(lambda entry: True).documents
    assert message.identity(one, "li@city.test") == message.identity(one, "LI@city.test")
    assert (
        len({message.identity(document, address) for document in (one, other) for address in ("li@city.test", "wang@city.test")})
        == 4
    )
    first, second = (message.composed(one, "li@city.test", {}, mail_settings.mail()) for _ in range(2))
    ids = [re.search(rb"Message-ID: (.+?)\r\n", content)[1] for content in (first, second)]
    assert ids[0] == ids[1] == f"<{message.identity(one, 'li@city.test')}@office.test>".encode()


def test_a_summary_that_is_not_as_it_was_made_is_not_quoted(office):
    (office.edition(blocks=[cards(CARD)]) / "notebooks/summary.ipynb").write_text("{}")
    [document] = documents.issued(lambda entry: True).documents
    with pytest.raises(Exception, match=r"^editions/2021/620100/city-brief/1/notebooks/summary.ipynb is not as it was made.$"):
        message.summary(document)
