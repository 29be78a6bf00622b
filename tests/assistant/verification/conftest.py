"""A small office's rules as real files: a regulation in two versions, a repealed one, a notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.verification import Finding, Report, Verifier
from bench.address import CatalogOnly
from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths

OLD = """# 干部处分工作条例（示例）

（2018年3月1日公布，自2018年4月1日起施行）

## 第一章 总则

第一条 为了规范干部处分工作，制定本条例。

第二条 处分的期间为：警告，六个月；记过，十二个月；记大过，十八个月。

第三条 受处分期间不得晋升职务，但是表现突出的可以参加培训。

第四条 复核机关应当自接到申请之日起三十日内作出决定。

## 第二章 附则

第五条 本条例由市人事部门负责解释。

第六条 本条例自2018年4月1日起施行。
"""
NEW = """# 干部处分工作条例（示例）

（2018年3月1日公布，2023年5月10日修订，自2023年7月1日起施行）

## 第一章 总则

第一条 为了规范干部处分工作，制定本条例。

第二条 处分工作坚持实事求是、宽严相济的原则。

第三条 处分的期间为：警告，六个月；记过，十二个月；记大过，二十四个月。

第四条 受处分期间不得晋升职务、职级和级别。

受处分期间表现突出的，可以参加业务培训。

第五条 有下列情形之一的，应当从重处分：

（一）拒不改正错误的；

（二）串供或者隐匿、毁灭证据的；

（三）包庇同案人员的。

第六条 复核机关应当自接到申请之日起六十日内作出决定。情况复杂的，经组织部门批准可以延长三十日。

## 第二章 附则

第七条 本条例由市人事部门负责解释。

第八条 本条例自2023年7月1日起施行。
"""
REPEALED = """# 公务接待暂行办法（示例）

第一条 为了规范公务接待，制定本办法。

第二条 接待对象在十人以内的，陪餐人数不得超过五人。

第三条 本办法自2010年1月1日起施行。
"""
NOTICE = """# 关于规范公文格式的通知（示例）

云办发〔2022〕7号

各部门：

一、公文标题用二号小标宋体字。

二、公文正文用三号仿宋体字。

2022年6月1日
"""
LAW = """# 中华人民共和国公文处理法（示例）

第一条 为了规范公文处理，制定本法。

第二条 公文处理应当准确、及时、安全。

第三条 公文应当由专人保管，未经批准不得复制。

第四条 本法自2020年1月1日起施行。
"""
MANIFEST = """
[[document]]
path = "接待.md"
validity = "已废止"
"""


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The rules in a catalog, which is all that a check reads."""
    folder = tmp_path_factory.mktemp("rules")
    files = {
        "条例2018.md": OLD, "条例2023.md": NEW, "接待.md": REPEALED, "通知.md": NOTICE,
        "公文法.md": LAW, "manifest.toml": MANIFEST,
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    with CatalogOnly(Settings(home=tmp_path_factory.mktemp("home"))) as library:
        report = ingest_paths(library, [Path(folder)], "制度")
        assert not report.failed
        yield library


@pytest.fixture(scope="session")
def verify(rules: Library) -> Callable[[str], Report]:
    """Checks a text against the rules."""
    verifier = Verifier(rules)
    return lambda text: verifier.verify(text)


@pytest.fixture(scope="session")
def only(verify: Callable[[str], Report]) -> Callable[[str], Finding]:
    """The one finding of a text."""

    def found(text: str) -> Finding:
        report = verify(text)
        assert len(report.findings) == 1, [one.written for one in report.findings]
        return report.findings[0]

    return found
