"""A thousand recipients, a server that drops, a process that is killed twice: nobody gets two, and whoever may have got none is named."""

import csv
import hashlib
import os
import random
import subprocess
import sys
from collections import Counter

from city_briefs.common.paths import DATA_VARIABLE
from tests.delivery.server import AT_DATA, AT_RCPT, KEPT, LOST
from tests.helpers import ROOT
from tests.helpers.size import in_full

COMMAND = "import city_briefs.production.delivery.smtp as smtp; smtp.BACK_OFF = (0, 0, 0, 0); from city_briefs.app.cli import main; main()"
DROPS = [AT_RCPT, AT_DATA, LOST, KEPT]
KILLED_BEFORE, KILLED_AFTER = 330, 640  # messages offered: before the first of these is sent, and after the second was
REGIONS, PACKS = ("620100", "620200", "620300"), ("city-brief", "safety-assessment")


def start(folder):
    environment = {name: value for name, value in os.environ.items() if name != DATA_VARIABLE} | {"PYTHONPATH": str(ROOT / "lib")}
    return subprocess.Popen([sys.executable, "-c", COMMAND, "deliver", "--send"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def rows(number, draw):
    """The row of one recipient, and what they are to get: region and pack."""
    region, pack = draw.choice(REGIONS), draw.choice((*PACKS * 8, "*"))
    return f"a{number}@city.test,{region},{pack},pdf,", {(region, one) for one in PACKS if pack in (one, "*")}


@in_full
def test_each_of_a_thousand_gets_their_packs_once_or_stands_unconfirmed(office, running):
    draw = random.Random(9)
    process: list[subprocess.Popen] = []

    def fate(number, address):
        if number in (KILLED_BEFORE, KILLED_AFTER):
            process[-1].kill()
            process[-1].wait()
            return AT_RCPT if number == KILLED_BEFORE else KEPT
        return draw.choice(DROPS) if draw.random() < 0.2 else ""

    server = running(fate)
    office.settings(server.port)
    (office.folder / "data").mkdir()
    for part in ("data/reference", "notebooks"):
        (office.folder / part).symlink_to(ROOT / part)
    asked = [rows(number, draw) for number in range(1000)]
    office.recipients(*(row for row, _ in asked))
    files = {}
    for region in REGIONS:
        for pack in PACKS:
            content = (office.edition(region, pack) / f"{pack}.pdf").read_bytes()
            files[hashlib.sha256(content).hexdigest()] = (region, pack)

    err = b""
    while len(process) < 3 or b" is refused. " in err:  # as a schedule would go on
        process.append(start(office.folder))
        _, err = process[-1].communicate(timeout=120)
    assert [one.returncode for one in process[:2]] == [-9, -9] and process[-1].returncode == 4, err

    got = Counter()
    for address, mail in server.mailbox.mails():
        for part in mail.iter_attachments() if address != "chief@office.test" else ():
            got[address, *files[hashlib.sha256(part.get_payload(decode=True)).hexdigest()]] += 1
    waiting = {
        (row["address"], row["region"], row["pack"])
        for row in csv.DictReader(office.unconfirmed.read_text("utf-8-sig").splitlines())
    }
    due = {(f"a{number}@city.test", *one) for number, (_, theirs) in enumerate(asked) for one in theirs}
    drops = Counter(server.mailbox.drops)
    assert max(got.values()) == 1
    assert set(got) | waiting == due
    assert len(waiting) <= drops[LOST] + drops[KEPT]  # the kill after the data was sent is one of these
    assert min(drops[fate] for fate in DROPS) > 20
