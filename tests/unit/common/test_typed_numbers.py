"""Numbers that are typed are found, in digits and in Chinese numerals; names and set phrases are none."""

import pytest

from city_briefs.common.typed_numbers import typed

NAMES = """推进“一网通办”。|根据甘市监发〔2022〕15号。|国发［2022］14号|甘政发〔2021〕3号文|总局令第60号|落实“三品一特”安全责任|拨打12315投诉
全国12315平台|依托12345热线|《“十四五”市场监管现代化规划》|“十四五”期间|十四五规划实施以来|党的二十大精神|十九届六中全会|省第十四次党代会
“双随机、一公开”监管|落实四个最严要求|“四个最严”|“两个责任”|推进“一件事一次办”|千方百计稳主体|服务千家万户|进一步统一规范|万无一失
第一时间处置|第三方检测|一业一证|一照多址|一是抓监管，二是抓服务，三是抓落实|依据GB 7718—2011|GB/T 4754—2017|ISO 9001认证|一批先进集体
“百日行动”|第一书记|十分重要|一方面|一起推动|落实《食品安全法》第三十四条|两手抓|三年行动|上下一心|三大攻坚|双千兆|万众创新|“放管服”
“3·15”晚会|中央八项规定|八个方面|<!-- 新增一百户 -->|千名干部|第一责任人|百姓满意|八项规定精神"""
NUMBERS = """今年新增一百二十户。|增长百分之五|增长两成|壹佰贰拾户|新增三千户|廿三家|增长两倍|近百户|上千家|二〇二一年|三分之一|三家企业|五件
发生一起事故|新增一户|翻一番|１２０户|12315件|约二百|十二个|五万三千户|占三成|百余户|新增⑫户|下降一点五个百分点|九成以上|十户|第三位
排名第二|连续三年增长|六月|二季度|&#49;户|总量突破百万|两万余户|“一百二十户”|三十多起|超过一半|数百户|一亿元|<!-- 120 -->|位列第一|120|两位数"""


@pytest.mark.parametrize("words", [words for line in NAMES.split("\n") for words in line.split("|")])
def test_a_name_or_a_phrase_is_no_number(words):
    assert list(typed(words)) == []


@pytest.mark.parametrize("words", [words for line in NUMBERS.split("\n") for words in line.split("|")])
def test_a_number_is_found(words):
    assert list(typed(words))


def test_a_number_is_found_in_its_line_as_it_stands():
    assert list(typed("平稳。\n<!-- 三\n百户 -->\n新增一百二十户，增长12.5%。")) == [(4, "12"), (4, "5"), (4, "一百二十户")]
