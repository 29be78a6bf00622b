"""Below an answer: questions to ask instead of a refused one, and 有用 / 有误."""

from __future__ import annotations

from assistant.answer import Answer
from ui.render.text import esc

_REASONS = ("答非所问", "出处不对", "不完整", "规定已过时")
_REASONS_REFUSED = ("文库里有这份文件", "换个说法就能答")


def suggestions_html(answer: Answer) -> str:
    """Buttons that ask the questions; nothing where there are none."""
    if not answer.suggestions:
        return ""
    rows = "".join(
        f'<button type="button" class="lm-example" data-ask="{esc(q)}">{esc(q)}</button>'
        for q in answer.suggestions
    )
    return f'<div class="lm-suggestions"><h3>文库能答的相近问题</h3>{rows}</div>'


def feedback_html(answer: Answer) -> str:
    """Two buttons and, for 有误, a small form that the page's script shows."""
    if not answer.question_id:
        return ""
    refused = answer.abstained
    asked = "没有作答，对吗？" if refused else "这个回答有用吗？"
    useful = "确实没有" if refused else "有用"
    wrong = "应当能答" if refused else "有误"
    reasons = "".join(
        f'<button type="button" data-reason="{esc(one)}" aria-pressed="false">{esc(one)}</button>'
        for one in (_REASONS_REFUSED if refused else _REASONS)
    )
    return (
        f'<div class="lm-feedback" data-feedback="{esc(answer.question_id)}">'
        f'<p><span>{asked}</span><button type="button" data-verdict="useful">{useful}</button>'
        f'<button type="button" data-verdict="wrong">{wrong}</button></p>'
        '<p class="lm-thanks" role="status"></p>'
        f'<form hidden><div class="lm-reasons">{reasons}</div>'
        '<input name="reason" maxlength="1000" placeholder="哪里不对（可不填）" aria-label="哪里不对">'
        '<input name="gold" maxlength="1000" placeholder="正确的出处，如《会议费办法》第八条（可不填）"'
        ' aria-label="正确的出处"><button type="submit">提交</button></form></div>'
    )
