"""Documents that are set each in a process of its own: the same bytes, the same refusals, and nothing of them stays behind."""

import json
import subprocess
import sys

import pytest

from city_briefs.production.export import compiler, compiler_fonts

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="documents are set apart on Linux alone")
SOURCE = '#set document(title: "样张", date: none)\n#set text(font: "Noto Serif SC", lang: "zh")\n样张'
BEGIN = f"""
import json, os, typst
from city_briefs.production.engine.processes import children
from city_briefs.production.export import compiler, compiler_fonts

def typeset(source={SOURCE!r}):
    return compiler.typeset({{"main.typ": source.encode()}}, format="pdf", root=compiler_fonts.folder().name, font_paths=compiler_fonts.fonts())

def refused(source):
    try:
        return typeset(source).hex()
    except Exception as error:
        return [type(error).__name__, getattr(error, "message", str(error))]
"""


def told(*lines, **variables):
    """What a process of its own prints as JSON: one that has set a document has threads, and can set none apart."""
    command = [sys.executable, "-c", "\n".join([BEGIN, *lines])]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout)


def test_a_document_is_the_same_and_its_process_leaves_no_thread_and_no_child():
    lines = ["made = {typeset().hex() for _ in range(3)}", 'left = len(os.listdir("/proc/self/task")), children(os.getpid())']
    here = compiler.typeset(
        {"main.typ": SOURCE.encode()}, format="pdf", root=compiler_fonts.folder().name, font_paths=compiler_fonts.fonts()
    )
    assert told("compiler.set_apart()", *lines, "print(json.dumps([*left, *made]))") == [1, [], here.hex()]


@pytest.mark.parametrize("way", ["compiler.set_apart()", ""])
def test_what_the_compiler_refuses_is_told_in_the_same_words(way):
    assert told(way, """print(json.dumps(refused('#panic("自己的话")')))""") == ["TypstError", "panicked with: 自己的话"]


def test_a_process_that_has_set_a_document_itself_goes_on_as_it_is():
    assert told("typeset()", "compiler.set_apart()", "typeset()", "print(json.dumps(compiler.is_apart()))") is False


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "The compiler of documents was ended before it was done, as a machine without memory does. Use fewer --jobs."),
        ("zh_CN.UTF-8", "排版程序未完成即被终止，内存不足时会如此。请减少--jobs。"),
    ],
)
def test_a_compiler_that_is_killed_costs_one_document(locale, said):
    killed = ["compile = typst.compile", "typst.compile = lambda *_, **__: os.kill(os.getpid(), 9)", 'ended = refused("")']
    after = ["typst.compile = compile", "print(json.dumps([ended, typeset()[:4].decode()]))"]
    assert told("compiler.set_apart()", *killed, *after, LC_ALL=locale) == [["PackError", said], "%PDF"]


BESIDE = """
import time
from functools import partial
compiler.set_apart()
def never(): time.sleep(600)
def fails(): raise ValueError("said")
said = []
with compiler.beside(partial(typeset, SOURCE)) as made:
    said.append(made() == typeset(SOURCE))  # neither waits for the other
try:
    with compiler.beside(fails) as made:
        made()
except ValueError as error:
    said += [str(error), "in fails" in error.__notes__[0]]
try:
    with compiler.beside(never):
        raise KeyError("in the meantime")
except KeyError:
    said.append(children(os.getpid()))
print(json.dumps(said))
"""


def test_what_is_made_beside_is_the_same_tells_what_failed_and_ends_with_what_waits_for_it():
    assert told(f"SOURCE = {SOURCE!r}", BESIDE) == [True, "said", True, []]


ODD = """
class Held(Exception):
    def __init__(self): super().__init__("said"); self.held = lambda: 1
class Two(Exception):
    def __init__(self, one, two): super().__init__("said twice")
def held(): raise Held()
def two(): raise Two(1, 2)
compiler.set_apart()
said = []
for fails in (held, two):
    try:
        with compiler.beside(fails) as made:
            made()
    except Exception as error:
        said.append(f"{type(error).__name__}: {error}")
print(json.dumps(said))
"""


def test_an_error_that_cannot_be_sent_is_told_in_its_words_and_not_as_a_machine_without_memory():
    assert told(ODD) == ["RuntimeError: Held: said", "RuntimeError: Two: said twice"]
