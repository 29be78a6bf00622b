"""RapidOCR: the PP-OCR models on onnxruntime, which come in the package's own wheel."""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path
from typing import Any

from ingest.ocr.base import Picture, TextLine

_DETECTION_SIDE = 1536  # pixels; finding lines needs fewer than reading them, and half the memory
_MOST_SIDE = 4_000
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}


class RapidRecognizer:
    """Chinese, Latin and digits. One to three seconds a page on two idle cores."""

    def __init__(self) -> None:
        import rapidocr
        from rapidocr import RapidOCR

        folder = Path(rapidocr.__file__).parent / "models"
        lost = [one for one in _MODELS.values() if not (folder / one).is_file()]
        if lost:  # the package would try to download them
            raise ImportError(f"rapidocr has no models {', '.join(lost)}")
        self.name = f"rapidocr-{metadata.version('rapidocr')}-{_DETECTION_SIDE}"
        self._engine: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.text_score": 0.0,  # what is doubtful is for the caller to judge
                "Global.max_side_len": _MOST_SIDE,
                "Det.limit_type": "max",
                "Det.limit_side_len": _DETECTION_SIDE,
                # Several processes read at the same time.
                "EngineConfig.onnxruntime.intra_op_num_threads": max(1, (os.cpu_count() or 2) // 2),
                **{f"{part}.model_path": str(folder / name) for part, name in _MODELS.items()},
            }
        )

    def lines(self, picture: Picture) -> list[TextLine]:
        """See :class:`ingest.ocr.base.Recognizer`."""
        found = self._engine(
            picture[:, :, ::-1].copy(),  # the models were trained on blue green red
            use_cls=False,
            return_word_box=True,
            return_single_char_box=True,
        )
        if found.txts is None or found.boxes is None:
            return []
        characters = found.word_results or [()] * len(found.txts)
        if len(characters) != len(found.txts):
            characters = [()] * len(found.txts)
        parts = zip(found.txts, found.boxes, characters, found.scores, strict=True)
        lines = (_line(text, box, chars, score) for text, box, chars, score in parts)
        return [line for line in lines if line is not None]


def _line(text: str, box: Any, characters: Any, score: float) -> TextLine | None:
    a, b, c, d = ((float(x), float(y)) for x, y in box)
    width, height = abs(b[0] - a[0]), abs(d[1] - a[1])
    if height >= 1.5 * width:  # the engine turns such a line back by a quarter to read it
        a, b, c, d = b, c, d, a
    text = text.strip()
    solid = [char for char in text if not char.isspace()]
    if not solid:
        return None
    places = _places([one[2] for one in characters], a, b, d) if characters else []
    if len(places) != len(solid):
        places = [(place + 0.5) / len(solid) for place in range(len(solid))]
    return TextLine(text, (a, b, c, d), _with_spaces(text, places), float(score))


def _places(boxes: list[Any], a: Any, b: Any, d: Any) -> list[float]:
    """The middle of each character's box as a share of the line's length."""
    across, down = b[0] - a[0], b[1] - a[1]
    length = across * across + down * down
    if length <= 0:
        return []
    places = []
    for box in boxes:
        x = sum(float(point[0]) for point in box) / len(box) - (a[0] + d[0]) / 2
        y = sum(float(point[1]) for point in box) / len(box) - (a[1] + d[1]) / 2
        places.append(min(1.0, max(0.0, (x * across + y * down) / length)))
    return sorted(places)


def _with_spaces(text: str, places: list[float]) -> tuple[float, ...]:
    """The places of all characters; a space lies between its neighbours."""
    out: list[float] = []
    given = iter(places)
    ahead = next(given)
    last = 0.0
    for char in text:
        if char.isspace():
            out.append((last + ahead) / 2)
            continue
        last = ahead
        out.append(last)
        ahead = next(given, 1.0)
    return tuple(out)
