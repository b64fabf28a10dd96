"""Notebooks of anybody: what nbconvert would do is done, and what a document cannot hold is said in it."""

import base64
import io
import json
import subprocess
import sys
import zipfile

import nbformat
import openpyxl
import pypdfium2
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from PIL import Image
from traitlets.config import Config

from city_briefs.production.export import terminal
from tests.helpers.written import EXPORTERS, beside_the_page, made, overprinted, solid, words

FORMATS = list(EXPORTERS)
ERASED = "\x1b[31m红\x1b[0m \x1b]8;;http://a.invalid\x1b\\链\x1b]8;;\x07 \x1b(B\x1b[m正文"
GRAY = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><text y="9">丙</text></svg>'


def picture(form="PNG", size=(40, 20), frames=1):
    file = io.BytesIO()
    images = [Image.new("RGB", size, colour) for colour in ("navy", "red", "green")][:frames]
    images[0].save(file, form, **({"save_all": True, "append_images": images[1:]} if frames > 1 else {}))
    return base64.b64encode(file.getvalue()).decode()


def shown(data, **metadata):
    return new_notebook(cells=[new_code_cell("", outputs=[new_output("display_data", data, metadata=metadata)])])


def said(notebook, suffix, **options):
    return solid(words(made(notebook, suffix, **options), suffix))


def in_words(source, suffix):
    return said(new_notebook(cells=[new_markdown_cell(source)]), suffix)


def html(source):
    content = made(new_notebook(cells=[new_markdown_cell(source)]), "html")
    return content.partition("<main")[2].partition("</main>")[0]


def pictures_of_page(pdf):
    """The width and height of each picture of a PDF as it is printed, in pt."""
    objects = [object_ for page in pypdfium2.PdfDocument(pdf) for object_ in page.get_objects() if object_.type == 3]
    return [(round(right - left), round(top - bottom)) for left, bottom, right, top in (one.get_bounds() for one in objects)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_nbconvert_executes_and_names_the_file(tmp_path, suffix):
    cells = [new_code_cell("print('RAN', 6 * 7)"), new_code_cell("print('GONE')", metadata={"tags": ["away"]})]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), tmp_path / "any.ipynb")
    remove = "--TagRemovePreprocessor.remove_cell_tags=away"
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", f"brief-{suffix}", remove, "any.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = solid(
        words(
            (tmp_path / f"any.{suffix}").read_text("utf-8") if suffix == "html" else (tmp_path / f"any.{suffix}").read_bytes(),
            suffix,
        )
    )
    assert "RAN42" in text and "GONE" not in text


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("options", "gone"),
    [
        ({"TagRemovePreprocessor": {"remove_cell_tags": ["t"]}}, {"γ", "δ", "ε"}),
        ({"TagRemovePreprocessor": {"remove_all_outputs_tags": ["t"]}}, {"δ", "ε"}),
        ({"TagRemovePreprocessor": {"remove_single_output_tags": ["s"]}}, {"ε"}),
        ({"TagRemovePreprocessor": {"remove_input_tags": ["t"]}}, {"γ"}),
        ({"RegexRemovePreprocessor": {"patterns": ["γ.*"]}}, {"γ", "δ", "ε"}),
        ({"ClearOutputPreprocessor": {"enabled": True}}, {"δ", "ε"}),
        ({"Exporter": {"preprocessors": ["tests.documents.export.test_any_notebook.without_code"]}}, {"γ", "δ", "ε"}),
        ({"TemplateExporter": {"exclude_output": True}}, {"δ", "ε"}),
        ({"TemplateExporter": {"exclude_code_cell": True}}, {"γ", "δ", "ε"}),
        ({"TemplateExporter": {"exclude_markdown": True}}, {"α"}),
        ({"TemplateExporter": {"exclude_raw": True}}, {"β"}),
    ],
)
def test_what_nbconvert_takes_out_is_out(suffix, options, gone):
    outputs = [new_output("stream", text="δ"), new_output("display_data", {"text/plain": "ε"}, metadata={"tags": ["s"]})]
    cells = [new_markdown_cell("α"), new_raw_cell("β"), new_code_cell("γ", outputs=outputs, metadata={"tags": ["t"]})]
    text = said(new_notebook(cells=cells), suffix, config=Config(options), exclude_input=False)
    assert {word for word in "αβγδε" if word not in text} == gone


def without_code(notebook, resources):
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type != "code"]
    return notebook, resources


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("metadata", "gone"),
    [
        ({"tags": ["hide-cell"]}, {"γ", "δ"}), ({"tags": ["remove-cell"]}, {"γ", "δ"}), ({"tags": ["hide-input"]}, {"γ"}),
        ({"tags": ["remove-input"]}, {"γ"}), ({"tags": ["hide-output"]}, {"δ"}), ({"tags": ["remove-output"]}, {"δ"}),
        ({"slideshow": {"slide_type": "skip"}}, {"γ", "δ"}), ({"slideshow": {"slide_type": "slide"}}, set()),
        ({"jupyter": {"source_hidden": True}}, {"γ"}), ({"tags": ["remove_cell"]}, set()), ({}, set()),
    ],
)  # fmt: skip
def test_what_its_author_hides_is_hidden(suffix, metadata, gone):
    cell = new_code_cell("γ", outputs=[new_output("stream", text="δ")], metadata=metadata)
    text = said(new_notebook(cells=[cell]), suffix, exclude_input=False)
    assert {word for word in "γδ" if word not in text} == gone


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("问题：\n- 甲\n- 乙", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>"), ("步骤：\n1. 甲\n2. 乙", "<ol>\n<li>甲</li>"), ("文\n## 题", '<h2 id="section-1">题</h2>'),
        ("文\n> 引", "<blockquote>\n<p>引</p>"), ("表：\n| 甲 |\n|---|\n| 1 |", "<th>甲</th>"), ("- 甲\n  1. 乙\n     - 丙", "<li>丙</li>"),
        ("---\n说明: 本表: 未审\n---\n下文", '<hr/>\n<h2 id="section-1">说明: 本表: 未审</h2>\n<p>下文</p>'), ("2019~2021年，2020~2022年", "2019~2021年，2020~2022年"),
        ("10^4户与10^5户", "10^4户与10^5户"), ("~~删~~ ==亮==", "<s>删</s> ==亮=="), ("- [ ] 待\n- [x] 已", "<li>□ 待</li>\n<li>✓ 已</li>"),
        ("(1) 甲\n(2) 乙", "<p>(1) 甲\n(2) 乙</p>"), ("A. 选项", "<p>A. 选项</p>"), ("@张三 和 (@李四)", "<p>@张三 和 (@李四)</p>"), ("甲  \n乙", "甲<br/>\n乙"),
        ("甲\\\n乙", "甲<br/>\n乙"), ("www.a.cn 与 https://b.cn/x", 'href="https://b.cn/x"'), ("H<sub>2</sub>O<br>乙", "H<sub>2</sub>O<br/>乙"),
        ("<u>线</u> <font color='red'>红</font>", '<u>线</u> <span style="color:red">红</span>'), ("<center>中</center>", '<div style="text-align:center">中</div>'),
        ("请填<姓名> <foo>", "请填&lt;姓名&gt; &lt;foo&gt;"), ("甲<!-- 乙 -->丙", "<p>甲丙</p>"), ("价$5 和 $6", "<p>价$5 和 $6</p>"), ("$a_1 b_2$ *斜*", "<p>$a_1 b_2$ <em>斜</em></p>"),
        ("[甲](#二、乙)\n\n# 二、乙", '<a href="#section-1" rel="noreferrer">甲</a>'), ("[甲](#3.-R)\n\n# 3. R", 'href="#section-1"'), ("[甲](#p)\n\n<a id='p'></a>\n乙", 'href="#p"'),
        ("[甲](#p)\n\n# 乙 <a name='x' id='p'></a>", 'href="#section-1"'), ("% 题", "<p>% 题</p>"), ("::: {.x}\n文\n:::", "<p>::: {.x}\n文\n:::</p>"), ("题[^1]\n\n[^1]: 注", "注"),
    ],
)  # fmt: skip
def test_markdown_is_read_as_commonmark_and_github_have_it(source, kept):
    assert kept in html(source)


@pytest.mark.parametrize("suffix", FORMATS)
def test_lines_that_end_between_chinese_characters_are_joined_without_a_space_on_paper(suffix):
    text = words(made(new_notebook(cells=[new_markdown_cell("第一行，\n第二行 of\nwords")]), suffix), suffix)
    assert ("第一行，\n第二行" if suffix == "html" else "第一行，第二行") in text and "of words" in text.replace("\n", " ")


def test_links_within_a_notebook_lead_somewhere_on_paper():
    notebook = new_notebook(
        cells=[
            new_markdown_cell("[甲](#part)\n[乙](#三、丙)\n[丁](#nowhere)"),
            new_markdown_cell("<a id='part'></a>\n\n# 三、丙"),
        ]
    )
    page = pypdfium2.PdfDocument(made(notebook, "pdf"))[0]
    assert pypdfium2.raw.FPDFPage_GetAnnotCount(page) == 2
    with zipfile.ZipFile(io.BytesIO(made(notebook, "docx"))) as archive:
        body = archive.read("word/document.xml").decode()
    assert body.count("<w:hyperlink w:anchor=") == 2 == body.count("<w:bookmarkStart ")


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("data", "line"),
    [
        ({"application/vnd.plotly.v1+json": {}}, "〔此处的Plotly交互图（没有kaleido画的图片）不能打印〕"),
        ({"application/vnd.plotly.v1+json": {}, "text/html": "<div id=p></div><script>x()</script>"}, "〔此处的Plotly交互图（没有kaleido画的图片）不能打印〕"),
        ({"application/vnd.vegalite.v5+json": {}, "text/plain": "alt.Chart(...)"}, "alt.Chart(...)〔此处的Altair交互图（没有vl-convert画的图片）不能打印〕"),
        ({"application/vnd.bokehjs_exec.v0+json": "", "application/javascript": "x()"}, "〔此处的Bokeh交互图、程序（application/javascript）不能打印〕"),
        ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider(value=0)"}, "IntSlider(value=0)〔此处的交互控件不能打印〕"),
        ({"text/html": "<iframe src='https://a.invalid/map'></iframe>"}, "〔此处的嵌入的网页（https://a.invalid/map）不能打印〕"),
        ({"text/html": "<video controls>Your browser…</video>", "text/plain": "<IPython.core.display.Video object>"}, "〔此处的视频不能打印〕"),
        ({"text/html": "<b>甲</b><canvas></canvas><script></script>"}, "甲〔此处的画布、交互式内容不能打印〕"),
        ({"application/pdf": "x", "text/plain": "<IPython.core.display.Pdf object>"}, "〔此处的PDF文件不能打印〕"),
        ({"video/mp4": "x"}, "〔此处的视频不能打印〕"), ({"application/x-odd": "x"}, "〔此处的application/x-odd格式的内容不能打印〕"),
        ({"image/png": "bm90IGEgcGljdHVyZQ==", "text/plain": "图样"}, "图样〔此处的图片（image/png）不能打印〕"), ({"image/tiff": "x"}, "〔此处的图片（image/tiff）不能打印〕"),
        ({"image/svg+xml": "<svg"}, "〔此处的图片（image/svg+xml）不能打印〕"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_leaves_a_line(suffix, data, line):
    text = said(shown(data), suffix)
    first, bracket, rest = line.partition("〔")
    assert solid(first) in text and solid(bracket + rest) in text


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_static_picture_stands_for_what_moves(suffix):
    text = said(shown({"application/vnd.plotly.v1+json": {}, "image/png": picture()}), suffix)
    assert "不能打印" not in text
    frames = f'<div><img id="a"></div><script>frames[0] = "data:image/png;base64,{picture()}"\n</script>'
    assert "〔此处的动画第一帧以外的内容不能打印〕" in said(shown({"text/html": frames}), suffix)
    assert len(pictures_of_page(made(shown({"text/html": frames}), "pdf"))) == 1


@pytest.mark.parametrize("suffix", FORMATS)
def test_formulas_stand_as_their_source(suffix):
    assert "行内$E=mc^2_{a_b}$与$$\\frac{a}{b}$$" in in_words("行内$E=mc^2_{a_b}$与$$\\frac{a}{b}$$", suffix)
    assert "$$\\fracab\\\\\\_x$$" in in_words("$$\n\\frac a b \\\\ \\_x\n$$", suffix)
    math = shown({"text/latex": "$\\displaystyle F(k)$", "text/plain": "<IPython.core.display.Math object>"})
    assert "$\\displaystyleF(k)$" in said(math, suffix) and "IPython" not in said(math, suffix)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (ERASED, "红 链 正文"), ("0%\r50%\r100%\n", "100%\n"), ("abc\rX\n", "Xbc\n"), ("abc\r\x1b[KX", "X"), ("a\bb\x00c\x0cd", "bc\nd"), ("a\r\nb\r\n", "a\nb\n"),
        ("一\n二\x1b[1A\r三\n", "三\n二"), ("甲\x1b[2K\r乙", "乙"), ("a\tb", "a\tb"), ("\x1b[2J\x1b[H新", "新"), ("甲\x1b[5D乙", "乙"), ("\x1b[?25l甲\x1b[?25h", "甲"),
        ("\x1b]0;title\x07甲", "甲"), ("\x1bP1$r\x1b\\甲", "甲"), ("\x1b[38:5:196m红", "红"), ("没有\n", "没有\n"), ("\x9b31m甲", "31m甲"), ("甲\x1b", "甲"),
    ],
)  # fmt: skip
def test_text_is_what_a_terminal_shows_in_the_end(text, seen):
    assert terminal.shown(text) == seen


@pytest.mark.parametrize("suffix", FORMATS)
def test_outputs_to_one_stream_are_one_text(suffix):
    outputs = [new_output("stream", name="stderr", text=f"\r{done}%") for done in (0, 50, 100)]
    text = said(new_notebook(cells=[new_code_cell("", outputs=outputs)]), suffix)
    assert "100%" in text and "50%" not in text


@pytest.mark.parametrize("suffix", FORMATS)
def test_half_of_a_pair_is_replaced_and_listed(suffix):
    cells = [
        new_markdown_cell("题\udc00"),
        new_code_cell(
            "", outputs=[new_output("stream", text="截断\ud83d尾"), new_output("display_data", {"text/html": "<b>\ud83d</b>"})]
        ),
    ]
    text = said(new_notebook(cells=cells), suffix)
    assert "题[U+DC00]" in text and "截断[U+D83D]尾" in text
    assert "〔不成字符、以编号代替的有：[U+DC00]，见“题[U+DC00]”；[U+D83D]，见“截断[U+D83D]尾”〕" in text


@pytest.mark.parametrize("suffix", ["html", "pdf", "docx"])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_attached_and_embedded_pictures_are_shown(suffix, form):
    kind, data = f"image/{form.lower()}", picture(form, frames=3 if form == "GIF" else 1)
    attached = new_markdown_cell("![图](attachment:a%20b.png)", attachments={"a b.png": {kind: data}})
    embedded = new_markdown_cell(f"![图](data:{kind};base64,{data})")
    inside = new_code_cell(
        "", outputs=[new_output("display_data", {"text/html": f"<table><tr><td><img src='data:{kind};base64,{data}'></table>"})]
    )
    content = made(new_notebook(cells=[attached, embedded, inside, *shown({kind: data}).cells]), suffix)
    if suffix == "html":
        assert content.count(f"data:{kind};base64,") == 4
    elif suffix == "pdf":
        assert len(pictures_of_page(content)) == 4
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.read("word/document.xml").decode().count("<w:drawing>") == 4


def test_a_drawing_within_html_is_a_picture():
    content = made(shown({"text/html": f"<p>甲{GRAY}</p>"}), "html")
    assert 'alt="丙"' in content and "data:image/svg+xml;base64," in content and "不能打印" not in content


@pytest.mark.parametrize(
    ("asked", "points"),
    [({"width": 400, "height": 200}, (300, 150)), ({"width": 400}, (300, 150)), ({"width": 4000}, (442, 221)), ({}, None)],
)
def test_a_picture_has_the_size_it_asks_for(asked, points):
    notebook = shown({"image/png": picture(size=(800, 400))}, **{"image/png": asked})
    [printed] = pictures_of_page(made(notebook, "pdf"))
    assert points is None or printed == points
    if asked:
        assert f'width="{asked["width"]}"' in made(notebook, "html")
    [in_text] = pictures_of_page(
        made(
            new_notebook(cells=[new_markdown_cell(f"<img src='data:image/png;base64,{picture(size=(800, 400))}' width='50%'>")]),
            "pdf",
        )
    )
    assert in_text == (221, 110)


def test_a_word_document_has_no_more_pixels_than_it_prints():
    notebook = shown({"image/jpeg": picture("JPEG", size=(6000, 3000))})
    with zipfile.ZipFile(io.BytesIO(made(notebook, "docx"))) as archive:
        [name] = [name for name in archive.namelist() if "media" in name]
        assert Image.open(io.BytesIO(archive.read(name))).width == round(442.2 / 72 * 200)


def frame(columns, cell, head="指标"):
    heads = "".join(f"<th>{head}{column}</th>" for column in range(columns))
    rows = "".join(f"<tr><th>{row}</th>{f'<td>{cell}</td>' * columns}</tr>" for row in range(3))
    return f"<table class='dataframe'><thead><tr><th></th>{heads}</tr></thead><tbody>{rows}</tbody></table>"


@pytest.mark.parametrize(
    "cell",
    ["1", "1234567.89", "2021-12-31 00:00:00", "某某市市场监督管理局第一分局", "W" * 90, "some_long_identifier" * 4, "长" * 200],
)
@pytest.mark.parametrize("columns", [1, 8, 12, 40])
def test_a_table_of_any_width_fits_and_nothing_lies_on_anything(columns, cell):
    content = made(shown({"text/html": frame(columns, cell)}), "pdf")
    text = solid(words(content, "pdf"))
    assert text.count(solid(cell)[0]) >= 3 * columns * solid(cell).count(solid(cell)[0])  # a row may go on on the next page
    assert overprinted(content) == [] and beside_the_page(content) == []


def test_a_table_too_wide_even_for_a_turned_page_goes_on_in_pieces_with_its_index():
    content = made(shown({"text/html": frame(40, "1234567.89")}), "pdf")
    text = solid(words(content, "pdf"))
    pieces = text.count("续表") + 1
    assert pieces > 2 and made(shown({"text/html": frame(40, "1234567.89")}), "docx")
    sizes = [page.get_size() for page in pypdfium2.PdfDocument(made(shown({"text/html": frame(11, "1234567.89")}), "pdf"))]
    assert any(width > height for width, height in sizes)


def test_cells_that_span_are_printed_where_they_span():
    table = (
        "<table><thead><tr><th></th><th colspan=2>甲组</th></tr><tr><th></th><th>一</th><th>二</th></tr></thead>"
        "<tbody><tr><th rowspan=2>年</th><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>"
    )
    for suffix in FORMATS:
        text = said(shown({"text/html": table}), suffix)
        assert [word for word in ("甲组", "一", "二", "年", "1", "2", "3", "4") if word not in text] == []


def test_styles_of_a_table_are_kept():
    styled = "<style>#T_row0_col0, #T .high {background-color: #ff0000; color: white} #T th {text-align: right}</style>"
    table = f"{styled}<table id=T><tr><th>头</th><td id=T_row0_col0>1</td><td class=high>2</td></tr></table>"
    content = made(shown({"text/html": table}), "html")
    assert content.count("background-color:#ff0000") == 2 and 'style="text-align:right"' in content
    with zipfile.ZipFile(io.BytesIO(made(shown({"text/html": table}), "docx"))) as archive:
        assert archive.read("word/document.xml").decode().count('w:fill="ff0000"') == 2


def test_a_workbook_has_every_table_as_a_sheet_with_numbers_as_numbers():
    table = "<table><tr><th></th><th>甲</th></tr><tr><th>0</th><td>1234.50</td></tr><tr><th>1</th><td>007</td></tr><tr><th>2</th><td>=1+1</td></tr></table>"
    notebook = new_notebook(cells=[new_markdown_cell("| 乙 |\n|---|\n| 2 |\n\n末"), *shown({"text/html": table}).cells])
    book = openpyxl.load_workbook(io.BytesIO(made(notebook, "xlsx")))
    assert book.sheetnames == ["表1", "表2", "正文", "数据"]
    assert [[cell.value for cell in row] for row in book["表2"]] == [[None, "甲"], ["0", 1234.5], ["1", "007"], ["2", "=1+1"]]
    assert (book["表2"]["B2"].number_format, book["表2"]["B4"].data_type) == ("0.00", "s")
    assert [row[0].value for row in book["正文"]] == ["表1：见工作表“表1”", "末", "表2：见工作表“表2”"]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    "metadata", [{}, {"kernelspec": {"language": "python"}}, {"kernelspec": {"name": "ir", "display_name": "R"}}]
)
def test_a_notebook_is_printed_whatever_it_says_of_its_kernel(suffix, metadata):
    notebook = nbformat.from_dict(
        json.loads(nbformat.writes(new_notebook(cells=[new_markdown_cell("文")]))) | {"metadata": metadata}
    )
    assert "文" in said(notebook, suffix)
