"""Files for ``bench.kills``: made-up rules of an office, and a day's changes to them."""

from __future__ import annotations

import random
from pathlib import Path

_THINGS = [
    "档案柜",
    "会议室",
    "公务车",
    "值班室",
    "印章",
    "保险柜",
    "投影仪",
    "钥匙箱",
    "资料架",
    "宣传栏",
    "打印机",
    "应急灯",
    "阅览室",
    "荣誉墙",
    "活动室",
    "公告牌",
    "储物间",
    "电话机",
]
_WORKS = [
    "清点",
    "登记",
    "检修",
    "盘点",
    "消毒",
    "核对",
    "归档",
    "巡查",
    "交接",
    "备份",
    "更换",
    "擦拭",
    "上锁",
    "报送",
]
_PEOPLE = [
    "办公室",
    "机关党委",
    "人事处",
    "财务处",
    "后勤中心",
    "保密办",
    "信息中心",
    "档案室",
    "纪检组",
    "工会",
]
_WHEN = ["每日", "每周", "每旬", "每月", "每季度", "每半年", "每年", "节前", "会后", "交接班时"]
_NUMERALS = "零一二三四五六七八九"


def write_files(folder: Path, count: int, articles: int = 8, seed: int = 1) -> None:
    """``count`` rules of ``articles`` articles each, the same for the same seed."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number % 7}").mkdir(exist_ok=True)
        _path(folder, number).write_text(_rule(chance, number, articles), encoding="utf-8")


def change_files(folder: Path, count: int, seed: int = 2) -> None:
    """A day's work: of ten files one is edited, one grows, one is renamed, one is gone; new ones."""
    chance = random.Random(seed)
    for number in range(count):
        path = _path(folder, number)
        if number % 10 == 0:
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("应当", "必须", 3), encoding="utf-8")
        elif number % 10 == 3:
            lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
            lines.insert(2, _article(chance, 1, 900 + number).replace("第一条", "第一条之一"))
            path.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
        elif number % 10 == 5:
            path.rename(path.with_name(f"改名{path.name}"))
        elif number % 10 == 7:
            path.unlink()
    for number in range(count, count + max(1, count // 10)):
        _path(folder, number).write_text(_rule(chance, number, 8), encoding="utf-8")


def questions(count: int, asked: int = 20, seed: int = 3) -> list[str]:
    """Questions about the things in the files, spread over them."""
    chance = random.Random(seed)
    return [
        f"{_thing(chance.randrange(count), chance.randrange(1, 8))}由谁{chance.choice(_WORKS)}"
        for _ in range(asked)
    ]


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number % 7}" / f"规定{number:04d}.txt"


def _rule(chance: random.Random, number: int, articles: int) -> str:
    lines = [f"第{number}号场所管理规定（示例）"]
    lines += [_article(chance, place, number) for place in range(1, articles + 1)]
    return "\n".join(lines) + "\n"


def _article(chance: random.Random, place: int, number: int) -> str:
    thing = _thing(number, place)
    return (
        f"第{_NUMERALS[place]}条 {thing}应当由{chance.choice(_PEOPLE)}{chance.choice(_WHEN)}"
        f"{chance.choice(_WORKS)}，并在{chance.randrange(2, 30)}个工作日内"
        f"{chance.choice(_WORKS)}；{chance.choice(_PEOPLE)}应当{chance.choice(_WHEN)}"
        f"抽查不少于{chance.randrange(2, 90)}次。"
    )


def _thing(number: int, place: int) -> str:
    return f"{number}号{_THINGS[(number * 5 + place * 7) % len(_THINGS)]}"
