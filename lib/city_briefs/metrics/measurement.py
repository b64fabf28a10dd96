"""计量、认证与检验检测。Source: what the cities and the bureau return."""

from city_briefs.model.metric import returned

QUALITY, CERTIFICATION, MEASUREMENT = "质量发展处", "认证认可与检验检测监督管理处", "计量处"
SCIENCE = "科技和财务处"


@returned(
    "flow",
    label="质量基础设施“一站式”服务拨款市县",
    label_en="cities and counties funded for one-stop quality services",
    unit="个",
    decimals=0,
    better="neutral",
    owner=QUALITY,
)
def onestop_counties() -> None:
    """报告期内获得质量基础设施“一站式”服务试点转移支付资金的市县数，按资金拨付当月计，同一市县年内只计一次。"""


@returned(
    "flow",
    label="“一站式”服务转移支付资金",
    label_en="transfer payments for one-stop quality services",
    unit="元",
    decimals=0,
    better="higher",
    owner=QUALITY,
)
def onestop_funds() -> None:
    """报告期内为质量基础设施“一站式”服务试点拨付的转移支付资金，按拨付当月计。"""


@returned(
    "flow",
    label="小微企业质量认证精准提升",
    label_en="small enterprises in the certification-boost scheme",
    unit="家",
    decimals=0,
    better="higher",
    owner=CERTIFICATION,
)
def sme_cert_boost() -> None:
    """报告期内新纳入质量管理体系认证“一企一策”精准提升工程的小微企业家数，同一企业只计一次。"""


@returned(
    "flow",
    label="3C免办证书",
    label_en="CCC-exemption certificates issued",
    unit="张",
    decimals=0,
    better="higher",
    owner=CERTIFICATION,
)
def ccc_exempt_certs() -> None:
    """报告期内发放的免予办理强制性产品认证（3C免办）证书张数，按发证当月计。"""


# 累计节约 in the speech is of the certificates of the year (其中), so it adds up over its months.
@returned(
    "flow",
    label="3C免办节约成本",
    label_en="cost saved by CCC exemptions",
    unit="元",
    decimals=0,
    better="higher",
    owner=CERTIFICATION,
)
def ccc_exempt_saving() -> None:
    """报告期内企业因免予办理强制性产品认证而节约的成本，按发证当月由发证地测算上报。"""


@returned(
    "flow",
    label="智能电能表试点节约资金",
    label_en="saved by the pilot of smart-meter state evaluation",
    unit="元",
    decimals=0,
    better="higher",
    owner=MEASUREMENT,
)
def smart_meter_saving() -> None:
    """报告期内智能电能表状态评价及更换试点因延长使用而节约的资金。"""


@returned(
    "flow",
    label="强制检定计量器具",
    label_en="instruments under mandatory verification",
    unit="台件",
    decimals=0,
    better="higher",
    owner=MEASUREMENT,
)
def verified_instruments() -> None:
    """报告期内完成强制检定的计量器具台件数；同一器具每检定一次计一台件。"""


@returned(
    "flow", label="免收强检费用", label_en="verification fees waived", unit="元", decimals=0, better="higher", owner=MEASUREMENT
)
def verification_fee_waived() -> None:
    """报告期内为市场主体免收的强制检定费用，按现行收费标准折算。"""


@returned(
    "stock",
    label="社会公用计量标准",
    label_en="public measurement standards",
    unit="项",
    decimals=0,
    better="higher",
    owner=MEASUREMENT,
)
def public_measure_standards() -> None:
    """期末累计建立并在有效期内的社会公用计量标准项数。"""


@returned(
    "flow",
    label="省级以上科技项目",
    label_en="provincial and national science projects",
    unit="个",
    decimals=0,
    better="higher",
    owner=SCIENCE,
)
def sci_projects() -> None:
    """报告期内系统技术机构新承担的省级以上科技项目数，按立项当月计。"""


@returned(
    "flow",
    label="科技成果评定获奖单位",
    label_en="units with awarded results",
    unit="家",
    decimals=0,
    better="higher",
    owner=SCIENCE,
)
def sci_award_units() -> None:
    """报告期内在系统科技成果评定中获一、二、三等奖的单位数，同一单位只计一次。"""


@returned(
    "flow", label="科技成果评定获奖项目", label_en="projects awarded", unit="个", decimals=0, better="higher", owner=SCIENCE
)
def sci_award_projects() -> None:
    """报告期内在系统科技成果评定中获一、二、三等奖的项目数，按公布当月计。"""


@returned(
    "stock",
    label="待批省级质检中心",
    label_en="provincial test centres about to be approved",
    unit="家",
    decimals=0,
    better="higher",
    owner=CERTIFICATION,
)
def prov_qi_centres_pending() -> None:
    """期末已通过评审、等待批复建设的省级质检中心家数。"""


@returned(
    "stock", label="国家质检中心", label_en="national test centres", unit="家", decimals=0, better="higher", owner=CERTIFICATION
)
def national_qi_centres() -> None:
    """期末已获批准、现有的国家质检中心家数。"""
