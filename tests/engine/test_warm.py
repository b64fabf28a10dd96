"""A notebook in a warm kernel is a notebook in an ordinary one: the same outputs, the same errors, the same clean start."""

import asyncio
import json
import os
import re

import papermill
import psutil
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from city_briefs.production.engine import launcher
from city_briefs.production.engine.manager import Manager
from tests.engine.conftest import ORDINARY, printed
from tests.helpers import NOTEBOOKS
from tests.helpers.size import in_full

FIGURE = """
%matplotlib inline
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.title("A")
"""
# What only IPython's machinery around a cell can do, each compared with what an ordinary kernel makes of it.
CELLS = {
    "a figure": FIGURE,
    "a figure of pandas": "import pandas as pd; pd.Series([1, 3]).plot(); pd.DataFrame({'a': [1]})",
    "magics": "%env HOME\n!echo said by a shell\n!ls -d /\n%pwd",
    "a cell magic": "%%bash\necho said by bash",
    "a cell that is timed": "%%capture timed\n%%time\nprint('meanwhile')",
    "what its time reads like": r"import re; print(re.sub(r'\d.*', 'some', timed.stdout))",
    "both streams": "import sys; print(1); print(2, file=sys.stderr); sys.stderr.flush(); 3",
    "what a program writes": "import os; os.system('echo below Python');",
    "a program": "import subprocess; subprocess.run('echo by itself; exit 3', shell=True, capture_output=True, text=True)",
    "an output shown anew": "handle = display('before', display_id='one'); handle.update('after')",
    "an output taken away": "from IPython.display import clear_output; print('gone'); clear_output(); print('left')",
    "await": "import asyncio; await asyncio.sleep(0, 'awaited')",
    "threads": "from concurrent.futures import ThreadPoolExecutor as Pool; list(Pool(2).map(abs, [-1, -2]))",
    "processes": "import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, -2]))",
    "new processes": "import multiprocessing as mp\nwith mp.get_context('spawn').Pool(1) as pool: print(pool.map(abs, [-3]))",
    "warnings": "import warnings; warnings.warn('careful', stacklevel=1)",
    "a traceback": "def divide(by):\n    return 1 / by\ndivide(0)",
    "a syntax error": "1 +",
    "an exit": "import sys; sys.exit(3)",
    "too much memory": "bytearray(1 << 50)",
    "input": "input('?')",
    "an interrupt": "import os, signal, time\ntry: os.kill(os.getpid(), signal.SIGINT); time.sleep(60)\nexcept KeyboardInterrupt as e: print(repr(e))",
    "a query": "import duckdb; duckdb.sql('select 6 * 7').fetchall()",
}
STATE = """
import gc, locale, os, random, signal, sys, warnings
import matplotlib as mpl, numpy as np, pandas as pd
print(sorted(name for name in globals() if not name.startswith('_i')))
print(sys.path, sys.argv[0], len(sys.argv), sys.stdin.read(), os.getcwd(), locale.setlocale(locale.LC_ALL))
print(sorted(os.environ))
print(mpl.get_backend(), dict(mpl.rcParams), pd.options.display.max_rows, gc.isenabled(), np.geterr())
print({number.name: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)})
print(os.getsid(0) == os.getpgid(0) == os.getpid(), os.environ['JPY_PARENT_PID'])
"""
MESS = """
left = 1
import importlib, json, locale, os, random, sys, warnings
import matplotlib as mpl, numpy as np, pandas as pd
os.environ['LEFT'] = 'behind'; os.chdir('/'); sys.path.insert(0, '/left'); json.left = 1
mpl.rcParams['figure.dpi'] = 7; pd.options.display.max_rows = 3; warnings.simplefilter('ignore'); np.seterr(all='raise')
random.seed(1); np.random.seed(1); locale.setlocale(locale.LC_ALL, 'C')
import city_briefs.common.regions; city_briefs.common.regions.left = 1
"""
TRACES = """
import json, random, city_briefs.common.regions, numpy as np
print(hasattr(json, 'left'), hasattr(city_briefs.common.regions, 'left'), random.random() == random.Random(1).random(), end=' ')
print(np.random.random() == np.random.RandomState(1).random_sample())
"""


def test_a_chapter_comes_out_the_same_to_the_byte(demo_province, data_variable, monkeypatch, tmp_path):
    data_variable(demo_province.path)
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    made = []
    for name, options in {"warm": {}, "again": {}, "ordinary": ORDINARY}.items():
        papermill.execute_notebook(
            NOTEBOOKS / "business-environment.ipynb", tmp_path / f"{name}.ipynb", {"city": "兰州市", "year": 2021}, "briefs",
            progress_bar=False, cwd=NOTEBOOKS, **options,
        )  # fmt: skip
        made.append((tmp_path / f"{name}.ipynb").read_bytes())
    assert b"<svg" in made[0]
    assert made[0] == made[1] == made[2]


def said(cell):
    """The number and the outputs of a cell, without the number of the process, by which a warning names its cell.

    Each stream as a whole: in how many pieces it comes, and what comes between, ipykernel's clock decides.
    """
    streams = {name: "".join(one.text for one in cell.outputs if one.get("name") == name) for name in ("stdout", "stderr")}
    shown = [one for one in cell.outputs if one.output_type != "stream"]
    return cell.execution_count, re.sub(r"ipykernel_\d+", "", json.dumps([streams, shown]))


def test_whatever_a_cell_does_it_shows_the_same_as_in_an_ordinary_kernel(run):
    warm, ordinary = run(*CELLS.values(), may_raise=True), run(*CELLS.values(), may_raise=True, **ORDINARY)
    for name, one, other in zip(CELLS, warm.cells, ordinary.cells, strict=True):
        assert (name, said(one)) == (name, said(other))
    shown = dict(zip(CELLS, (json.dumps(cell.outputs) for cell in warm.cells), strict=True))
    assert "image/png" in shown["a figure"] and "image/png" in shown["a figure of pandas"]
    expected = {
        "a traceback": "ZeroDivisionError",
        "too much memory": "MemoryError",
        "input": "StdinNotImplementedError",
        "an interrupt": "KeyboardInterrupt",
        "an exit": "SystemExit",
        "what its time reads like": r"meanwhile\nCPU times: user some\nWall time: some",
        "a program": r"returncode=3, stdout='by itself\\n'",
        "an output shown anew": "after",
        "an output taken away": "left",
        "await": "awaited",
        "threads": "[1, 2]",
        "processes": "[1, 2]",
        "new processes": "[3]",
        "a query": "42",
    }
    assert {name: words in shown[name] for name, words in expected.items()} == dict.fromkeys(expected, True)


def test_widgets_answer_and_their_state_is_kept_in_the_notebook(run):
    done = run(
        "import ipywidgets; slider = ipywidgets.IntSlider(1, description='年'); slider.observe(lambda change: print(change.new), 'value'); slider",
        "slider.value = 7",
    )
    model = done.cells[0].outputs[0].data["application/vnd.jupyter.widget-view+json"]["model_id"]
    kept = done.metadata.widgets["application/vnd.jupyter.widget-state+json"].state[model]
    assert (kept.model_name, kept.state["value"], kept.state["description"]) == ("IntSliderModel", 7, "年")
    assert done.cells[1].outputs[0].text == "7\n"


def test_a_notebook_begins_in_the_state_of_an_ordinary_kernel_and_sees_nothing_of_the_one_before(run):
    ordinary, before = printed(run(STATE, **ORDINARY)), printed(run(STATE))
    assert before == ordinary
    run(MESS)
    assert printed(run(STATE)) == before
    assert printed(run(TRACES)) == "False False False False\n"


def test_chance_is_not_the_same_in_two_notebooks(run):
    source = "import random, numpy as np; print(random.random(), np.random.random())"
    first, second = (printed(run(source)).split() for _ in range(2))
    assert not set(first) & set(second)


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(0)"])
def test_a_kernel_that_ends_itself_is_a_dead_kernel(run, end):
    with pytest.raises(DeadKernelError, match=r"^Kernel died$"):
        run(f"import os, signal; {end}")


def test_a_cell_that_hangs_is_named_as_one_that_took_too_long_and_its_kernel_is_gone(run, tmp_path):
    number = tmp_path / "number"
    with pytest.raises(CellTimeoutError, match="Cell execution timed out"):
        run(f"import os; open({str(number)!r}, 'w').write(str(os.getpid()))\nwhile True: pass", execution_timeout=1)
    assert not psutil.pid_exists(int(number.read_text()))


def test_a_process_of_a_kernel_has_a_bound_on_its_memory(run):
    with pytest.raises(PapermillExecutionError) as failed:
        run("bytearray(5 << 30)")
    assert (failed.value.ename, failed.value.exec_count) == ("MemoryError", 1)


def test_a_kernel_can_be_interrupted_and_started_again_in_its_place():
    async def session():
        manager = Manager(kernel_name="python3")
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        asked = client.execute("import time; print('begun'); time.sleep(60)")
        while (await client.get_iopub_msg(timeout=60))["msg_type"] != "stream":
            pass
        await manager.interrupt_kernel()
        reply = await client.get_shell_msg(timeout=60)
        first = manager.provisioner.process.pid
        await manager.restart_kernel()
        await client.wait_for_ready(timeout=60)
        again = await client.execute_interactive("1", timeout=60)
        second = manager.provisioner.process.pid
        folder = manager.provisioner.home.folder
        await manager.shutdown_kernel()
        client.stop_channels()
        return (
            (reply["parent_header"]["msg_id"] == asked, reply["content"]["ename"], again["content"]["status"]),
            first,
            second,
            folder,
        )

    said, first, second, folder = asyncio.run(session())
    assert said == (True, "KeyboardInterrupt", "ok")
    assert first != second and not psutil.pid_exists(first) and not psutil.pid_exists(second)
    assert list(folder.iterdir()) == []  # neither a socket nor a connection file


@in_full
def test_after_the_death_of_a_zygote_the_next_notebook_has_another(run):
    parent = "import os; print(os.getppid())"
    first = int(printed(run(parent)))
    assert int(printed(run(parent))) == first
    with pytest.raises(DeadKernelError):
        run("import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)")
    second = int(printed(run(parent)))
    assert second != first and psutil.Process(second).ppid() == os.getpid()
    assert not psutil.pid_exists(first)


def test_where_there_is_no_fork_the_kernel_is_an_ordinary_one_and_a_line_says_so(run, monkeypatch, caplog):
    monkeypatch.setattr(launcher, "POSSIBLE", False)
    assert int(printed(run("import os; print(os.getppid())"))) == os.getpid()
    assert "The kernel is an ordinary one, since none could be forked." in caplog.messages
