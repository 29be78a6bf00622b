/* Asking: examples, questions in the address, the newest answer's source, the list of passages. */
(() => {
  "use strict";
  const { find, fetched, openSource, openList, markActive, announce } = window.luming;

  function write(text) {
    const area = find("#lm-question textarea");
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
    return area;
  }
  function ask(text) {
    write(text);
    setTimeout(() => find("#lm-ask").click(), 30);
  }

  /* ---- the list of all passages found: fetched when it is opened ---- */
  document.addEventListener("toggle", async (event) => {
    const box = event.target;
    if (!box.matches?.("[data-results]") || !box.open || box.dataset.loaded) return;
    box.dataset.loaded = "true";
    const list = find(".lm-results-list", box);
    try {
      list.innerHTML = await (await fetched(box.dataset.results)).text();
    } catch (error) {
      delete box.dataset.loaded;
      list.textContent = error.message;
    }
  }, true);

  /* ---- what the address asks for: ?q= a question, ?about= a document to ask about ---- */
  let addressed = false;
  function readAddress() {
    if (addressed || location.pathname !== "/" || !find("#lm-ask") || !find("#lm-answer :is(.lm-welcome, .lm-answer, .lm-error)")) return;
    addressed = true;
    restoreDraft();
    const query = new URLSearchParams(location.search);
    const question = (query.get("q") || "").trim();
    const about = query.get("about");
    if (find("#lm-answer .lm-answer")) return; // reopened
    if (question) ask(question);
    else if (about) openSource({ id: about }).then(() => {
      const title = find("#lm-source .lm-source")?.dataset.title;
      if (!title) return;
      const area = write(`《${title.replace(/^《|》$/g, "")}》`);
      area.focus({ preventScroll: true });
      area.setSelectionRange(area.value.length, area.value.length);
    });
  }

  /* ---- words not asked yet, or asked of a server that was away: Gradio reloads the page then ---- */
  const DRAFT = "luming-draft";
  function keepDraft(text) {
    try { if (text.trim()) sessionStorage.setItem(DRAFT, text); else sessionStorage.removeItem(DRAFT); } catch { /* not kept */ }
  }
  function restoreDraft() {
    if (performance.getEntriesByType("navigation")[0]?.type !== "reload") return;
    let text = null;
    try { text = sessionStorage.getItem(DRAFT); } catch { /* not kept */ }
    if (text && !find("#lm-question textarea").value) write(text);
  }
  document.addEventListener("input", (event) => { if (event.target.closest?.("#lm-question")) keepDraft(event.target.value); });

  /* ---- which collections: a small window over Gradio's checkboxes ---- */
  const scope = () => find("#lm-scope");
  const opener = () => find("#lm-scope-button");
  function describeScope() {
    const button = opener();
    const boxes = [...document.querySelectorAll("#lm-scope input[type=checkbox]")];
    if (!button) return;
    if (scope() && !scope().hasAttribute("aria-label")) scope().setAttribute("aria-label", "在哪些文库里查");
    find("#lm-scope-opener").classList.toggle("lm-few", boxes.length < 2);
    const names = boxes.filter((one) => one.checked).map((one) => one.closest("label").textContent.trim().replace(/（\d+）$/, ""));
    const text = names.length === 0 || names.length === boxes.length ? "全部文库" : names.length === 1 ? names[0] : `${names.length} 个文库`;
    if (button.textContent !== text) button.textContent = text;
    const said = `在哪些文库里查，现为：${names.join("、") || "全部"}`;
    if (button.getAttribute("aria-label") !== said) button.setAttribute("aria-label", said);
  }
  function toggleScope(open) {
    scope()?.classList.toggle("lm-opened", open);
    opener()?.setAttribute("aria-expanded", String(open));
    if (open) find("#lm-scope input")?.focus();
  }
  document.addEventListener("click", (event) => {
    const open = scope()?.classList.contains("lm-opened");
    if (event.target.closest?.("#lm-scope-button")) toggleScope(!open);
    else if (open && !event.target.closest?.("#lm-scope")) toggleScope(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !scope()?.classList.contains("lm-opened")) return;
    toggleScope(false);
    opener().focus();
  });
  document.addEventListener("change", (event) => { if (event.target.closest?.("#lm-scope")) setTimeout(describeScope); });

  /* ---- a new answer: open its first source, tell screen readers, keep the address in step ---- */
  let lastAnswer = null;
  let listed = false;
  function onChange() {
    readAddress();
    describeScope();
    if (!listed && find("#lm-source .lm-source-empty")) { listed = true; openList(); }
    const card = find("#lm-answer .lm-answer");
    document.body.classList.toggle("lm-asked", Boolean(card));
    const token = card?.dataset.answer;
    if (!token || token === lastAnswer) return;
    lastAnswer = token;
    keepDraft("");
    if (card.dataset.own && location.pathname === "/") history.replaceState(null, "", card.dataset.own);
    markActive(null);
    const refused = card.dataset.abstained === "true";
    announce(refused ? "没有找到能回答的依据。" : `回答完成，共 ${card.querySelectorAll(".lm-citations .lm-citation").length} 处出处。`);
    const first = find(".lm-citation", card);
    if (!first || refused) return;
    const { source, start, end, n } = first.dataset;
    openSource({ id: source, start, end, n });
  }
  document.addEventListener("click", (event) => {
    const example = event.target.closest?.("[data-ask]");
    if (example) ask(example.dataset.ask);
  });
  new MutationObserver(onChange).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-answer", "data-busy"] });
})();
