/* Below and beside an answer: preview of a citation, copying with citations, files. */
(() => {
  "use strict";
  const { find, copy, say, followed } = window.luming;

  /* ---- preview: what a number stands for, beside it, by pointer or keyboard ---- */
  let preview = null;
  let waiting = 0;
  function content(chip) {
    const card = chip.closest(".lm-answer");
    const row = card && chip.dataset.n && find(`.lm-citation[data-n="${CSS.escape(chip.dataset.n)}"] .lm-citation-main`, card);
    if (row) return [...row.cloneNode(true).childNodes];
    const line = document.createElement("span");
    line.textContent = chip.getAttribute("aria-label") || "";
    return [line];
  }
  function show(chip) {
    if (!preview) {
      preview = document.createElement("div");
      preview.id = "lm-preview";
      preview.setAttribute("role", "tooltip");
      preview.addEventListener("mouseenter", () => clearTimeout(waiting));
      preview.addEventListener("mouseleave", later);
      (find("#lm-main") || document.body).append(preview);
    }
    preview.replaceChildren(...content(chip));
    preview.hidden = false;
    const at = chip.getBoundingClientRect();
    const box = preview.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left - 24), innerWidth - box.width - 8);
    const below = at.bottom + 8 + box.height < innerHeight;
    Object.assign(preview.style, { left: `${left}px`, top: `${below ? at.bottom + 8 : Math.max(8, at.top - box.height - 8)}px` });
    chip.setAttribute("aria-describedby", preview.id);
  }
  function hide() {
    clearTimeout(waiting);
    if (preview) preview.hidden = true;
    for (const one of document.querySelectorAll("[aria-describedby=lm-preview]")) one.removeAttribute("aria-describedby");
  }
  function later() { clearTimeout(waiting); waiting = setTimeout(hide, 180); }
  const chipOf = (event) => event.target.closest?.("#lm-main .lm-chip");
  document.addEventListener("mouseover", (event) => {
    const chip = chipOf(event);
    if (!chip) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => show(chip), 120);
  });
  document.addEventListener("mouseout", (event) => { if (chipOf(event)) later(); });
  document.addEventListener("focusin", (event) => { const chip = chipOf(event); if (chip?.matches(":focus-visible")) show(chip); });
  document.addEventListener("focusout", (event) => { if (chipOf(event)) later(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("click", hide, true);
  window.addEventListener("scroll", hide, { passive: true });

  /* ---- copying, files ---- */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy-answer]");
    if (button) {
      const box = button.closest(".lm-actions");
      const part = (kind) => find(`template[data-copy="${kind}"]`, box).content.textContent;
      const done = await copy(part("text"), part("html"));
      say(done ? "回答和出处已复制，可粘贴到文档里。" : "浏览器不允许复制，请选中文字后按 Ctrl+C。");
    }
    const file = event.target.closest?.("#lm-main a[download]");
    if (file && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      followed(file.href);
    }
  });
})();
