"""The OpenAI-compatible interface, asked by OpenAI's own client."""

from __future__ import annotations

import json

import httpx
import openai
import pytest

from tests.ui.api.conftest import DISCIPLINE, OFFICE, SECRET, Desk, problem

JSON = {"Content-Type": "application/json"}
QUESTION = "请假3天以上由谁批准？"


def client(desk: Desk, who: str) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"{desk.url}/v1",
        api_key=desk.tokens[who],
        max_retries=0,
        http_client=httpx.Client(trust_env=False, timeout=60),
    )


def test_a_reply_has_numbered_marks_and_the_passages_behind_them(desk: Desk) -> None:
    with client(desk, "reader") as asker:
        reply = asker.chat.completions.create(
            model="luming", messages=[{"role": "user", "content": QUESTION}]
        )
    content = reply.choices[0].message.content or ""
    assert reply.choices[0].finish_reason == "stop"
    assert "分管领导批准。[1]" in content and "**出处**" in content
    (cited,) = [one for one in reply.citations if one["n"] == 1]  # type: ignore[attr-defined]
    assert "分管领导" in cited["quote"] and cited["title"] in content
    assert reply.luming["abstained"] is False  # type: ignore[attr-defined]
    assert reply.usage is not None and reply.usage.completion_tokens == len(content)


def test_a_stream_makes_the_same_reply(desk: Desk) -> None:
    with client(desk, "reader") as asker:
        messages = [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}]
        whole = asker.chat.completions.create(model="luming", messages=messages)  # type: ignore[call-overload]
        pieces = list(
            asker.chat.completions.create(  # type: ignore[call-overload]
                model="luming",
                messages=messages,
                stream=True,
                stream_options={"include_usage": True},
            )
        )
    said = "".join(one.choices[0].delta.content or "" for one in pieces if one.choices)
    assert said == whole.choices[0].message.content
    assert pieces[0].choices[0].delta.role == "assistant"
    last = next(one for one in pieces if one.choices and one.choices[0].finish_reason)
    assert last.citations == whole.citations
    assert pieces[-1].usage.total_tokens == len(said) + len(QUESTION)


@pytest.mark.parametrize("forgotten", [False, True])
def test_earlier_questions_make_a_follow_up_plain(desk: Desk, forgotten: bool) -> None:
    first = "值班管理办法第四条是什么？"
    with client(desk, "reader") as asker:
        if not forgotten:
            asker.chat.completions.create(
                model="luming", messages=[{"role": "user", "content": first}]
            )
        # What is said the answer was is not believed.
        said = "第四条规定在《别的办法》。" if forgotten else "……"
        reply = asker.chat.completions.create(
            model=f"luming:{OFFICE}" if forgotten else "luming",
            messages=[
                {"role": "system", "content": "你是助手"},
                {"role": "user", "content": first},
                {"role": "assistant", "content": said},
                {"role": "user", "content": "那第三条呢？"},
            ],
        )
    content = reply.choices[0].message.content or ""
    assert "值班记录保存" in content and "理解" in content


def test_models_are_the_collections_that_one_may_see(desk: Desk) -> None:
    with client(desk, "reader") as asker:
        assert [one.id for one in asker.models.list()] == ["luming", f"luming:{OFFICE}"]
        for model in (f"luming:{DISCIPLINE}", "gpt-4"):
            with pytest.raises(openai.NotFoundError, match="没有名为") as absent:
                asker.chat.completions.create(
                    model=model, messages=[{"role": "user", "content": QUESTION}]
                )
            assert absent.value.body["message"]  # type: ignore[index]
        question = f"{SECRET}线索由谁保管？"
        reply = asker.chat.completions.create(
            model="luming", messages=[{"role": "user", "content": question}]
        )
        assert "第三监督室" not in (reply.choices[0].message.content or "")
        assert reply.luming["abstained"]  # type: ignore[attr-defined]
    with client(desk, "nobody") as asker, pytest.raises(openai.PermissionDeniedError):
        asker.models.list()


def test_bad_requests_get_a_line(desk: Desk, reader: httpx.Client) -> None:
    for body in (
        {"messages": []},
        {"messages": [{"role": "assistant", "content": "好"}]},
        {"messages": [{"role": "user", "content": "  "}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
        {"messages": [{"role": "user", "content": QUESTION}], "n": 2},
        {"messages": [{"role": "user", "content": QUESTION}], "stream": True, "as_of": "x"},
        {"messages": [{"role": "user", "content": "\ud800"}]},  # half a character
    ):
        sent = json.dumps(body).encode("ascii")
        reply = reader.post("/v1/chat/completions", content=sent, headers=JSON)
        found = problem(reply, 422)
        assert found["error"]["message"] == found["detail"]
    problem(reader.get("/v1/nothing"), 404)
    assert reader.get("/v1/chat/completions").headers["allow"] == "POST"


def test_markdown_of_documents_stays_text() -> None:
    from assistant.answer import Answer, Citation, Sentence
    from ui.render.answer_markdown import answer_markdown

    hostile = "![x](http://evil/x.png) <img src=x> [链接](javascript:alert(1)) # 标题 | a |"
    citation = Citation(
        n=1, document_id="d", passage_id="p", title=hostile, path=hostile, quote=hostile, start=0, end=1
    )  # fmt: skip
    answer = Answer(
        question="?",
        abstained=False,
        sentences=(Sentence(text=hostile, citations=(1,), label=hostile),),
        citations=(citation,),
        notes=(hostile,),
        suggestions=(hostile,),
    )
    from markdown_it import MarkdownIt

    html = MarkdownIt("default").render(answer_markdown(answer))
    assert "<img" not in html and "<a " not in html and "<h1" not in html and "<table" not in html
