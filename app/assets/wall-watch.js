/* The watchman of a wall: where its map has stood still for twenty seconds although the server is well, as when the browser has lost the map's
 * workers, the page is opened anew at the same scene; nobody is there to press a key. */
(function () {
  "use strict";
  const LOOK_MS = 1000, STUCK_MS = 20000, FIRST_MS = 90000, AGAIN_MS = 300000;
  const KEPT = "onemap.opened-anew";
  let since = 0, drawn = 0;

  /* Whether the map rests, or has come to rest since the last look. */
  function lives() {
    const { stage } = window.onemap || {};
    const rested = stage ? stage.counts.idle : 0, moved = rested !== drawn;
    drawn = rested;
    return Boolean(stage && stage.ready && !stage.lost && (stage.began === undefined || moved));
  }

  const recently = () => { try { return Date.now() - Number(sessionStorage.getItem(KEPT) || 0) < AGAIN_MS; } catch { return true; } };
  const note = () => { try { sessionStorage.setItem(KEPT, Date.now()); return true; } catch { return false; } };
  const well = () => fetch("/health", { cache: "no-store", signal: AbortSignal.timeout(5000) }).then((reply) => reply.ok, () => false);

  async function look() {
    const now = performance.now();
    if (!window.onemapRoom.isWall() || document.hidden || lives()) since = 0;
    else since ||= now;
    const patience = window.onemap && window.onemap.stage && window.onemap.stage.ready ? STUCK_MS : FIRST_MS;
    if (!since || now - since < patience || recently()) return;
    since = now; // not again before the next patience is over
    if (await well() && note()) location.reload();
  }

  setInterval(look, LOOK_MS);
})();
