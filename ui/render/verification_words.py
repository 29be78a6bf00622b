"""What is said of a finding, in words: for the page, the Word comments and the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.verification import Finding, Verdict
from index.errors import shorten

if TYPE_CHECKING:
    from index.versions.compare.words import Segment

_SHOWN = 300  # characters of an article in a comment

#: A verdict's name in CSS classes and JSON.
CODES = {
    Verdict.CONSISTENT: "consistent",
    Verdict.WORDING: "wording",
    Verdict.NUMBER: "number",
    Verdict.OUTDATED: "outdated",
    Verdict.ABSENT: "absent",
    Verdict.UNCLEAR: "unclear",
}


def marked_differences(segments: Sequence[Segment]) -> str:
    """The differences in one line of plain text: 【漏：…】 and 【多：…】."""
    signs = {"removed": "【漏：{}】", "added": "【多：{}】"}
    return "".join(signs.get(one.kind, "{}").format(one.text) for one in segments)


def comment_lines(finding: Finding) -> list[str]:
    """The lines of a comment on a finding."""
    lines = [f"【{finding.verdict.value}】{finding.written}", finding.message]
    for check in finding.checks:
        if check.segments and check.verdict.is_problem:
            lines.append(f"逐字对照：{marked_differences(check.segments)}")
    if finding.right is not None:
        text = f"：{shorten(finding.right.text, _SHOWN)}" if finding.right.text else ""
        lines.append(f"应看 {finding.right.name}{text}")
    lines += finding.notes
    return [one for one in lines if one]
