/* The connection: a line when the server does not answer, and when it does again. What was written
   on the page stays; a page that goes on by itself says so. */
(() => {
  "use strict";
  const { find, announce } = window.luming;
  const CALM = 20_000;
  const SOON = 1_500;
  const LATE = 5_000;
  const LOST = "与服务器的连接断了，正在重新连接…页面上写的内容还在。";
  const BACK = "已重新连上，可以接着用。";
  let lost = false;
  let failures = 0;
  let timer = 0;

  async function answers() {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), LATE);
    try { return (await fetch("/healthz", { cache: "no-store", signal: stop.signal })).ok; } catch { return false; } finally { clearTimeout(late); }
  }
  function line() {
    let found = find("#lm-connection");
    if (!found) {
      found = document.createElement("div");
      found.id = "lm-connection";
      found.setAttribute("aria-hidden", "true"); // announce() tells screen readers
      document.body.append(found);
    }
    return found;
  }
  function show(text, good) {
    const place = line();
    place.textContent = text;
    place.classList.toggle("lm-good", good);
    place.classList.add("lm-shown");
    announce(text);
  }
  async function look() {
    clearTimeout(timer);
    if (document.hidden) return; // looks again when the page is seen
    const well = await answers();
    failures = well ? 0 : failures + 1;
    if (failures >= 2 && !lost) {
      lost = true;
      show(LOST, false);
    } else if (well && lost) {
      lost = false;
      show(BACK, true);
      setTimeout(() => { if (!lost) line().classList.remove("lm-shown"); }, 4000);
    }
    timer = setTimeout(look, well ? CALM : SOON);
  }
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
  window.addEventListener("offline", () => { failures = 1; look(); });
  document.addEventListener("htmx:sendError", look);
  window.luming.look = look;
  timer = setTimeout(look, CALM);
})();
