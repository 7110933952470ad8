/* The self-check: what the server says of itself, and what only this screen can know: its clock and its line. */
(function () {
  "use strict";
  const AGAIN_MS = 10000, PATIENCE_MS = 20000, CLOCK_S = 2, FAR_S = 60;
  const main = document.querySelector("main");
  const words = JSON.parse(main.dataset.words), lang = main.dataset.lang;
  const sum = Object.assign(document.createElement("p"), { className: "sum" });
  const when = document.createElement("p"), list = document.createElement("ul");
  main.append(sum, when, list);

  const filled = (name, n) => words[name].replace("{n}", n);

  function line({ name, title, state, fact, remedy }) {
    const row = Object.assign(document.createElement("li"), { className: state });
    row.dataset.name = name;
    const part = (tag, text, look) => row.append(Object.assign(document.createElement(tag), { textContent: text, className: look || "" }));
    part("span", words[state], "state");
    part("b", title);
    part("span", fact);
    if (remedy) part("small", words.remedy + (lang === "zh" ? "：" : ": ") + remedy);
    return row;
  }

  const told = (check) => ({ ...check, title: check.title[lang], fact: check.fact[lang], remedy: check.remedy[lang] });

  function own(said, began, ended) {
    const middle = (began + ended) / 2, apart = Math.abs(Date.parse(said.now) - middle) / 1000;
    const state = apart <= CLOCK_S + (ended - began) / 1000 ? "good" : apart <= FAR_S ? "watch" : "bad";
    return [
      { name: "line", title: words.line, state: "good", fact: filled("took", Math.round(ended - began)), remedy: "" },
      { name: "screen", title: words.clock, state, fact: filled("apart", apart.toFixed(1)), remedy: state === "good" ? "" : words.set },
    ];
  }

  function show(checks) {
    list.replaceChildren(...checks.map(line));
    const wrong = checks.filter((check) => check.state !== "good");
    sum.className = "sum " + (wrong.some((check) => check.state === "bad") ? "bad" : wrong.length ? "watch" : "good");
    sum.textContent = wrong.length ? filled("some", wrong.length) : words.all;
    when.textContent = filled("at", new Date().toLocaleTimeString(lang === "zh" ? "zh-CN" : "en"));
  }

  async function look() {
    const began = Date.now();
    try {
      const reply = await fetch("/self-check.json", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
      const said = await reply.json();
      show([...own(said, began, Date.now()), ...said.checks.map(told)]);
    } catch {
      show([{ name: "line", title: words.line, state: "bad", fact: words.lost, remedy: words.mend }]);
    }
    setTimeout(look, AGAIN_MS);
  }

  look();
})();
