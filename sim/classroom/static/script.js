"use strict";
// Live updates. Every page works without this file: forms are forms, and "Refresh" is a link.
(() => {
  const page = document.body.dataset;
  const ahead = Number(page.now || 0) - Date.now() / 1000;
  const all = (what, where = document) => [...where.querySelectorAll(what)];

  const tell = (text) => { const news = document.getElementById("news"); if (news && text) news.textContent = text; };

  // Clocks: the server says when a phase ends; the page counts, and warns before the end: once aloud, and beside it.
  const warned = new Set();
  const warn = (clock, left) => {
    const words = left > 60 || left <= 0 ? "" : left > 15 ? clock.dataset.soon : clock.dataset.last;
    const beside = clock.nextElementSibling;
    if (beside) { beside.hidden = !words; if (beside.textContent !== words) beside.textContent = words; }
    clock.parentElement.classList.toggle("soon", Boolean(words));
    if (words && !warned.has(clock.dataset.ends + words)) { warned.add(clock.dataset.ends + words); tell(words); }
  };
  const tick = () => all("[data-ends]").forEach((clock) => {
    const left = Math.max(0, Math.round(Number(clock.dataset.ends) - Date.now() / 1000 - ahead));
    clock.textContent = left || !clock.dataset.over ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : clock.dataset.over;
    if (clock.dataset.soon) warn(clock, left);
  });
  setInterval(tick, 1000);

  // What somebody has typed, chosen or opened outlives a part that is put in anew.
  const name = (field) => `${field.form ? field.form.getAttribute("action") : ""} ${field.name} ${field.type === "radio" || field.type === "checkbox" ? field.value : ""}`;
  const state = (field) => (field.type === "radio" || field.type === "checkbox" ? field.checked : field.value);
  const first = (field) => (field.type === "radio" || field.type === "checkbox" ? field.defaultChecked
    : field.tagName === "SELECT" ? (field.querySelector("option[selected]") || field.options[0] || {}).value : field.defaultValue);
  const fields = (where) => all("input:not([type=hidden]), select, textarea", where);
  const swap = (old, fresh) => {
    const typed = new Map(fields(old).filter((one) => state(one) !== first(one)).map((one) => [name(one), state(one)]));
    const open = new Set(all("details[open]", old).map((one) => one.id));
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const focus = active && (active.id || (active.name && name(active)));
    old.replaceWith(fresh);
    fields(fresh).forEach((one) => {
      if (!typed.has(name(one))) return;
      if (one.type === "radio" || one.type === "checkbox") one.checked = typed.get(name(one));
      else one.value = typed.get(name(one));
    });
    all("details", fresh).forEach((one) => { if (one.id && open.has(one.id)) one.open = true; });
    const again = focus && all("[id], [name]", fresh).find((one) => one.id === focus || (one.name && name(one) === focus));
    if (again) again.focus({ preventScroll: true });
    all("form[data-preview]", fresh).forEach(preview);
    all("form[data-keep]", fresh).forEach(keep);
    tick();
  };

  const renew = (fresh) => all("[data-part]", fresh).forEach((part) => {
    const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!old || old.dataset.mark === part.dataset.mark) return;
    swap(old, document.importNode(part, true));
    if (part.dataset.news) tell(part.dataset.news);
  });
  const changed = () => document.dispatchEvent(new Event("parley:changed"));
  const connected = (yes) => document.dispatchEvent(new CustomEvent("parley:connected", { detail: yes }));

  // The parts of a page that are this reader's own: fetched when the server says that something changed.
  let asked = 0, leaving = false;
  addEventListener("submit", (event) => { if (!event.defaultPrevented) leaving = true; });
  const anew = () => { if (!leaving) location.reload(); }; // a form that is on its way leads on by itself
  const refresh = (wait) => {
    if (asked) return;
    asked = setTimeout(async () => {
      asked = 0;
      const answer = await fetch(page.parts, { headers: { "X-Parts": "1" } }).catch(() => null);
      if (!answer) return;
      if (answer.redirected || answer.status === 403 || answer.status === 404) { anew(); return; }
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      renew(fresh);
      changed();
      page.n = fresh.querySelector("[data-n]")?.dataset.n || page.n;
    }, wait);
  };

  const listen = () => {
    const source = new EventSource(page.events);
    const lost = document.getElementById("lost");
    source.addEventListener("open", () => { if (lost) lost.hidden = true; connected(true); });
    source.addEventListener("error", () => {
      if (lost) lost.hidden = false;
      connected(false);
      if (source.readyState === EventSource.CLOSED) { refresh(0); setTimeout(listen, 2000); }
    });
    source.addEventListener("hello", (event) => { if (event.data !== page.n) refresh(Math.random() * 400); });
    source.addEventListener("private", () => refresh(50 + Math.random() * 250));
    source.addEventListener("lobby", () => refresh(500 + Math.random() * 1500));
    source.addEventListener("reload", anew);
    source.addEventListener("public", (event) => {
      renew(new DOMParser().parseFromString(event.data, "text/html"));
      changed();
    });
    addEventListener("pagehide", () => source.close());
  };

  // What is being computed is asked for quietly, until the page would say something else than it does.
  const until = () => setTimeout(async () => {
    const answer = await fetch(location.href).catch(() => null);
    const fresh = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    if (fresh && fresh.body.dataset.again !== page.again) location.reload(); else until();
  }, 1000 * Number(page.again));

  // A draft is weighed while it is edited.
  const preview = (form) => {
    const target = document.getElementById(form.dataset.target);
    let wait = 0, turn = 0;
    form.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(async () => {
        const mine = ++turn;
        const terms = [...new FormData(form)].filter(([field]) => field.startsWith("term."));
        const answer = await fetch(`${form.dataset.preview}?${new URLSearchParams(terms)}`, { headers: { "X-Parts": "1" } }).catch(() => null);
        if (answer && answer.ok && mine === turn) target.innerHTML = await answer.text();
      }, 120);
    });
  };

  // An answer that is begun and not sent is kept on the server, for this seat alone.
  const keep = (form) => {
    let wait = 0;
    form.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(() => {
        fetch(form.dataset.keep, { method: "POST", keepalive: true, headers: { "X-Parts": "1" }, body: new URLSearchParams(new FormData(form)) }).catch(() => null);
      }, 250);
    });
    form.addEventListener("submit", () => clearTimeout(wait));
  };

  all("form[data-preview]").forEach(preview);
  all("form[data-keep]").forEach(keep);
  all("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  all("[data-check]").forEach((line) => {
    if (line.dataset.check === "script") { line.hidden = false; return; }
    const source = new EventSource("/check/events");
    source.addEventListener("here", () => { line.hidden = false; source.close(); });
  });
  window.parley = { page, all, renew, tell, changed }; // for the page of a seat (phone.js)
  tick();
  if (page.again) until();
  if (page.events) listen();
})();
