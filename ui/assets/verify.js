/* The page 核验: show one sort of finding, go from one to the next (keys j and k, or buttons). */
(() => {
  "use strict";
  if (location.pathname !== "/verify") return;
  const { find, announce } = window.luming;
  const section = () => find(".lm-verify");
  const shown = () => [...document.querySelectorAll(".lm-verify .lv-card")].filter((one) => one.offsetParent);
  let at = -1;

  function go(step) {
    const cards = shown();
    if (!cards.length) return;
    at = (at + step + cards.length) % cards.length;
    const card = cards[at];
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "center" });
    const mark = document.getElementById(card.id.replace("f", "m"));
    for (const one of document.querySelectorAll(".lv-mark.lv-now")) one.classList.remove("lv-now");
    mark?.classList.add("lv-now");
    mark?.scrollIntoView({ block: "nearest" });
  }
  function only(chip) {
    const code = [...chip.classList].find((one) => one.startsWith("lv-"));
    const on = chip.getAttribute("aria-pressed") !== "true";
    for (const one of chip.parentElement.children) one.setAttribute("aria-pressed", "false");
    for (const card of document.querySelectorAll(".lv-card")) card.classList.toggle("lv-chosen", on && card.classList.contains(code));
    chip.setAttribute("aria-pressed", String(on));
    section().toggleAttribute("data-only", on);
    at = -1;
    announce(on ? `只看${chip.textContent}` : "全部");
  }
  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.(".lv-counts li");
    if (chip) only(chip);
    const step = event.target.closest?.("[data-step]");
    if (step) go(Number(step.dataset.step));
    const inside = event.target.closest?.('.lm-verify a[href^="#"]');
    if (inside) {
      event.preventDefault();
      const place = document.getElementById(inside.getAttribute("href").slice(1));
      place?.scrollIntoView({ block: "center" });
      if (place) { place.tabIndex = -1; place.focus({ preventScroll: true }); }
      at = shown().indexOf(place);
    }
  });
  document.addEventListener("keydown", (event) => {
    const chip = event.target.closest?.(".lv-counts li");
    if (chip && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); only(chip); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
    if (event.key === "j") go(1);
    if (event.key === "k") go(-1);
  });
  document.addEventListener("htmx:afterSwap", () => {
    at = -1;
    const chips = find(".lv-counts");
    if (chips) { chips.setAttribute("role", "group"); chips.setAttribute("aria-label", "只看一种结果"); }
    for (const chip of document.querySelectorAll(".lv-counts li")) { chip.tabIndex = 0; chip.setAttribute("role", "button"); chip.setAttribute("aria-pressed", "false"); }
    const head = find(".lm-verify .lv-sum");
    if (!head) return;
    announce(head.textContent);
    find("#lp-verified").scrollIntoView({ block: "start", behavior: "smooth" });
  });
})();
