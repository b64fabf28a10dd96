"""States: in which a pack may be, in the words of the index and of `briefs status`."""

from city_briefs.common.language import chosen

FAILED, LATE, OUTDATED, UNDELIVERED = "failed", "late", "outdated", "undelivered"
DRAFTED, DUE, UNREPORTED, WITH_REJECTED = "drafted", "due", "unreported", "rejected"
APPROVED, DELIVERED, NONE = "approved", "delivered", "none"
CURRENT, REPLACED = "current", "replaced"  # of an edition in the register: the one issued last; one issued before
WORDS = {  # the most pressing first
    FAILED: "编制未成", LATE: "逾期未编", OUTDATED: "数据已更正", UNDELIVERED: "未送达", DRAFTED: "待签发", DUE: "待编制",
    UNREPORTED: "未报送", WITH_REJECTED: "有行未采用", APPROVED: "已签发", DELIVERED: "已送达", NONE: "无", CURRENT: "现行",
    REPLACED: "已有新版",
}  # fmt: skip


def word(state: str) -> str:
    """Return a state in the language of messages."""
    return chosen(state, WORDS[state])
