/* Images that the style asks for by a name which says all of them: rings of shares around clusters, hatching.
 *
 *   ring/RADIUS/BODY/GAP/COLOUR=PARTS/...   a disc, and around it an arc for each state, as long as its share
 *   hatch/COLOUR                            strokes, where no value is known
 *
 * MapLibre asks for a name once; what it gets stays until the style is replaced. An image given by map.addImage would be
 * taken for a changed one, and every tile that shows it read and drawn a second time: one that was asked for goes past it,
 * to MapLibre's own keeper of images (not part of its API; where there is none, the map takes the image). */
(function () {
  "use strict";
  const ARC = 4.5; // CSS pixels
  const GAP = 1.5;
  const STROKE = 8; // distance of hatching strokes
  const FULL = 2 * Math.PI;

  function canvas(side, sharp) {
    const made = Object.assign(document.createElement("canvas"), { width: side * sharp, height: side * sharp });
    const pen = made.getContext("2d", { willReadFrequently: true });
    pen.scale(sharp, sharp);
    return pen;
  }

  const read = (pen) => pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);

  function disc(pen, middle, radius, colour) {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(middle, middle, radius, 0, FULL);
    pen.fill();
  }

  function ring([radius, body, gap, ...states], sharp) {
    const shares = states.map((each) => each.split("=")).map(([colour, parts]) => [colour, Number(parts)]).filter(([, parts]) => parts > 0);
    const whole = shares.reduce((sum, [, parts]) => sum + parts, 0);
    const outer = Number(radius) + (whole ? GAP + ARC : 0);
    const side = Math.ceil(2 * outer + 4);
    const pen = canvas(side, sharp);
    disc(pen, side / 2, outer + 1.2, gap); // keeps the ring apart from whatever lies under it
    let at = -FULL / 4; // from noon, clockwise
    for (const [colour, parts] of shares) {
      const end = at + FULL * parts / whole;
      pen.fillStyle = colour;
      pen.beginPath();
      pen.moveTo(side / 2, side / 2);
      pen.arc(side / 2, side / 2, outer, at, end);
      pen.fill();
      at = end;
    }
    if (whole) disc(pen, side / 2, Number(radius) + GAP, gap);
    disc(pen, side / 2, Number(radius), body);
    return read(pen);
  }

  function hatch([colour], sharp) {
    const pen = canvas(STROKE, sharp);
    pen.strokeStyle = colour;
    pen.lineWidth = 1.4;
    pen.beginPath();
    for (const from of [-STROKE, 0, STROKE]) { pen.moveTo(from - 1, STROKE + 1); pen.lineTo(from + STROKE + 1, -1); }
    pen.stroke();
    return read(pen);
  }

  const DRAWN = { ring, hatch };

  function give(map, id, { width, height, data }, sharp) {
    const keeper = map.style && map.style.imageManager;
    const Pixels = keeper && keeper.atlasImage && keeper.atlasImage.constructor;
    if (Pixels) keeper.addImage(id, { data: new Pixels({ width, height }, new Uint8Array(data.buffer)), pixelRatio: sharp, sdf: false, version: 0 });
    else map.addImage(id, { width, height, data }, { pixelRatio: sharp });
  }

  window.onemapImages = function (map) {
    map.on("styleimagemissing", ({ id }) => {
      const [kind, ...said] = id.split("/");
      const sharp = Math.max(1, Math.ceil(map.getPixelRatio()));
      if (DRAWN[kind] && !map.hasImage(id)) give(map, id, DRAWN[kind](said, sharp), sharp);
    });
  };
})();
