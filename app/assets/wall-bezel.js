/* Seams of a spliced wall: "bezel=3x2:24@5760x2160" is three columns and two rows of screens, seams of 24 pixels, on that wall.
 *
 * Panels end and begin at a seam (3-wall.css); what floats, title, trail, legend and the marks of the foot, moves beside it. */
(function () {
  "use strict";
  const FLOATING = [".banner-title", ".wall .head > .banner-side:first-child > *", ".banner-right", "#trail", "#legend", ".foot .marks", "#player"];
  const NEAR = 5; // pixels between a letter and a seam: from one end of the shift against burnt-in pixels (wall-screen.js) to the other it moves by four
  const LIKE = 0.01; // ratios of two walls that are the same
  let refused = null;
  let seamed = false; // whether the page last looked after was a wall

  function profile() {
    const told = new URLSearchParams(location.search).get("bezel") || "";
    const found = /^(\d)x(\d):(\d+)(?:@(\d+)x(\d+))?$/.exec(told);
    if (!found || !window.onemapRoom.isWall()) { say(""); return null; }
    const [columns, rows, seam, wide, high] = found.slice(1).map(Number);
    const own = !wide || Math.abs(wide / high / (innerWidth / innerHeight) - 1) < LIKE;
    say(own ? "" : document.documentElement.lang === "en"
      ? `bezel=${told}: it is the profile of another wall, this one has ${innerWidth}x${innerHeight}; declare its own.`
      : `bezel=${told}：这是另一面大屏的拼缝，本屏为 ${innerWidth}x${innerHeight}；请按本屏填写。`);
    return own ? { columns, rows, seam: wide ? seam * innerWidth / wide : seam } : null;
  }

  function say(sentence) {
    if (refused) refused.remove();
    refused = sentence ? Object.assign(document.createElement("div"), { id: "bezel-problem" }) : null;
    if (refused) { refused.append(Object.assign(document.createElement("p"), { textContent: sentence })); document.getElementById("said").append(refused); }
  }

  const middles = (n, length) => Array.from({ length: n - 1 }, (_, at) => (at + 1) * length / n);

  /* The shortest way beside every vertical seam. */
  function aside(node, seams, seam) {
    node.style.translate = "";
    const box = node.getBoundingClientRect(), free = seam / 2 + NEAR;
    const room = node.parentElement.getBoundingClientRect(); // nothing leaves the place where it stands
    const clear = (by) => seams.every((x) => box.left + by >= x + free || box.right + by <= x - free) && box.left + by >= room.left && box.right + by <= room.right;
    const ways = seams.flatMap((x) => [x - free - box.right, x + free - box.left]).filter(clear);
    if (!box.width || clear(0) || !ways.length) return;
    node.style.translate = Math.round(ways.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a))) + "px";
  }

  function fit() {
    const shell = document.getElementById("shell");
    const wall = window.onemapRoom.isWall();
    if (!shell || !(wall || seamed)) return; // a desk has no seams
    seamed = wall;
    const made = profile();
    if (made && made.rows === 2) shell.dataset.spliceRows = "2";
    else delete shell.dataset.spliceRows;
    shell.style.setProperty("--seam", (made ? made.seam : 0) + "px");
    const seams = made ? middles(made.columns, innerWidth) : [];
    document.querySelectorAll(FLOATING.join(",")).forEach((node) => aside(node, seams, made ? made.seam : 0));
  }

  /* The middles of the seams across and along the wall, in pixels of the page, and how wide they are. */
  function seams() {
    const made = profile();
    return made ? { across: middles(made.columns, innerWidth), along: middles(made.rows, innerHeight), wide: made.seam + 2 * NEAR } : { across: [], along: [], wide: 0 };
  }

  window.onemapBezel = { seams };
  document.addEventListener("onemap:laid", fit);
  window.addEventListener("resize", fit);
})();
