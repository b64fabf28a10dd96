"""Chinese labels of the members of dimensions, by column: documents print these and never the words of the tables."""

UNSAID = "未填写"  # the member of the rows whose column is empty
DOMAINS = {"food": "食品", "drug": "药品", "special_equipment": "特种设备", "product": "工业产品"}
CHINESE: dict[str, dict[str, str]] = {
    "kind": {
        "enterprise": "企业", "self_employed": "个体工商户", "cooperative": "农民专业合作社",
        "boiler": "锅炉", "pressure_vessel": "压力容器", "elevator": "电梯", "crane": "起重机械", "ropeway": "客运索道",
        "amusement": "大型游乐设施", "vehicle": "场（厂）内专用机动车辆", "pipeline": "压力管道",
        "catering": "餐饮服务单位", "school_canteen": "学校食堂", "producer": "食品生产单位", "retail": "食品销售单位",
        "local": "地方标准", "group": "团体标准", "pilot": "示范试点",
        "invention": "发明", "utility": "实用新型", "design": "外观设计",
        "complaint": "投诉", "report": "举报", "enquiry": "咨询",
    },
    "domain": {**DOMAINS, "market": "市场秩序"},
    "method": {"double_random": "双随机抽查", "special": "专项检查", "complaint": "投诉举报核查", "routine": "日常检查"},
    "grade": {"ordinary": "一般", "larger": "较大", "major": "重大", "extraordinary": "特别重大", "award": "正奖", "nomination": "提名奖"},
    "level": {"major": "重大", "general": "一般", "province": "省级", "city": "市州", "county": "县区", "other": "其他"},
    "basis": {"census": "普查", "year_end": "年末"},
    "span": {"month": "当月", "year_to_date": "1月至当月累计", "as_of": "期末时点"},
    "direction": {"opening": "期初", "in": "入仓", "out": "出仓"},
    "award": {"china_quality": "中国质量奖", "provincial_quality": "省政府质量奖"},
    "comparison": {"at_least": "不低于", "at_most": "不高于"},
    "view": {"value": "本期数", "yoy": "同比增减"},
    "field": {
        "price": "价格", "food": "食品", "drug": "药品", "special_equipment": "特种设备", "product": "产品质量", "advertising": "广告",
        "competition": "反不正当竞争", "intellectual_property": "知识产权", "fees": "涉企收费", "other": "其他",
    },
}  # fmt: skip
INDUSTRIES = {
    "A": "农、林、牧、渔业", "B": "采矿业", "C": "制造业", "D": "电力、热力、燃气及水生产和供应业", "E": "建筑业", "F": "批发和零售业",
    "G": "交通运输、仓储和邮政业", "H": "住宿和餐饮业", "I": "信息传输、软件和信息技术服务业", "J": "金融业", "K": "房地产业",
    "L": "租赁和商务服务业", "M": "科学研究和技术服务业", "N": "水利、环境和公共设施管理业", "O": "居民服务、修理和其他服务业",
    "P": "教育", "Q": "卫生和社会工作", "R": "文化、体育和娱乐业", "S": "公共管理、社会保障和社会组织", "T": "国际组织",
}  # fmt: skip  # GB/T 4754—2017, sections
COLUMNS = {
    "kind": "类别", "domain": "领域", "method": "方式", "grade": "等级", "level": "等级", "field": "领域", "category": "品类",
    "industry": "行业门类", "hub": "总仓", "origin": "来源国", "commodity": "商品", "cause": "原因", "class": "分类",
}  # fmt: skip
FORMS = {
    "flow": "期间累计数", "stock": "期末时点数", "ratio": "比率", "difference": "差额", "distinct": "期间不重复计数",
    "maximum": "期间最大值", "median": "期间中位数", "latest": "最近一期公布数", "cited": "文件规定值",
}  # fmt: skip
DIRECTIONS = {"higher": "正向", "lower": "反向", "neutral": "中性"}
VIEW_NAMES = {
    "value": "本期数", "yoy": "同比增减", "change_pp": "比上年同期增减", "since_year_end": "比上年底增减", "previous": "环比增减",
    "rank": "位次", "share": "占比", "per_10k": "每万人口平均", "per_day": "日均", "cagr": "年均增长", "milestone": "突破的整数关口",
    "vs_target": "与目标比较", "vs_benchmark": "相当于本地区的倍数", "first_time": "首次突破两位数", "target": "目标值",
    "benchmark": "其他地区数据", "parameter": "文件规定值", "as_known": "同一时间已知的结果",
    "contribution": "对增长的拉动", "structure": "结构变化的影响", "level": "自身变化的影响",
    "projection": "全部办结后的预计数",
}  # fmt: skip


def chinese(column: str, word: str) -> str:
    """Return a word of a column in Chinese; a word of no closed list as it is."""
    if column == "industry":
        return INDUSTRIES.get(word, word)
    if column == "class" and word != UNSAID:
        return f"{word}类"
    return CHINESE.get(column, {}).get(word, word)
