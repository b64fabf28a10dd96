"""In Chinese where the locale says so: what is on screen, the report and its page. What is stored is the same in any language."""

import json

import pytest

from city_briefs.analysis.ingest import messages_zh
from city_briefs.analysis.validation.finding import Finding
from tests.ingest.sent import complaints, text, workbook

GOOD, BAD = ("C1", "兰州市", "投诉", "2021-03-01", "价格"), ("C2", "兰洲", "投诉", "2021-03-02", "")
REGION = "“兰洲”不在行政区划名录内。请填写名录内地区的全称、简称或代码。疑为“兰州市”（620100）。"


@pytest.fixture
def sent(tmp_path):
    """A workbook with a fault and a warning, a file that is no table, and a file that is empty."""
    rows = [(*row, cell) for row, cell in zip(complaints(GOOD, BAD), ("颜色", "红", "红"), strict=True)]
    (tmp_path / "sent").mkdir()
    workbook(tmp_path / "sent/complaints.xlsx", 一月=rows)
    (tmp_path / "sent/notes.docx").write_bytes(b"x")
    return tmp_path / "sent"


def test_all_that_is_on_screen_is_chinese(briefs, sent, tmp_path, said_in):
    said_in("zh_CN.UTF-8")
    code, out, err = briefs("ingest", sent, "--into", tmp_path / "2021", "--strict", "--explain")
    assert (code, err) == (3, "")
    assert out.splitlines() == [
        "《complaints.xlsx》工作表“一月”读作12315平台工单（complaints）",
        "  表头在第1行，数据从第2行起",
        "  A 编号 → 编号（complaint_id）",
        "  B 地区 → 地区（region）",
        "  C 类别 → 类别（kind）",
        "  D 登记日期 → 登记日期（received_on）",
        "  E 问题类别 → 问题类别（category）",
        "  未采用的栏：颜色",
        "",
        "来源             数据表         行数  采用  未采用  不计",
        "complaints.xlsx  12315平台工单     2     1       1     0",
        "提醒  文件《complaints.xlsx》工作表“一月”F列：“颜色”不属于本表栏目，未予采用。请删除该栏，或按模板更正栏目名称。",
        "提醒  文件《notes.docx》：文件“notes.docx”未读取。内有数据的，请另存为.xlsx或.csv后重新报送。",
        f"错误  文件《complaints.xlsx》工作表“一月”B3单元格：{REGION}",
        "",
        f"详见{tmp_path}/2021.refused：report.json，网页report.html，未采用的行rejected/，退回改正的副本returned/。",
        "共读取2行：采用1行，未采用1行。没有写入数据。",
    ]


def test_the_same_is_said_in_english_in_any_other_locale(briefs, sent, tmp_path, said_in):
    said_in("C.UTF-8")
    out = briefs("ingest", sent, "--into", tmp_path / "2021", "--explain")[1].splitlines()
    assert out[:9] == [
        "complaints.xlsx, sheet 一月 is read as complaints",
        "  heading in row 1, data from row 2",
        "  A 编号 → complaint_id",
        "  B 地区 → region",
        "  C 类别 → kind",
        "  D 登记日期 → received_on",
        "  E 问题类别 → category",
        "  not kept: 颜色",
        "",
    ]
    assert out[-1].startswith("2 rows read: 1 accepted, 1 rejected. ")


def test_a_snapshot_has_the_same_bytes_in_any_language_and_a_report_the_same_fields(briefs, sent, tmp_path, said_in):
    for name in ("C", "zh_CN.UTF-8"):
        said_in(name)
        briefs("ingest", sent, "--into", tmp_path / name)
    english, chinese = (
        {
            file.relative_to(tmp_path / name).as_posix(): file.read_bytes()
            for file in (tmp_path / name).rglob("*")
            if file.is_file()
        }
        for name in ("C", "zh_CN.UTF-8")
    )
    assert english.keys() == chinese.keys()
    assert {name for name in english if english[name] != chinese[name]} == {"report.json", "report.html"}
    records = [json.loads(files["report.json"]) for files in (english, chinese)]
    texts = [[finding.pop("text") for finding in record["findings"]] for record in records]
    assert records[0] == records[1]
    assert texts[1][0] == f"文件《complaints.xlsx》工作表“一月”B3单元格：{REGION}"
    page = chinese["report.html"].decode()
    assert '<html lang="zh-CN">' in page and REGION in page and "各文件读取方式" in page
    assert '<html lang="en">' in english["report.html"].decode()


def test_a_place_without_cells_is_the_row_and_the_column(tmp_path):
    finding = Finding("error", "complaints", 4, "kind", "头诉", "closed list", "…", more=3, file="a/complaints.csv")
    assert messages_zh.sentence(finding) == (
        "文件《a/complaints.csv》第4行“类别”栏：“头诉”不在可选范围内。（同类问题另有3处）请从以下各项中选填：投诉、举报、咨询。"
    )


def test_a_rule_that_has_no_words_in_chinese_keeps_its_english_sentence():
    finding = Finding("warning", "complaints", None, "", "x", "unheard of", "complaints: x is odd.")
    assert messages_zh.sentence(finding) == (
        "《12315平台工单》：“x”不符合填报要求。请核对后重新填写，具体见系统原文。（complaints: x is odd.）"
    )


def test_units_are_shown_with_where_they_come_from(briefs, tmp_path, said_in):
    heads = ("案件编号", "地区", "领域", "结案日期", "罚款（万元）", "没收")
    text(tmp_path / "sent/cases.csv", [heads, ("A1", "兰州", "食品", "2021-03-01", "1", "2")])
    (tmp_path / "sent/sources.toml").write_text(
        '[[source]]\nfile = "cases.csv"\ncolumns.field = { constant = "食品" }\n', "utf-8"
    )
    for name, lines in (
        ("zh_CN.UTF-8", ["  E 罚款（万元） → 罚款（元）（fine_yuan），单位：万元", "  F 没收 → 没收（元）（confiscated_yuan），单位：元（未注明，按本表单位）",
                         "  领域（field）：各行均为“食品”"]),
        ("C", ["  E 罚款（万元） → fine_yuan, in 万元", "  F 没收 → confiscated_yuan, in 元 (not stated; that of the table)",
               "  field: '食品' in every row"]),
    ):  # fmt: skip
        said_in(name)
        out = briefs("ingest", tmp_path / "sent", "--into", tmp_path / "2021", "--explain")[1].splitlines()
        assert [line for line in lines if line not in out] == []


def test_what_cannot_be_a_source_is_told_in_chinese(briefs, tmp_path, said_in):
    """A declaration below the folder, one of a database, a file of no table, and what is not there."""
    said_in("zh_CN.UTF-8")
    folder = tmp_path / "sent"
    text(folder / "complants.csv", complaints(GOOD))
    (folder / "empty.toml").write_text("", "utf-8")
    (folder / "sub").mkdir()
    (folder / "sub/sources.toml").write_text("", "utf-8")
    (folder / "sources.toml").write_text('[[source]]\nurl = "postgresql://x/y"\ntable = "cases"\n', "utf-8")
    (folder / "cases.csv").write_bytes(b"")
    code, out, err = briefs("ingest", folder, "--into", tmp_path / "2021")
    assert (code, err) == (3, "")
    assert [line for line in out.splitlines() if line.startswith("错误")] == [
        "错误  cases.csv是空文件，请报送有表头和数据行的文件。",
        "错误  complants.csv：没有名为“complants”的数据表。是否应为“complaints”？"
        '请按表名命名文件，或在sources.toml中说明；不读的写ignore = ["complants.csv"]。',
        f"错误  sources.toml第1个来源：只有在命令中直接写明这个文件（briefs ingest {folder}/sources.toml），"
        "才会连接url所写的数据库，因为报送文件的人也能写它。",
        "错误  sub/sources.toml在子文件夹里，可能是随文件报来的，不能作为说明。"
        "请把其中正确的内容写到本文件夹的sources.toml里，或在命令中直接写明sub/sources.toml。",
    ]
    answer = briefs("ingest", tmp_path / "snt", "--into", tmp_path / "2021")
    assert answer == (2, "", f"没有文件或文件夹“{tmp_path}/snt”。是否应为“sent”？\n")
