/* The library page: the list of documents and one document, each at its own address.
   /library?q=…&kind=… is a list, /library?doc=ID#第十二条 a document at a place. */
(() => {
  "use strict";
  if (location.pathname !== "/library") return;
  const { find, wide, fetched, errorLine, announce, settle } = window.luming;
  const stage = () => find("#lm-stage [data-stage]");
  const title = document.title;
  let newest = 0;
  let list = "/library"; // the list that a document was opened from
  let unfolded = null; // whether the filters are open, once the user has said so

  function wanted(around) {
    const query = new URLSearchParams(location.search);
    const id = query.get("doc");
    if (!id) return `/shelf?${query}`;
    const part = new URLSearchParams();
    let place = location.hash.slice(1);
    try { place = decodeURIComponent(place); } catch { /* as it is */ }
    if (place) part.set("at", place);
    if (around != null) part.set("around", around);
    return `/document/${encodeURIComponent(id)}?${part}`;
  }
  let early = { address: wanted(), reply: fetched(wanted()) }; // asked for while Gradio still starts
  early.reply.catch(() => {});

  async function render({ around = null, quiet = false } = {}) {
    const host = stage();
    if (!host) return;
    const mine = ++newest;
    const address = wanted(around);
    const reply = early?.address === address ? early.reply : fetched(address);
    early = null;
    host.setAttribute("aria-busy", "true");
    let html;
    try {
      html = await (await reply).text();
    } catch (error) {
      if (mine !== newest) return;
      host.removeAttribute("aria-busy");
      const back = document.createElement("a");
      back.href = "/library";
      back.className = "lm-back-line";
      back.textContent = "返回文库";
      host.replaceChildren(errorLine(error.message), back);
      return;
    }
    if (mine !== newest) return;
    const kept = quiet ? focused(host) : null;
    host.innerHTML = html;
    host.removeAttribute("aria-busy");
    if (find(".lm-full", host)) arrived(host, around);
    else listed(host, kept);
  }
  function arrived(host, around) {
    const source = find(".lm-full", host);
    document.title = `${source.dataset.title} · 鹿鸣`;
    if (!wide.matches) for (const one of source.querySelectorAll("aside details")) one.open = false;
    if (!wide.matches && !location.hash && around == null) { const pages = find(".lm-pages", source); if (pages) settle(0); scrollTo(0, 0); }
    else settle(around ?? source.dataset.around);
    find(".lm-source-title", source).focus({ preventScroll: true });
  }
  function listed(host, kept) {
    document.title = title;
    list = `/library${location.search}`;
    const filters = find(".lm-facets", host);
    if (filters) filters.open = unfolded ?? wide.matches;
    const same = kept && [...host.querySelectorAll(`[name="${kept.name}"]`)].find((one) => kept.name === "q" || kept.name === "sort" || one.value === kept.value);
    if (same) {
      same.focus({ preventScroll: true });
      if (kept.name === "q") { same.value = kept.value; same.setSelectionRange(kept.at, kept.at); }
    }
    if (kept) announce(find(".lm-count", host)?.textContent || "");
  }
  const focused = (host) => {
    const one = document.activeElement;
    return host.contains(one) && one.name ? { name: one.name, value: one.value, at: one.selectionEnd } : { name: "", value: "" };
  };
  let typing = 0; // what is typed in the field is looked for a moment later
  function go(address, { replace = false, quiet = false } = {}) {
    clearTimeout(typing);
    const url = new URL(address, location.href);
    history[replace ? "replaceState" : "pushState"](null, "", url);
    render({ quiet });
    if (!quiet) window.scrollTo(0, 0);
  }
  /* The address of the list that the form describes. */
  function described(form) {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
    if (query.get("in") === "text" && !query.get("q")?.trim()) query.delete("in");
    const order = find("[name=sort]", form);
    if (order && order.selectedIndex === 0) query.delete("sort");
    const text = query.toString();
    return text ? `/library?${text}` : "/library";
  }

  document.addEventListener("input", (event) => {
    if (event.target.id !== "lm-find-words" || event.isComposing) return;
    clearTimeout(typing);
    typing = setTimeout(() => go(described(event.target.form), { replace: true, quiet: true }), 350);
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.id === "lm-find-words") event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.(".lm-shelf-form");
    if (!form || event.target.name === "q") return;
    if (event.target.name === "in" && !find("[name=q]", form).value.trim()) return;
    go(described(form), { quiet: true });
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.(".lm-shelf-form")) return;
    event.preventDefault();
    go(described(event.target), { quiet: true });
  });
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    if (event.metaKey || event.ctrlKey || event.shiftKey || !stage()) return;
    let hit;
    if ((hit = on("#lm-stage [data-open]"))) {
      event.preventDefault();
      go(`/library?doc=${encodeURIComponent(hit.dataset.open)}${new URL(hit.href).hash}`);
    } else if (on("#lm-stage [data-back]")) {
      event.preventDefault();
      go(list);
    } else if ((hit = on("#lm-stage [data-page-to]"))) {
      event.preventDefault();
      go(hit.href);
    } else if (on("#lm-stage [data-clear]")) go("/library");
    else if (on(".lm-facets > summary")) unfolded = !find(".lm-facets").open;
  });
  window.addEventListener("popstate", () => render());
  window.luming.openWindow = (at) => render({ around: at });

  /* Gradio puts the stage into the page when it has started. */
  const waiting = new MutationObserver(() => { if (stage()) { waiting.disconnect(); render(); } });
  if (stage()) render(); else waiting.observe(document.body, { subtree: true, childList: true });
})();
