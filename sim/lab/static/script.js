"use strict";
// The state of the page is what its link says after "#": NAME=VALUE, as --set takes it. Controls write it, the server
// answers it: one line at once, more lines as worlds are played. A newer change ends the answer to an older one. Each
// state has a number, which its answers repeat. From a change until its own answer arrives, a part is busy, and dimmed.
(() => {
  const page = document.body.dataset;
  if (!page.scenario) return;
  const one = (what, where = document) => where.querySelector(what);
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const fill = (text, words) => text.replace(/\{(\w+)\}/g, (_, name) => words[name]);
  const tidy = (value) => String(Number(Number(value).toPrecision(10)));
  const state = new Map();
  let serial = 0; // counts states; an answer to an older one is dropped
  const PENDING = "pending"; // until the verdicts (`data-shown`), or all (`data-answered`), of the newest state are there

  // -- the state and its link ------------------------------------------------------------------------------------------

  const text = () => [...state].map((pair) => pair.filter((part) => part !== null).map(encodeURIComponent).join("=")).join("&");
  const query = () => new URLSearchParams({ scenario: page.scenario, state: text() });
  const read = (said) => {
    state.clear();
    for (const pair of said.split("&").filter(Boolean)) {
      const at = pair.indexOf("=");
      // What is no NAME=VALUE goes to the server as it is, which says what is wrong with it.
      const [name, value] = at < 0 ? [pair, null] : [pair.slice(0, at), pair.slice(at + 1)];
      const plain = (part) => decodeURIComponent(part.replace(/\+/g, " "));
      try { state.set(plain(name), value === null ? null : plain(value)); } catch { state.set(pair, null); }
    }
  };
  const link = () => {
    const here = new URL(location.href);
    here.search = `?scenario=${encodeURIComponent(page.scenario)}`;
    here.hash = text();
    history.replaceState(null, "", here);
    one("#link").value = here.href;
    one("#save [name=state]").value = text();
    all("[data-file]").forEach((file) => { file.href = `/${file.dataset.file}?${query()}`; });
  };

  const put = (name, value, base) => {
    if (String(value) === String(base)) state.delete(name); else state.set(name, String(value));
  };

  // -- back and forth: a slider that is dragged, or a number that is typed, is one step until it is let go --------------

  const past = [], future = [];
  let kept = "", held = null, moving = null;
  const remember = () => {
    const now = text();
    if (now !== kept) {
      if (!moving || moving !== held) past.push(kept);
      [kept, held, future.length] = [now, moving, 0];
    }
    one("#undo").disabled = !past.length;
    one("#redo").disabled = !future.length;
  };
  const travel = (from, to) => {
    to.push(text());
    kept = from.pop();
    read(kept);
    toControls();
    changed();
  };
  document.addEventListener("input", (event) => { moving = event.target; }, true);
  document.addEventListener("change", (event) => { if (event.target === moving) moving = held = null; });
  one("#undo").addEventListener("click", () => travel(past, future));
  one("#redo").addEventListener("click", () => travel(future, past));

  // -- controls --------------------------------------------------------------------------------------------------------

  const numbers = all(".number").map((row) => ({
    row,
    path: row.dataset.path,
    base: row.dataset.base,
    slider: one("input[type=range]", row),
    field: one("input[type=number]", row),
    never: one("[data-never]", row),
    declared: one("input[data-path]", row),
    reset: one(".reset", row),
  }));
  const byPath = new Map(numbers.map((number) => [number.path, number]));
  const terms = all("[data-term]");

  const show = (number, value) => {
    const never = value === "never";
    if (number.never) number.never.checked = never;
    number.field.value = never ? "" : value;
    if (!never) number.slider.value = value;
    number.slider.toggleAttribute("data-asleep", never);
    number.slider.setAttribute("aria-valuetext", never ? "never" : String(value));
    tell(number, number.base === "never" && !never ? fill(page.priced, { value }) : "");
  };
  const tell = (number, words) => {
    const said = one(".said", number.row);
    said.textContent = words;
    said.hidden = !words;
  };
  const mark = () => {
    numbers.forEach((number) => {
      const line = number.declared;
      const moved = state.has(number.path) || (line && state.has(line.dataset.path));
      number.row.classList.toggle("moved", Boolean(moved));
      number.reset.hidden = !moved;
    });
    all("details.group").forEach((group) => {
      const count = all(".number.moved", group).length;
      const tag = one(".tag.moved", group);
      tag.hidden = !count;
      tag.textContent = fill(page.moved, { count });
    });
    one("#reset-numbers").disabled = !one(".number.moved");
    terms.forEach((select) => select.closest(".term").classList.toggle("moved", select.value !== select.dataset.base));
  };
  const toControls = () => {
    numbers.forEach((number) => {
      show(number, state.get(number.path) ?? number.base);
      const line = number.declared;
      if (line) line.checked = (state.get(line.dataset.path) ?? line.dataset.base) === "true";
    });
    terms.forEach((select) => { select.value = state.get(`proposal.${select.dataset.term}`) ?? select.dataset.base; });
    all("[data-show]").forEach((select) => { select.value = state.get(`show.${select.dataset.show}`) ?? select.dataset.default; });
    mark();
    filter();
  };
  const set = (number, value) => { put(number.path, value, number.base); show(number, value); changed(); };
  const drop = (number) => {
    state.delete(number.path);
    if (number.declared) state.delete(number.declared.dataset.path);
  };

  numbers.forEach((number) => {
    number.slider.addEventListener("input", () => set(number, tidy(number.slider.value)));
    number.field.addEventListener("input", () => {
      if (number.field.value === "" || !number.field.checkValidity()) return;
      const value = tidy(number.field.value);
      put(number.path, value, number.base);
      if (number.never) number.never.checked = false;
      number.slider.value = value;
      number.slider.removeAttribute("data-asleep");
      tell(number, number.base === "never" ? fill(page.priced, { value }) : "");
      changed();
    });
    number.field.addEventListener("change", () => {
      if (!number.field.checkValidity()) number.field.reportValidity();
      else if (number.field.value === "") { // the model goes on with the old value, so the field shows it again
        const value = state.get(number.path) ?? number.base;
        show(number, value);
        tell(number, fill(page.restored, { value }));
      }
    });
    if (number.never) number.never.addEventListener("change", () => set(number, number.never.checked ? "never" : tidy(number.slider.value)));
    if (number.declared) number.declared.addEventListener("change", () => {
      put(number.declared.dataset.path, number.declared.checked, number.declared.dataset.base);
      changed();
    });
    number.reset.addEventListener("click", () => { drop(number); toControls(); number.field.focus(); changed(); });
  });
  const putTerms = (chosen) => {
    terms.forEach((select) => {
      const name = select.dataset.term;
      if (name in chosen) put(`proposal.${name}`, chosen[name], select.dataset.base);
    });
    toControls();
  };
  const setTerms = (chosen) => { putTerms(chosen); changed(); };
  let picked = null; // the term that was just chosen, and its option before: what does not go with it is changed
  terms.forEach((select) => select.addEventListener("change", () => {
    const name = select.dataset.term;
    const old = state.get(`proposal.${name}`) ?? select.dataset.base;
    putTerms({ [name]: select.value });
    changed({ chosen: name, old });
  }));
  one("[data-start]").addEventListener("change", (event) => {
    const start = event.target.selectedOptions[0].dataset.terms;
    setTerms(start ? JSON.parse(start) : Object.fromEntries(terms.map((select) => [select.dataset.term, select.dataset.base])));
  });
  all("[data-show]").forEach((select) => select.addEventListener("change", () => { put(`show.${select.dataset.show}`, select.value, select.dataset.default); changed(); }));

  const filter = () => {
    const wanted = one("#search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [moved, assumed] = [one("#only-changed").checked, one("#only-assumed").checked];
    const any = wanted.length > 0 || moved || assumed;
    let count = 0;
    all("details.group").forEach((group) => {
      const owner = one(".owner", group).textContent.toLowerCase();
      let here = 0;
      all(".number", group).forEach((row) => {
        const words = `${row.dataset.words} ${owner}`;
        row.hidden = !(wanted.every((word) => words.includes(word)) && (!moved || row.classList.contains("moved")) && (!assumed || row.dataset.kind === "assumed"));
        here += !row.hidden;
      });
      all(".section", group).forEach((section) => { section.hidden = !one(".number:not([hidden])", section); });
      group.hidden = !here;
      const counted = one(".count", group);
      counted.textContent = any ? fill(page.found, { count: here, all: counted.dataset.all }) : counted.dataset.says;
      if (any) group.open = here > 0;
      count += here;
    });
    one("#found").textContent = fill(page.found, { count, all: numbers.length });
  };
  ["#search", "#only-changed", "#only-assumed"].forEach((what) => one(what).addEventListener("input", filter));

  one("#reset-all").addEventListener("click", () => { state.clear(); one("[data-start]").value = ""; toControls(); changed(); say(page.reset); });
  one("#wrong-reset").addEventListener("click", () => { state.clear(); toControls(); changed(); one("#main").focus(); });
  one("#reset-numbers").addEventListener("click", () => { numbers.forEach(drop); toControls(); changed(); });
  one("#open-about").addEventListener("click", () => one("#about").showModal());

  // -- answers ---------------------------------------------------------------------------------------------------------

  let saying = 0;
  const say = (words) => {
    clearTimeout(saying); // a slider on its way would be read out at every step
    saying = setTimeout(() => { one("#news").textContent = words; }, 500);
  };

  // What is put in anew keeps what was open, how far it was scrolled, and where the keyboard was.
  const swap = (name, html, of = serial) => {
    if (of !== null && of !== serial) return;
    const part = one(`[data-part="${name}"]`);
    if (of !== null) part.removeAttribute("aria-busy");
    const open = new Set(all("details[open]", part).map((each) => each.id));
    const scrolled = all(".wide", part).map((each) => each.scrollLeft);
    const focus = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.innerHTML = html;
    all("details", part).forEach((each) => { if (open.has(each.id)) each.open = true; });
    all(".wide", part).forEach((each, at) => { each.scrollLeft = scrolled[at] || 0; });
    document.dispatchEvent(new CustomEvent("lab:part", { detail: { name } }));
    if (focus) (document.getElementById(focus) || part.closest("section")).focus({ preventScroll: true });
  };
  const bar = (barred) => terms.forEach((select) => [...select.options].forEach((option) => {
    const off = (barred[select.dataset.term] || []).includes(option.value);
    option.textContent = off ? fill(page.barred, { option: option.dataset.says }) : option.dataset.says;
    option.classList.toggle("barred", off);
  }));
  const wrong = (lines) => {
    one("#wrong").hidden = !lines.length;
    one("#wrong-words").textContent = lines.join(" ");
    document.body.classList.toggle("stale", lines.length > 0);
  };
  // While a slider is dragged, the first line of an answer may be a state behind: it replaces all parts that it has at
  // once, and they stay busy until the newest answer arrives. Whatever comes later for an older state is dropped.
  const take = (line) => {
    const told = JSON.parse(line), newest = told.serial === serial;
    if (!newest && !told.news) return;
    if (told.followed && newest) follow(told.followed);
    Object.entries(told.parts || {}).forEach(([name, html]) => swap(name, html, newest ? serial : null));
    if (told.barred) bar(told.barred);
    if (told.news) { say(told.news); wrong([]); }
    if (told.news && newest) { picked = null; page.shown = text(); }
    page.answered = told.done ? text() : PENDING;
  };
  const follow = (followed) => { // the same step, with the terms that had to change as well
    if (!Object.keys(followed).length) return;
    putTerms(followed);
    link();
    kept = text();
    announce();
  };

  const rest = () => all("[data-part]").forEach((part) => part.removeAttribute("aria-busy"));
  let running = null, first = false, again = false;
  const ask = async () => {
    if (running && !first) { again = true; return; } // the answer on its way comes first, then the newest state
    if (running) running.abort();
    const mine = running = new AbortController();
    first = again = false;
    document.body.classList.add("busy");
    try {
      const body = query();
      Object.entries({ serial, ...picked }).forEach((pair) => body.set(...pair));
      const answer = await fetch("/answer", { method: "POST", body, signal: mine.signal });
      if (!answer.ok) { 
        wrong((await answer.json()).wrong);
        picked = null;
        if (!again) { rest(); page.shown = page.answered = text(); }
        return;
      }
      const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let begun = "";
      for (let got = await lines.read(); !got.done; got = await lines.read()) {
        const whole = (begun + got.value).split("\n");
        begun = whole.pop();
        if (mine === running) whole.forEach(take);
        if (whole.length && !first) { first = true; if (again) { ask(); return; } }
      }
    } catch (error) {
      if (error.name !== "AbortError") wrong([page.lost]);
    } finally {
      if (mine === running) { running = null; document.body.classList.remove("busy"); if (again) ask(); }
    }
  };
  const announce = () => document.dispatchEvent(new CustomEvent("lab:changed"));
  const changed = (choice = null) => {
    serial += 1;
    picked = choice ?? picked;
    all("[data-part]:not([hidden])").forEach((part) => part.setAttribute("aria-busy", "true"));
    mark();
    link();
    remember();
    page.shown = page.answered = PENDING;
    announce();
    ask();
  };

  // -- what stands in the answers --------------------------------------------------------------------------------------

  const look = (actor) => {
    state.set("show.actor", actor);
    all(".tile").forEach((tile) => tile.setAttribute("aria-pressed", String(tile.dataset.actor === actor)));
    all(".wall").forEach((wall) => { wall.hidden = wall.id !== `wall-${actor}`; });
    all(".turn").forEach((turn) => { turn.hidden = turn.id !== `turn-${actor}`; });
    link();
    kept = text(); // whose reasons are read is no step
  };
  const reveal = (path) => {
    const number = byPath.get(path);
    if (!number) return;
    number.row.closest("details").open = true;
    number.row.scrollIntoView({ block: "center" });
    number.field.focus({ preventScroll: true });
  };
  const copied = async (button) => {
    const what = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(what.value ?? what.textContent);
      say(page.copied);
    } catch { // without leave to copy, it is marked, to be copied by hand
      if (what.select) what.select(); else getSelection().selectAllChildren(what);
    }
  };
  const save = (href, name) => Object.assign(document.createElement("a"), { href, download: name }).click();
  const png = async (name) => {
    const drawn = await (await fetch(`/${name}.svg?${query()}`)).blob();
    const address = URL.createObjectURL(drawn);
    const image = new Image();
    image.src = address;
    await image.decode();
    const paper = Object.assign(document.createElement("canvas"), { width: 2 * image.width, height: 2 * image.height });
    paper.getContext("2d").drawImage(image, 0, 0, paper.width, paper.height);
    URL.revokeObjectURL(address);
    paper.toBlob((made) => { const here = URL.createObjectURL(made); save(here, `${name}.png`); setTimeout(() => URL.revokeObjectURL(here), 1000); });
  };
  document.addEventListener("click", (event) => {
    const within = event.target.closest('a[href^="#"]');
    if (within) { // what stands after "#" is the state of the page, not a place on it
      event.preventDefault();
      const place = one(within.getAttribute("href"));
      place.scrollIntoView();
      place.focus({ preventScroll: true });
    }
    const button = event.target.closest("button");
    if (!button) return;
    const { actor, terms: chosen, change, try: path, value, copy, png: picture } = button.dataset;
    if (actor) look(actor);
    else if (chosen) setTerms(JSON.parse(chosen));
    else if (change) setTerms(Object.fromEntries(Object.entries(JSON.parse(change)).map(([name, [, to]]) => [name, to])));
    else if (path && byPath.has(path)) { set(byPath.get(path), value === "never" ? value : tidy(value)); reveal(path); }
    else if (copy) copied(button);
    else if (picture) png(picture);
  });

  // What scripts of single panels use. They hear "lab:changed" on the document at every change, and "lab:part" when a
  // part of an answer was put in.
  const base = (name) => byPath.get(name)?.base ?? terms.find((select) => `proposal.${select.dataset.term}` === name)?.dataset.base;
  window.lab = {
    query,
    value: (name) => state.get(name) ?? base(name),
    changed: (name) => state.has(name),
    restore: (terms_and_numbers) => {
      const shown = [...state].filter(([name]) => name.startsWith("show."));
      read(terms_and_numbers);
      shown.forEach(([name, value]) => state.set(name, value));
      toControls();
      changed();
    },
    put: (changes) => { Object.entries(changes).forEach(([name, value]) => put(name, value, base(name))); toControls(); changed(); },
  };

  all(".claim-text").forEach((sentence) => sentence.addEventListener("toggle", (event) => {
    const opener = document.activeElement?.closest("[popovertarget]");
    if (event.newState !== "open" || !opener) return;
    const at = opener.getBoundingClientRect(), size = sentence.getBoundingClientRect();
    sentence.style.margin = "0";
    sentence.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    sentence.style.top = `${at.bottom + size.height + 8 < innerHeight ? at.bottom + 4 : at.top - size.height - 4}px`;
  }));
  addEventListener("hashchange", () => { moving = held = null; read(location.hash.slice(1)); toControls(); changed(); });
  one("#scenario").addEventListener("change", (event) => event.target.form.requestSubmit());
  if (matchMedia("(min-width: 110rem)").matches) one("details.group").open = true;
  read(location.hash.slice(1));
  kept = text();
  toControls();
  document.addEventListener("DOMContentLoaded", changed); // after the scripts of panels have run
})();
