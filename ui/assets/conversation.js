/* Conversations: what is wanted of one goes into a hidden field of Gradio, as an example's text does. */
(() => {
  "use strict";
  const { find, say, followed } = window.luming;
  function want(wish) {
    const field = find("#lm-reopen :is(textarea, input)");
    if (!field) return;
    const kind = field.tagName === "INPUT" ? HTMLInputElement : HTMLTextAreaElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, JSON.stringify(wish));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => find("#lm-reopen button")?.click(), 30);
  }
  /* The name as a field in the row; Enter keeps it, Escape leaves it. */
  function rename(row, id) {
    const shown = find(".lm-talk", row);
    const form = document.createElement("form");
    form.className = "lm-rename";
    const field = Object.assign(document.createElement("input"), { value: find("span", shown).textContent, maxLength: 60 });
    field.setAttribute("aria-label", "对话的名称");
    const keep = Object.assign(document.createElement("button"), { type: "submit", textContent: "保存", className: "lm-plain" });
    form.append(field, keep);
    shown.hidden = true;
    row.prepend(form);
    field.select();
    const close = () => { form.remove(); shown.hidden = false; shown.focus(); };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = field.value.trim();
      if (name) want({ do: "rename", id, name }); // the new list shows it
      close();
    });
    field.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  }
  /* What is typed next replaces the question that was just asked. */
  document.addEventListener("keydown", (event) => {
    const asked = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.closest?.("#lm-question");
    if (asked) setTimeout(() => event.target.select(), 80);
    if (event.key === "Escape") for (const menu of document.querySelectorAll(".lm-deeds[open]")) { menu.open = false; find("summary", menu).focus(); }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".lm-deeds[open]")) if (!menu.contains(event.target)) menu.open = false;
    const chosen = event.target.closest?.("[data-talk][data-deed]");
    if (!chosen) return;
    const { talk: id, deed } = chosen.dataset;
    const menu = chosen.closest(".lm-deeds");
    if (menu) menu.open = false;
    if (deed === "rename") { rename(chosen.closest("li"), id); return; }
    if (deed === "forget" && !window.confirm("删除这段对话？删除后不能恢复。")) return;
    if (deed.startsWith("save")) say("正在准备文件…");
    want({ do: deed, id });
    if (deed === "open") find("#lm-question textarea")?.focus({ preventScroll: true });
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#lm-new")) return;
    history.replaceState(null, "", "/");
    find("#lm-question textarea")?.focus({ preventScroll: true });
  });
  /* A file that was made for this page. */
  let last = "";
  new MutationObserver(() => {
    const link = find("#lm-file [data-follow]");
    if (!link || link.getAttribute("href") === last) return;
    last = link.getAttribute("href");
    followed(last);
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["href"] });
})();
