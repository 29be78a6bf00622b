"""Rules with provisos, versions, terms to compare and prose, read and indexed for real."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.extractive import ExtractiveAnswerer
from index.library import Library
from index.settings import Settings

FILES = {
    "借阅办法2020.md": """# 图书借阅管理办法（试行）

第一章 总则

第一条 为规范图书借阅，制定本办法。

第二章 借阅

第二条 职工每次可以借阅图书三册。

第三条 借阅期限为二十日，可以续借一次。

第三章 附则

第四条 本办法自2020年1月1日起试行。
""",
    "借阅办法2024.md": """# 图书借阅管理办法

第一章 总则

第一条 为规范图书借阅，制定本办法。

第二章 借阅

第二条 职工每次可以借阅图书五册。珍贵图书不得借出馆外。

因科研确需借出的，经馆长批准可以借出，期限不超过三日。

第三条 借阅期限为三十日，可以续借一次。

第四条 图书逾期不还的，按照本办法第六条处理。

第五条 对残疾职工，不受第三条期限的限制，由馆员上门办理。

第六条 图书逾期不还的，每逾期一日扣除诚信分一分；扣满十分的，停止借阅三个月。

前款所称诚信分，是指职工在馆内的信用记录，满分为一百分。

第三章 附则

第七条 本办法自2024年5月1日起施行。2020年1月1日起试行的《图书借阅管理办法（试行）》同时废止。
""",
    "会议.md": """# 会议室使用规定

第一条 会议室分为下列两类：

一类会议室。面积一百平方米以上，由办公室统一调配，可以容纳八十人。

二类会议室。面积不足一百平方米，由各处室自行管理，可以容纳二十人。

第二条 使用会议室按照以下程序办理：

（一）在系统中提出申请；

（二）办公室在一日内答复；

（三）使用后填写登记表。

第三条 阅览卡是指在馆内看书的凭证，借书卡是指把图书借出馆外的凭证。阅览卡由前台当场办理，借书卡由馆员在三日内办理。
""",
    "报道.md": """# 旧楼里的新电梯

本报讯 临江街道去年十月成立了“梯子专班”，由副书记陆敏牵头。专班的办法概括为“三步走”。\
第一步，画一张图，把电梯井的位置画给每一户看。第二步，算一笔账，请三家公司公开报价。第三步，立一份约，把出资比例写进协议。

专班规定，电梯内禁止运载电动自行车。但是，拆下电池的折叠车除外。
""",
}


@pytest.fixture(scope="session")
def shaped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    from ingest.pipeline import ingest_paths

    folder = tmp_path_factory.mktemp("shapes")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    library = Library(Settings(home=tmp_path_factory.mktemp("shapes-home")))
    assert not ingest_paths(library, [Path(folder)], "示例").failed
    yield library
    library.close()


@pytest.fixture(scope="session")
def answerer(shaped: Library) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(shaped)
