"""Picture files opened: which they are, their pages, bounded, upright, on white."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.readers.base import ReadError

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")  # no other decoder is let at a file
_DAMAGED = "图片不完整或已损坏（可能没有下载或复制完）；请重新获取后再放入"
_MOVING = "文件是动图，不是一页文字；请截取需要的画面，存为 PNG 再放入"
_ODD = 1.2  # pixels that are higher than wide (fax) or the other way round


class Pictures:
    """The pages of an opened picture file."""

    def __init__(self, image: Image, max_pixels: int) -> None:
        self._image = image
        self._max_pixels = max_pixels
        self.count = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1

    def page(self, number: int, pixels: int, side: int) -> Image:
        """Page ``number`` (from 1) in RGB, at most so many pixels and so long a side.

        Raises :class:`ReadError` for one that is damaged or too large to open.
        """
        with _readable():
            self._image.seek(number - 1)
            width, height = self._image.size
            if width * height > self._max_pixels:
                raise ReadError(
                    f"图片有 {width}×{height} 像素，超过 {self._max_pixels // 10_000} 万像素的上限；"
                    "请缩小后再放入"
                )
            if self._image.format == "JPEG":  # decodes at a half or a quarter, where that is enough
                share = _share(width, height, pixels, side)
                self._image.draft("RGB", (int(width * share), int(height * share)))
            return bounded(_plain(self._image), pixels, side)


@contextmanager
def pictures(data: bytes, max_pixels: int) -> Iterator[Pictures]:
    """The pages of a picture file. Raises :class:`ReadError` for what isn't one, or moves."""
    from PIL import Image

    with _readable():
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
        moves = image.format != "TIFF" and getattr(image, "n_frames", 1) > 1
    with image:
        if moves and image.format != "MPO":  # a JPEG with a second view is one photo
            raise ReadError(_MOVING)
        yield Pictures(image, max_pixels)


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever Pillow says of untrusted bytes, as a line for a person."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (ReadError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise ReadError("图片的像素太多，无法打开；请缩小后再放入") from error
    except Exception as error:  # decoders raise OSError, SyntaxError, struct.error and others
        raise ReadError(_DAMAGED) from error


def _plain(image: Image) -> Image:
    """The picture as a person sees it: turned by its camera's note, square pixels, on white."""
    from PIL import Image, ImageOps

    resolution = image.info.get("dpi")
    plain = ImageOps.exif_transpose(image)
    if plain.mode.startswith("I") or plain.mode == "F":
        low, high = plain.getextrema()
        span = max(float(high) - float(low), 1.0)  # type: ignore[arg-type]
        plain = plain.point(lambda value: (value - float(low)) * 255 / span).convert("L")  # type: ignore[arg-type]
    if "transparency" in plain.info or plain.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        plain = plain.convert("RGBA")
        white = Image.new("RGBA", plain.size, "white")
        plain = Image.alpha_composite(white, plain)
    plain = plain.convert("RGB")
    if image.format == "TIFF" and isinstance(resolution, tuple) and all(resolution):
        ratio = float(resolution[0]) / float(resolution[1])
        if _ODD < ratio < 4:
            return plain.resize(
                (plain.width, round(plain.height * ratio)), Image.Resampling.BICUBIC
            )
        if _ODD < 1 / ratio < 4:
            return plain.resize(
                (round(plain.width / ratio), plain.height), Image.Resampling.BICUBIC
            )
    return plain


def _share(width: int, height: int, pixels: int, side: int) -> float:
    return min(1.0, side / max(width, height), (pixels / (width * height)) ** 0.5)


def bounded(image: Image, pixels: int, side: int) -> Image:
    """The picture, made smaller where it has more pixels or a longer side."""
    from PIL import Image

    share = _share(image.width, image.height, pixels, side)
    if share >= 1:
        return image
    size = max(1, round(image.width * share)), max(1, round(image.height * share))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
