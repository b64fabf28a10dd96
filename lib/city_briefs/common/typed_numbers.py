"""Numbers that a person has typed into a text, in digits or in Chinese numerals; names and set phrases with a numeral are none.

A number of a brief is computed. What is a name is not: of a document (〔2022〕15号), a law, plan or standard (《…》, GB 7718—2011), a
platform (12315), a period of planning (十四五), or a phrase (一网通办, 三品一特, “两个责任”). A name with a counter after it is a number
all the same: 12315件.
"""

import html
import re
import unicodedata
from collections.abc import Iterator

COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
COUNTERS = "户家件起例宗个人名位批项条台套吨元份次场处所辆只艘间座公斤亩米%％‰万亿成倍番"
PLATFORMS = "12315|12345|12331|12330|12358|12365|12388|12380|12350|12348|12366"
NAMES = re.compile(
    "|".join(
        (
            r"《[^《》]*》",
            r"[〔［\[（(【]\d{4}[〕］\]）)】]\s*(?:第\s*)?\d+\s*号|第\s*\d+\s*[号条款章节]",
            rf"(?<![A-Za-z])[A-Z]{{2,5}}(?:/[A-Z]{{1,2}})?\s?\d+(?:\.\d+)*(?:\s?[—–-]\s?\d{{4}})?(?!\d)(?![{COUNTERS}])",
            rf"(?<![\d.,，])(?:{PLATFORMS})(?![\d.{COUNTERS}])",
            r"(?<!\d)3[·•.]?15(?=晚会|国际消费者|消费者|活动|”)",
        )
    )
)
TYPED = re.compile(r"\d+")
DIGITS = "〇零一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
STEPS = "十百千万亿拾佰仟廿卅"
PHRASES = re.compile(
    "|".join(
        (
            r"^\s*(?:#+\s*)?（[一二三四五六七八九十]+）|^\s*[一二三四五六七八九十]+、|[一二三四五六七八九]是(?=[^否])",  # of a list
            rf"十[一二三四五六]五(?![{COUNTERS}])|第[一二三四五六七八九十百]+[条款章节编次批轮期届个]",
            r"[一二三四五六七八九十]+次(?=会议|全会|全体)|[一二三四五六七八九十]+项(?=规定|行动|任务|机制|制度|措施|举措)",
            r"(?:党的)?[一二]?十[一二三四五六七八九]?(?:大(?=[以精报会和、，。”\s]|$)|届)[一二三四五六七八九]?(?:中全会)?",
            r"千家万户|千家万店|千企万户|千千万万|千方百计|千头万绪|千变万化|万无一失|万众一心|百家争鸣|百花齐放|百年大计|百姓|百货|百强",
            r"十分(?!之)|十足|千万(?=不|要|别)|成千上万|三令五申|接二连三|再三|三番五次|举一反三|一成不变|不一而足|半途",
            r"一[\u4e00-\u9fff]一[\u4e00-\u9fff]|一[\u4e00-\u9fff]{1,3}(?:通办|统管|办成|到底|体化)|一件事|一次性|一次办|一家人|一户式|一张网|一批次一",
            r"[两三四五六七八九]个(?:最严|责任|统一|全面|自信|维护|确立|意识|必须|一百年|毫不|健康|坚持|务必|方面|环节|层面|维度|市场|结合|转变|关键|规定)",
            r"第(?:一时间|一书记|一责任|一线|一位|三方|一、二、三|[一二三]产业)|三三两两|一百年奋斗",
        )
    )
)
NUMBER = f"[{DIGITS}{STEPS}半]+"
FIGURES = re.compile(
    "|".join(
        (
            rf"[百千万]分之{NUMBER}(?:点[{DIGITS}]+)?|{NUMBER}分之{NUMBER}",
            rf"[{DIGITS}]+点[{DIGITS}]+",
            rf"[{DIGITS}]{{2,4}}年|[{DIGITS}{STEPS}]+(?:月份?(?!饼)|季度|日(?!常|益))",
            rf"(?:[{DIGITS}][{STEPS}]+|[十拾廿卅][{DIGITS}])(?:[{DIGITS}{STEPS}])*(?:余|多)?(?:[{COUNTERS}])?",
            rf"[近上逾超约达数几过共计][{STEPS}]+(?:余|多)?(?:[{COUNTERS}])|(?<=[突到超])[破达过][{STEPS}]+",
            rf"[{STEPS}]+[余多](?:[{COUNTERS}])|[{STEPS}]{{2,}}(?:余|多)?[{COUNTERS}]|(?<![\d×.])十[户家件起例宗批项条台套吨元份]",
            rf"[二两三四五六七八九{DIGITS[10:]}](?:[{COUNTERS}]|个)|[{DIGITS}]{{2,}}[{COUNTERS}]",
            r"(?:连续|近|过去|前)[二两三四五六七八九十]+(?:年|个月|个?季度|名|位)|(?:排名?|位列|位居|居|列)(?:在|全省|全国|全市)*第[一二三四五六七八九十]+",
            rf"第[{DIGITS}{STEPS}]+[位名]",
            r"(?:增|减|降|升|加|少|长|了|有|共|仅|只|计|为|达|生|处|立|办|到|过)一[户家件起例宗人名位批项条台套吨份个次成倍]",
            r"一[户例宗吨倍半](?!一|.策|.档|.案)|翻(?:一|两|三|了)*番",
        )
    )
)
QUOTED = re.compile("[“‘]([^“”‘’]*)[”’]")  # a name or a phrase, unless the number in it is a long one
FRACTIONS = ("No", "Nl")  # categories of Unicode: ½, Ⅻ, ①


def typed(text: str) -> Iterator[tuple[int, str]]:
    """Yield the numbers that are typed in a Markdown text: the line, counted from 1, and the number; digits before numerals.

    Digits count in a comment too, numerals only in what is printed.
    """
    lines = zip(text.split("\n"), without_comments(text).split("\n"), strict=True)
    for number, (line, printed) in enumerate(lines, start=1):
        yield from ((number, digits) for digits in TYPED.findall(_without_names(line)))
        yield from ((number, numeral) for numeral in _numerals(_without_names(printed)))


def without_comments(text: str) -> str:
    """Return a text with blanks in the place of comments, in the same lines."""
    return COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), text)


def _without_names(line: str) -> str:
    return NAMES.sub("　", html.unescape(line))


def _numerals(line: str) -> Iterator[str]:
    """Yield the numbers of a line that are written in numerals."""
    for at, character in enumerate(line):
        if unicodedata.category(character) in FRACTIONS and line[at + 1 : at + 2] in tuple(COUNTERS):
            yield character
    for quoted in QUOTED.findall(line):
        yield from (number for number in FIGURES.findall(PHRASES.sub("　", quoted)) if len(number) > 2)
    yield from FIGURES.findall(PHRASES.sub("　", QUOTED.sub("　", line)))
