/* Reopens or deletes a conversation: its number goes into a hidden field of Gradio, as an example's text does. */
(() => {
  "use strict";
  /* What is typed next replaces the question that was just asked. */
  document.addEventListener("keydown", (event) => {
    const asked = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.closest?.("#lm-question");
    if (asked) setTimeout(() => event.target.select(), 80);
  });
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest?.("[data-conversation], [data-forget]");
    const forget = chosen?.dataset.forget;
    if (forget && !window.confirm("删除这段对话？删除后不能恢复。")) return;
    const field = chosen && document.querySelector("#lm-reopen :is(textarea, input)");
    if (!field) return;
    const kind = field.tagName === "INPUT" ? HTMLInputElement : HTMLTextAreaElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, forget ? `-${forget}` : chosen.dataset.conversation);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.querySelector("#lm-reopen button")?.click(), 30);
    if (!forget) document.querySelector("#lm-question textarea")?.focus({ preventScroll: true });
  });
})();
