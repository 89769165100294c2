"""What is counted and how exactly, in English and in Chinese, folded where it is read."""

from __future__ import annotations

# English (one|several), then Chinese, of which the first is what is said. The last are measure
# words, which English does without.
UNITS = (
    ("yuan", "元 元人民币 人民币"),
    ("US dollar|US dollars", "美元"),
    ("Hong Kong dollar|Hong Kong dollars", "港元 港币"),
    ("euro|euros", "欧元"),
    ("yen", "日元"),
    ("square kilometre|square kilometres", "平方公里 平方千米"),
    ("square metre|square metres", "平方米 m2"),
    ("cubic metre|cubic metres", "立方米 m3"),
    ("kilometre|kilometres", "公里 千米"),
    ("metre|metres", "米"),
    ("mu", "亩"),
    ("hectare|hectares", "公顷"),
    ("tonne|tonnes", "吨"),
    ("kilogram|kilograms", "公斤 千克"),
    ("percentage point|percentage points", "个百分点"),
    ("year|years", "年"),
    ("month|months", "个月"),
    ("week|weeks", "周 个星期"),
    ("day|days", "天"),
    ("working day|working days", "个工作日"),
    ("hour|hours", "小时 个小时"),
    ("minute|minutes", "分钟"),
    ("year old|years old", "岁"),
    ("person|people", "人"),
    ("household|households", "户"),
    ("company|companies", "家企业 家公司 户企业"),
    ("school|schools", "所学校"),
    ("village|villages", "个村"),
    ("", "个 家 名 位 项 次 场 条 座 所 套 处 张 件 种 类 款 批 期 辆 台 栋 间 届"),
)
# What is counted stands in the place of the braces; the first of several is what is said.
BOUNDS = (
    ("over {}|more than {}|above {}", "超过{} 逾{} 超{} 突破{} {}余 {}多"),
    ("about {}|around {}|approximately {}|some {}", "约{} 大约{} 约为{} {}左右 {}上下"),
    ("nearly {}|almost {}", "将近{} 接近{} 近{}"),
    ("at least {}", "至少{} 不低于{} 不少于{}"),
    ("less than {}|under {}|below {}|fewer than {}", "不到{} 不足{} 少于{} 低于{}"),
    ("at most {}|up to {}|no more than {}", "最多{} 至多{} 不超过{}"),
    ("{} or more", "{}以上 {}及以上"),
    ("{} or less", "{}以下 {}及以下"),
)
# A power of ten and its name, the largest first.
ENGLISH_SCALES = ((12, " trillion"), (9, " billion"), (6, " million"))
CHINESE_SCALES = ((12, "万亿"), (8, "亿"), (4, "万"))
