"use strict";
// Light or dark by choice, for what is projected: it overrules the system and is remembered on this device. Without this
// file the page follows the system. It runs before the page is painted, so that nothing flashes.
(() => {
  const KEY = "parley.colours", DARK = "(prefers-color-scheme: dark)", ON = "(min-width: 0)", OFF = "(max-width: 0)";
  const system = matchMedia(DARK);
  let chosen = null; // "dark", "light", or null: as the system
  try { chosen = localStorage.getItem(KEY); } catch { /* a browser that refuses to store anything follows the system */ }
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule.media && rule.media.mediaText.includes(DARK))
    .map((rule) => ({ rule, asked: rule.media.mediaText }));
  const dark = () => (chosen ? chosen === "dark" : system.matches);
  const show = () => {
    const now = chosen ? (dark() ? ON : OFF) : DARK;
    rules.forEach(({ rule, asked }) => { rule.media.mediaText = asked.replace(DARK, now); });
    const button = document.querySelector("[data-dark]");
    if (!button) return;
    button.textContent = dark() ? button.dataset.light : button.dataset.dark;
    button.hidden = false;
  };
  show();
  system.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", () => {
    show();
    document.querySelector("[data-dark]").addEventListener("click", () => {
      const wanted = dark() ? "light" : "dark";
      chosen = (wanted === "dark") === system.matches ? null : wanted;
      try { if (chosen) localStorage.setItem(KEY, chosen); else localStorage.removeItem(KEY); } catch { /* for this page alone */ }
      show();
    });
  });
})();
