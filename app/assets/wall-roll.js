/* What moves on a wall by itself: lists longer than their panel, sentences of the foot, panels that share a place, digits. */
(function () {
  "use strict";
  const STEP_MS = 3200; // a line is read in this time
  const TURN_MS = 7000; // a sentence
  const PANEL_MS = 22000; // a panel that shares its place
  const MOVE_MS = 480;
  const PANELS = ["figures", "ranking", "covered", "trend"]; // in the order of their turns, where a wall is upright
  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const wall = () => Boolean(window.onemapRoom && window.onemapRoom.isWall());
  let held = false; // a hand is on the wall, or the picture is frozen
  let panel = 0;

  /* Shows only lines that are whole; says whether some are not. */
  function cut(list) {
    const frame = list.getBoundingClientRect();
    let hidden = 0;
    for (const line of list.children) {
      const box = line.getBoundingClientRect();
      const whole = box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
      if (!whole) hidden += 1;
      if (whole) delete line.dataset.cut;
      else line.dataset.cut = "";
    }
    return hidden;
  }

  const lists = () => document.querySelectorAll(".wall .rolls");

  function settle() {
    if (!wall()) return;
    lists().forEach((list) => {
      if (list.dataset.of !== String(list.children.length)) { list.scrollTop = 0; delete list.dataset.tail; list.dataset.of = list.children.length; }
      cut(list);
    });
    turn(false);
    show();
  }

  /* One line up; at the end of the list back to its beginning. */
  function step(list) {
    const frame = list.getBoundingClientRect();
    const next = [...list.children].find((line) => line.getBoundingClientRect().top > frame.top + 2);
    const over = !list.lastElementChild || list.lastElementChild.getBoundingClientRect().bottom <= frame.bottom + 2;
    if (!next || (over && !list.scrollTop)) return;
    const to = over ? 0 : list.scrollTop + next.getBoundingClientRect().top - frame.top;
    const short = to + list.clientHeight - list.scrollHeight;
    if (!over && short > 0) { list.style.setProperty("--tail", short + "px"); list.dataset.tail = ""; } // so that the first line stands at the top
    else if (over) delete list.dataset.tail;
    glide(list, to);
  }

  function glide(list, to) {
    const from = list.scrollTop, began = performance.now();
    if (still() || Math.abs(to - from) > list.clientHeight / 2) { list.scrollTop = to; cut(list); return; }
    for (const line of list.children) delete line.dataset.cut;
    const frame = (now) => {
      const part = Math.min((now - began) / MOVE_MS, 1);
      list.scrollTop = from + (to - from) * (1 - (1 - part) ** 3);
      if (part < 1) requestAnimationFrame(frame);
      else cut(list);
    };
    requestAnimationFrame(frame);
  }

  /* The next sentence of each strip. */
  function turn(on) {
    document.querySelectorAll(".wall .turns").forEach((list) => {
      const lines = [...list.children], at = lines.findIndex((line) => "turn" in line.dataset);
      const next = at < 0 ? 0 : on ? (at + 1) % lines.length : at;
      lines.forEach((line, n) => { if (n === next) line.dataset.turn = ""; else delete line.dataset.turn; });
    });
  }

  function show() {
    PANELS.forEach((id, at) => {
      const node = document.getElementById(id);
      if (node && at === panel) node.dataset.turn = "";
      else if (node) delete node.dataset.turn;
    });
  }

  /* A digit that changes turns over, as on a board of flaps. */
  function flip() {
    document.querySelectorAll(".wall .digits > span").forEach((digit) => {
      const before = digit.dataset.was;
      digit.dataset.was = digit.textContent;
      if (before === undefined || before === digit.textContent || still()) return;
      digit.animate([{ transform: "rotateX(-88deg)", opacity: .2 }, { transform: "none", opacity: 1 }], { duration: MOVE_MS, easing: "ease-out" });
    });
  }

  document.addEventListener("onemap:step", () => { lists().forEach(step); turn(true); });
  const every = (ms, act) => setInterval(() => { if (wall() && !held && !document.hidden) act(); }, ms);
  every(STEP_MS, () => lists().forEach(step));
  every(TURN_MS, () => turn(true));
  every(PANEL_MS, () => { panel = (panel + 1) % PANELS.length; show(); lists().forEach(cut); });
  document.addEventListener("onemap:laid", () => { settle(); flip(); });
  document.addEventListener("onemap:hold", ({ detail }) => { held = detail; });
  window.addEventListener("resize", settle);
})();
