"use strict";
// Slides turn with the arrow keys and a swipe, and stay in full screen. Without this file, each slide is a page.
(() => {
  const main = document.getElementById("main");
  let turning = false;
  const show = async (address, record) => {
    if (turning) return;
    turning = true;
    const answer = await fetch(address).catch(() => null);
    turning = false;
    if (!answer || answer.status !== 200) { location.assign(address); return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    main.replaceChildren(...document.importNode(fresh.getElementById("main"), true).childNodes);
    document.title = fresh.title;
    if (record) history.pushState(null, "", address);
    ready();
    document.getElementById("slide").focus({ preventScroll: true });
  };
  const link = (rel) => main.querySelector(`.turning a[rel=${rel}]`);
  const turn = (rel) => { const to = link(rel); if (to) show(to.href, true); };
  const ready = () => {
    const full = main.querySelector("[data-full]");
    full.hidden = !document.fullscreenEnabled;
    full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
    main.querySelectorAll(".turning a:not(.leave)").forEach((one) => one.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(one.href, true);
    }));
  };
  addEventListener("popstate", () => show(location.href, false));
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (["ArrowRight", "PageDown"].includes(event.key)) turn("next");
    else if (["ArrowLeft", "PageUp"].includes(event.key)) turn("prev");
    else return;
    event.preventDefault();
  });
  let from = null;
  main.addEventListener("touchstart", (event) => { from = event.touches.length === 1 ? event.touches[0] : null; }, { passive: true });
  main.addEventListener("touchend", (event) => {
    if (!from) return;
    const across = event.changedTouches[0].clientX - from.clientX, down = event.changedTouches[0].clientY - from.clientY;
    if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(down)) turn(across < 0 ? "next" : "prev");
  }, { passive: true });
  ready();
})();
