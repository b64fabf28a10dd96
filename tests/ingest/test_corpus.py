"""Whatever is wrong with a file, the whole command ends with 3 and a sentence, takes no memory without end, and writes nothing."""

import contextlib
import io
import json
import os
import subprocess
import sys

import pytest

from city_briefs.app import cli
from tests.ingest.corpus import CORPUS

GIGABYTE = 1 << 20  # in kilobytes, as the system counts
IN_A_PROCESS = "import sys, tests.ingest.test_corpus as corpus; corpus.print_answers(sys.argv[1])"


def answer(*words):
    """What the command ends with, prints, and prints as errors."""
    sys.argv = ["briefs", *words]
    out, err = io.StringIO(), io.StringIO()
    code = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
    return code, out.getvalue(), err.getvalue()


def print_answers(folder):
    """The answer to each folder of the corpus, as JSON. A fault of ours ends it with a traceback."""
    place = f"{folder}/snapshot"
    print(json.dumps({name: answer("ingest", f"{folder}/{name}", "--into", place, "--strict") for name in CORPUS}))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One process that ingests file after file: the folder, the answers, what else it printed, and its peak of memory."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, bad in CORPUS.items():
        (folder / name).mkdir()
        bad.write(folder / name / bad.file)
    with subprocess.Popen(
        [sys.executable, "-c", IN_A_PROCESS, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        printed, noise = process.stdout.read(), process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return folder, json.loads(printed or "{}"), noise.decode(), used.ru_maxrss


@pytest.mark.parametrize("name", CORPUS)
def test_a_bad_file_ends_with_3_and_a_sentence_that_names_it(name, run):
    folder, answers, noise, _ = run
    assert name in answers, noise
    code, out, err = answers[name]
    assert code == 3
    assert CORPUS[name].file in out + err or f"{folder}/{name}" in err
    assert (out or err).endswith(".\n")
    assert not (out and err)


def test_none_of_them_makes_a_noise_takes_a_gigabyte_or_is_written(run):
    folder, _, noise, peak = run
    assert noise == ""
    assert peak < GIGABYTE
    assert not (folder / "snapshot").exists()
    assert not list(folder.glob(".snapshot-*"))
