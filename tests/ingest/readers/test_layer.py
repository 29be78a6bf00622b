"""Whether a text layer is taken or a page is recognised instead."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from ingest.readers.pdf_layer import layer_of
from ingest.readers.pdf_order import read_page
from ingest.readers.pdf_scanned import wants_recognition

CORPUS = Path(__file__).parents[3] / "corpus"
GOOD = (
    "第一条　为了规范机关档案的查阅和利用，方便工作，根据有关规定，制定本办法。",
    "The quick brown fox jumps over the lazy dog; 12 of 30 were late.",
    "依據《行政程序法》第十二條規定，各機關應於每年三月底前將辦理情形報請備查。",
    "目录 第一章……………………………………………1 第二章……………………………………………7",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 3.5 4.5 7.8 9.9",
    "Les élèves étaient déjà là, près de l'église, où l'été s'achève à peine.",
    "☑ 是 □ 否 □ 是 ☑ 否 请在对应的方框内打√，填写姓名和联系电话",
)
BAD = (
    "\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009\ue010\ue011\ue012\ue013\ue014\ue015"
    "\ue016\ue017\ue018\ue019\ue020\ue021\ue022",
    "".join(chr(ord(char) + 0x1F3) for char in GOOD[0] if "\u4e00" <= char <= "\u9fff"),
    "ÎªÁË¹æ·¶»ú¹Øµµ°¸µÄ²éÔÄºÍÀûÓÃ£¬·½±ã¹¤×÷£¬¸ù¾ÝÓÐ¹Ø¹æ¶¨",
    "!\"#$%&'()*+,!\"#$%&'()*+,!\"#$%&'()*+,a1",
    "\ufffd" * 30,
)


@pytest.mark.parametrize("text", GOOD)
def test_good_text_is_taken(text: str) -> None:
    assert not layer_of(map(ord, text)).is_garbage


@pytest.mark.parametrize("text", BAD)
def test_garbage_is_noticed(text: str) -> None:
    assert layer_of(map(ord, text)).is_garbage


def test_no_page_of_a_good_pdf_is_recognised() -> None:
    files = sorted(CORPUS.glob("*/*.pdf"))
    assert files
    for path in files:
        document = pypdfium2.PdfDocument(path)
        for number, page in enumerate(document, 1):
            assert not wants_recognition(page, read_page(page, number)), (path.name, number)
        document.close()
