"use strict";
// The panels of levers, talks and comparison; `lab` (script.js) keeps the state and puts the answers in.
(() => {
  const lab = window.lab;
  if (!lab) return;
  const page = document.body.dataset;
  const one = (what, where = document) => where.querySelector(what);
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const PENDING = "pending"; // until all panels show the newest state

  // -- levers: each shows and sets a number of the state ----------------------------------------------------------------

  const words = (value) => value === "never" ? value
    : Number(value).toLocaleString("en", { maximumFractionDigits: 3 }).replace("-", "\u2212");
  const levers = all("[data-lever]").map((row) => ({
    row,
    path: row.dataset.lever,
    slider: one("input[type=range]", row),
    never: one("[data-never]", row),
    output: one("output", row),
  }));
  const show = (lever) => {
    const value = lab.value(lever.path);
    const never = value === "never";
    if (!never) lever.slider.value = value;
    if (lever.never) lever.never.checked = never;
    lever.slider.toggleAttribute("data-asleep", never);
    lever.slider.setAttribute("aria-valuetext", words(value));
    lever.output.textContent = lever.row.dataset.present.replace("{value}", words(value));
    lever.row.classList.toggle("moved", lab.changed(lever.path));
  };
  const tidy = (value) => String(Number(Number(value).toPrecision(10)));
  levers.forEach((lever) => {
    lever.slider.addEventListener("input", () => lab.put({ [lever.path]: tidy(lever.slider.value) }));
    if (lever.never) lever.never.addEventListener("change", () => lab.put({ [lever.path]: lever.never.checked ? "never" : tidy(lever.slider.value) }));
  });
  one("#all-numbers").addEventListener("click", () => {
    one("#numbers-heading").scrollIntoView({ block: "start" });
    one("#search").focus({ preventScroll: true });
  });

  // -- the talks: a month at a time, by buttons, by the slider, or by themselves ------------------------------------------

  const STEP = 1800; // milliseconds for which a month stays while the talks play
  const [play, back, on, at] = ["#talks-play", "#talks-back", "#talks-on", "#talks-at"].map((what) => one(what));
  let playing = 0;
  const last = () => Number(at.max);
  const stop = () => {
    clearInterval(playing);
    playing = 0;
    play.textContent = play.dataset.play;
  };
  const go = (month) => {
    const now = Math.min(Math.max(month, 1), last());
    at.value = now;
    all(".month").forEach((each) => { each.hidden = Number(each.dataset.month) !== now; });
    all("[data-column]").forEach((each) => each.classList.toggle("on", Number(each.dataset.column) === now));
    all("[data-go]").forEach((each) => { if (Number(each.dataset.go) === now) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current"); });
    at.setAttribute("aria-valuetext", one(`.month[data-month="${now}"]`)?.dataset.says ?? "");
    back.disabled = now === 1;
    on.disabled = now === last();
    if (playing && now === last()) stop();
  };
  const newTalks = () => {
    const months = all(".month").length;
    const before = Number(at.value);
    at.max = Math.max(months, 1);
    [play, at].forEach((each) => { each.disabled = months < 2; });
    if (months) go(before); else [back, on].forEach((each) => { each.disabled = true; });
  };
  play.addEventListener("click", () => {
    if (playing) { stop(); return; }
    if (Number(at.value) === last()) go(1);
    play.textContent = play.dataset.pause;
    playing = setInterval(() => go(Number(at.value) + 1), STEP);
  });
  // A button that has just been switched off keeps no focus, so the slider takes it.
  const step = (by) => { stop(); go(Number(at.value) + by); if (document.activeElement === document.body || document.activeElement.disabled) at.focus(); };
  back.addEventListener("click", () => step(-1));
  on.addEventListener("click", () => step(1));
  at.addEventListener("input", () => { stop(); go(Number(at.value)); });
  document.addEventListener("click", (event) => {
    const month = event.target.closest("[data-go]");
    if (month) { stop(); go(Number(month.dataset.go)); }
  });

  // -- two states: A is kept in the link --------------------------------------------------------------------------------

  const PIN = "show.pinned", BASE = "base"; // the scenario as in its file has no changes to list
  const present = () => new URLSearchParams(lab.query()).get("state").split("&").filter((pair) => pair && !pair.startsWith("show.")).join("&");
  const pinned = () => lab.value(PIN);
  one("#pin").addEventListener("click", () => lab.put({ [PIN]: present() || BASE }));
  one("#unpin").addEventListener("click", () => { lab.put({ [PIN]: undefined }); one("#pin").focus(); });
  one("#to-pinned").addEventListener("click", () => lab.restore(pinned() === BASE ? "" : pinned()));
  const showPin = () => ["#unpin", "#to-pinned"].forEach((what) => { one(what).hidden = pinned() === undefined; });

  // -- the state and its answer --------------------------------------------------------------------------------------------

  const LAST = "compare"; // the last panel of an answer
  document.addEventListener("lab:part", ({ detail: { name } }) => {
    if (name === "talks") newTalks();
    if (name === LAST) page.panels = location.hash.slice(1);
  });
  document.addEventListener("lab:changed", () => {
    page.panels = PENDING;
    stop();
    levers.forEach(show);
    showPin();
  });
})();
