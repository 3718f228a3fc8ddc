"use strict";
// The page of a seat as an app: one panel at a time, badges, a sound when it is one's turn, and forms that wait for the
// connection. Without this file all panels stand below each other and every form is an ordinary form.
(() => {
  const { page, all, renew, tell, changed } = window.parley;
  const seat = document.querySelector(".seat"), lost = document.getElementById("lost"), queued = document.getElementById("queued");
  const memory = {}; // in place of a storage that the browser refuses
  const stored = (key, value) => {
    try {
      if (value === undefined) return JSON.parse(localStorage.getItem(`parley.${key}`));
      localStorage.setItem(`parley.${key}`, JSON.stringify(value));
    } catch {
      if (value === undefined) return memory[key] ?? null;
      memory[key] = value;
    }
    return value;
  };

  // One panel at a time; the address says which, so that a reload and the Back button keep it.
  const wide = matchMedia("(min-width: 60rem)");
  const full = (panel) => panel && panel.querySelector(".card");
  const place = () => {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const panel = target && target.closest(".panel");
    if (panel && !full(panel)) history.replaceState(null, "", "#now"); // its time is over
    seat.dataset.shown = panel && full(panel) ? panel.id : full(document.getElementById("brief")) ? "brief" : "now";
    const tab = ["brief", "act", "now"].includes(seat.dataset.shown) ? (wide.matches ? "text" : "now") : seat.dataset.shown;
    all(".tabs a").forEach((link) => {
      if (link.hash === `#${tab}`) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
    count();
    return panel && full(panel) ? target : null;
  };
  const go = () => {
    const target = place(), panel = document.getElementById(seat.dataset.shown);
    panel.focus({ preventScroll: true });
    if (target && target !== panel && panel.contains(target)) target.scrollIntoView(); else scrollTo(0, 0);
  };
  addEventListener("hashchange", go);
  addEventListener("click", (event) => { // a link to where one is changes no address
    const link = event.target.closest && event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) go();
  });
  wide.addEventListener("change", place);

  // Badges: what has not been on the screen yet.
  const key = `seen.${page.me}`;
  const seen = stored(key) || {};
  const shown = (panel) => document.visibilityState === "visible" && panel.checkVisibility();
  const count = () => {
    let unread = 0;
    all(".panel").forEach((panel) => {
      const numbers = all("[data-said]:not([data-own])", panel).map((one) => Number(one.dataset.said));
      if (shown(panel)) seen[panel.id] = Math.max(seen[panel.id] || 0, ...numbers);
      const fresh = numbers.filter((one) => one > (seen[panel.id] || 0)).length;
      unread += fresh;
      badge(panel.id, fresh);
    });
    stored(key, seen);
    const { title, turn } = document.querySelector("[data-part=now] [data-title]").dataset;
    if (turn && !shown(document.getElementById("now")) && !shown(document.getElementById("act") || seat)) badge("now", 0, true);
    document.title = unread && !turn ? `(${unread}) ${title}` : title;
  };
  const badge = (id, fresh, dot = false) => {
    const link = document.querySelector(`.tabs a[href="#${id}"]`);
    if (!link) return;
    all(".badge", link).forEach((one) => one.remove());
    if (!fresh && !dot) return;
    const made = document.createElement("span");
    made.className = dot ? "badge dot" : "badge";
    made.textContent = dot ? "" : fresh > 9 ? "9+" : fresh;
    const words = document.createElement("span");
    words.className = "hear";
    words.textContent = ` ${dot ? document.getElementById("turn").textContent : page.new}`;
    made.append(words);
    link.append(" ", made);
  };
  addEventListener("visibilitychange", count);

  // A short sound and a vibration when it becomes one's turn; nothing before the first touch or key.
  const box = document.getElementById("sound-on");
  let audio = null;
  const wake = () => { if (!audio && box.checked && window.AudioContext) audio = new AudioContext(); };
  box.checked = stored("sound") !== false;
  box.closest("[data-sound]").hidden = false;
  box.addEventListener("change", () => { stored("sound", box.checked); if (box.checked) { wake(); ring(); } });
  addEventListener("pointerdown", wake);
  addEventListener("keydown", wake);
  const ring = () => {
    if (!audio || !box.checked) return;
    audio.resume();
    [660, 880].forEach((pitch, at) => {
      const tone = audio.createOscillator(), volume = audio.createGain(), start = audio.currentTime + 0.16 * at;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, start);
      volume.gain.exponentialRampToValueAtTime(0.2, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.15);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.16);
    });
    if (navigator.vibrate) navigator.vibrate([80, 60, 80]);
  };
  const over = () => document.querySelector(".result") !== null;
  const mark = () => document.querySelector("[data-part=now] [data-title]").dataset.turn;
  let turn = mark(), ended = over();
  document.addEventListener("parley:changed", () => {
    const was = turn, first = over() && !ended;
    turn = mark();
    ended = over();
    if (first && location.hash) location.hash = "#now"; else place();
    if (first || (turn && turn !== was)) ring();
  });

  // Forms are sent in the background, so that the page stays; without a connection they wait, also through a reload.
  const WAIT = 3000, PATIENCE = 15000, QUEUE = `queue.${page.me}`;
  const waiting = () => stored(QUEUE) || [];
  const tellQueue = () => {
    const left = waiting().length;
    queued.hidden = !left;
    queued.textContent = queued.dataset.says.replace("{count}", left);
    if (left) lost.hidden = false;
  };
  const without = (action) => stored(QUEUE, waiting().filter((one) => one.action !== action));
  const post = async (item) => { // the answer as a document; null if the server was not reached
    const abort = new AbortController(), timer = setTimeout(() => abort.abort(), PATIENCE);
    try {
      const answer = await fetch(item.to, { method: "POST", body: new URLSearchParams(item.fields), signal: abort.signal });
      return { url: answer.url, ok: answer.ok, doc: new DOMParser().parseFromString(await answer.text(), "text/html") };
    } catch { return null; } finally { clearTimeout(timer); }
  };
  const apply = ({ url, ok, doc }, item) => {
    const refused = document.getElementById("refused");
    if (!ok && doc.querySelector("main")) { // why, and what was written
      refused.replaceChildren(...[...doc.querySelector("main").children].map((one) => document.importNode(one, true)));
      refused.scrollIntoView();
      return;
    }
    if (!doc.querySelector(".seat")) { location.assign(url); return; }
    refused.replaceChildren();
    const form = all("form").find((one) => one.elements.action && one.elements.action.value === item.action);
    if (form) { // the server sends its part again, with a new id for the next action
      form.closest("[data-part]").dataset.mark = "";
      if (filled(form) === item.filled) form.reset(); // what was typed since then stays
    }
    history.replaceState(null, "", url + (item.then ? `#${item.then}` : location.hash));
    page.parts = doc.body.dataset.parts;
    page.n = doc.body.dataset.n;
    renew(doc);
    changed();
    tell(page.sent);
    if (item.then) go();
    else if (document.activeElement === document.body) document.getElementById(seat.dataset.shown).focus({ preventScroll: true });
  };
  const filled = (form) => JSON.stringify([...new FormData(form)]);
  const send = async (form, button) => {
    if (form.dataset.busy) return;
    const fields = new FormData(form, button);
    const item = {
      action: fields.get("action"), to: form.getAttribute("action"), fields: [...fields],
      filled: filled(form), then: (button && button.dataset.then) || form.dataset.then || "",
    };
    const buttons = all("button:enabled", form);
    const busy = (yes) => { form.dataset.busy = yes; buttons.forEach((one) => { one.disabled = yes; }); };
    busy("yes");
    const answer = await post(item);
    busy("");
    if (answer) { without(item.action); tellQueue(); apply(answer, item); return; }
    without(item.action);
    stored(QUEUE, [...waiting(), item]);
    lost.hidden = false;
    tellQueue();
    again();
  };
  let timer = 0, flushing = false;
  const again = () => { clearTimeout(timer); if (waiting().length) timer = setTimeout(flush, WAIT); };
  const flush = async () => {
    if (flushing) return;
    flushing = true;
    for (const item of waiting()) {
      const answer = await post(item);
      if (!answer) break;
      without(item.action);
      apply(answer, item);
      if (!answer.ok) break;
    }
    flushing = false;
    tellQueue();
    if (!waiting().length) lost.hidden = true;
    again();
  };
  document.addEventListener("parley:connected", (event) => { if (event.detail) flush(); else tellQueue(); });
  addEventListener("offline", () => { lost.hidden = false; tellQueue(); });
  addEventListener("online", flush);
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || !form.closest(".panel")) return;
    if (form.hasAttribute("data-leaves")) { [key, QUEUE].forEach((one) => stored(one, null)); return; } // nothing stays here
    event.preventDefault();
    send(form, event.submitter);
  }, true);

  const target = place();
  if (target && !target.classList.contains("panel")) target.scrollIntoView();
  flush();
})();
