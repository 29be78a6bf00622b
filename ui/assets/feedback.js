/* 有用 / 有误 below an answer. The verdict is sent at once; reason and source may follow. */
(() => {
  "use strict";
  async function send(box, body, said) {
    const line = box.querySelector(".lm-thanks");
    try {
      const reply = await fetch("/api/v1/feedback", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ question_id: box.dataset.feedback, ...body }),
      });
      if (!reply.ok) throw new Error((await reply.json()).detail);
      line.textContent = said;
      return true;
    } catch (error) {
      line.textContent = error instanceof TypeError ? "连不上服务，没有记下，请稍后重试。" : error.message || "没有记下，请重试。";
      return false;
    }
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.(".lm-feedback [data-verdict]");
    const reason = event.target.closest?.(".lm-feedback [data-reason]");
    if (reason) {
      const on = reason.getAttribute("aria-pressed") !== "true";
      reason.setAttribute("aria-pressed", String(on));
      return;
    }
    if (!button) return;
    const box = button.closest(".lm-feedback");
    const verdict = button.dataset.verdict;
    const wrong = verdict === "wrong";
    if (!await send(box, { verdict }, wrong ? "已记下。方便的话，请说说哪里不对：" : "已记下，谢谢。")) return;
    for (const one of box.querySelectorAll("[data-verdict]")) one.setAttribute("aria-pressed", String(one === button));
    box.querySelector("form").hidden = !wrong;
  });
  document.addEventListener("submit", async (event) => {
    const box = event.target.closest?.(".lm-feedback");
    if (!box) return;
    event.preventDefault();
    const form = event.target;
    const picked = [...form.querySelectorAll("[aria-pressed=true]")].map((one) => one.dataset.reason);
    const reason = [...picked, form.elements.reason.value.trim()].filter(Boolean).join("；");
    const gold = form.elements.gold.value.trim();
    if (await send(box, { verdict: "wrong", reason, gold }, "已记下，谢谢。")) form.hidden = true;
  });
})();
