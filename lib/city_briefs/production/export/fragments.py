"""Fragments of HTML, from Markdown or from the output of a cell, made ready for every format.

Styles stand at the elements that they are for, pictures in the fragment itself, and a line stands where something cannot be printed.
What `markup` then leaves is what every format is written from.
"""

import html as entities
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import tinycss2
import tinycss2.color4
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from city_briefs.production.export import markup, pictures

if TYPE_CHECKING:
    from city_briefs.production.export.parts import Part

LOST = {  # elements that paper has not, by what they are called
    "script": "交互式内容", "iframe": "嵌入的网页", "frame": "嵌入的网页", "video": "视频", "audio": "音频", "canvas": "画布",
    "object": "嵌入的文件",
    "embed": "嵌入的文件", "applet": "嵌入的程序", "svg": "图形", "portal": "嵌入的网页",
}  # fmt: skip
OLD = {
    "center": "div",
    "font": "span",
    "strike": "s",
    "tt": "code",
    "big": "span",
    "acronym": "abbr",
    "xmp": "pre",
    "plaintext": "pre",
}
FRAME = re.compile(r'frames\[\d+\]\s*=\s*"(data:image/[a-z+]+;base64,[^"]+)"')  # of an animation of matplotlib
MOST_SELECTORS = 200  # of a style sheet, but for those of one id
HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
BLOCKS = [  # elements that begin and end a line
    "p", "div", "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote", "table", "hr", "section", "details", "summary", "figure",
    "figcaption", "caption", *HEADINGS,
]  # fmt: skip
LINKS = re.compile(r"(https?|mailto):", re.IGNORECASE)
WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff，。；：？！、（）《》“”‘’—…]"
LINE_END = re.compile(rf"(?<={WIDE})[ \t]*\r?\n[ \t]*(?={WIDE})")
SPACES = re.compile(r"[ \t\n\r\f]+")
PLAIN = re.compile(r"(?:<(h[1-6]|p)>[^<>&]*</\1>\s*)*")  # nothing of which has to be made ready


def ready(html: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> tuple[str, str]:
    """Return a fragment as every format can print it, held to the lists of `markup`, and by name what of it none can print.

    `attachments` are those of a cell: by file name, their content in base64 by type.
    """
    if PLAIN.fullmatch(html):
        return html, ""
    frame = FRAME.search(html)
    soup = BeautifulSoup(pictures.with_drawings_as_pictures(html), "html.parser")
    _style(soup)
    for tag in soup.find_all(list(OLD)):
        if colour := tag.get("color"):
            _set(tag, "color", str(colour))
        if tag.name == "center":
            _set(tag, "text-align", "center")
        tag.name = OLD[tag.name]
    for tag in soup.find_all([*BLOCKS, "td", "th", "tr"]):
        if tag.get("align") in ("left", "right", "center", "justify") and tag.name != "table":
            _set(tag, "text-align", str(tag["align"]))
        if colour := tag.get("bgcolor"):
            _set(tag, "background-color", str(colour))
    _pictures(soup, attachments or {})
    lost = _lose(soup, frame[1].replace("\\\n", "") if frame else "")
    return markup.clean(str(soup)), lost


def is_empty(html: str) -> bool:
    """Whether a fragment shows nothing at all."""
    soup = parsed(html)
    return not soup.get_text(strip=True) and not soup.find(["img", "hr", "table"])


def parsed(html: str) -> BeautifulSoup:
    """Return a fragment as a tree."""
    return BeautifulSoup(html, "html.parser")


def spaced(words: str) -> str:
    """Return words with one space where there are several; a line that ends between Chinese characters ends without one."""
    return SPACES.sub(" ", LINE_END.sub("", words))


def is_block(node: object) -> bool:
    """Whether something begins and ends a line, or holds what does."""
    return isinstance(node, Tag) and (node.name in BLOCKS or node.find(BLOCKS) is not None)


def unprinted(names: str) -> str:
    """Return a line that stands for what cannot be printed, by its names; none without any."""
    return line(f"此处的{names}不能打印") if names else ""


def line(words: str) -> str:
    """Return a line that the document itself says."""
    return f"<p>〔{entities.escape(words, quote=False)}〕</p>"


def style_of(tag: Tag) -> dict[str, str]:
    """Return the style of an element, by property."""
    pairs = (part.partition(":") for part in str(tag.get("style") or "").split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if value.strip()}


def colour(css: str) -> str:
    """Return a colour of CSS as #rrggbb, on white; empty for one that is none or cannot be seen."""
    read: Any = tinycss2.color4.parse_color(css) if css else None
    if read is None or read == "currentcolor" or not read.alpha:
        return ""
    try:
        parts = [max(0.0, min(1.0, part)) for part in read.to("srgb").coordinates]
    except (TypeError, ValueError):
        return ""
    return "#" + "".join(f"{round((part * read.alpha + 1 - read.alpha) * 255):02x}" for part in parts)


def trees(parts: Sequence["Part"], under: int = 0) -> list[BeautifulSoup | None]:
    """Return the tree of each part that has one; in Markdown, headings `under` levels lower and known by ids, to which links lead."""
    made = [parsed(part["html"]) if part["kind"] == "markdown" or part["kind"] == "html" else None for part in parts]
    of_markdown = [tree for part, tree in zip(parts, made, strict=True) if part["kind"] == "markdown" and tree]
    names: dict[str, str] = {}
    for number, heading in enumerate((heading for tree in of_markdown for heading in tree.find_all(HEADINGS)), start=1):
        heading.name = f"h{min(int(heading.name[1]) + under, 6)}"
        for tag in (heading, *heading.find_all(id=True)):
            if (own := tag.get("id")) and not tag.get("role"):
                names[str(own)] = f"section-{number}"
                del tag["id"]
        heading["id"] = f"section-{number}"
        words = heading.get_text().strip()
        for name in (words.replace(" ", "-"), re.sub(r"[^\w\- ]", "", words).replace(" ", "-").lower()):
            names.setdefault(name, f"section-{number}")
    _link([tree for tree in made if tree], names)
    return made


def targets(made: Iterable[BeautifulSoup | None]) -> set[str]:
    """Return the ids that links within a document lead to."""
    return {str(link["href"])[1:] for tree in made if tree for link in tree.find_all("a", href=re.compile("^#"))}


def _link(made: list[BeautifulSoup], names: dict[str, str]) -> None:
    """Lead links to what has their name, else to a heading by the names that Jupyter and GitHub give it."""
    own = {str(tag["id"]) for tree in made for tag in tree.find_all(id=True)}
    for tree in made:
        for link in tree.find_all("a", href=re.compile("^#")):
            given = str(link["href"])[1:]
            asked = next((name for name in (given, unquote(given)) if name in own), names.get(unquote(given)))
            link["href"] = f"#{asked or names.get(unquote(given).lower()) or given}"


def _style(soup: BeautifulSoup) -> None:
    """Put the rules of style sheets at the elements that they are for, and take the sheets out."""
    tags_of = {str(tag["id"]): tag for tag in soup.find_all(id=True)}
    others = 0
    for sheet in soup.find_all("style"):
        for rule in tinycss2.parse_stylesheet(sheet.string or "", skip_comments=True, skip_whitespace=True):
            if rule.type != "qualified-rule":
                continue
            kept = _kept(rule.content)
            for selector in tinycss2.serialize(rule.prelude).split(",") if kept else ():
                tags = []
                if re.fullmatch(r"#[\w-]+", selector := selector.strip()):
                    tags = [tag for tag in (tags_of.get(selector[1:]),) if tag]
                elif others < MOST_SELECTORS and re.fullmatch(r"[\w\s.#>*-]+", selector):
                    others += 1
                    tags = soup.select(selector)
                for tag in tags:
                    for name, value in kept.items():
                        _set(tag, name, value)
        sheet.decompose()


def _kept(content: list[object]) -> dict[str, str]:
    """Return the declarations of a rule that may stand in a document."""
    declared = tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True)
    return {
        one.lower_name: tinycss2.serialize(one.value).strip()
        for one in declared
        if one.type == "declaration" and one.lower_name in markup.STYLES
    }


def _set(tag: Tag, name: str, value: str) -> None:
    """Add a declaration before the element's own, which go before it."""
    own = str(tag.get("style") or "")
    tag["style"] = f"{name}: {value}; {own}" if own else f"{name}: {value}"


def _pictures(soup: BeautifulSoup, attachments: Mapping[str, Mapping[str, str]]) -> None:
    """Put attached pictures where they are shown; one that cannot be shown stands as its words, after a sign that it is a picture."""
    for tag in soup.find_all("img"):
        source = str(tag.get("src") or "").strip()
        if source.startswith("attachment:"):
            content = attachments.get(unquote(source.removeprefix("attachment:")), {})
            kind, data = next(((kind, data) for kind, data in content.items() if kind.startswith("image/")), ("", ""))
            source = f"data:{kind};base64,{''.join(data.split())}" if kind else source
        elif source.startswith("data:image/svg") and ";base64," not in source:
            source = pictures.address(pictures.of_address(source) or b"", pictures.TYPES["svg"])
        tag["src"] = "".join(source.split()) if source.startswith("data:") else source
        if source.startswith("data:") and not pictures.printed(pictures.of_address(source) or b""):
            tag.replace_with(NavigableString(f"〔图片不能读取：{tag.get('alt') or '无说明'}〕"))
        elif not source and not tag.get("alt"):
            tag.decompose()  # a script would have filled it
        elif not source.startswith("data:"):
            tag.replace_with(NavigableString(str(tag.get("alt") or "") or f"〔图：{source or '无说明'}〕"))


def _lose(soup: BeautifulSoup, frame: str) -> str:
    """Take out what cannot be printed, and return by name what it was; an animation leaves its first picture."""
    lost: dict[str, None] = {}
    for tag in soup.find_all(list(LOST)):
        if tag.decomposed:
            continue
        name, address = LOST[tag.name], str(tag.get("src") or tag.get("data") or "")
        name = "动画第一帧以外的内容" if frame and tag.name == "script" else name
        lost[f"{name}（{address}）" if re.match("https?://", address) else name] = None
        if tag.name == "svg":  # its words stay
            tag.unwrap()
        else:
            tag.decompose()
    if frame:
        soup.append(soup.new_tag("img", attrs={"src": frame, "alt": "动画的第一帧"}))
    for box in soup.find_all("input"):
        if box.get("type") == "checkbox" and "task-list-item-checkbox" in (box.get("class") or []):
            box.replace_with(NavigableString("✓" if box.has_attr("checked") else "□"))
        elif value := box.get("value"):
            box.replace_with(NavigableString(str(value)))
    return "、".join(lost)
