"""`briefs deliver`: who gets what, once; what is not as it was issued goes nowhere; every failure is told."""

import csv
import hashlib
import json
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from city_briefs.production.build import index_page
from city_briefs.production.delivery import journal
from city_briefs.production.editions import first_issued, manifest
from tests.delivery.conftest import SIGNER
from tests.delivery.server import AT_DATA, AT_RCPT, IN_BODY, KEPT, LOST, SILENT
from tests.helpers.signing import Key

LANZHOU, ADDRESS = "li@city.test,兰州,city-brief,pdf,", "li@city.test"


def unconfirmed(office):
    if not office.unconfirmed.exists():
        return []
    return list(csv.DictReader(office.unconfirmed.read_text("utf-8-sig").splitlines()))


def decide(office, word):
    text = office.unconfirmed.read_text("utf-8-sig").replace("\n,", f"\n{word},")
    office.unconfirmed.write_text(text, "utf-8-sig")


def words(mail):
    return mail.get_content().replace("\r\n", "\n")


def attached(mail):
    return {part.get_filename(): hashlib.sha256(part.get_payload(decode=True)).hexdigest() for part in mail.iter_attachments()}


def test_without_send_it_is_said_who_would_get_what_and_nothing_is_sent_or_written(briefs, office, served):
    mailbox = served()
    office.edition()
    office.recipients(LANZHOU)
    assert briefs("deliver") == (
        0,
        "li@city.test: 兰州市 2021 city-brief, edition 1 is due.\nDue: 1; before: 0; not delivered: 0. Nothing was sent; --send does it.\n",
        "",
    )
    assert mailbox.taken == [] and not office.deliveries.exists()


def test_an_edition_is_sent_once_with_its_files_under_their_chinese_names(briefs, office, served):
    mailbox = served()
    folder = office.edition()
    office.recipients("li@city.test,兰州,city-brief,pdf;xlsx,")
    assert briefs("deliver", "--send") == (
        0, "li@city.test: 兰州市 2021 city-brief, edition 1 is sent.\nSent: 1; before: 0; not delivered: 0.\n", ""
    )  # fmt: skip
    [(address, mail)] = mailbox.mails()
    assert (address, mail["To"], mail["From"]) == (ADDRESS, ADDRESS, "briefs@office.test")
    outputs = json.loads((folder / "manifest.json").read_text("utf-8"))["packs"]["city-brief"]["outputs"]
    name = "兰州市市场监管工作简报（2021年）"
    assert attached(mail) == {f"{name}.pdf": outputs["city-brief.pdf"], f"{name}.xlsx": outputs["city-brief.xlsx"]}
    assert briefs("deliver", "--send") == (0, "Sent: 0; before: 1; not delivered: 0.\n", "")
    assert len(mailbox.taken) == 1 and office.events() == ["intent", "sent"]


def subjects(mailbox):
    """The subjects of the mails to each address, in order, and an empty mailbox after that."""
    got = {}
    for address, mail in mailbox.mails():
        got.setdefault(address, []).append(mail["Subject"].removeprefix("兰州市市场监管工作简报"))
    mailbox.taken.clear()
    return {address: sorted(titles) for address, titles in got.items()}


def test_the_newest_edition_of_every_period_is_sent_once(briefs, office, served):
    mailbox = served()
    office.recipients("li@city.test,*,*,pdf,")
    for period, number in (("2020", 1), ("2021", 1), ("2021", 2)):
        office.edition(period=period, number=number)
    office.edition(pack="targets", region="620000", period="2020")
    assert briefs("deliver", "--send")[0] == 0
    assert subjects(mailbox) == {"li@city.test": ["甘肃省目标任务进度（2020年）", "（2020年）", "（2021年）第2版"]}
    assert briefs("deliver", "--send") == (0, "Sent: 0; before: 3; not delivered: 0.\n", "")


def test_a_correction_of_an_earlier_period_reaches_those_who_were_served_then(briefs, office, served):
    mailbox = served()
    office.recipients("li@city.test,*,*,pdf,")
    office.edition(period="2020")
    assert briefs("deliver", "--send")[0] == 0
    office.edition(period="2021")
    office.recipients("li@city.test,*,*,pdf,", "new@city.test,*,*,pdf,")
    assert briefs("deliver", "--send")[0] == 0
    assert subjects(mailbox) == {"li@city.test": ["（2020年）", "（2021年）"], "new@city.test": ["（2021年）"]}
    office.edition(period="2020", number=2)
    said = (
        "new@city.test: earlier editions, which others have had, are left out: 1. Name their period with --year and --through "
        "to send them.\n"
    )
    assert briefs("deliver") == (0, (
        "li@city.test: 兰州市 2020 city-brief, edition 2 is due.\n"
        f"Due: 1; before: 2; not delivered: 0. Nothing was sent; --send does it.\n{said}"
    ), "")  # fmt: skip
    assert json.loads(briefs("deliver", "--json")[1])["left_out"] == {"new@city.test": 1}
    assert briefs("deliver", "--send")[0] == 0
    assert subjects(mailbox) == {"li@city.test": ["（2020年）第2版"]}
    assert briefs("deliver", "--year", 2020, "--send")[0] == 0
    assert subjects(mailbox) == {"new@city.test": ["（2020年）第2版"]}


def test_who_was_to_be_served_while_the_server_was_lost_is_served_later(briefs, office, served):
    office.recipients("li@city.test,*,*,pdf,", "wang@city.test,*,*,pdf,")
    office.settings(port=1)  # nothing listens there
    office.edition(period="2020")
    assert briefs("deliver", "--send")[0] == 5
    mailbox = served()
    assert briefs("deliver", "--year", 2020, "--city", "兰州", "--send")[0] == 0
    subjects(mailbox)
    office.settings(port=1)
    office.edition(period="2020", number=2)
    office.edition(period="2021")
    assert briefs("deliver", "--send")[0] == 5
    mailbox = served()
    assert briefs("deliver", "--send")[0] == 0
    assert subjects(mailbox) == {f"{name}@city.test": ["（2020年）第2版", "（2021年）"] for name in ("li", "wang")}


def test_rows_of_one_address_are_one_recipient(briefs, office, served):
    mailbox = served()
    office.edition()
    office.recipients(LANZHOU, "LI@city.test,*,*,docx,")
    assert briefs("deliver", "--send")[0] == 0
    [(_, mail)] = mailbox.mails()
    assert {name.rpartition(".")[2] for name in attached(mail)} == {"pdf", "docx"}


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda folder: (folder / "city-brief.pdf").write_text("%PDF"), "editions/2021/620100/city-brief/1/city-brief.pdf is not as it was made: its hash differs from that in manifest.json."),
        (lambda folder: (folder / "city-brief.pdf").unlink(), "editions/2021/620100/city-brief/1/city-brief.pdf is missing."),
    ],
)  # fmt: skip
def test_an_edition_that_is_not_as_it_was_issued_goes_to_nobody_and_is_named(briefs, office, served, harm, said):
    mailbox = served()
    harm(office.edition())
    office.edition("620200")
    office.recipients("li@city.test,*,*,pdf,", "wang@city.test,兰州,*,pdf,")
    code, out, err = briefs("deliver", "--send")
    assert (code, err) == (4, f"兰州市 2021 city-brief, edition 1 is withheld. {said}\n")
    assert out == "li@city.test: 嘉峪关市 2021 city-brief, edition 1 is sent.\nSent: 1; before: 0; not delivered: 1.\n"
    [(_, mail), (told, failure)] = mailbox.mails()
    assert mail["Subject"] == "嘉峪关市市场监管工作简报（2021年）" and told == "chief@office.test"
    assert words(failure) == err


def test_an_edition_that_lies_in_the_folder_of_another_region_goes_to_neither(briefs, office, served):
    mailbox = served()
    folder = office.edition()
    (office.register / "2021/620300").mkdir()
    folder.parent.rename(office.register / "2021/620300/city-brief")
    office.recipients("li@city.test,兰州,*,pdf,", "wang@city.test,金昌,*,pdf,")
    said = "editions/2021/620300/city-brief/1/manifest.json is not as it was issued. Put it back from a copy of the register.\n"
    assert briefs("deliver", "--send")[::2] == (5, said)
    assert [address for address, _ in mailbox.taken] == ["chief@office.test"]


def unapproved(said):
    del said["approval"]


def another(said):
    said["approval"]["issued_by"] = "签发人丙"


@pytest.mark.parametrize("change", [unapproved, another])
def test_what_nobody_has_approved_or_another_than_it_says_is_no_edition(briefs, office, served, change):
    mailbox = served()
    office.edition()
    file = office.edition(number=2) / "manifest.json"
    packs = manifest.read(file.parent)
    change(packs["city-brief"])
    file.write_text(manifest.text(packs), "utf-8")
    office.recipients(LANZHOU)
    said = "editions/2021/620100/city-brief/2/manifest.json is not as it was issued. Put it back from a copy of the register.\n"
    assert briefs("deliver", "--send") == (5, "Sent: 0; before: 0; not delivered: 1.\n", said)
    assert [address for address, _ in mailbox.taken] == ["chief@office.test"]


def test_with_a_key_only_what_it_has_signed_is_delivered(briefs, office, served, tmp_path, monkeypatch):
    mailbox = served()
    mine, other = Key(tmp_path, 1), Key(tmp_path, 2)
    for region, key in (("620100", mine), ("620200", other), ("620300", None)):
        if key:
            monkeypatch.setenv("BRIEFS_SIGNING_KEY", str(key.private))
        else:
            monkeypatch.delenv("BRIEFS_SIGNING_KEY")
        office.edition(region)
    office.recipients("li@city.test,*,*,pdf,")
    code, _, err = briefs("deliver", "--send", "--key", mine.public)
    assert (code, err) == (
        4,
        "嘉峪关市 2021 city-brief, edition 1 is withheld. editions/2021/620200/city-brief/1/manifest.json: "
        f"city-brief is signed by {other.name}, not by {mine.name}.\n"
        "金昌市 2021 city-brief, edition 1 is withheld. editions/2021/620300/city-brief/1/manifest.json: "
        f"city-brief is signed by {SIGNER}, not by {mine.name}.\n",
    )
    assert [address for address, _ in mailbox.taken] == ["li@city.test", "chief@office.test"]


def test_drafts_go_to_reviewers_alone_and_what_could_not_be_made_is_told(briefs, office, served):
    mailbox = served()
    office.edition(draft=True)
    office.edition("620200", draft=True)
    office.edition("620300", unmade=True)
    office.recipients("li@city.test,*,*,pdf,reader", "shen@office.test,兰州;金昌,*,pdf,reviewer")
    code, out, err = briefs("deliver", "--drafts", "--send")
    assert (code, err) == (4, "金昌市 2021: city-brief could not be made. See outputs/2021/620300/incomplete/city-brief.\n")
    assert out == "shen@office.test: 兰州市 2021 city-brief, edition 1 is sent.\nSent: 1; before: 0; not delivered: 1.\n"
    [(reviewer, draft), (told, _)] = mailbox.mails()
    assert (reviewer, draft["Subject"], told) == (
        "shen@office.test",
        "兰州市市场监管工作简报（2021年）（送审稿）",
        "chief@office.test",
    )
    assert "本稿未经签发，不得报送。" in draft.get_body(("plain",)).get_content()


def test_an_approved_pack_in_the_outputs_is_no_draft(briefs, office, served):
    served()
    office.edition(draft=True, approval={"reviewed_by": "甲", "issued_by": "乙", "issued_on": "2022-01-20"})
    office.recipients("shen@office.test,*,*,pdf,reviewer")
    assert briefs("deliver", "--drafts", "--send") == (0, "Sent: 0; before: 0; not delivered: 0.\n", "")


@pytest.mark.parametrize("fate", [AT_RCPT, AT_DATA, "RCPT 451 later", "DATA 451 later"])
def test_what_surely_was_not_taken_is_sent_again_in_the_same_run(briefs, office, served, fate):
    mailbox = served(lambda number, address: fate if number < 3 else "")
    office.edition()
    office.recipients(LANZHOU)
    assert briefs("deliver", "--send")[0] == 0
    assert len(mailbox.taken) == 1 and mailbox.offered == 3 and unconfirmed(office) == []


@pytest.mark.parametrize(
    ("fate", "said"),
    [
        ("RCPT 550 5.1.1 no such user", "The server refuses it: 550 5.1.1 no such user."),
        ("RCPT 451 4.7.1 greylisted", "The server refuses it: 451 4.7.1 greylisted."),
        ("DATA 554 5.7.1 too private", "The server refuses it: 554 5.7.1 too private."),
        ("DATA 452 4.2.2 full", "The server refuses it: 452 4.2.2 full."),
        (AT_RCPT, "The connection broke before the message was sent."),
        (AT_DATA, "The connection broke before the message was whole."),
    ],
)
def test_what_is_refused_is_told_and_sent_by_a_later_run(briefs, office, served, fate, said):
    broken = [True]
    mailbox = served(lambda number, address: fate if broken and address == ADDRESS else "")
    office.edition()
    office.recipients(LANZHOU, "wang@city.test,兰州,*,pdf,", "ops@office.test,,,,errors-only")
    code, _, err = briefs("deliver", "--send")
    assert (code, err) == (4, f"li@city.test: 兰州市 2021 city-brief, edition 1 is refused. {said}\n")
    assert sorted(address for address, _ in mailbox.taken) == ["chief@office.test", "ops@office.test", "wang@city.test"]
    assert words(mailbox.mails()[-1][1]) == err
    broken.clear()
    assert briefs("deliver", "--send") == (
        0, "li@city.test: 兰州市 2021 city-brief, edition 1 is sent.\nSent: 1; before: 1; not delivered: 0.\n", ""
    )  # fmt: skip
    assert unconfirmed(office) == []


@pytest.mark.parametrize("fate", [LOST, KEPT, SILENT])
def test_a_message_without_an_answer_is_not_sent_again_until_a_person_decides(briefs, office, served, monkeypatch, fate):
    monkeypatch.setattr("city_briefs.production.delivery.smtp.FINAL_TIMEOUT", 0.2)
    mailbox = served(lambda number, address: fate if number == 1 else "")
    office.edition()
    office.recipients(LANZHOU)
    said = (
        "li@city.test: 兰州市 2021 city-brief, edition 1 is unconfirmed. The server had the whole message, and did not answer.\n"
        "deliveries/unconfirmed.csv: write sent or again into the column decision of each row, and deliver again.\n"
    )
    assert briefs("deliver", "--send")[::2] == (5, said)
    [row] = unconfirmed(office)
    [line] = [line for line in office.lines() if line["event"] == "unanswered"]
    assert row == {
        "decision": "", "address": ADDRESS, "pack": "city-brief", "region": "620100", "period": "2021", "edition": "1",
        "message-id": line["id"], "when": line["at"], "why": "The server had the whole message, and did not answer.",
    }  # fmt: skip
    taken = len([address for address, _ in mailbox.taken if address == ADDRESS])
    assert briefs("deliver", "--send")[0] == 5
    assert len([address for address, _ in mailbox.taken if address == ADDRESS]) == taken
    decide(office, "sent" if taken else "again")
    assert briefs("deliver", "--send")[::2] == (0, "")
    [(_, mail)] = [(address, mail) for address, mail in mailbox.mails() if address == ADDRESS]
    assert mail["Message-ID"] == f"<{line['id']}@office.test>" and not office.unconfirmed.exists()
    assert briefs("deliver", "--send") == (0, "Sent: 0; before: 1; not delivered: 0.\n", "")


def test_a_decision_that_is_none_is_refused_and_nothing_is_sent(briefs, office, served):
    served(lambda number, address: LOST if number == 1 else "")
    office.edition()
    office.recipients(LANZHOU)
    briefs("deliver", "--send")
    decide(office, "perhaps")
    said = (
        "unconfirmed.csv, row 2, column decision: 'perhaps' is no decision. Write sent when it has arrived, again to send it once more, "
        "or nothing yet.\n"
    )
    assert briefs("deliver", "--send") == (3, "", said)


def test_a_body_that_was_cut_off_is_sent_again_or_waits_for_a_person_but_never_arrives_twice(briefs, office, served):
    mailbox = served(lambda number, address: IN_BODY if number == 1 else "")
    office.edition()
    office.recipients(LANZHOU)
    briefs("deliver", "--send")
    arrived = [address for address, _ in mailbox.taken].count(ADDRESS)
    assert arrived + len(unconfirmed(office)) == 1


def test_a_server_that_never_answers_is_left_alone_after_five_messages(briefs, office, served):
    mailbox = served(lambda number, address: LOST if address != "chief@office.test" else "")
    office.edition()
    office.recipients(*(f"a{number}@city.test,兰州,*,pdf," for number in range(7)))
    code, _, err = briefs("deliver", "--send")
    assert (code, len(unconfirmed(office)), mailbox.drops) == (5, 5, [LOST] * 5)
    assert err.count("The mail server left 5 messages in a row without an answer, and was sent no more.\n") == 2


def test_an_intent_without_an_end_is_unconfirmed(briefs, office, served):
    mailbox = served()
    office.edition()
    office.recipients(LANZHOU)
    briefs("deliver", "--send")
    first, _ = office.journal.read_bytes().splitlines(keepends=True)
    office.journal.write_bytes(first + b'{"id": "torn')
    assert briefs("deliver", "--send")[0] == 5
    [row] = unconfirmed(office)
    assert row["why"] == "The process ended before there was an answer."
    assert [address for address, _ in mailbox.taken].count(ADDRESS) == 1 and office.journal.read_bytes() == first


@pytest.mark.parametrize("damage", [{"why": "\ud800"}, {"period": "2021-99"}, {"no": "field"}, None])
def test_a_journal_that_cannot_be_read_stops_everything(briefs, office, served, damage):
    mailbox = served()
    office.edition()
    office.recipients(LANZHOU)
    briefs("deliver", "--send")
    line = json.dumps(office.lines()[0] | damage) if damage else "{"
    office.journal.write_bytes(line.encode() + b"\n" + office.journal.read_bytes())
    said = "deliveries/journal.jsonl, line 1 cannot be read, and so it is not known who was sent what. Put it back from a copy.\n"
    assert briefs("deliver", "--send") == (3, "", said)
    assert [address for address, _ in mailbox.taken] == [ADDRESS, "chief@office.test"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_without_room_for_the_journal_nothing_is_sent(briefs, office, served, monkeypatch):
    mailbox = served()
    office.edition()
    office.recipients(LANZHOU)
    opened = journal.opened

    @contextmanager
    def full(folder):
        with opened(folder) as kept, Path("/dev/full").open("wb", buffering=0) as device:
            yield journal.Journal(device, kept.last)

    monkeypatch.setattr(journal, "opened", full)
    said = "journal.jsonl cannot be written to: no room, or no right to. Nothing more is sent. Mend it and deliver again.\n"
    assert briefs("deliver", "--send") == (3, "", said)
    assert [address for address, _ in mailbox.taken] == ["chief@office.test"]


def test_two_deliveries_do_not_run_at_once(briefs, office, served):
    mailbox = served()
    office.edition()
    office.recipients(LANZHOU)
    with journal.opened(office.deliveries):
        said = "Another delivery is at work with deliveries/journal.jsonl. Wait until it has ended.\n"
        assert briefs("deliver", "--send") == (2, "", said)
    assert [address for address, _ in mailbox.taken] == ["chief@office.test"]


def test_a_folder_gets_documents_under_their_titles_once(briefs, office):
    office.edition(number=2)
    place = office.folder / "shared"
    office.recipients(f"folder:{place},兰州,*,pdf;docx,")
    missing = f"folder:{place}: 兰州市 2021 city-brief, edition 2 is refused. The folder shared is not there, or cannot be written to. Make it, or mount it.\n"
    code, _, err = briefs("deliver", "--send")
    assert (code, err.startswith(missing)) == (5, True)
    place.mkdir()
    assert briefs("deliver", "--send")[0] == 0
    name = "兰州市市场监管工作简报（2021年）第2版"
    assert sorted(file.name for file in place.iterdir()) == [f"{name}.docx", f"{name}.pdf"]
    assert (place / f"{name}.pdf").read_bytes() == (office.register / "2021/620100/city-brief/2/city-brief.pdf").read_bytes()
    (place / f"{name}.pdf").unlink()
    assert briefs("deliver", "--send") == (0, "Sent: 0; before: 1; not delivered: 0.\n", "")
    assert not (place / f"{name}.pdf").exists()


def test_a_format_that_was_not_made_is_named(briefs, office, served):
    served()
    folder = office.edition()
    outputs = json.loads((folder / "manifest.json").read_text("utf-8"))["packs"]["city-brief"]["outputs"]
    (folder / "city-brief.docx").unlink()
    del outputs["city-brief.docx"]
    office.edition(outputs=outputs)
    (folder / "city-brief.docx").unlink()
    office.recipients("li@city.test,兰州,*,docx,")
    said = "兰州市 2021 city-brief, edition 1 is withheld. 兰州市 2021 city-brief, edition 1 was not made as docx.\n"
    assert briefs("deliver", "--send")[::2] == (5, said)


def test_what_is_asked_for_wrongly_ends_with_2(briefs, office):
    office.recipients(LANZHOU)
    assert briefs("deliver", "--through", 4) == (2, "", "--through is the cut-off month of a year. Name that with --year.\n")
    assert briefs("deliver", "city-breif") == (2, "", "There is no pack 'city-breif'. Did you mean city-brief?\n")
    assert briefs("deliver", "--city", "兰洲") == (2, "", "There is no city '兰洲'. Did you mean 兰州市 (620100)?\n")
    assert briefs("deliver", "--year", 12) == (2, "", "There is no year '12'. A year has four digits, such as 2021.\n")


def test_without_recipients_it_says_what_they_are(briefs, office):
    said = (
        "recipients.csv cannot be read: No such file or directory. It says who gets which pack, with the columns address, regions, packs, "
        "format, role.\n"
    )
    assert briefs("deliver") == (2, "", said)


def test_links_need_an_address_where_editions_are_served(briefs, office, served):
    served()
    office.edition()
    office.recipients("li@city.test,兰州,*,link,")
    said = (
        "li@city.test gets links, and briefs.toml does not say where editions are served. Name the address as link of [mail].\n"
    )
    assert briefs("deliver") == (2, "", said)


@pytest.fixture
def sent(briefs, office):
    """An office that has sent two editions of one city, and one of another."""
    office.recipients(f"folder:{office.folder / 'share'},*,*,pdf,")
    (office.folder / "share").mkdir()
    office.edition("620200")
    office.edition("620100")
    assert briefs("deliver", "--send")[0] == 0
    office.edition("620100", number=2)
    assert briefs("deliver", "--send")[0] == 0
    index_page.write_of_editions(office.register)
    return office


def test_an_edition_that_was_sent_and_is_gone_is_missed(briefs, sent):
    """Else its number would be given to another text."""
    shutil.rmtree(sent.register / "2021/620100/city-brief/2")
    index_page.write_of_editions(sent.register)
    first_issued.keep()
    said = "editions/2021/620100/city-brief/2 is missing"
    code, out, err = briefs("deliver")
    assert (code, out) == (4, "Due: 0; before: 1; not delivered: 1. Nothing was sent; --send does it.\n")
    assert err == f"{said}. Put it back from a copy of the register: deliveries says that it was sent.\n"
    for place in ("editions", "editions/2021/620100", "editions/2021/620100/city-brief"):
        code, _, err = briefs("verify", place)
        assert (code, err) == (6, f"{said}: deliveries has what was sent.\nDifferences from what was made: 1.\n")
    assert briefs("verify", "editions/2021/620200")[0] == 0


def test_an_edition_that_was_issued_in_the_place_of_one_that_was_sent_is_named(briefs, sent):
    folder = sent.register / "2021/620100/city-brief/2"
    shutil.rmtree(folder)
    sent.edition("620100", number=2, title="另一份")
    index_page.write_of_editions(sent.register)
    first_issued.keep()
    code, _, err = briefs("deliver")
    assert code == 4 and err.startswith("editions/2021/620100/city-brief/2/manifest.json is not as it was issued. ")
    code, _, err = briefs("verify", "editions")
    assert (code, err.splitlines()[0]) == (
        6, "editions/2021/620100/city-brief/2 is not the edition that was sent: deliveries has what was sent.",
    )  # fmt: skip


def test_a_draft_that_was_sent_to_reviewers_is_missed_by_nobody(briefs, office):
    office.recipients(f"folder:{office.folder},*,*,pdf,reviewer")
    place = office.edition("620100", draft=True)
    assert briefs("deliver", "--drafts", "--send")[0] == 0
    assert office.lines()[0]["issued_on"] == ""
    shutil.rmtree(place)
    office.edition("620200")
    index_page.write_of_editions(office.register)
    first_issued.keep()
    assert briefs("verify", "editions")[0] == 0


def test_a_journal_of_an_older_version_is_read_and_says_nothing_of_what_was_issued(briefs, sent):
    lines = [{name: value for name, value in line.items() if name != "issued_on"} for line in sent.lines()]
    sent.journal.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    shutil.rmtree(sent.register / "2021/620100/city-brief/2")
    assert briefs("deliver")[0] == 0


@pytest.mark.parametrize(("shares", "said"), [(["share"], "已送达"), (["share", "elsewhere"], "未送达"), ([], "已签发")])
def test_the_index_says_whether_an_edition_has_arrived_and_a_copy_elsewhere_is_as_it_was_made(briefs, office, shares, said):
    (office.folder / "share").mkdir()
    office.recipients(*(f"folder:{office.folder / name},*,*,pdf," for name in shares))
    shutil.copytree(office.edition("620100"), office.out / "2021/620100")
    index_page.write(office.out)
    briefs("deliver", "--send")
    [state] = re.findall('<p class="state.*?</p>', (office.out / "index.html").read_text("utf-8"))
    assert re.sub("<[^>]*>", "", state).split()[-1] == said
    shutil.copytree(office.out, office.folder / "copy")
    shutil.rmtree(office.deliveries)
    for place in (office.out, office.folder / "copy"):
        assert briefs("verify", str(place))[0] == 0
