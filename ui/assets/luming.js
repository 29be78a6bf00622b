/* What the page does in the browser: examples, the source pane, the keyboard, light and dark.
   Text only ever enters the page as HTML that the server has escaped. */
(() => {
  "use strict";
  const wide = window.matchMedia("(min-width: 900px)");
  const find = (selector, root = document) => root.querySelector(selector);
  let opening = 0; // the newest request for a source; older replies are dropped

  /* ---- light and dark: the system's choice, unless the user made another ---- */
  const stored = () => { try { return localStorage.getItem("luming-theme"); } catch { return null; } };
  function applyTheme() {
    const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const dark = (stored() || system) === "dark";
    if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
  }
  function switchTheme() {
    const next = document.body.classList.contains("dark") ? "light" : "dark";
    try { localStorage.setItem("luming-theme", next); } catch { /* private mode: for this page only */ }
    document.body.classList.toggle("dark", next === "dark");
  }

  /* ---- the source pane ---- */
  const pane = () => find("#lm-source :is(.lm-source, .lm-source-empty, .lm-library, .lm-error)")?.parentElement;

  /* HTML from the server, or null after one clear line was shown or a newer request was made. */
  async function load(address, host, mine) {
    try {
      const reply = await fetch(address);
      if (!reply.ok) throw new Error((await reply.json()).detail);
      const html = await reply.text();
      return mine === opening ? html : null;
    } catch (error) {
      if (mine !== opening) return null;
      const line = document.createElement("p");
      line.className = "lm-error";
      line.textContent = error instanceof TypeError ? "连不上服务，请确认服务仍在运行后重试。" : error.message || "原文打不开，请重试。";
      host.replaceChildren(line);
      return null;
    }
  }
  async function openList() {
    const host = pane();
    const html = host && await load("/source", host, ++opening);
    if (!html) return;
    host.innerHTML = html;
    markActive(null);
  }

  async function openSource({ id, start, end, around, n, reveal }) {
    const host = pane();
    if (!host || !id) return;
    const mine = ++opening;
    find(".lm-source", host)?.classList.add("lm-loading");
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries({ start, end, around })) if (value != null && value !== "") query.set(key, value);
    const html = await load(`/source/${encodeURIComponent(id)}?${query}`, host, mine);
    if (html === null) return;
    host.innerHTML = html;
    markActive(n);
    if (find(".lm-pages", host)) showPage(Number(find(".lm-pages", host).dataset.page));
    if (around != null) scrollTo(lineAt(around)); else scrollToCited();
    if (reveal && !wide.matches) host.scrollIntoView({ block: "start", behavior: "smooth" });
  }

  function markActive(n) {
    for (const one of document.querySelectorAll("#lm-answer [data-n]")) one.classList.toggle("lm-on", n != null && one.dataset.n === n);
  }
  /* Scrolls the pane, never the page. */
  function scrollTo(target, third = true) {
    const view = target?.closest(".lm-view");
    if (!view) return;
    const offset = target.getBoundingClientRect().top - view.getBoundingClientRect().top;
    view.scrollTop += offset - (third ? view.clientHeight / 4 : 16);
  }
  const lineAt = (offset) => {
    let best = null;
    for (const line of document.querySelectorAll("#lm-source .lm-line")) {
      if (Number(line.dataset.offset) > Number(offset)) break;
      best = line;
    }
    return best;
  };
  const scrollToCited = () => scrollTo(find("#lm-source .lm-view:not([hidden]) :is(mark, .lm-box)"));

  function goTo(at) {
    const source = find("#lm-source .lm-source");
    const text = find(".lm-text", source);
    if (Number(at) >= Number(text.dataset.from) && Number(at) < Number(text.dataset.to)) {
      showView("text");
      scrollTo(lineAt(at), false);
    } else {
      const { document: id, start, end } = source.dataset;
      openSource({ id, start, end, around: at, n: find("#lm-answer .lm-on")?.dataset.n });
    }
  }
  function showView(name) {
    for (const view of document.querySelectorAll("#lm-source .lm-view")) view.hidden = view.dataset.view !== name;
    for (const tab of document.querySelectorAll("#lm-source [role=tab]")) tab.setAttribute("aria-selected", String(tab.dataset.view === name));
  }
  function showPage(number) {
    const pages = find("#lm-source .lm-pages");
    const last = Number(pages.dataset.pages);
    const page = Math.min(Math.max(1, number), last);
    const sheet = find(".lm-sheet", pages);
    const id = find("#lm-source .lm-source").dataset.document;
    pages.dataset.page = page;
    find(".lm-pager b", pages).textContent = page;
    find("[data-step='-1']", pages).disabled = page === 1;
    find("[data-step='1']", pages).disabled = page === last;
    const image = find("img", sheet);
    image.onload = () => { sheet.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`; };
    image.src = `/page/${encodeURIComponent(id)}/${page}.png`;
    for (const old of sheet.querySelectorAll(".lm-box")) old.remove();
    for (const [on, x0, y0, x1, y1] of JSON.parse(pages.dataset.boxes)) {
      if (on !== page) continue;
      const box = document.createElement("span");
      box.className = "lm-box";
      Object.assign(box.style, { left: `${x0 * 100}%`, top: `${y0 * 100}%`, width: `${(x1 - x0) * 100}%`, height: `${(y1 - y0) * 100}%` });
      sheet.append(box);
    }
  }

  /* ---- the list of all passages found: fetched when it is opened ---- */
  document.addEventListener("toggle", async (event) => {
    const box = event.target;
    if (!box.matches?.("[data-results]") || !box.open || box.dataset.loaded) return;
    box.dataset.loaded = "true";
    const list = find(".lm-results-list", box);
    try {
      const reply = await fetch(box.dataset.results);
      if (!reply.ok) throw new Error((await reply.json()).detail);
      list.innerHTML = await reply.text();
    } catch (error) {
      delete box.dataset.loaded;
      list.textContent = error instanceof TypeError ? "连不上服务，请确认服务仍在运行后重试。" : error.message;
    }
  }, true);

  /* ---- asking ---- */
  function askExample(text) {
    const area = find("#lm-question textarea");
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => find("#lm-ask").click(), 30);
  }
  let lastAnswer = null;
  let listed = false;
  function onAnswer() {
    if (!listed && find("#lm-source .lm-source-empty")) { listed = true; openList(); }
    const card = find("#lm-answer .lm-answer");
    document.body.classList.toggle("lm-asked", Boolean(card));
    const token = card?.dataset.answer;
    if (!token || token === lastAnswer) return;
    lastAnswer = token;
    markActive(null);
    const first = find(".lm-citation", card);
    if (first && card.dataset.abstained === "false") open(first, false);
  }
  const open = (element, reveal) => {
    const { source, start, end, n } = element.dataset;
    openSource({ id: source, start, end, n, reveal });
  };

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    let hit;
    if ((hit = on("[data-source]"))) open(hit, true);
    else if (on("[data-list]")) openList();
    else if ((hit = on("[data-ask]"))) askExample(hit.dataset.ask);
    else if ((hit = on("#lm-source [data-at]"))) goTo(hit.dataset.at);
    else if ((hit = on("#lm-source [role=tab]"))) { showView(hit.dataset.view); scrollToCited(); }
    else if ((hit = on("#lm-source [data-step]"))) {
      const pages = find("#lm-source .lm-pages");
      showPage(Number(pages.dataset.page) + Number(hit.dataset.step));
      pages.scrollTop = 0;
    } else if (on("[data-theme-switch]")) switchTheme();
  });
  /* Enter that ends an input method's composition (Pinyin) must not ask. */
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopPropagation();
  }, true);

  applyTheme();
  const watch = new MutationObserver(onAnswer);
  watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-answer", "data-busy"] });
  new MutationObserver(applyThemeOnce).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  /* Gradio sets its own class once while it starts; the user's choice wins. */
  function applyThemeOnce() { if (stored()) applyTheme(); }
})();
