/* The room that a unit has on the map of a desk or a wall: what stays free of trail and legend. */
(function () {
  "use strict";
  const shell = () => document.getElementById("shell");
  const isWall = () => Boolean(shell() && shell().classList.contains("wall"));

  const SMALLEST = .75; // of its largest, on a desk: a map that small says less than one whose corner the legend hides

  /* Corners of the map that are taken, in its own pixels: the trail's above, the legend's below, as [wide, high]; the padding
   * of a map without them, the least padding above, and the least size that is worth keeping clear of them, by that without
   * them. The legend itself comes later than the map, and is not waited for. */
  function taken(node, padding) {
    const u = innerHeight / 100 / (node.currentCSSZoom || 1);
    const around = (side) => ({ top: side, bottom: side, left: side, right: side });
    if (!isWall()) return { trail: [460, 76], legend: [306, 356], plain: padding, top: 40, least: SMALLEST };
    if (innerWidth < innerHeight) return { trail: [1e6, 7 * u], legend: [1e6, 12.5 * u], plain: around(2 * u), top: 2 * u, least: 0 };
    return { trail: [66 * u, 8 * u], legend: [31 * u, 22 * u], plain: around(3 * u), top: 3 * u, least: 0 };
  }

  /* Whether a unit that fills a box of the map lies under a taken corner. */
  function meets({ trail, legend }, high, box, silhouette) {
    const SLACK = 0.5, of = silhouette.length / 4, at = (n) => Number(silhouette.slice(2 * n, 2 * n + 2)) / 99;
    for (let n = 0; n < of; n += 1) {
      const x = box.left + box.wide * n / of;
      if (x < trail[0] - SLACK && box.top + box.high * (1 - at(of + n)) < trail[1] - SLACK) return true;
      if (x < legend[0] - SLACK && box.top + box.high * (1 - at(n)) > high - legend[1] + SLACK) return true;
    }
    return false;
  }

  const SHARES = [0, .2, .4, .6, .8, 1];
  const BOX = "0099"; // the silhouette of a unit whose own is not known: one column, all of it ground

  /* The padding that leaves a unit largest and clear of trail and legend, as near the middle as can be. */
  function roomiest(node, { bounds, silhouette = BOX, padding }) {
    const corners = taken(node, padding), { trail, legend, plain } = corners, [width, height] = [node.clientWidth, node.clientHeight];
    if (!width || !height || !plain) return padding || null;
    const y = (lat) => Math.asinh(Math.tan(lat * Math.PI / 180)), x = (lon) => lon * Math.PI / 180;
    const [wide, high] = [x(bounds[2]) - x(bounds[0]), y(bounds[3]) - y(bounds[1])];
    const scale = (pad) => Math.min((width - pad.left - pad.right) / wide, (height - pad.top - pad.bottom) / high);
    const between = (from, to) => SHARES.map((share) => from + share * Math.max(0, to - from));
    const [lefts, bottoms, tops] = [between(plain.left, legend[0]), between(plain.bottom, legend[1]), between(corners.top, trail[1])];
    let best = null;
    for (const top of tops) for (const bottom of bottoms) for (const left of lefts) {
      const pad = { ...plain, top, bottom, left }, size = scale(pad);
      const box = { wide: wide * size, high: high * size };
      box.left = (left + width - pad.right - box.wide) / 2;
      box.top = (top + height - bottom - box.high) / 2;
      const off = Math.abs(box.left + box.wide / 2 - width / 2) / width + Math.abs(box.top + box.high / 2 - height / 2) / height;
      const worth = size * (1 - .25 * off); // a little smaller is better than far from the middle
      if (size > 0 && (!best || worth > best.worth) && !meets(corners, height, box, silhouette)) best = { pad, size, worth };
    }
    return best && best.size > corners.least * scale(plain) ? best.pad : plain;
  }

  window.onemapRoom = { roomiest, isWall };
})();
