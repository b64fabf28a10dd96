"""`recipients.csv`: every fault is named by row and column, and nobody gets a region that is not theirs."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city_briefs.common import regions
from city_briefs.common.errors import DataError
from city_briefs.production.delivery import documents, journal, mail_settings, recipients, round
from city_briefs.production.packs import packs_toml
from tests.delivery.conftest import HEAD, NAMES, PACKS
from tests.delivery.server import Mailbox, Running
from tests.helpers import REFERENCE, ROOT

KNOWN = packs_toml.packs()
AMONG = regions.read(REFERENCE / "regions.csv")
PACK_LIST = ", ".join(KNOWN)


def read(folder, *rows, head=HEAD, encoding="utf-8"):
    file = folder / "recipients.csv"
    file.write_text(head + "".join(f"{row}\n" for row in rows), encoding)
    return recipients.read(file, AMONG, KNOWN)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_row_says_who_gets_what_in_which_form(tmp_path, encoding):
    [reader, reviewer, errors] = read(
        tmp_path, "li@city.test,兰州；620200,city-brief; targets,xlsx;pdf,,李处", "folder:/srv/x,*,*,docx,reviewer,", "ops@office.test,,,,errors-only,",
        head="address,regions,packs,format,role,备注\n", encoding=encoding,
    )  # fmt: skip
    assert reader == recipients.Recipient(
        "li@city.test", "reader", frozenset({"620100", "620200"}), frozenset({"city-brief", "targets"}), ("pdf", "xlsx")
    )
    assert reviewer == recipients.Recipient("folder:/srv/x", "reviewer", frozenset(AMONG.by_code), frozenset(KNOWN), ("docx",))
    assert errors == recipients.Recipient("ops@office.test", "errors-only")


def test_all_packs_are_those_that_do_not_stay_in_the_office(tmp_path):
    known = {name: pack.model_copy(update={"internal": name == "targets"}) for name, pack in KNOWN.items()}
    file = tmp_path / "recipients.csv"
    file.write_text(HEAD + "li@city.test,*,*,pdf,\nwang@city.test,*,targets;*,pdf,\n", "utf-8")
    everyone, one = recipients.read(file, AMONG, known)
    assert everyone.packs == set(KNOWN) - {"targets"} and one.packs == set(KNOWN)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("li,*,*,pdf,", "address: 'li' is no address of mail, such as name@example.org, nor a folder, such as folder:/srv/briefs."),
        ("=a@city.test,*,*,pdf,", "address: '=a@city.test' is no address of mail, such as name@example.org, nor a folder, such as folder:/srv/briefs."),
        ('"a@b.test\nBcc: c@d.test",*,*,pdf,', "address: 'a@b.test\nBcc: c@d.test' is no address of mail, such as name@example.org, nor a folder, such as folder:/srv/briefs."),
        ("李@city.test,*,*,pdf,", "address: '李@city.test' is no address of mail, such as name@example.org, nor a folder, such as folder:/srv/briefs."),
        (",*,*,pdf,", "address: '' is no address of mail, such as name@example.org, nor a folder, such as folder:/srv/briefs."),
        ("folder:briefs,*,*,pdf,", "address: 'folder:briefs' does not name a folder from the root, as folder:/srv/briefs does."),
        ("folder:/srv,,,,errors-only", "address: 'folder:/srv' is a folder, and failures are told by mail. Write an address of mail."),
        ("li@city.test,兰洲,*,pdf,", "regions: there is no region '兰洲'. Did you mean 兰州市 (620100)?"),
        ("li@city.test,;,*,pdf,", "regions: it is empty. Write one or several, with ; between, or * for all."),
        ("li@city.test,*,city-breif,pdf,", "packs: 'city-breif' is no pack. Did you mean city-brief?"),
        ("li@city.test,*,x,pdf,", f"packs: 'x' is no pack. The packs are {PACK_LIST}."),
        ("li@city.test,*,,pdf,", "packs: it is empty. Write one or several, with ; between, or * for all."),
        ("li@city.test,*,*,,", "format: it is empty. Write one or several, with ; between."),
        ("li@city.test,*,*,doc,", "format: 'doc' is no format. It is pdf, docx, xlsx, html or link."),
        ("li@city.test,*,*,pdf;link,", "format: 'pdf;link' asks for a link, which stands alone and is for readers by mail. Write pdf, docx, xlsx, html."),
        ("li@city.test,*,*,link,reviewer", "format: 'link' asks for a link, which stands alone and is for readers by mail. Write pdf, docx, xlsx, html."),
        ("folder:/srv,*,*,link,", "format: 'link' asks for a link, which stands alone and is for readers by mail. Write pdf, docx, xlsx, html."),
        ("li@city.test,*,*,pdf,boss", "role: 'boss' is no role. It is reader, reviewer or errors-only; reader when empty."),
        ("li@city.test,兰州,,,errors-only", "regions: '兰州' stands in a row that is errors-only. Leave it empty there."),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_row_and_column(tmp_path, row, fault):
    with pytest.raises(DataError) as refused:
        read(tmp_path, "wang@city.test,*,*,pdf,", row)
    end = "Faults in recipients.csv: 1. Nothing is sent until there are none."
    assert str(refused.value) == f"recipients.csv, row 3, column {fault}\n{end}"


@pytest.mark.parametrize(
    ("head", "row", "said"),
    [
        ("address,regions,packs,role\n", "", "recipients.csv has the column format not at all. Its columns are address, regions, packs, format, role."),
        (f"address,{HEAD}", "", "recipients.csv has the column address twice. Its columns are address, regions, packs, format, role."),
        ("", "", "recipients.csv has the column address not at all. Its columns are address, regions, packs, format, role."),
        (HEAD, "a@b.test,兰州,天水,*,pdf,reader", "recipients.csv, row 2 has more cells than there are columns. Put several regions into one cell, with ; between."),
    ],
)  # fmt: skip
def test_a_file_that_has_other_columns_is_refused(tmp_path, head, row, said):
    with pytest.raises(DataError) as refused:
        read(tmp_path, *filter(None, [row]), head=head)
    assert str(refused.value) == said


def test_a_file_in_another_encoding_is_refused(tmp_path):
    file = tmp_path / "recipients.csv"
    file.write_bytes(HEAD.encode() + b"\xff\xff")
    with pytest.raises(DataError) as refused:
        recipients.read(file, AMONG, KNOWN)
    assert str(refused.value) == "recipients.csv is neither UTF-8 nor GB18030. Save it again as CSV in UTF-8."


def test_one_faulty_row_stops_the_mail_to_all_and_is_told(briefs, office, served):
    mailbox = served()
    office.edition()
    office.recipients("li@city.test,兰州,*,pdf,", "wang@city.test,兰洲,*,pdf,")
    said = (
        "recipients.csv, row 3, column regions: there is no region '兰洲'. Did you mean 兰州市 (620100)?\n"
        "Faults in recipients.csv: 1. Nothing is sent until there are none.\n"
    )
    assert briefs("deliver", "--send") == (3, "", said)
    [(address, mail)] = mailbox.mails()
    assert (address, mail.get_content().replace("\r\n", "\n")) == ("chief@office.test", said)


@pytest.fixture(scope="module")
def post():
    """A mail server for all that is drawn."""
    server = Running(Mailbox())
    yield server
    server.stop()


WORDS = st.lists(st.sampled_from([*NAMES, *(name[:-1] for name in NAMES.values()), "*", "天水"]), min_size=1, max_size=3)
ROWS = st.tuples(
    st.sampled_from(["a@city.test", "b@city.test", "A@city.test", "c@city.test"]), WORDS, st.lists(st.sampled_from([*PACKS, "*"]), min_size=1, max_size=2),
    st.lists(st.sampled_from(["pdf", "html", "docx", "xlsx"]), min_size=1, max_size=2), st.sampled_from(["", "reader", "reviewer"]),
)  # fmt: skip


@settings(max_examples=25)
@given(rows=st.lists(ROWS, min_size=1, max_size=5))
def test_nobody_receives_a_region_that_is_not_theirs(office, post, rows):
    """By what arrives: every attachment is, by its hash, a pack of a region that a row of its recipient names."""
    office.settings(post.port)
    office.journal.unlink(missing_ok=True)
    office.recipients(
        *(
            ",".join([address, ";".join(where), ";".join(packs), ";".join(forms), role])
            for address, where, packs, forms, role in rows
        )
    )
    made = {}
    for region in NAMES:
        for pack in PACKS:
            place = office.edition(region, pack)
            made |= {
                hashlib.sha256(file.read_bytes()).hexdigest(): (region, pack, file.suffix[1:]) for file in place.glob(f"{pack}.*")
            }
    allowed = {}
    for address, where, packs, _, role in rows:
        if role != "reviewer":
            theirs = {code for code, name in NAMES.items() if {"*", code, name[:-1]} & set(where)}
            kinds = set(PACKS) if "*" in packs else set(packs)
            allowed.setdefault(address.casefold(), set()).update((region, pack) for region in theirs for pack in kinds)
    post.mailbox.taken.clear()
    these = round.deliveries(documents.issued(lambda entry: True).documents, recipients.listed(), recipients.READER)
    with journal.opened(office.deliveries) as kept:
        outcomes = list(round.deliver(round.planned(these, kept.last, {}, None), kept, mail_settings.mail()))
    assert {one.status for one in outcomes} <= {"sent"}
    arrived = [
        (address.casefold(), *made[hashlib.sha256(part.get_payload(decode=True)).hexdigest()][:2], mail["Message-ID"])
        for address, mail in post.mailbox.mails()
        for part in mail.iter_attachments()
    ]
    assert {address: {one[1:3] for one in arrived if one[0] == address} for address in {one[0] for one in arrived}} == {
        address: theirs for address, theirs in allowed.items() if theirs
    }
    assert len({one[3] for one in arrived}) == len(post.mailbox.taken)


def test_the_rows_that_the_documentation_gives_are_right(tmp_path):
    page = (ROOT / "docs/operations.md").read_text("utf-8")
    [head, *rows] = page.split("```csv\n")[1].split("```")[0].splitlines()
    assert [one.role for one in read(tmp_path, *rows, head=f"{head}\n")] == [
        "reader",
        "reader",
        "reviewer",
        "reader",
        "errors-only",
    ]
