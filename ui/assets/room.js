/* A phone in a live quiz: asks every two seconds for the present question, sends what is pressed.
   All words enter the page as text. */
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const entry = byId("entry");
  if (entry) {
    entry.addEventListener("submit", (event) => {
      event.preventDefault();
      const code = byId("code").value.trim();
      if (/^[0-9]{6}$/.test(code)) location.href = `/room/${code}`;
    });
    return;
  }
  const room = byId("room");
  if (!room) return;
  const base = `/room/${room.dataset.code}`;
  const EVERY = 2000;
  let shown = "";
  let chosen = new Set();
  let timer = 0;
  let over = false;

  const make = (tag, text = "", css = "") => {
    const one = document.createElement(tag);
    one.textContent = text;
    if (css) one.className = css;
    return one;
  };
  function tell(line) { byId("error").textContent = line; byId("error").hidden = !line; }
  async function send(path, body) {
    let reply;
    try {
      reply = await fetch(base + path, body === undefined ? { cache: "no-store" } : {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      });
    } catch { throw Object.assign(new Error("连不上，正在重试…"), { status: 0 }); }
    const told = await reply.json().catch(() => ({}));
    if (!reply.ok) throw Object.assign(new Error(told.detail || "没有成功，请重试。"), { status: reply.status });
    return told;
  }

  byId("join").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await send("/join", { nickname: byId("nickname").value });
      byId("join").hidden = true;
      tell("");
      ask();
    } catch (error) { tell(error.message); }
  });

  async function ask() {
    clearTimeout(timer);
    try {
      show(await send("/state"));
      tell("");
    } catch (error) {
      if (error.status === 409) { byId("join").hidden = false; byId("question").hidden = true; return; }
      tell(error.message);
      if (error.status === 404) { over = true; return; }
    }
    /* not all phones in the same moment */
    if (!over) timer = setTimeout(ask, EVERY + Math.random() * 400);
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !over && byId("join").hidden) ask(); });

  function show(state) {
    over = state.phase === "ended";
    const now = JSON.stringify(state);
    if (now === shown) return;
    const fresh = !shown || JSON.parse(shown).place !== state.place || JSON.parse(shown).phase !== state.phase;
    shown = now;
    if (fresh || state.phase !== "open") chosen = new Set(state.mine);
    const box = byId("question");
    box.hidden = false;
    box.replaceChildren();
    if (state.phase === "lobby") { box.append(make("p", "已加入，请等主持人开始。", "big")); return; }
    if (state.phase === "ended") { box.append(make("p", "测验结束，谢谢参加。", "big")); return; }
    box.append(make("p", `第 ${state.place + 1} 题，共 ${state.total} 题　${state.kind}`, "hint"), make("p", state.stem, "stem"));
    const list = make("div", "", "choices");
    for (const one of state.choices) list.append(button(one, state));
    box.append(list);
    if (state.many && state.phase === "open") {
      const sure = make("button", "提交这几项", "main");
      sure.type = "button";
      sure.addEventListener("click", () => answer(state.place));
      box.append(sure);
    }
    box.append(make("p", line(state), "status"));
  }
  function line(state) {
    if (state.phase === "revealed") {
      if (!state.mine.length) return "正确答案已标出。";
      return state.right.join() === state.mine.join() ? "答对了。" : "答错了，正确答案已标出。";
    }
    if (state.phase === "closed") return "已停止作答，请看屏幕。";
    return state.mine.length ? `已收到您的回答：${state.mine.join("、")}` : state.many ? "可以选几项，选好后提交。" : "请选一项。";
  }
  function button(one, state) {
    const made = make("button", state.bare ? one.text : `${one.label}. ${one.text}`);
    made.type = "button";
    made.disabled = state.phase !== "open";
    made.setAttribute("aria-pressed", String(chosen.has(one.label)));
    if (state.right?.includes(one.label)) made.classList.add("right");
    made.addEventListener("click", () => {
      if (!state.many) { chosen = new Set([one.label]); }
      else if (!chosen.delete(one.label)) chosen.add(one.label);
      for (const other of made.parentElement.children) other.setAttribute("aria-pressed", "false");
      [...made.parentElement.children].forEach((other, at) => other.setAttribute("aria-pressed", String(chosen.has(state.choices[at].label))));
      if (!state.many) answer(state.place);
    });
    return made;
  }
  async function answer(place) {
    try { await send("/answer", { place, choice: [...chosen].sort() }); tell(""); }
    catch (error) { tell(error.message); }
    ask();
  }
  if (room.dataset.joined === "1") ask();
})();
