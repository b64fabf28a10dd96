"""Notebooks that are drawn: in every format all that they say stands, or a line for what cannot; nothing is printed on anything else."""

import base64
import io
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from tests.helpers.size import in_full
from tests.helpers.written import EXPORTERS, beside_the_page, made, overprinted, solid, words

UNPRINTED = ["application/vnd.plotly.v1+json", "application/vnd.vegalite.v5+json", "application/vnd.bokehjs_exec.v0+json", "application/pdf",
             "application/vnd.jupyter.widget-view+json", "application/javascript", "video/mp4", "application/x-unknown"]  # fmt: skip
LOST = [
    "<script>x()</script>",
    "<iframe src='https://a.invalid/b'></iframe>",
    "<video src=x></video>",
    "<canvas></canvas>",
    "<embed src=x>",
]
LINE = "不能打印"
SCRIPTS = ["市场", "W" * 40, "ß", "Ж", "日本", "한", "𠮷", "e\u0301", "\u202e", "☺", "1234567.89", "—", "“”"]


def png(width=30, height=20, form="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, form)
    return base64.b64encode(file.getvalue()).decode()


PICTURES = {"image/png": png(), "image/jpeg": png(form="JPEG"), "image/gif": png(form="GIF"), "image/webp": png(form="WEBP")}


class Draw:
    """Draws a notebook, whose every word is one of its own, such as k7k."""

    def __init__(self, data):
        self.data, self.number, self.kept, self.lines = data, itertools.count(), [], 0

    def of(self, strategy):
        return self.data.draw(strategy)

    def word(self):
        """A word that must stand in every format, beside characters of any script."""
        self.kept.append(f"k{next(self.number)}k")
        return self.kept[-1] + " " + self.of(st.sampled_from(["", *SCRIPTS]))

    def text(self):
        """A line of Markdown."""
        made = []
        for _ in range(self.of(st.integers(1, 3))):
            form = self.of(st.sampled_from(["{}", "**{}**", "*{}*", "`{}`", "~~{}~~", "<u>{}</u>", "[{}](https://a.invalid)", "<b>{}</b><br>", "10^4~{}", "<x-y>{}",
                                            "$a_{}$", "\\*{}", "&lt;{}", "@{}", "[{}](#{})", "<font color=red>{}</font>", "![{}](none.png)"]))  # fmt: skip
            word = self.word().strip()
            made.append(form.format(word, word) if form.count("{}") > 1 else form.format(word))
        return " ".join(made)

    def block(self, depth=0):
        """A block of Markdown."""
        kinds = ["text", "heading", "rule", "code", "table", "html"] + (
            ["list", "quote", "numbers", "tasks"] if depth < 3 else []
        )
        kind = self.of(st.sampled_from(kinds))
        if kind == "heading":
            return "#" * self.of(st.integers(1, 6)) + " " + self.text()
        if kind == "rule":
            return "---"
        if kind == "code":
            return f"```python\n{self.word()}\n```"
        if kind == "table":
            return f"| {self.text()} | {self.word()} |\n|---|--:|\n| {self.word()} | {self.word()} |"
        if kind == "html":
            return self.of(st.sampled_from(["<center>{}</center>", "<div align=right>{}</div>", "<table><tr><td>{}</td></tr></table>", "<details><summary>{}</summary></details>"])).format(self.word())  # fmt: skip
        if kind == "text":
            return self.text()
        sign = {"list": "- ", "quote": "> ", "numbers": "1. ", "tasks": "- [ ] "}[kind]
        indent = {"list": "  ", "quote": "> ", "numbers": "   ", "tasks": "  "}[kind]
        first, *rest = f"{self.text()}\n\n{self.block(depth + 1)}".split("\n")
        return "\n".join([sign + first, *(indent + line for line in rest)])

    def markdown(self):
        return "\n\n".join(self.block() for _ in range(self.of(st.integers(1, 3))))

    def table(self):
        """A table as pandas writes it, of any width, with cells of any length."""
        columns, rows = self.of(st.integers(1, 30)), self.of(st.integers(1, 4))
        cell = st.sampled_from(
            ["", "1", "1234567.89", "市场监督管理局第一分局", "2021-12-31 00:00:00", "word" * 12, "a b c " * 20]
        )
        heads = "".join(f"<th>{self.word()}</th>" for _ in range(columns))
        body = "".join(
            f"<tr><th>{row}</th>" + "".join(f"<td>{self.of(cell)}</td>" for _ in range(columns)) + "</tr>" for row in range(rows)
        )
        return f"<style>#T td {{color: red}}</style><table id=T class=dataframe><thead><tr><th></th>{heads}</tr></thead><tbody>{body}</tbody></table>"

    def output(self):
        kind = self.of(
            st.sampled_from(
                ["stream", "plain", "table", "html", "markdown", "latex", "unprinted", "lost", "picture", "json", "error"]
            )
        )
        if kind == "stream":
            return new_output("stream", text=f"\x1b[31m{self.word()}\x1b[0m\r\n0%\r{self.word()}\n")
        if kind == "error":
            return new_output("error", ename="E", evalue="e", traceback=[f"\x1b[0;31m{self.word()}\x1b[0m"])
        if kind == "picture":
            chosen = self.of(st.sampled_from(sorted(PICTURES)))
            size = {chosen: {"width": self.of(st.integers(1, 3000)), "height": self.of(st.integers(1, 3000))}}
            return new_output("display_data", {chosen: PICTURES[chosen]}, metadata=size)
        if kind == "unprinted":
            self.lines += 1
            kind = self.of(st.sampled_from(UNPRINTED))
            return new_output("display_data", {kind: {"a": 1} if kind.endswith("json") else "eA=="})
        if kind == "lost":
            self.lines += 1
            return new_output("display_data", {"text/html": f"<p>{self.word()}</p>{self.of(st.sampled_from(LOST))}"})
        data = {
            "plain": lambda: {"text/plain": self.word()},
            "table": lambda: {"text/html": self.table(), "text/plain": "x"},
            "html": lambda: {"text/html": f"<div><p>{self.word()}<ul><li>{self.word()}</ul></div>"},
            "markdown": lambda: {"text/markdown": self.markdown()},
            "latex": lambda: {
                "text/latex": f"$\\displaystyle {self.word()}$",
                "text/plain": "<IPython.core.display.Math object>",
            },
            "json": lambda: {"application/json": {"a": [self.word()]}, "text/plain": "<IPython.core.display.JSON object>"},
        }[kind]()
        return new_output("display_data", data)

    def notebook(self):
        cells = []
        for _ in range(self.of(st.integers(1, 3))):
            if self.of(st.booleans()):
                cells.append(new_markdown_cell(self.markdown()))
            else:
                cells.append(new_code_cell("", outputs=[self.output() for _ in range(self.of(st.integers(1, 3)))]))
        return new_notebook(cells=cells)


def holds(data):
    drawn = Draw(data)
    notebook = drawn.notebook()
    for suffix in EXPORTERS:
        content = made(notebook, suffix)
        said = solid(words(content, suffix))
        assert [word for word in drawn.kept if word not in said] == [], suffix
        assert said.count(LINE) == drawn.lines, suffix
        if suffix == "pdf":
            assert overprinted(content) == []
            assert beside_the_page(content) == []


@settings(max_examples=12, derandomize=True)
@given(st.data())
def test_what_a_notebook_says_stands_in_every_format(data):
    holds(data)


@in_full
@settings(max_examples=600, derandomize=True)
@given(st.data())
def test_what_many_notebooks_say_stands_in_every_format(data):
    holds(data)
