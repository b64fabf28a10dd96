"""How comparisons are to be read: the page of the manual for whoever reads briefs, with an example of each saying."""

from city_briefs.analysis.assessments.actions import OVERDUE
from city_briefs.analysis.assessments.claims import LEADING_SHARE
from city_briefs.analysis.assessments.monthly_course import WITHIN as EVERY_MONTH
from city_briefs.analysis.assessments.pace import BY_DAYS, BY_SEASON
from city_briefs.analysis.assessments.strengths import SPOTS, WITHIN
from city_briefs.analysis.assessments.targets import BEHIND
from city_briefs.analysis.assessments.thresholds import WITHIN_CHANCE
from city_briefs.analysis.blocks.publish import numbers, publish, publish_prose
from city_briefs.analysis.figures import number_format, provisional
from city_briefs.analysis.figures.changes import NOT_APART, PENDING_TOO_MUCH, UNUSUAL
from city_briefs.analysis.figures.comparability import NOT_ESTIMATED
from city_briefs.analysis.figures.ranking import ALIKE, BY_SIZE
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.undated import UNEQUAL
from city_briefs.analysis.figures.values import PENDING_SAID
from city_briefs.analysis.statistics import SMALL
from city_briefs.analysis.statistics.change_point import FEWEST
from city_briefs.analysis.statistics.control_chart import BASELINE, RUN, SIGMAS, YEARS
from city_briefs.analysis.statistics.pending import REVISED
from city_briefs.common.blocks import ON_CHANCE, TableBlock

HEADER = ["简报里的说法", "怎样理解", "示例（数字为举例，不是本期数据）"]
TOO_MUCH, SAID, LEADING = (
    f"{number_format.digits(share * number_format.HUNDRED)}%" for share in (PENDING_TOO_MUCH, PENDING_SAID, LEADING_SHARE)
)
ROWS = [
    [
        NOT_APART,
        "同样的工作，各年、各地的数也会有起伏。两个数的差别与这种起伏分不开的，只列出两个数，不说提高、下降，不标颜色，不作评价",
        f"由98.26%变为96.19%，差异{NOT_APART}；300件变为330件，变化{NOT_APART}",
    ],
    [
        "提高、下降、增长",
        "差别超出随机波动（把握95%）才用；有优劣方向的指标才标颜色，中性指标不标",
        "抽检合格率由96.11%提高到97.11%（4700/4890，4937/5084），提高1.00个百分点",
    ],
    [
        "数后括号里的范围（区间）",
        "除去偶然因素，真实水平大致在这个范围以内（把握95%）；批次、件数越少，范围越宽。只列在表和附录里",
        "96.19%（93.90%—97.64%），由404/420算出",
    ],
    [
        "第×位（可能在第×—×位）",
        f"名次按比率排，括号里是可能的名次，引用时应一并引用。{BY_SIZE}；"
        f"{ALIKE.format(parts='市州')}；可能名次从头到尾的，也不排",
        "第14位（可能在第4—14位）",
    ],
    [
        "前列",
        f"名次在前{LEADING}、可能的名次又全部在前一半的，才说走在前列；"
        "两年的可能名次不重叠的，才说名次上升、下降",
        "第1位（可能在第1—5位）可以说，第4位（可能在第1—8位）不能说",
    ],
    [
        "主要进展、需关注事项",
        "一项比率与其余市州的差距，超出随机波动和各市州平常的离散范围，与全部比率一并检验仍然成立的，"
        f"才列出，每类至多{SPOTS}项；没有的照实说，不凑数",
        WITHIN.format(parts="市州"),
    ],
    [
        "达到警戒值，但未超出随机波动",
        "比率超过警戒值，扣除随机波动以后（单侧95%界限）没有超过的，不亮灯；件数、家数等事实按原数判定",
        f"555/52869为1.05%，警戒值1%，下限0.98%：{WITHIN_CHANCE}",
    ],
    [
        "按上年同一天已知的结果计算（同一时滞）",
        "投诉和解一类指标，登记在先、结果在后。今年的还没有办完，上年的早已办完，直接相比总是下降。因此上年也只算到上年同一天，两年办理时间一样长",
        "今年1000件已和解640件；上年1000件，到同一天和解630件，后来增至690件：640与630比",
    ],
    [
        "另有×%尚未办结",
        f"期末还没有结果的占比，{SAID}以上的注明；达到{TOO_MUCH}的不作同期比较",
        "和解率64.0%，另有5.4%尚未办结；尚未办结的占23.5%，不作同期比较",
    ],
    [
        "结果没有日期",
        "是否发现问题、是否公示、是否受理等没有填写日期的，无法退回上年同一天，以上年首次签发的数为基数；没有首次签发数，两年未填写的比重相差1个百分点以上的，不比较",
        UNEQUAL,
    ],
    [
        "基数过小，不作百分比比较",
        f"分母或上年同期不足{SMALL}的，个别几件就能使百分比大起大落，只列两个数；分母不足{SMALL}的不参加排位",
        "上年同期为12件，基数过小，不作百分比比较",
    ],
    [
        "两年平均",
        f"上年同期自身增减{UNUSUAL}%以上，而今年方向相反的，今年的增速主要由上年基数造成，不作评价，另列两年平均增速",
        "同比增长53.6%（上年同期下降24.6%），两年平均增长7.6%",
    ],
    [
        "拉动×个百分点（增长的拉动）",
        "一个部分比上年同期增减的数，除以上年同期的总数；各部分的拉动相加，正好等于总的增速，减少的说拉低。"
        "与全省比较的，逐项相减，差额相加正好等于两个增速之差",
        "上年同期制造业300户、批发业500户、其他200户，今年330户、560户、190户：增长8.00%，拉动3.00、6.00个百分点，拉低1.00个百分点",
    ],
    [
        "结构变化、比率本身（结构与水平）",
        "比率的变动分成两部分：各类所占比重变了（结构），和各类自己的比率变了（水平），两者相加正好等于变动。"
        f"只对超出随机波动的变动作分解，两年均不少于{SMALL}的类别单列，其余并入其他",
        "合格率下降0.80个百分点，其中品类结构变化拉低1.55个百分点，各品类比率本身拉高0.75个百分点："
        "各类本身在提高，是多抽了合格率低的品类",
    ],
    [
        provisional.PRELIMINARY,
        f"尚未办结的占{SAID}以上，以后还会变动；附近{REVISED}期的平均修订幅度，变化小于这个幅度的不作评价。其余为{provisional.FINAL}",
        f"{provisional.PRELIMINARY}，近8期平均修订0.6个百分点",
    ],
    [
        "应达进度",
        f"年初起累计的指标{BY_SEASON}计算：近三年1月至当月累计占全年比重的平均。历史不足三年等的，{BY_DAYS}计算，表下注明原因。"
        f"完成进度比应达进度低{BEHIND}个百分点以上的为滞后",
        "近三年上半年占全年22.0%、23.8%、21.8%，平均22.5%；目标1200户，6月末应达270户",
    ],
    [
        "预计办结后约×%",
        f"只在专门查问时给出，不代替本期数，不用于亮灯、目标和位次：按上年同一天尚未办结的后来有多少和解，推算全部办结以后的比率，"
        f"括号里是可能的范围；上年同一天尚未办结的不足{SMALL}件的，不作预计",
        "现为64.7%，预计办结后约67.9%（67.4%—68.3%）",
    ],
    [
        "怎样熄灯、怎样达标",
        "按本期记录算出最少要办多少件，其他数不变。销号的隐患同时减少分子和分母，检验的设备只减少分子；已有结果不能改变的，只算差多少、"
        "此后要有多少。没有规定办法的比率不算",
        "未销号120项中逾期30项，再销号8项逾期隐患，比率可降至20%以下",
    ],
    [
        "时限、进展",
        f"据交办登记照列，没有登记的为空白；过了时限没有办结的，注明{OVERDUE}",
        "2021年5月6日约谈企业：已逾期",
    ],
    [
        "离散系数",
        f"各月起伏是纯偶然起伏的多少倍，由上年同期期末以前{BASELINE}个月算出。越大，两年之差要越大才算超出随机波动；"
        f"月份不足的，在附录注明{NOT_ESTIMATED}",
        f"300件变为390件，离散系数2.5，超出随机波动；同样离散系数，300件变为330件，变化{NOT_APART}",
    ],
    [
        "正常波动范围（逐月）",
        f"由每个月以前{BASELINE}个月算出：平均数上下各{SIGMAS}个标准差（按相邻两月之差估计），比率的范围随当月分母而宽窄。"
        f"数量先除以季节系数（前{YEARS}个整年各月与全年月均之比的平均），1月、2月受春节影响合为一期；月份少、件数少、尚未办结的不作判断",
        "6月接收群众诉求150件，超出近两年正常波动范围（93—109件）",
    ],
    [
        "×月起高于、低于",
        f"最近{RUN}个月（或最近{FEWEST}个月都超出范围）一直在以前两年平均水平的同一侧，延续到期末的，才说从哪个月起；"
        "起始月取前后两段相差最明显的一个月，只与它以前两年比。单独一个月异常、后来又回去的、长期缓慢变化看不出起点的，都不说",
        f"剔除季节因素后，5月起连续8个月高于此前两年平均水平；没有异常的，写{EVERY_MONTH}",
    ],
    [
        "不作检验",
        "期末时点数、金额和重量、差额、最大值，以及只报送百分率、没有分子分母的，没有可用的检验：照列数和增减，不评价、不排位次",
        "期末实有市场主体增长8.2%（不标颜色）",
    ],
]  # fmt: skip


def comparison_guide(scope: Scope) -> None:
    """Show how comparisons are to be read: a sentence on chance, and a table of sayings, what each means, and an example."""
    publish_prose([ON_CHANCE], [], scope.results)
    block: TableBlock = {
        "kind": "table", "caption": "怎样看比较", "unit": "", "dense": True, "ruled": True, "header": HEADER, "align": ["left"] * 3,
        "widths": [1.3, 5, 3], "rows": ROWS, "marked": [], "totals": [], "sources": [],
        "notes": ["各项指标用哪种检验、结果何时确定，见以下各表“检验和成熟度”一栏"], **numbers([], scope.results),
    }  # fmt: skip
    publish(block)
