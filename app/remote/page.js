/* The remote: paired once by a code, then every press is a word to the wall. */
(function () {
  "use strict";
  const main = document.querySelector("main");
  const words = JSON.parse(main.dataset.words);
  const KEPT = "onemap.remote";
  const make = (tag, props) => Object.assign(document.createElement(tag), props);
  const said = make("p", { className: "said" });
  said.setAttribute("role", "status");
  const box = make("form"), keys = make("div", { className: "keys" }), scenes = make("div", { className: "keys" });
  const code = make("input", { inputMode: "numeric", autocomplete: "one-time-code", maxLength: 6, pattern: "[0-9]{6}" });
  code.setAttribute("aria-label", words.code);
  let token = sessionStorage.getItem(KEPT) || "";

  async function post(path, what) {
    const reply = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what) });
    return { status: reply.status, ...(await reply.json()) };
  }

  function show() {
    box.hidden = Boolean(token);
    keys.hidden = scenes.hidden = !token;
    said.textContent = token ? words.paired : "";
    if (!token) code.focus();
  }

  function keep(fresh) {
    token = fresh;
    if (fresh) sessionStorage.setItem(KEPT, fresh);
    else sessionStorage.removeItem(KEPT);
    show();
  }

  async function pair(event) {
    event.preventDefault();
    try {
      const answer = await post("/remote/pair", { code: code.value.trim() });
      code.value = "";
      if (answer.token) keep(answer.token);
      else said.textContent = { 403: words.wrong, 429: words.many }[answer.status] || words.lost;
    } catch { said.textContent = words.lost; }
  }

  async function say(what, to) {
    const began = performance.now();
    try {
      const answer = await post("/remote/word", { token, do: what, to });
      if (answer.status === 403) { keep(""); said.textContent = words.again; return; }
      said.textContent = answer.status === 200 ? words.sent.replace("{n}", Math.round(performance.now() - began)) : words.lost;
    } catch { said.textContent = words.lost; }
  }

  function key(what, look) {
    const button = make("button", { type: "button", textContent: words[what], className: look || "" });
    button.dataset.do = what;
    button.addEventListener("click", () => say(what));
    keys.append(button);
  }

  box.append(make("p", { textContent: words.code }), code, make("button", { textContent: words.pair, className: "wide" }));
  box.addEventListener("submit", pair);
  ["previous", "pause", "next", "drill", "back", "spotlight", "freeze", "flavour", "help"].forEach((what) => key(what));
  for (let number = 1; number <= 9; number += 1) {
    const button = make("button", { type: "button", textContent: words.scene + " " + number });
    button.addEventListener("click", () => say("scene", String(number)));
    scenes.append(button);
  }
  const leave = make("button", { type: "button", textContent: words.leave, className: "wide" });
  leave.addEventListener("click", () => keep(""));
  scenes.append(leave);
  main.append(said, box, keys, scenes);
  show();
})();
