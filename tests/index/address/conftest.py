"""A library of rules as offices have them, read and cut by the program itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths
from tests.index.conftest import HashingEncoder

LEAVE = """# 机关考勤休假管理办法

第一章 总则

第一条 为规范考勤，制定本办法。根据《机关作风建设条例》（以下简称《作风条例》），结合实际执行。

第二条 本办法适用于机关全体人员。

第二章 休假

第三条 工作人员有下列情形之一的，可以请事假：
（一）本人结婚的；
（二）直系亲属患病需要照料的；
（三）其他确有需要的。
事假全年累计不得超过{days}日。

第三条之一 探亲假按照国家规定执行。

第四条 年休假由所在处室统筹安排。

第五条 病假应当提交证明。

第三章 附则

第六条 本办法自{year}年1月1日起施行。
"""

STYLE = """# 机关作风建设条例

第一条 为加强作风建设，制定本条例。

第二条 {text}

第三条 本条例自2019年5月1日起施行。
"""

STEPS = """# 首问负责与限时办结制度

## 一、首问负责
第一位接待来访人员的为首问责任人。

## 二、限时办结
（一）能当场办结的，当场办结。
（二）不能当场办结的，三日内答复。
"""

APPLY = """# 贯彻《机关作风建设条例》实施办法

第一条 为贯彻条例，制定本办法。

第二条 各处室应当每季度自查一次。
"""

TRAVEL = """# {place}市机关出差费用管理办法

第一条 为规范出差费用，制定本办法。

第二条 伙食补助每人每天{amount}元。
"""

LONG = "# 机关办公用房管理规定\n\n第一章 总则\n\n" + "".join(
    f"第{n}条 办公用房的第{n}项要求由机关事务部门负责落实。\n\n" for n in range(1, 31)
)

MANIFEST = """
[[document]]
path = "考勤2015.md"
title = "机关考勤休假管理办法（2015年）"
validity = "已废止"
effective = 2015-01-01

[[document]]
path = "考勤2020.md"
title = "机关考勤休假管理办法（试行）"
validity = "已被修订"
effective = 2020-01-01

[[document]]
path = "考勤2023.md"
title = "机关考勤休假管理办法"
validity = "现行"
effective = 2023-01-01
"""


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("files")
    texts = {
        f"考勤{y}.md": LEAVE.format(year=y, days=d) for y, d in ((2015, 5), (2020, 10), (2023, 15))
    }
    texts |= {
        "作风.md": STYLE.format(text="机关工作人员应当密切联系群众。"),
        "首问.md": STEPS,
        "实施.md": APPLY,
        "出差甲.md": TRAVEL.format(place="甲水", amount=80),
        "出差乙.md": TRAVEL.format(place="乙山", amount=100),
        "用房.md": LONG,
        "manifest.toml": MANIFEST,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    with Library(settings, encoder=HashingEncoder()) as library:
        report = ingest_paths(library, [Path(folder)], "制度")
        assert not report.failed
        yield library
