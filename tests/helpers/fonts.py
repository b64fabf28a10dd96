"""The fonts that come along, made again from their sources: python -m tests.helpers.fonts WHEEL PACKAGE.

The regular weight is Noto's own font for China, as it lies in the wheel: another file of the same outlines would change the bytes of
every PDF, and editions that were issued could not be made again. Each of its outlines and widths is compared with Debian's font.
The bold weight is Debian's, with the same characters; with the fontTools of requirements-dev.lock it is the same, byte for byte.
`pip download --no-deps pylopdf-fonts-zh-cn==0.1.1` brings the wheel, and on Debian 13 `apt-get download fonts-noto-cjk` the package.
"""

import hashlib
import io
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from itertools import product
from pathlib import Path
from typing import Any

from fontTools.pens.recordingPen import RecordingPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

from tests.helpers import ROOT

FOLDER = ROOT / "lib/city_briefs/common/theme/font_files"
SOURCES = {  # by name and version, with the hash of the file
    "pylopdf-fonts-zh-cn 0.1.1": "e2661ef3790cbe0f0f6aa5338b6859b7cd288ee75bc88cd4239c62cd025d4fb3",  # Sans 2.004, Serif 2.003
    "fonts-noto-cjk 1:20240730+repack1-1": "f5dc28a754e17327d99f0a612134d92c8dd6187314ae967cb77f25df60860139",  # of both too
}
KINDS, WEIGHTS = ("Sans", "Serif"), ("Regular", "Bold")
SUMS = "SHA256SUMS"
FEATURES = ["ccmp", "halt", "kern", "liga", "locl", "mark", "palt"]  # of lines of text; locl makes quotation marks wide
LANGUAGES = ("dflt", "ZHS ")
VERTICAL = ["VORG", "vhea", "vmtx"]  # tables
PLACES = 2  # decimal places of a coordinate that are compared

TABLE = (  # what the Table of General Standard Chinese Characters has beyond plane 0: kTGH of Unihan 15.0
    "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀"
    "𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷"
    "𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮"
    "𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)
NO_LONGER_PRIVATE = (*range(0x9FB4, 0x9FBC), *range(0xFE10, 0xFE1A), 0x20087, 0x20089, 0x200CC, 0x215D7, 0x2298F, 0x241FE)
LACKING = "≒"  # which Noto CJK has not had since its version 2.000


def level_2() -> frozenset[int]:
    """Return the code points of GB 18030-2022 at implementation level 2, but for the one that Noto CJK lacks.

    Level 1 is the codes of one byte and of two, Extension A to U+4DB5 and the ideographs to U+9FEF. The codec of Python is of the edition
    of 2005, in which 24 characters were still of private use. Level 2 adds the rest of the Table of General Standard Chinese Characters.
    """
    pairs = (bytes(pair).decode("gb18030", "ignore") for pair in product(range(0x81, 0xFF), range(0x40, 0xFF)))
    double = {ord(text) for text in pairs if len(text) == 1 and unicodedata.category(text) not in ("Cc", "Co")}
    level_1 = {*range(0x20, 0x7F), *double, *NO_LONGER_PRIVATE, *range(0x3400, 0x4DB6), *range(0x4E00, 0x9FF0)}
    return frozenset(level_1.union(map(ord, TABLE)).difference(map(ord, LACKING)))


def of_china(collection: bytes, kind: str) -> TTFont:
    """Return the font for China of a collection of Noto CJK."""
    fonts = TTCollection(io.BytesIO(collection), lazy=True).fonts
    place = next(place for place, font in enumerate(fonts) if font["name"].getDebugName(1) == f"Noto {kind} CJK SC")
    return TTFont(io.BytesIO(collection), fontNumber=place, recalcBBoxes=False, recalcTimestamp=False)


def different(font: TTFont, other: TTFont) -> set[str]:
    """Return the characters of a font that another draws otherwise, or in another width."""
    (ours, points), (theirs, others) = ((each.getGlyphSet(), each.getBestCmap()) for each in (font, other))
    return {chr(point) for point in points if _drawn(ours[points[point]]) != _drawn(theirs[others[point]])}


def _drawn(glyph: Any) -> tuple[object, ...]:
    """Return the width and the outline of a glyph."""
    pen = RecordingPen()
    glyph.draw(pen)
    return glyph.width, [
        (step, [tuple(round(number, PLACES) for number in place) for place in places]) for step, places in pen.value
    ]


def subset(font: TTFont, kind: str, weight: str, points: set[int]) -> bytes:
    """Return a font of Noto CJK for China with these characters, what lines of text need, and the name that Noto's own has."""
    options = Options(
        layout_features=FEATURES, layout_scripts=_scripts(font), name_IDs=["*"], name_languages=["*"], notdef_outline=True
    )
    options.drop_tables += VERTICAL
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    family, postscript = f"Noto {kind} SC", f"Noto{kind}SC-{weight}"
    for record in font["name"].names:
        record.string = str(record).replace(f"Noto {kind} CJK SC", family).replace(f"Noto{kind}CJKsc-{weight}", postscript)
    outlines = font["CFF "].cff
    outlines.fontNames, top = [postscript], outlines.topDictIndex[0]
    top.FullName, top.FamilyName = f"{family} {weight}", family
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def _scripts(font: TTFont) -> list[str]:
    """Return the scripts of a font with the languages that come along, as the subsetter names them."""
    scripts = {record.ScriptTag for tag in ("GSUB", "GPOS") for record in font[tag].table.ScriptList.ScriptRecord}
    return sorted(f"{script.strip()}.{language.strip()}" for script in scripts for language in LANGUAGES)


def main(*sources: Path) -> None:
    """Write the fonts and their hashes; sources of other hashes, or of other outlines than each other, are refused."""
    if [hashlib.sha256(source.read_bytes()).hexdigest() for source in sources] != list(SOURCES.values()):
        sys.exit(f"The fonts are made from files of {' and '.join(SOURCES)}: make fonts WHEEL=FILE PACKAGE=FILE")
    wheel, package = sources
    data = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], check=True, capture_output=True).stdout
    files = {}
    with zipfile.ZipFile(wheel) as theirs, tarfile.open(fileobj=io.BytesIO(data)) as debian:
        for kind in KINDS:
            regular, bold = (
                debian.extractfile(f"./usr/share/fonts/opentype/noto/Noto{kind}CJK-{weight}.ttc").read() for weight in WEIGHTS
            )
            content = theirs.read(f"pylopdf_fonts_zh_cn/Noto{kind}SC-Regular.otf")
            font = TTFont(io.BytesIO(content))
            if strange := different(font, of_china(regular, kind)):
                sys.exit(f"Noto {kind} SC of the wheel draws otherwise than Debian's: {''.join(sorted(strange))}")
            files[f"Noto{kind}SC-Regular.otf"] = content
            files[f"Noto{kind}SC-Bold.otf"] = subset(of_china(bold, kind), kind, "Bold", set(font.getBestCmap()))
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    (FOLDER / SUMS).write_text(sums, "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
