/* The page /data: asks for what its address shows, puts it in place section by section, and sends what the operator orders.
 * HTML comes from our own server only, which writes everything that came from a file as text. */
(function () {
  "use strict";
  const QUICK_MS = 700; // between two looks while something is under way
  const SLOW_MS = 15000;
  const root = () => document.getElementById("gate");
  const column = () => document.getElementById("column");
  const lang = () => root().dataset.lang;
  let timer = 0;
  let asked = 0;
  let shown = { sections: {}, dots: null, search: null };

  const listeners = [];
  const heard = (what) => listeners.forEach((each) => each(what));

  async function send(path, body, headers) {
    const raw = body instanceof Blob;
    const answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST", body: body === undefined || raw ? body : JSON.stringify(body), credentials: "same-origin",
      headers: body === undefined ? {} : { "X-OneMap": "1", ...(raw ? {} : { "Content-Type": "application/json" }), ...headers },
    });
    return taken(answer.status, await answer.text());
  }

  function taken(status, text) {
    let told = {};
    try { told = JSON.parse(text); } catch { /* a proxy's own page */ }
    if (status === 401 && !document.getElementById("login")) location.reload();
    if (status >= 400) throw new Error(sentence(told.problem) || `${root().dataset.problem} (${status})`);
    return told;
  }

  const sentence = (problem) => (problem && problem[lang()]) || (typeof problem === "string" ? problem : "");

  function complain(text) {
    const said = document.getElementById("gate-says");
    said.textContent = text || "";
    said.hidden = !text;
  }

  async function tried(done) {
    complain("");
    try { return await done(); } catch (error) { complain(error.message); return null; }
  }

  /* --- what is shown --------------------------------------------------------------------------------------------- */

  async function look() {
    clearTimeout(timer);
    const mine = ++asked;
    const search = location.search;
    try {
      const told = await send("/data/part" + search);
      if (mine !== asked) return;
      place(told, search);
      timer = setTimeout(look, told.running ? QUICK_MS : SLOW_MS);
    } catch (error) {
      complain(error.message);
      timer = setTimeout(look, 3000);
    }
  }

  function place(told, search) {
    const other = search !== shown.search;
    if (other) { column().replaceChildren(); column().scrollTop = 0; shown = { sections: {}, dots: null, search }; mark(); }
    for (const [name, html] of Object.entries(told.sections)) {
      if (shown.sections[name] === html) continue;
      let section = column().querySelector(`section[data-section="${name}"]`);
      if (!section) { section = document.createElement("section"); section.dataset.section = name; column().append(section); }
      if (busy(section) && told.step === shown.step) continue;
      section.innerHTML = html;
      shown.sections[name] = html;
    }
    if (told.step && told.step !== shown.step) {
      const here = column().querySelector(".step-head.here");
      if (here && shown.step) here.scrollIntoView({ behavior: "smooth", block: "nearest" });
    }
    shown.step = told.step;
    if (told.dots !== shown.dots || other) { shown.dots = told.dots; heard({ dots: told.dots }); }
    root().dataset.running = told.running ? "yes" : "no";
    root().dataset.looked = String(asked);
  }

  /* Nobody's half-written words are taken from him. */
  const busy = (section) => section.contains(document.activeElement) && /INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName);

  function mark() {
    const tab = new URLSearchParams(location.search).get("tab") || "in";
    document.querySelectorAll("#top nav a").forEach((each) => each.id === `tab-${tab}` ? each.setAttribute("aria-current", "page") : each.removeAttribute("aria-current"));
    const other = document.getElementById("other");
    const words = new URLSearchParams(location.search);
    words.set("lang", lang() === "en" ? "zh" : "en");
    if (other) other.href = "/data?" + words;
  }

  function go(address) { history.pushState(null, "", address); complain(""); look(); }

  /* --- what is ordered ------------------------------------------------------------------------------------------- */

  async function order(said) {
    const told = await tried(() => send("/data/jobs", said));
    if (told) await look();
    return told;
  }

  function pressed(event) {
    const on = event.target.closest("button, a, tr.placed");
    if (!on) return;
    const { order: verb, cancel, upload, what, form, rule } = on.dataset;
    if (verb) { on.disabled = true; order({ verb, upload, what, form }); }
    else if (cancel) { on.disabled = true; tried(() => send(`/data/jobs/${cancel}/cancel`, {})).then(look); }
    else if (rule !== undefined && on.tagName === "BUTTON") pick(on, rule);
    else if ("unfold" in on.dataset) unfold(on);
    else if (on.matches("tr.placed")) heard({ row: on });
    else if (on.id === "out") tried(() => send("/data/session", {})).then(() => location.reload());
    else if (on.tagName === "A" && on.origin === location.origin && on.pathname === "/data" && !on.target && on.id !== "other") { event.preventDefault(); go(on.href); }
  }

  function pick(button, rule) {
    const section = button.closest("section");
    section.querySelectorAll(".rules .rule").forEach((each) => each.classList.toggle("on", each === button));
    section.querySelectorAll("table.findings tbody tr").forEach((each) => { each.hidden = Boolean(rule) && each.dataset.id !== rule; });
    heard({ rule });
  }

  function unfold(button) {
    const body = button.closest("tbody");
    body.nextElementSibling.hidden = false;
    body.remove();
  }

  function sent(event) {
    event.preventDefault();
    const form = event.target;
    const said = Object.fromEntries(new FormData(form));
    if (form.id === "login") tried(() => send("/data/session", said)).then((told) => told && location.reload());
    else if (form.id === "mapping") tried(() => send(`/data/uploads/${form.dataset.mapping}/recipe`, recipe(form))).then((told) => { if (told) { document.activeElement.blur(); look(); } });
    else if ("life" in form.dataset) go(`/data?${new URLSearchParams({ tab: "loads", of: said.of, key: said.key, lang: lang() })}`);
    else if (form.dataset.form) {
      document.activeElement.blur();
      order({ verb: form.dataset.form, note: said.note, upload: form.dataset.upload, rehearsal: form.dataset.rehearsal, load: form.dataset.load, cascade: form.dataset.cascade });
    }
  }

  /* The form of fields as a recipe. */
  function recipe(form) {
    const said = { fields: {}, constants: {}, values: {} };
    for (const part of form.elements) {
      const value = part.value;
      if (!part.name || !value) continue;
      const [kind, name] = part.name.split(":");
      if (!name) said[kind] = value;
      else if (kind === "f") said.fields[name] = value;
      else if (kind === "c" && !form.elements[`f:${name}`].value) said.constants[name] = value;
      else if (kind === "v" && value !== part.dataset.known) (said.values[name] ||= {})[part.dataset.theirs] = value;
    }
    if (said.axes === "lon lat") delete said.axes;
    return said;
  }

  async function changed(event) {
    const part = event.target;
    if (part.dataset.themeOf && part.value) {
      const upload = part.dataset.themeOf;
      part.blur();
      await order({ verb: "guess", upload, theme: part.value });
    } else if (part.name && part.name.startsWith("f:")) {
      const fixed = part.parentElement.querySelector(".constant");
      if (fixed) fixed.hidden = Boolean(part.value);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.addEventListener("submit", sent);
    if (!column()) return;
    document.addEventListener("click", pressed);
    document.addEventListener("change", changed);
    document.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("tr.placed")) heard({ row: event.target }); });
    window.addEventListener("popstate", look);
    look();
  });

  window.onemapGate = { send, taken, tried, order, look, go, complain, lang, root, listen: (each) => listeners.push(each) };
})();
