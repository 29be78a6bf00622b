/* The page 备课: the address follows what is open, downloads say what went wrong, links are shared. */
(() => {
  "use strict";
  if (location.pathname !== "/study") return;
  const { find, say, copy, fetched, announce } = window.luming;

  /* ---- the address of what is shown, so that a reload or a link opens it again ---- */
  function follow() {
    const session = find("#ls [data-session]")?.dataset.session;
    const room = find("#ls [data-room]")?.dataset.room;
    const url = new URL(location.href);
    url.search = room ? `?room=${encodeURIComponent(room)}` : session ? `?s=${encodeURIComponent(session)}` : "";
    if (url.href === location.href) return;
    history.replaceState(null, "", url);
    window.scrollTo(0, 0);
  }
  document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target?.id === "ls") follow(); });

  /* ---- what was folded open stays so when the session comes back changed ---- */
  let opened = [];
  const key = (fold) => {
    const place = fold.closest("[id^='i-']")?.id || fold.closest("tr")?.querySelector("[id^='m-']")?.id || "";
    return `${place} ${find("summary", fold).textContent.replace(/[（(].*/, "")}`;
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id === "ls") opened = [...document.querySelectorAll("#ls details[open]")].map(key);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "ls") return;
    for (const fold of document.querySelectorAll("#ls details")) if (opened.includes(key(fold))) fold.open = true;
  });

  /* ---- where nothing could be shown, the stage says why ---- */
  document.addEventListener("htmx:responseError", (event) => {
    const stage = event.detail.target;
    if (stage?.id !== "ls" || !find(".lm-progress", stage)) return;
    let line = "打不开，请刷新页面重试。";
    try { line = JSON.parse(event.detail.xhr.responseText).detail || line; } catch { /* not ours */ }
    const told = document.createElement("p");
    told.className = "lp-error";
    told.setAttribute("role", "alert");
    told.textContent = line;
    const back = document.createElement("a");
    back.href = "/study";
    back.textContent = "回到我的备课";
    const row = document.createElement("p");
    row.append(back);
    stage.replaceChildren(told, row);
  });

  /* ---- downloads ---- */
  async function download(link) {
    if (link.getAttribute("aria-busy")) return;
    link.setAttribute("aria-busy", "true");
    announce("正在生成…");
    try {
      const reply = await fetched(link.href);
      const given = /filename\*=UTF-8''([^;]+)/.exec(reply.headers.get("Content-Disposition") || "");
      const save = document.createElement("a");
      save.href = URL.createObjectURL(await reply.blob());
      save.download = given ? decodeURIComponent(given[1]) : "讲义";
      document.body.append(save);
      save.click();
      save.remove();
      setTimeout(() => URL.revokeObjectURL(save.href), 60_000);
    } catch (error) { say(error.message); }
    link.removeAttribute("aria-busy");
  }
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.(".ls-files a");
    if (link) { event.preventDefault(); download(link); return; }
    const share = event.target.closest?.("[data-share]");
    if (!share) return;
    const done = await copy(new URL(share.dataset.share, location.href).href);
    say(done ? "已复制链接。有备课权限、能查看所引文库的同事可以打开最后保存的一版。" : "浏览器不让复制，请复制地址栏里的地址。");
  });
})();
