/* The pages made of panels (核验, 入库, 管理, 备课): fragments from the server, moved by htmx.
   What a fragment says was escaped there; htmx may neither evaluate nor leave this server. */
window.luming.panels = (() => {
  "use strict";
  const { find, say, fetched, saved, announce } = window.luming;
  const stage = () => find("[data-panel]");
  const own = ["/verify", "/intake", "/admin", "/study"].includes(location.pathname);
  if (!own) return {};

  const ready = new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = "/luming/htmx.min.js";
    script.onload = () => {
      Object.assign(window.htmx.config, {
        allowEval: false, includeIndicatorStyles: false, historyEnabled: false,
        selfRequestsOnly: true, allowScriptTags: false,
      });
      resolve();
    };
    document.head.append(script);
  });
  async function begin() {
    const host = stage();
    if (!host || host.dataset.begun) return;
    host.dataset.begun = "1";
    await ready;
    window.htmx.ajax("GET", host.dataset.panel + location.search, { target: host, swap: "innerHTML" });
  }
  new MutationObserver(begin).observe(document.body, { childList: true, subtree: true });
  begin();

  /* A line for the user, in the form that was sent where there is one. */
  function lineOf(xhr) {
    if (xhr.status === 401) return "登录已过期，请刷新页面重新登录。";
    try { return JSON.parse(xhr.responseText).detail || "没有做成，请重试。"; } catch { return "没有做成，请重试。"; }
  }
  function tell(from, line) {
    const form = from?.closest?.("form");
    const place = form && find("[data-error]", form);
    if (!place) { say(line); return; }
    place.textContent = line;
    place.hidden = false;
    announce(line);
  }
  document.addEventListener("htmx:responseError", (event) => tell(event.detail.elt, lineOf(event.detail.xhr)));
  document.addEventListener("htmx:sendError", (event) => tell(event.detail.elt, "连不上服务，请确认服务仍在运行后重试。"));
  document.addEventListener("htmx:beforeRequest", (event) => {
    const place = find("[data-error]", event.detail.elt.closest("form") || document.createElement("form"));
    if (place) { place.hidden = true; place.textContent = ""; }
    event.detail.elt.setAttribute("aria-busy", "true");
    const polls = (event.detail.elt.getAttribute("hx-trigger") || "").includes("every");
    if (!polls) setTimeout(() => { if (event.detail.elt.isConnected && event.detail.elt.getAttribute("aria-busy")) announce("正在处理，请稍等…"); }, 2000);
  });
  document.addEventListener("htmx:afterRequest", (event) => event.detail.elt.removeAttribute("aria-busy"));
  document.addEventListener("htmx:afterSwap", (event) => {
    const line = event.detail.xhr?.getResponseHeader("X-Luming-Say");
    if (line) say(decodeURIComponent(line));
  });
  /* A page that is not looked at does not ask again and again. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && (event.detail.elt.getAttribute("hx-trigger") || "").includes("every")) event.preventDefault();
  });

  /* Tabs: the pressed one is the current one. */
  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.(".lp-tabs button");
    if (!tab) return;
    for (const one of tab.parentElement.children) one.removeAttribute("aria-current");
    tab.setAttribute("aria-current", "true");
    const url = new URL(location.href);
    url.search = `?tab=${tab.dataset.tab}`;
    history.replaceState(null, "", url);
  });

  /* Send a form and save what comes back as a file. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-save]");
    if (!button) return;
    const form = document.getElementById(button.dataset.form);
    button.disabled = true;
    try { await saved(await fetched(button.dataset.save, { method: "POST", body: new FormData(form) }), button.dataset.name || "鹿鸣.docx"); }
    catch (error) { say(error.message); }
    button.disabled = false;
  });
  return { ready, tell };
})();
