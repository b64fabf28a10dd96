"""What the code of an analysis chapter reaches for beyond its data, found without running it: a pack is made anew from the same files.

So a chapter asks nobody and no network, starts no program, writes no file, reads no clock and changes nothing of this project. And it
takes no figure away before it is shown.
"""

import ast
from collections.abc import Iterator, Sequence

from city_briefs import notebook
from city_briefs.common.language import chosen
from city_briefs.notebook.cells import Fault
from city_briefs.notebook.parameters import PARAMETERS

OURS, OUR_CALLS = "city_briefs", "city_briefs.notebook"
OUTSIDE = (  # modules that reach other machines or start programs
    "aiohttp", "ftplib", "http", "httpx", "multiprocessing", "paramiko", "requests", "shutil", "smtplib", "socket", "subprocess",
    "urllib.request", "urllib3",
)  # fmt: skip
PROGRAMS = {"os." + name for name in ("system", "popen", "startfile", "kill", "chdir", "remove", "unlink", "rename", "rmdir")}
ENDS = {"exit", "quit", "sys.exit", "os._exit", "os.abort"}
CLOCKS = {
    "time.time", "time.localtime", "time.strftime", "time.ctime", "datetime.date.today", "datetime.datetime.now",
    "datetime.datetime.today", "datetime.datetime.utcnow", "pandas.Timestamp.now", "pandas.Timestamp.today",
    "uuid.uuid1", "uuid.uuid4", "os.urandom", "os.getpid",
}  # fmt: skip
UNSHOWN = {"matplotlib.pyplot.close", "matplotlib.use", "matplotlib.pyplot.switch_backend"}
WRITERS = (
    "ExcelWriter", "savefig", "to_clipboard", "to_csv", "to_excel", "to_feather", "to_html", "to_json", "to_markdown", "to_parquet",
    "to_pickle", "to_sql", "write_bytes", "write_image", "write_text",
)  # fmt: skip
READERS = ("open", "numpy.fromfile", "numpy.genfromtxt", "numpy.load", "numpy.loadtxt", "matplotlib.pyplot.imread")
READING = ("pandas.read_", "ibis.read_", "pyarrow.parquet.read_")  # beginnings of further ones


def faults(tree: ast.Module, aliases: dict[str, str]) -> Iterator[Fault]:
    """Yield what a cell reaches for; `aliases` are the names under which modules and their parts were imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imports(node)
        elif isinstance(node, ast.Call):
            yield from _calls(node, aliases)
        elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield from _changed(node, node.value)


def aliases(trees: Sequence[ast.AST]) -> dict[str, str]:
    """Return the names under which modules and their parts are imported, each with the whole name: plt is matplotlib.pyplot."""
    found: dict[str, str] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def files_named(tree: ast.Module, aliases: dict[str, str]) -> tuple[set[int], set[int]]:
    """Return the ids of the nodes that name the files which calls of a cell read, whatever their names end with, and which they write."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    named = [(node, whole_name(node.func, aliases)) for node in calls if not _writes(node)]
    read = {id(node.args[0]) for node, name in named if name in READERS or name.startswith(READING)}
    return read, {id(node.args[0]) for node in calls if _writes(node)}


def whole_name(node: ast.expr, aliases: dict[str, str]) -> str:
    """Return what a name with dots stands for, such as numpy.random.rand for np.random.rand; empty for anything else."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (before := whole_name(node.value, aliases)):
        return f"{before}.{node.attr}"
    return ""


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[Fault]:
    names = [alias.name for alias in node.names]
    modules = names if isinstance(node, ast.Import) else [node.module or "", *(f"{node.module}.{name}" for name in names)]
    for module in modules:
        if module.startswith(tuple(f"{each}." for each in OUTSIDE)) or module in OUTSIDE:
            yield node.lineno, _not_reached(module)
            return
        if module.partition(".")[0] == OURS and not module.startswith(OUR_CALLS):
            yield (
                node.lineno,
                chosen(
                    f" imports {module}, which is the inside of this project and may change. Use what {OUR_CALLS} gives.",
                    f"导入了{module}，这是程序内部的模块，随时会变。请只用{OUR_CALLS}里的调用。",
                ),
            )
            return


def _not_reached(name: str) -> str:
    return chosen(
        f" uses {name}, and a chapter reaches no other program, file or machine. Save what it needs in its folder beforehand.",
        f"用了{name}，而一章不得启动程序、改动文件或访问网络。请事先把要用的存进本章的文件夹。",
    )


def _calls(node: ast.Call, aliases: dict[str, str]) -> Iterator[Fault]:
    name = whole_name(node.func, aliases)
    if name == "input":
        yield (
            node.lineno,
            chosen(
                " asks with input(), and nobody answers in a build. Write the answer into the cell.",
                "用input()提问，编制时没有人回答。请把要填的直接写进单元格。",
            ),
        )
    elif name in ENDS:
        yield (
            node.lineno,
            chosen(
                f" ends the chapter with {name}(), and what follows would be missing. Take it out.",
                f"用{name}()结束了这一章，后面的就没有了。请去掉。",
            ),
        )
    elif name in PROGRAMS:
        yield node.lineno, _not_reached(f"{name}()")
    elif name in CLOCKS:
        yield (
            node.lineno,
            chosen(
                f" takes {name}(), which is another in each build. Use year and through, or write the day as a text.",
                f"用了{name}()，每次编制都不一样。请用year、through，或把日期写成文字。",
            ),
        )
    elif name in UNSHOWN:
        yield (
            node.lineno,
            chosen(
                f" calls {name}(), after which figures are not shown. Take it out; figures show and close by themselves.",
                f"调用了{name}()，图就不显示了。请去掉；图会自动显示，也会自动关闭。",
            ),
        )
    elif _writes(node):
        yield (
            node.lineno,
            chosen(
                " writes a file, and a build keeps none. Take it out: figures show by themselves, and a pack has a workbook.",
                "写了文件，编制时不会保留。请去掉：图会自动显示，简报另有Excel版。",
            ),
        )
    elif name.endswith("setattr") or name.endswith("__setattr__"):
        yield from _changed(node, node.args[0] if node.args else node)


def _writes(node: ast.Call) -> bool:
    """Return whether a call writes a file that it names."""
    if isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
        return bool(
            node.args or any(each.arg in ("path", "path_or_buf", "excel_writer", "fname", "buf") for each in node.keywords)
        )
    if isinstance(node.func, ast.Name) and node.func.id == "open":
        modes = [*node.args[1:2], *(each.value for each in node.keywords if each.arg == "mode")]
        return any(isinstance(mode, ast.Constant) and set(str(mode.value)) & set("wax+") for mode in modes)
    return False


def _changed(node: ast.expr, of: ast.expr) -> Iterator[Fault]:
    """Yield that a metric, a call or a parameter is changed in one of its parts."""
    while isinstance(of, ast.Attribute):
        of = of.value
    if isinstance(of, ast.Name) and (of.id in notebook.__all__ or of.id in PARAMETERS):
        yield (
            node.lineno,
            chosen(
                f" changes {of.id}, which other cells rely on. Compute with a table of your own, such as places({of.id}).data.",
                f"改动了{of.id}，其他单元格还要用它。请用自己的表来算，如places({of.id}).data。",
            ),
        )
