"""Personal data, which no snapshot holds; recognized by the header of a column and by the form of its values."""

import re
from unicodedata import normalize

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest.text_scan import has_disguised
from city_briefs.common.characters import IGNORED

# Words that are looked for anywhere in a header.
CHINESE = (
    "姓名", "联系人", "联系方式", "法定代表人", "法人代表", "负责人", "经办人", "投诉人", "举报人", "电话", "手机", "身份证", "证件号",
    "住址", "地址", "邮箱",
)  # fmt: skip
# Headers that are looked for as a whole.
ENGLISH = {
    "name",
    "full name",
    "contact",
    "phone",
    "telephone",
    "mobile",
    "address",
    "email",
    "id card",
    "id number",
    "identity number",
}
SHORTEST = 11  # characters of a mobile number, the shortest that is looked for
BEFORE, AFTER = r"(?:^|[^0-9])", r"(?:$|[^0-9])"
MOBILE = BEFORE + r"(?:86[- ]?)?1[3-9][0-9]{9}" + AFTER
IDENTITY = r"[1-8][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
CHINESE_KINDS = {"an identity number": "身份证号码", "a mobile number": "手机号码"}
DISGUISED = f"[{IGNORED}０-９]"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECKS = "10X98765432"


def is_personal_header(header: str) -> bool:
    """Return whether a header names personal data."""
    normalized = " ".join(normalize("NFKC", header).casefold().replace("_", " ").split())
    return normalized in ENGLISH or any(word in normalized for word in CHINESE)


def first_personal_number(texts: pa.Array, *, numbers: bool) -> tuple[int, str] | None:
    """Return the index of the first text with a personal number, and its kind in words; None when there is none.

    `numbers` means that the texts are identifiers, for which eleven digits are no mobile number. Identity numbers are
    recognized by their check digit too.
    """
    texts = _with_plain_digits(texts)
    long_enough = pc.greater_equal(pc.binary_length(texts), SHORTEST).fill_null(False)
    if not long_enough.true_count:
        return None
    indices, long_texts = pc.indices_nonzero(long_enough), texts.filter(long_enough)
    kinds = {"an identity number": BEFORE + IDENTITY + AFTER} | ({} if numbers else {"a mobile number": MOBILE})
    for kind, pattern in kinds.items():
        for index in pc.indices_nonzero(pc.match_substring_regex(long_texts, pattern)).to_pylist():
            if kind == "a mobile number" or _is_identity(long_texts[index].as_py()):
                return indices[index].as_py(), kind
    return None


def _with_plain_digits(texts: pa.Array) -> pa.Array:
    """Return texts with digits in normal width, and nothing between them that nobody sees."""
    if not has_disguised(texts):
        return texts
    disguised = pc.fill_null(pc.match_substring_regex(texts, DISGUISED), False)
    if not disguised.true_count:
        return texts
    plain = pc.utf8_normalize(pc.replace_substring_regex(texts, f"[{IGNORED}]", ""), "NFKC")
    return pc.if_else(disguised, plain, texts)


def _is_identity(text: str) -> bool:
    """Return whether a text holds an identity number with the right check digit."""
    return any(
        CHECKS[sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11] == number[-1].upper()
        for number in re.findall(IDENTITY, text)
    )
