"""疫情防控。Source: what the cities and the bureau return."""

from city_briefs.model.metric import returned

FOOD, PRIVATE_ECONOMY = "食品经营安全监督管理处", "非公经济组织党建工作处"


@returned(
    "stock",
    label="进口冷链监管措施",
    label_en="measures for imported cold-chain food",
    unit="项",
    decimals=0,
    better="neutral",
    owner=FOOD,
)
def coldchain_measures() -> None:
    """期末正在执行的进口冷链食品监管措施项数，如“总仓”监管、提前报备。"""


@returned(
    "flow",
    label="捐款非公企业",
    label_en="non-public enterprises donating",
    unit="户",
    decimals=0,
    better="higher",
    owner=PRIVATE_ECONOMY,
)
def donor_enterprises() -> None:
    """报告期内经动员为疫情防控捐款捐物的非公企业户数，同一企业只在首次捐赠当月计一次。"""


@returned("flow", label="捐款金额", label_en="cash donated", unit="元", decimals=0, better="higher", owner=PRIVATE_ECONOMY)
def donation_cash() -> None:
    """报告期内非公企业为疫情防控捐赠的现金，按到账当月计。"""


@returned(
    "flow",
    label="捐赠物资折合金额",
    label_en="goods donated, in yuan",
    unit="元",
    decimals=0,
    better="higher",
    owner=PRIVATE_ECONOMY,
)
def donation_goods() -> None:
    """报告期内非公企业为疫情防控捐赠的物资折合人民币的金额，按捐赠时市场价格折算。"""
