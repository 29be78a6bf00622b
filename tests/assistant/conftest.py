"""A small real library: real files, read, cut, embedded and indexed by the program itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.settings import Settings

OFFICE = """# 机关党建工作情况（示例）

## 一、强化政治引领

市直机关工委统一组织、规划、部署市直机关党的工作。落实“第一议题”制度，建立理论学习中心组列席旁听制度。探索“1+6+X”党建分片包联管理机制，将直属70余个党组织划为6个党建联系指导片区。41个机关党委设立机关纪委，实现全覆盖。

## 二、服务中心大局

1.3万余名党员进“网”入“格”，参与社区治理。组建280支机关党员突击队和2600余名志愿者队伍，台风来袭时投身防汛抗台。市税务局推行“五融合”，即队伍融合、工作融合、服务融合、机制融合、条块融合。市投促局组建“招商小分队”，牵头成立“红色招商联盟”。2024年以来开展群众性活动30余场次，建设职工书屋。

## 三、健全长效机制

建设“四型”机关，即政治机关、学习机关、清廉机关、效能机关。清廉机关从责任落实、政治清明、廉洁从政、规范用权、营商环境、文化建设六个维度推进。
"""

RULES = """# 机关纪委工作实施办法（示例）

第一章 总则

第一条 为规范机关纪委工作，制定本办法。

第二条 本办法所称机关纪委，是指机关党委设立的纪律检查委员会。

第二章 职责

第三条 机关纪委履行下列职责：
（一）维护党章和其他党内法规；
（二）检查党组织决议的执行情况；
（三）受理检举、控告和党员的申诉；
（四）承办上级交办的其他事项。

第四条 机关纪委委员不得兼任营利性组织的职务。但是，经上级纪委批准到行业协会任职且不取酬的除外。

第五条 机关纪委应当自收到检举之日起15个工作日内决定是否受理。

第三章 附则

第六条 本办法自2025年3月1日起施行。
"""

LESSON = """# 食堂管理规定（示例）

第一条 食堂周一至周五开放，早餐时间为七点至八点半。

第二条 就餐人员应当自觉排队，厉行节约，反对浪费。
"""


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    from ingest.pipeline import ingest_paths

    folder = tmp_path_factory.mktemp("files")
    for name, text in (("党建.md", OFFICE), ("办法.md", RULES), ("食堂.txt", LESSON)):
        (folder / name).write_text(text, encoding="utf-8")
    opened = Library(Settings(home=tmp_path_factory.mktemp("home")))
    report = ingest_paths(opened, [Path(folder)], "示例")
    assert not report.failed
    yield opened
    opened.close()
