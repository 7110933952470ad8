/* The wall's side of the presenter's remote: key R shows a code for two minutes; words of the paired remote become commands. */
(function () {
  "use strict";
  if (location.pathname.replace(/\/$/, "") !== "/wall") return;
  const KEPT = "onemap.wall";
  const before = () => { try { return JSON.parse(sessionStorage.getItem(KEPT) || "null"); } catch { return null; } };
  const kept = before() || { wall: Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("") };
  let plate = null, ends = 0, ticking = 0;

  const keep = () => { try { sessionStorage.setItem(KEPT, JSON.stringify(kept)); } catch { /* its storage is full: the pairing holds until the page goes */ } };

  async function offer() {
    try {
      const reply = await fetch("/remote/offer", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ wall: kept.wall }) });
      if (!reply.ok) return;
      const said = await reply.json();
      kept.ear = said.ear;
      keep();
      show(said);
    } catch { /* the line is lost: the page says so by itself */ }
  }

  function show({ code, seconds }) {
    hide();
    const zh = document.documentElement.lang !== "en";
    plate = document.createElement("div");
    plate.className = "pairing";
    plate.setAttribute("role", "status");
    const line = (tag, text) => plate.append(Object.assign(document.createElement(tag), { textContent: text }));
    line("span", (zh ? "遥控：手机打开 " : "Remote: open ") + location.host + "/remote");
    line("b", code.slice(0, 3) + " " + code.slice(3));
    line("small", "");
    const worn = getComputedStyle(document.getElementById("shell")); // the flavour is the shell's
    for (const name of ["--panel", "--ink", "--ink-quiet", "--accent"]) plate.style.setProperty(name, worn.getPropertyValue(name));
    document.body.append(plate);
    ends = Date.now() + 1000 * seconds;
    ticking = setInterval(() => tick(zh), 500);
    tick(zh);
  }

  function tick(zh) {
    const left = Math.ceil((ends - Date.now()) / 1000);
    if (left <= 0) { hide(); return; }
    plate.lastChild.textContent = zh ? `${left} 秒内有效` : `for ${left} seconds`;
  }

  function hide() {
    clearInterval(ticking);
    if (plate) plate.remove();
    plate = null;
  }

  document.addEventListener("onemap:word", ({ detail }) => {
    if (!kept.ear || detail.ear !== kept.ear) return;
    if (detail.do === "paired") hide();
    else document.dispatchEvent(new CustomEvent("onemap:command", { detail: { do: detail.do, to: detail.to } }));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "r" && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) offer();
  });
  window.addEventListener("onemap:pair", offer);
})();
