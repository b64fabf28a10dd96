"""Whatever is wrong with a file, the whole command ends with 3 and a sentence, takes no memory without end, and writes nothing."""

import contextlib
import io
import sys

import pytest

from city_briefs.app import cli
from tests.helpers import memory
from tests.helpers.size import one_of_each
from tests.ingest import corpus

NAMES = one_of_each(corpus.CORPUS, lambda name: (name.split()[0], corpus.CORPUS[name].file))
CORPUS = {name: corpus.CORPUS[name] for name in NAMES}

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
    memory.tell({name: answer("ingest", f"{folder}/{name}", "--into", place, "--strict") for name in CORPUS})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One process that ingests file after file: the folder, the answers, what else it printed, and its peak of memory."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, bad in CORPUS.items():
        (folder / name).mkdir()
        bad.write(folder / name / bad.file)
    answers, noise, peak = memory.measured(IN_A_PROCESS, folder)
    return folder, answers or {}, noise, peak


@pytest.mark.parametrize("name", CORPUS)
def test_a_bad_file_ends_with_3_and_a_sentence_that_names_it(name, run):
    folder, answers, noise, _ = run
    assert name in answers, noise
    code, out, err = answers[name]
    assert code == 3
    assert CORPUS[name].file in out + err or f"{folder}/{name}" in out
    assert (out or err).endswith(".\n")
    assert not (out and err)


def test_none_of_them_makes_a_noise_takes_a_gigabyte_or_is_written(run):
    folder, _, noise, peak = run
    assert noise == ""
    assert 0 < peak < memory.GIGABYTE
    assert not (folder / "snapshot").exists()
    assert not list(folder.glob(".snapshot-*"))
