/* The source: text or page image, the cited words in view, the outline. The same beside an answer
   (#lm-source) and as a whole page (.lm-full, see library.js). */
Object.assign(window.luming, (() => {
  "use strict";
  const { find, wide, fetched, errorLine } = window.luming;
  let opening = 0; // the newest request for a source; older replies are dropped

  const shown = () => find("#lm-main .lm-source");
  const pane = () => find("#lm-source :is(.lm-source, .lm-source-empty, .lm-library, .lm-error)")?.parentElement;

  /* HTML from the server, or null after one clear line was shown or a newer request was made. */
  async function load(address, host) {
    const mine = ++opening;
    try {
      const html = await (await fetched(address)).text();
      return mine === opening ? html : null;
    } catch (error) {
      if (mine === opening) host.replaceChildren(errorLine(error.message));
      return null;
    }
  }
  async function openList() {
    const host = pane();
    const html = host && await load("/source", host);
    if (!html) return;
    host.innerHTML = html;
    markActive(null);
  }
  async function openSource({ id, start, end, around, n, reveal, focus }) {
    const host = pane();
    if (!host || !id) return;
    find(".lm-source", host)?.classList.add("lm-loading");
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries({ start, end, around })) if (value != null && value !== "") query.set(key, value);
    const html = await load(`/source/${encodeURIComponent(id)}?${query}`, host);
    if (html === null) return;
    host.innerHTML = html;
    markActive(n);
    settle(around);
    if (reveal && !wide.matches) host.scrollIntoView({ block: "start", behavior: "smooth" });
    if (focus) find(".lm-source-title", host)?.focus({ preventScroll: true });
  }
  /* After a source was put into the page. */
  function settle(around) {
    const pages = find("#lm-main .lm-pages");
    if (pages) showPage(Number(pages.dataset.page));
    if (around != null) scrollTo(lineAt(around)); else scrollToCited();
  }
  function markActive(n) {
    for (const one of document.querySelectorAll("#lm-answer [data-n]")) {
      const on = n != null && one.dataset.n === n;
      one.classList.toggle("lm-on", on);
      if (on) one.setAttribute("aria-current", "true"); else one.removeAttribute("aria-current");
    }
  }
  /* Scrolls the pane, never the page; where the pane itself does not scroll, the page. */
  function scrollTo(target, third = true) {
    const view = target?.closest(".lm-view");
    if (!view) return;
    if (getComputedStyle(view).overflowY === "visible") {
      target.scrollIntoView({ block: third ? "center" : "start" });
      return;
    }
    const offset = target.getBoundingClientRect().top - view.getBoundingClientRect().top;
    view.scrollTop += offset - (third ? view.clientHeight / 4 : 16);
  }
  const lineAt = (offset) => {
    let best = null;
    for (const line of document.querySelectorAll("#lm-main .lm-source .lm-line")) {
      if (Number(line.dataset.offset) > Number(offset)) break;
      best = line;
    }
    return best;
  };
  const scrollToCited = () => scrollTo(find("#lm-main .lm-source .lm-view:not([hidden]) :is(mark, .lm-box)"));

  function goTo(at) {
    const source = shown();
    const text = find(".lm-text", source);
    if (Number(at) >= Number(text.dataset.from) && Number(at) < Number(text.dataset.to)) {
      showView("text");
      scrollTo(lineAt(at), false);
    } else if (source.classList.contains("lm-full")) {
      window.luming.openWindow(at);
    } else {
      const { document: id, start, end } = source.dataset;
      openSource({ id, start, end, around: at, n: find("#lm-answer .lm-on")?.dataset.n });
    }
  }
  function showView(name) {
    for (const view of document.querySelectorAll("#lm-main .lm-view")) view.hidden = view.dataset.view !== name;
    for (const tab of document.querySelectorAll("#lm-main .lm-switch [role=tab]")) {
      const on = tab.dataset.view === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
  }
  function showPage(number) {
    const pages = find("#lm-main .lm-pages");
    const last = Number(pages.dataset.pages);
    const page = Math.min(Math.max(1, number), last);
    const sheet = find(".lm-sheet", pages);
    const id = shown().dataset.document;
    pages.dataset.page = page;
    find(".lm-pager b", pages).textContent = page;
    find("[data-step='-1']", pages).disabled = page === 1;
    find("[data-step='1']", pages).disabled = page === last;
    const image = find("img", sheet);
    image.onload = () => { sheet.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`; };
    image.alt = `${image.dataset.title || "原文"}第 ${page} 页`;
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

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    let hit;
    if ((hit = on("[data-source]")) && pane()) {
      const { source, start, end, n } = hit.dataset;
      openSource({ id: source, start, end, n, reveal: true, focus: event.detail === 0 });
    } else if (on("[data-list]")) openList();
    else if ((hit = on("#lm-main .lm-source [data-at]"))) goTo(hit.dataset.at);
    else if ((hit = on("#lm-main .lm-switch [role=tab]"))) { showView(hit.dataset.view); scrollToCited(); }
    else if ((hit = on("#lm-main .lm-source [data-step]"))) {
      const pages = find("#lm-main .lm-pages");
      showPage(Number(pages.dataset.page) + Number(hit.dataset.step));
      pages.scrollTop = 0;
    }
  });
  /* Left and right move between the two tabs, as a tab list does. */
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("#lm-main .lm-switch [role=tab]");
    if (!tab || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = tab.nextElementSibling || tab.previousElementSibling;
    other.click();
    other.focus();
  });
  return { openSource, openList, settle, markActive, pane };
})());
