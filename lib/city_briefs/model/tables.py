"""The tables that a snapshot may hold: their columns with type and meaning, and the constraints on their rows."""

from city_briefs.model.table import BOOL, DATE, FLOAT, INT, STR, Column, Table

REGION = Column("region", STR, True, "地区代码", "region code")

REGIONS = Table("regions", "行政区划", (
    Column("code", STR, True, "行政区划代码（GB/T 2260，六位）", "six-digit division code, primary key"),
    Column("name", STR, True, "全称", "full name, e.g. 兰州市"),
    Column("short", STR, True, "简称", "short name, e.g. 兰州"),
    Column("level", "province|city|county|other", True, "层级", "city gets packs; other (甘肃矿区, 东风场区, 其他 629999) counts in the province but gets none; county for a further level"),
    Column("parent", STR, False, "上级代码", "code of the province"),
), key=("code",))  # fmt: skip

POPULATION = Table("population", "人口", (
    REGION,
    Column("year", INT, True, "年份", "year"),
    Column("persons", INT, True, "人口数（人）", "persons"),
    Column("basis", "census|year_end", False, "口径", "census or year-end count, informational"),
    Column("series", STR, True, "口径系列", "e.g. 2010普查口径, 2020普查口径; growth across two series is refused"),
), key=("region", "year", "basis"))  # fmt: skip

ENTITIES = Table("entities", "市场主体登记库", (
    Column("entity_id", STR, True, "登记编号（脱敏）", "pseudonymous id"),
    REGION,
    Column("kind", "enterprise|self_employed|cooperative", False, "主体类型", "企业 / 个体工商户 / 农民专业合作社"),
    Column("registered_on", DATE, True, "成立日期", "registered on"),
    Column("cancelled_on", DATE, False, "注销日期", "empty while in force"),
    Column("revoked_on", DATE, False, "吊销日期", "revoked but not cancelled still counts as registered; a parameter of the metric"),
    Column("converted_from", STR, False, "个转企原编号", "entity_id of the self-employed entity it grew out of"),
    Column("industry", STR, False, "行业门类（GB/T 4754）", "industry section letter"),
), key=("entity_id",), order=(("registered_on", "cancelled_on"), ("registered_on", "revoked_on")), references={"converted_from": ("entities", "entity_id")})  # fmt: skip

RETURNS = Table("returns", "各地上报汇总数", (
    Column("region", STR, True, "地区代码", "region code (620000 for figures that only the province reports)"),
    Column("month", STR, True, "所属月份 YYYY-MM", "month the figure belongs to"),
    Column("indicator", STR, True, "指标", "indicator id = a metric id of figures.csv or of the catalogue"),
    Column("numerator", "decimal(18,6)", True, "数值 / 分子", "value, or numerator of a ratio"),
    Column("denominator", "decimal(18,6)", False, "分母", "denominator of a ratio"),
    Column("span", "month|year_to_date|as_of", True, "统计口径", "当月 / 1月至当月累计 / 期末时点; ingest differences the cumulative ones and reports a fall"),
), key=("region", "month", "indicator"))  # fmt: skip

INSPECTIONS = Table("inspections", "监督检查记录", (
    Column("inspection_id", STR, True, "检查编号", "id"),
    REGION,
    Column("domain", "food|drug|special_equipment|product|market", True, "领域", "domain"),
    Column("method", "double_random|special|complaint|routine", True, "方式", "双随机 / 专项 / 投诉举报 / 日常"),
    Column("subject_id", STR, False, "受检单位编号", "subject; 家 counts distinct subjects, 家次 counts inspections"),
    Column("inspected_on", DATE, True, "检查日期", "inspected on"),
    Column("problem_found", BOOL, False, "是否发现问题", "problem found"),
    Column("published", BOOL, False, "是否公示", "result published"),
), key=("inspection_id",))  # fmt: skip

SPOT_CHECKS = Table("spot_checks", "监督抽检结果", (
    Column("batch_id", STR, True, "抽检批次编号", "one tested batch"),
    REGION,
    Column("domain", "food|drug|product", True, "领域", "domain"),
    Column("category", STR, False, "品类", "category"),
    Column("sampled_on", DATE, True, "抽样日期", "sampled on"),
    Column("passed", BOOL, True, "是否合格", "passed"),
    Column("retest_of", STR, False, "复检原批次", "batch this one re-tests"),
), key=("batch_id",), references={"retest_of": ("spot_checks", "batch_id")})  # fmt: skip

EQUIPMENT = Table("equipment", "特种设备台账", (
    Column("equipment_id", STR, True, "设备编号", "one device in the register"),
    REGION,
    Column("kind", "boiler|pressure_vessel|elevator|crane|ropeway|amusement|vehicle|pipeline", True, "种类", "kind"),
    Column("in_use_on", DATE, True, "投用日期", "in use since"),
    Column("retired_on", DATE, False, "停用日期", "retired on"),
), key=("equipment_id",), order=(("in_use_on", "retired_on"),))  # fmt: skip

ELEVATOR_RESCUES = Table("elevator_rescues", "电梯应急救援记录", (
    Column("rescue_id", STR, True, "救援编号", "one entrapment"),
    REGION,
    Column("occurred_on", DATE, True, "发生日期", "occurred on"),
    Column("cause", STR, False, "原因", "cause"),
    Column("persons", INT, True, "解救人数", "persons freed"),
    Column("arrival_minutes", "decimal(9,1)", False, "到场用时（分钟）", "arrival time"),
), key=("rescue_id",))  # fmt: skip
PERSONS_FREED = (1, 50)  # per rescue; no lift holds more

ACCIDENTS = Table("accidents", "“三品一特”事故月报", (
    REGION,
    Column("month", STR, True, "月份", "month; every region reports every month, zero included"),
    Column("domain", "food|drug|special_equipment|product", True, "领域", "三品一特"),
    Column("grade", "ordinary|larger|major|extraordinary", True, "等级", "一般 / 较大 / 重大 / 特别重大"),
    Column("count", INT, True, "起数", "number; 0 is a reported zero and a missing row is not"),
    Column("deaths", INT, False, "死亡人数", "deaths"),
), key=("region", "month", "domain", "grade"))  # fmt: skip

HAZARDS = Table("hazards", "隐患清单", (
    Column("hazard_id", STR, True, "隐患编号", "one line of the 风险/措施/责任 lists"),
    REGION,
    Column("domain", "food|drug|special_equipment|product", True, "领域", "domain"),
    Column("level", "major|general", True, "等级", "level"),
    Column("found_on", DATE, True, "发现日期", "found on"),
    Column("measure", STR, False, "整改措施", "measure"),
    Column("owner", STR, False, "责任单位", "responsible unit"),
    Column("due_on", DATE, True, "整改期限", "due"),
    Column("closed_on", DATE, False, "销号日期", "closed on"),
), key=("hazard_id",), order=(("found_on", "due_on"), ("found_on", "closed_on")))  # fmt: skip

FOOD_UNITS = Table("food_units", "食品经营单位名录", (
    Column("unit_id", STR, True, "单位编号", "one food business or canteen"),
    REGION,
    Column("kind", "catering|school_canteen|producer|retail", True, "类别", "kind"),
    Column("opened_on", DATE, True, "开业日期", "opened on"),
    Column("closed_on", DATE, False, "停业日期", "closed on"),
    Column("bright_kitchen_on", DATE, False, "接入明厨亮灶日期", "joined 互联网+明厨亮灶"),
), key=("unit_id",), order=(("opened_on", "closed_on"), ("opened_on", "bright_kitchen_on"), ("bright_kitchen_on", "closed_on")))  # fmt: skip

STANDARDS = Table("standards", "标准目录", (
    Column("standard_id", STR, True, "标准编号", "one standard or pilot"),
    REGION,
    Column("kind", "local|group|pilot", True, "类别", "地方标准 / 团体标准 / 示范试点"),
    Column("issued_on", DATE, True, "发布日期", "issued on"),
    Column("abolished_on", DATE, False, "废止日期", "abolished on"),
), key=("standard_id",), order=(("issued_on", "abolished_on"),))  # fmt: skip

AWARDS = Table("awards", "质量奖名录", (
    Column("award_id", STR, True, "编号", "one award"),
    REGION,
    Column("award", "china_quality|provincial_quality", True, "奖项", "award"),
    Column("grade", "award|nomination", True, "等次", "grade"),
    Column("granted_on", DATE, True, "授予日期", "granted on"),
), key=("award_id",))  # fmt: skip

PATENTS = Table("patents", "专利登记数据", (
    Column("patent_id", STR, True, "专利编号", "one patent"),
    REGION,
    Column("kind", "invention|utility|design", True, "类型", "kind"),
    Column("filed_on", DATE, True, "申请日", "filed on"),
    Column("granted_on", DATE, False, "授权日", "granted on"),
    Column("lapsed_on", DATE, False, "失效日", "lapsed on"),
    Column("high_value", BOOL, False, "高价值", "high-value invention"),
), key=("patent_id",), order=(("filed_on", "granted_on"), ("granted_on", "lapsed_on")))  # fmt: skip

TRADEMARKS = Table("trademarks", "商标注册数据", (
    Column("trademark_id", STR, True, "商标编号", "one trademark"),
    REGION,
    Column("registered_on", DATE, True, "注册日", "registered on"),
    Column("lapsed_on", DATE, False, "失效日", "lapsed on"),
    Column("geographical_indication", BOOL, False, "地理标志", "geographical indication"),
), key=("trademark_id",), order=(("registered_on", "lapsed_on"),))  # fmt: skip

IP_PLEDGES = Table("ip_pledges", "专利权质押登记", (
    Column("pledge_id", STR, True, "质押编号", "one pledge"),
    REGION,
    Column("pledged_on", DATE, True, "登记日期", "pledged on"),
    Column("patents", INT, True, "质押专利件数", "patents pledged"),
    Column("amount_yuan", "decimal(18,2)", True, "融资金额（元）", "amount"),
), key=("pledge_id",))  # fmt: skip

TECH_TRANSFERS = Table("tech_transfers", "技术转移转化登记", (
    Column("transfer_id", STR, True, "编号", "one transfer"),
    REGION,
    Column("concluded_on", DATE, True, "签约日期", "concluded on"),
    Column("amount_yuan", "decimal(18,2)", True, "金额（元）", "amount"),
), key=("transfer_id",))  # fmt: skip

CASES = Table("cases", "行政处罚案件台账", (
    Column("case_id", STR, True, "案件编号", "one closed case"),
    REGION,
    Column("field", "price|food|drug|special_equipment|product|advertising|competition|intellectual_property|fees|other", True, "领域", "field"),
    Column("closed_on", DATE, True, "结案日期", "closed on"),
    Column("fine_yuan", "decimal(18,2)", True, "罚款（元）", "fine"),
    Column("confiscated_yuan", "decimal(18,2)", True, "没收（元）", "confiscated; 罚没款 = fine + confiscated"),
    Column("published", BOOL, False, "是否公开曝光", "published as a typical case"),
), key=("case_id",))  # fmt: skip

COMPLAINTS = Table("complaints", "12315平台工单", (
    Column("complaint_id", STR, True, "编号", "one request to 12315"),
    REGION,
    Column("kind", "complaint|report|enquiry", True, "类别", "投诉 / 举报 / 咨询; only 投诉 can be settled"),
    Column("received_on", DATE, True, "登记日期", "received on"),
    Column("category", STR, False, "问题类别", "category"),
    Column("accepted", BOOL, False, "是否受理", "accepted"),
    Column("settled", BOOL, False, "是否和解", "settled; empty while open"),
    Column("closed_on", DATE, False, "办结日期", "closed on"),
    Column("recovered_yuan", "decimal(18,2)", False, "挽回损失（元）", "loss recovered"),
    Column("withdrawn", BOOL, False, "是否撤回", "withdrawn; counts as received"),
    Column("transferred_from", STR, False, "转办原编号", "set when transferred: counted once, where first received"),
), key=("complaint_id",), order=(("received_on", "closed_on"),), references={"transferred_from": ("complaints", "complaint_id")})  # fmt: skip

COLD_CHAIN = Table("cold_chain", "冷链总仓出入库记录", (
    Column("movement_id", STR, True, "编号", "one movement through a hub"),
    REGION,
    Column("hub", STR, True, "总仓", "hub"),
    Column("direction", "opening|in|out", True, "方向", "期初 / 入仓 / 出仓; opening is the stock a hub starts with"),
    Column("moved_on", DATE, True, "日期", "moved on"),
    Column("tonnes", "decimal(18,3)", True, "吨", "tonnes"),
    Column("origin", STR, False, "来源国", "country of origin"),
), key=("movement_id",))  # fmt: skip

PRICES = Table("prices", "价格监测数据", (
    REGION,
    Column("observed_on", DATE, True, "监测日期", "observed on"),
    Column("commodity", STR, True, "商品", "commodity"),
    Column("purchase_yuan", "decimal(18,2)", True, "进价（元/公斤）", "purchase price"),
    Column("sale_yuan", "decimal(18,2)", True, "售价（元/公斤）", "sale price"),
))  # fmt: skip

CREDIT_RATINGS = Table("credit_ratings", "企业信用风险分类结果", (
    Column("entity_id", STR, True, "登记编号", "entity"),
    REGION,
    Column("rated_on", DATE, True, "评定日期", "rated on"),
    Column("class", "A|B|C|D", True, "信用风险分类", "A low … D high"),
), key=("entity_id", "rated_on"), references={"entity_id": ("entities", "entity_id")})  # fmt: skip

TARGETS = Table("targets", "目标任务", (
    REGION,
    Column("metric", STR, True, "指标", "metric id"),
    Column("view", "value|yoy", True, "口径", "what the target is set on"),
    Column("year", INT, True, "年份", "year"),
    Column("value", FLOAT, True, "目标值", "target in the metric's unit"),
    Column("comparison", "at_least|at_most", True, "方向", "direction"),
    Column("due_on", DATE, False, "完成时限", "due"),
    Column("source", STR, True, "出处", "where it is set"),
), key=("region", "metric", "view", "year"))  # fmt: skip

BENCHMARKS = Table("benchmarks", "对标数据", (
    Column("area", STR, True, "对标地区", "e.g. 广东, 上海, 全国"),
    Column("metric", STR, True, "指标", "metric id"),
    Column("view", "value|yoy", True, "口径", "value or growth"),
    Column("year", INT, True, "年份", "year"),
    Column("value", FLOAT, True, "数值", "value in the metric's unit"),
    Column("source", STR, True, "出处", "title of the publication"),
    Column("as_of", DATE, False, "截至日期", "as of"),
), key=("area", "metric", "view", "year"))  # fmt: skip

PARAMETERS = Table("parameters", "规定值", (
    Column("name", STR, True, "参数", "e.g. markup_ceiling, whistle_reward_cap"),
    Column("value", FLOAT, True, "数值", "value"),
    Column("unit", STR, True, "单位", "unit"),
    Column("effective_from", DATE, True, "生效日期", "effective from"),
    Column("source", STR, True, "出处", "document"),
), key=("name", "effective_from"))  # fmt: skip

EQUIPMENT_INSPECTIONS = Table("equipment_inspections", "特种设备检验记录", (
    Column("equipment_id", STR, True, "设备编号", "device of equipment"),
    REGION,
    Column("inspected_on", DATE, True, "检验日期", "inspected on"),
    Column("due_on", DATE, True, "下次检验日期", "next due; a device is overdue on a day when its latest due_on before that day has passed"),
), order=(("inspected_on", "due_on"),), references={"equipment_id": ("equipment", "equipment_id")})  # fmt: skip

COVERAGE = Table("coverage", "报送范围", (
    Column("table", STR, True, "数据表", "table name"),
    REGION,
    Column("month", STR, True, "所属月份 YYYY-MM", "this region reported this table for this month, zero rows included; what is not covered is missing, not zero"),
), key=("table", "region", "month"))  # fmt: skip

TABLES = {table.name: table for table in (
    REGIONS, POPULATION, ENTITIES, RETURNS, INSPECTIONS, SPOT_CHECKS, EQUIPMENT, ELEVATOR_RESCUES, ACCIDENTS, HAZARDS,
    FOOD_UNITS, STANDARDS, AWARDS, PATENTS, TRADEMARKS, IP_PLEDGES, TECH_TRANSFERS, CASES, COMPLAINTS, COLD_CHAIN, PRICES,
    CREDIT_RATINGS, TARGETS, BENCHMARKS, PARAMETERS, EQUIPMENT_INSPECTIONS, COVERAGE,
)}  # fmt: skip

REJECTED = Table("rejected", "未通过核验的行", (
    Column("table", STR, True, "数据表", "table name"),
    REGION,
    Column("month", STR, False, "所属月份 YYYY-MM", "month of the rows; empty where it cannot be read"),
    Column("indicator", STR, False, "指标", "of returns: their metric; empty where it cannot be read"),
    Column("rows", INT, True, "行数", "rejected rows; the month is not covered, or is covered without them as --accept said"),
), key=("table", "region", "month", "indicator"))  # fmt: skip

UNSENT = Table("unsent", "未报送的栏目", (
    Column("table", STR, True, "数据表", "table name"),
    Column("column", STR, True, "栏目", "column that a source of these rows does not have, so that it is missing and not zero"),
    Column("region", STR, False, "地区代码", "region code; empty where no source of the table has the column"),
    Column("month", STR, False, "所属月份 YYYY-MM", "month; empty together with the region"),
), key=("table", "column", "region", "month"))  # fmt: skip

SILENT = Table("silent", "没有记录的月份", (
    Column("table", STR, True, "数据表", "table name"),
    REGION,
    Column("month", STR, True, "所属月份 YYYY-MM", "month without rows, where the region has rows of the months around"),
    Column("usual", INT, True, "前后各月的行数", "median of the rows of the months around"),
), key=("table", "region", "month"))  # fmt: skip

# What ingest writes beside TABLES into a snapshot, each only when it has rows; nobody sends them.
GAPS = {table.name: table for table in (REJECTED, UNSENT, SILENT)}
