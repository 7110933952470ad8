/* The page of playlists: lines are added, moved, taken out, and kept as a whole. */
(function () {
  "use strict";
  const main = document.getElementById("scenes"), lines = document.getElementById("lines");
  const words = JSON.parse(main.dataset.words), says = document.getElementById("says"), name = document.getElementById("name");
  const made = (tag, props, ...inner) => { const node = Object.assign(document.createElement(tag), props); node.append(...inner); return node; };
  const button = (text, act) => { const node = made("button", { type: "button", textContent: text }); node.addEventListener("click", act); return node; };

  function line(scene) {
    const tour = made("select", { className: "tour" }, ...["", "worst", "change"].map((rule) =>
      made("option", { value: rule, textContent: words[rule ? "tour." + rule : "tour.none"], selected: (scene.tour || "") === rule })));
    const days = made("span", { className: "days" }, ...[...words.week].map((text, at) =>
      made("label", {}, made("input", { type: "checkbox", value: at + 1, checked: !scene.days || scene.days.includes(at + 1) }), text)));
    const hour = (at, value) => made("input", { type: "number", className: "hour", min: 0, max: 24, value: scene.hours ? scene.hours[at] : value });
    const row = made("tr", {},
      made("td", { className: "number" }), made("td", { width: "38%" }, made("input", { className: "view", value: scene.view || "/wall" })), made("td", {}, tour),
      made("td", {}, made("input", { type: "number", className: "seconds", min: 3, max: 3600, value: scene.seconds || 20 })),
      made("td", {}, days), made("td", {}, hour(0, 0), "–", hour(1, 24)),
      made("td", {}, button("↑", () => { if (row.previousSibling) row.previousSibling.before(row); count(); }),
        button("↓", () => { if (row.nextSibling) row.nextSibling.after(row); count(); }), button("×", () => { row.remove(); count(); })));
    lines.append(row);
    count();
  }

  const count = () => [...lines.children].forEach((row, at) => { row.firstChild.textContent = at + 1; });

  function read(row) {
    const of = (kind) => row.querySelector("." + kind).value, days = [...row.querySelectorAll(".days input:checked")].map((box) => Number(box.value));
    const hours = [...row.querySelectorAll(".hour")].map((each) => Number(each.value));
    return { view: of("view"), seconds: Number(of("seconds")), ...(of("tour") ? { tour: of("tour") } : {}),
      ...(days.length < 7 ? { days } : {}), ...(hours[0] === 0 && hours[1] === 24 ? {} : { hours }) };
  }

  async function keep() {
    says.textContent = "";
    try {
      const answer = await fetch("/data/scenes/" + encodeURIComponent(name.value.trim() || " "), { method: "POST",
        headers: { "Content-Type": "application/json", "X-Onemap": "scenes" }, body: JSON.stringify([...lines.children].map(read)) });
      const told = await answer.json();
      says.textContent = answer.ok ? words.kept : (document.documentElement.lang === "en" && told.problem_en) || told.problem;
    } catch { says.textContent = words.lost; }
  }

  const lead = () => { document.getElementById("play").href = "/wall?scenes=" + encodeURIComponent(name.value.trim() || "worst"); };
  document.getElementById("more").addEventListener("click", () => line({}));
  document.getElementById("keep").addEventListener("click", keep);
  name.addEventListener("input", lead);
  JSON.parse(main.dataset.scenes).forEach(line);
  if (main.dataset.add) line({ view: main.dataset.add });
  lead();
})();
