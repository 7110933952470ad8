/* Scenes: the views of a playlist, one after the other, by themselves.
 *
 * Each scene ends where it was due to end, not where it did: nothing adds up in months. The picture before stays until the
 * next one is laid out; a scene that does not come in time is skipped and said. */
(function () {
  "use strict";
  const SKIP_MS = 1900; // of two seconds in which a scene that fails has to be passed
  const HAND_MS = 60000; // after a touch the wall waits so long for the next
  const NEW_LIST_MS = 60000;
  const LOOK_MS = 250;
  const AHEAD_MS = 4000; // so long before its turn the next scene is fetched
  const KEPT = 100; // sentences of what was skipped
  const player = { scenes: [], skipped: [], at: -1, due: 0, paused: false, frozen: false, hand: 0, pace: 1, shown: 0, drift: 0, name: null };
  const shell = () => document.getElementById("shell");
  const asked = () => new URLSearchParams(location.search).get("scenes");
  const here = () => location.pathname + location.search;
  let asking = 0; // when the list was asked for
  let foreseen = -1; // the number of the scene that was fetched ahead
  let coming = null; // the scene that was asked for and is not laid out yet

  function log(scene, why) {
    player.skipped.push({ at: new Date().toISOString(), scene: scene && scene.number, why });
    if (player.skipped.length > KEPT) player.skipped.shift();
    const said = `scene ${scene ? scene.number : "-"}: ${why}`;
    console.info("onemap wall:", said);
    fetch(`/scenes/${encodeURIComponent(player.name)}/skipped`, { method: "POST", body: said, keepalive: true }).catch(() => {});
  }

  async function list() {
    asking = performance.now();
    try {
      const answer = await fetch(`/scenes/${encodeURIComponent(player.name)}.json?of=${encodeURIComponent(here())}`, { cache: "no-store" });
      const told = await answer.json();
      if (answer.status === 404) player.problem = document.documentElement.lang === "en" ? told.problem_en : told.problem;
      if (!answer.ok || !told.scenes) return;
      player.problem = told.skipped[0] || "";
      const fresh = told.skipped.filter((each) => !player.said || !player.said.includes(each));
      player.said = told.skipped;
      fresh.forEach((each) => log(null, each));
      player.scenes = told.scenes;
    } catch { /* the line is down: the list of before holds */ }
  }

  /* Whether a scene is for this hour of this day. */
  function timely(scene, now = new Date()) {
    const [from, to] = scene.hours, hour = now.getHours(), day = now.getDay() || 7;
    return scene.days.includes(day) && (from < to ? hour >= from && hour < to : hour >= from || hour < to);
  }

  function choose(step) {
    const n = player.scenes.length;
    for (let k = 1; k <= n; k += 1) {
      const at = ((player.at + step * k) % n + n) % n;
      if (timely(player.scenes[at])) return at;
    }
    return -1;
  }

  function show(at, due) {
    const scene = player.scenes[at], now = performance.now();
    player.at = at;
    player.due = due + scene.seconds * 1000 / player.pace;
    if (player.due < now) player.due = now + scene.seconds * 1000 / player.pace; // the clock stood still: asleep, or stopped
    player.drift = now - due;
    coming = { scene, since: now };
    foreseen = -1;
    history.replaceState(null, "", scene.url);
    window.onemapLine.ask(scene.url, true);
    draw();
  }

  function go(step) {
    const at = choose(step);
    if (at >= 0) show(at, performance.now());
  }

  function straight(to) {
    const at = player.scenes.findIndex((each, index) => String(to) === String(index + 1) || each.title === to || each.url === to);
    if (at >= 0) show(at, performance.now());
  }

  function laid() {
    if (!coming || shell().dataset.here !== coming.scene.url) return;
    player.shown += 1;
    coming = null;
  }

  /* Looks at the clock four times a second; what is due is shown, what does not come is passed. */
  function look() {
    const name = window.onemapRoom.isWall() ? asked() : null;
    if (name !== player.name) Object.assign(player, { name, scenes: [], at: -1, due: 0, problem: "", said: [] });
    if (!name) { draw(); return; }
    const now = performance.now();
    if (now - asking > (player.scenes.length ? NEW_LIST_MS : 5000) || (!player.scenes.length && !asking)) list();
    if (player.hand && now > player.hand) { player.hand = 0; player.due = now; }
    const still = player.paused || player.frozen || player.hand;
    if (coming && now - coming.since > SKIP_MS) {
      const late = coming.scene;
      coming = null;
      if (player.scenes.length > 1 && !still) { log(late, "it did not come in time and was passed over"); go(1); }
    } else if (!still && player.scenes.length && now >= player.due - LOOK_MS / 2) next(now);
    else if (!still && !coming && now >= player.due - AHEAD_MS) ahead();
    draw();
  }

  function ahead() {
    const at = choose(1);
    if (at < 0 || at === foreseen || at === player.at) return;
    foreseen = at;
    window.onemapForesee(player.scenes[at].url, true);
  }

  function next(now) {
    const at = choose(1);
    if (at < 0) player.due = now + 5000; // none is for this hour
    else show(at, player.due || now);
  }

  /* What is played, and how long still. */
  function draw() {
    const node = document.getElementById("player"), scene = player.scenes[player.at], words = window.onemapLine.doors;
    if (!node) return;
    const state = player.frozen ? words.frozen : player.paused || player.hand ? words.paused : "";
    const left = player.hand ? player.hand - performance.now() : player.due - performance.now();
    const text = !player.name && !player.frozen ? "" : [scene ? `${player.at + 1}/${player.scenes.length}  ${scene.title}` : player.problem || "", state,
      scene && !player.paused && !player.frozen ? `${Math.max(0, Math.ceil(left * player.pace / 1000))} s` : ""].filter(Boolean).join("  ·  ");
    if (node.textContent !== text) node.textContent = text;
    node.dataset.state = player.frozen || player.paused || player.hand ? "still" : "";
    const share = scene && !state ? 1 - left * player.pace / scene.seconds / 1000 : 0;
    node.style.setProperty("--share", Math.min(Math.max(share, 0), 1).toFixed(2));
  }

  function touched() {
    if (player.name && window.onemapRoom.isWall()) player.hand = performance.now() + HAND_MS;
  }

  function pause(on = !(player.paused || player.hand)) {
    player.paused = on;
    player.hand = 0;
    if (!on) player.due = performance.now() + 1000;
    draw();
  }

  /* Nothing moves and nothing is asked until it is let go. */
  function freeze(on = !player.frozen) {
    player.frozen = on;
    document.dispatchEvent(new CustomEvent("onemap:hold", { detail: on }));
    if (!on) { player.due = performance.now() + 1000; window.onemapLine.ask(here(), false); }
    draw();
  }

  window.onemapScenes = { player, go, pause, freeze, straight, timely };
  document.addEventListener("onemap:laid", laid);
  document.addEventListener("pointerdown", touched);
  document.addEventListener("wheel", touched, { passive: true });
  setInterval(look, LOOK_MS);
})();
