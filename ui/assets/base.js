/* What every page has: light and dark, one live region, copying, the keyboard. Shared by the other
   scripts as window.luming. Text only ever enters a page as HTML that the server has escaped. */
window.luming = (() => {
  "use strict";
  const find = (selector, root = document) => root.querySelector(selector);
  const wide = window.matchMedia("(min-width: 900px)");

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

  /* ---- said to screen readers, and for a moment shown to everybody ---- */
  let live = null;
  let toast = null;
  let hiding = 0;
  function announce(text) {
    if (!live) {
      live = document.createElement("div");
      live.id = "lm-live";
      live.className = "lm-hidden";
      live.setAttribute("role", "status");
      document.body.append(live);
    }
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 60);
  }
  function say(text) {
    announce(text);
    if (!toast) {
      toast = document.createElement("div");
      toast.id = "lm-toast";
      toast.setAttribute("aria-hidden", "true");
      document.body.append(toast);
    }
    toast.textContent = text;
    toast.classList.add("lm-shown");
    clearTimeout(hiding);
    hiding = setTimeout(() => toast.classList.remove("lm-shown"), 2600);
  }

  /* ---- the clipboard; over plain http to another machine browsers allow only the old way ---- */
  async function copy(text, html = "") {
    try {
      if (html && window.ClipboardItem && navigator.clipboard?.write) {
        const part = (kind, body) => new Blob([body], { type: kind });
        await navigator.clipboard.write([new ClipboardItem({ "text/plain": part("text/plain", text), "text/html": part("text/html", html) })]);
        return true;
      }
      if (navigator.clipboard?.writeText) {
        await navigator.clipboard.writeText(text);
        return true;
      }
    } catch { /* refused: the old way */ }
    return copyOldWay(text, html);
  }
  function copyOldWay(text, html) {
    const onCopy = (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      event.clipboardData.setData("text/plain", text);
      if (html) event.clipboardData.setData("text/html", html);
    };
    document.addEventListener("copy", onCopy, { capture: true, once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", onCopy, true);
    return done;
  }

  /* ---- HTML from the server, or an Error whose message may be shown ---- */
  async function fetched(address, options) {
    let reply;
    try {
      reply = await fetch(address, options);
    } catch {
      throw new Error("连不上服务，请确认服务仍在运行后重试。");
    }
    const away = reply.status === 401 || (reply.redirected && new URL(reply.url).pathname.startsWith("/login"));
    if (away) throw new Error("登录已过期，请刷新页面重新登录。");
    if (reply.ok) return reply;
    let detail = "";
    try { detail = (await reply.json()).detail; } catch { /* no problem document */ }
    throw new Error(detail || "没有打开，请重试。");
  }
  function errorLine(message) {
    const line = document.createElement("p");
    line.className = "lm-error";
    line.setAttribute("role", "alert");
    line.textContent = message;
    return line;
  }

  /* Download a file; where it is not there any more, say so instead of leaving the page. */
  async function followed(address) {
    try {
      await saved(await fetched(address));
    } catch (error) {
      say(error.message);
    }
  }
  /* Put what came back into a file of the browser's, under the name that the server gave it. */
  async function saved(reply, otherwise = "") {
    const name = /filename\*=UTF-8''([^;]+)/.exec(reply.headers.get("Content-Disposition") || "");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await reply.blob());
    link.download = name ? decodeURIComponent(name[1]) : otherwise;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  document.addEventListener("click", async (event) => {
    if (event.target.closest?.("[data-theme-switch]")) switchTheme();
    const link = event.target.closest?.("[data-copy-link]");
    if (link) {
      const done = await copy(new URL(link.dataset.copyLink, location.href).href);
      say(done ? "链接已复制，可发给同事；对方只能看到自己有权查看的内容。" : "浏览器不允许复制，请从地址栏复制链接。");
    }
    const skip = event.target.closest?.("[data-skip]");
    if (skip) {
      event.preventDefault();
      const main = find("#lm-main");
      main?.setAttribute("tabindex", "-1");
      main?.focus();
    }
  });
  /* Enter that ends an input method's composition (Pinyin) must not ask. */
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopPropagation();
  }, true);

  /* Gradio takes the language of the page from the browser; the page is Chinese. */
  const html = document.documentElement;
  const speakChinese = () => { if (html.lang !== "zh-CN") html.lang = "zh-CN"; };
  speakChinese();
  new MutationObserver(speakChinese).observe(html, { attributes: true, attributeFilter: ["lang"] });

  applyTheme();
  /* Gradio sets its own class once while it starts; the user's choice wins. */
  new MutationObserver(() => { if (stored()) applyTheme(); }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  return { find, wide, announce, say, copy, fetched, followed, saved, errorLine };
})();
