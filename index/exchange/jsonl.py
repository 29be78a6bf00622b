"""One JSON object a line, UTF-8."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.exchange.base import ExchangeError, Row

_LONGEST = 256 << 20  # characters of a line


class Jsonl:
    """Writes and reads the format."""

    def write(self, path: Path, rows: Iterable[Row]) -> int:
        """Write the rows; how many."""
        count = 0
        with path.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
            for row in rows:
                values = row.model_dump(mode="json", exclude_none=True)
                file.write(json.dumps(values, ensure_ascii=False) + "\n")
                count += 1
        return count

    def read(self, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows. Raises ExchangeError naming the line."""
        number = 0
        try:
            with path.open(encoding="utf-8-sig") as file:
                while line := file.readline(_LONGEST):
                    number += 1
                    if not line.strip():
                        continue
                    found = json.loads(line)
                    if not isinstance(found, dict):
                        raise ValueError(line[:20])
                    yield number, found
        except UnicodeDecodeError as error:
            raise ExchangeError(f"{path} 不是 UTF-8 编码，请另存为 UTF-8 再导入。") from error
        except (ValueError, RecursionError) as error:
            raise ExchangeError(f"{path} 第 {number} 行不是 JSON 对象，什么都没有导入。") from error
