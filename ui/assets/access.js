/* Login and account pages: light and dark as on the others, and a #place kept through the login. */
(() => {
  "use strict";
  let chosen = null;
  try { chosen = localStorage.getItem("luming-theme"); } catch { /* private mode */ }
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  if ((chosen || system) === "dark") document.documentElement.classList.add("dark");
  document.addEventListener("DOMContentLoaded", () => {
    const next = document.querySelector('input[name="next"]');
    if (next && location.hash && !next.value.includes("#")) next.value += decodeURI(location.hash);
  });
})();
