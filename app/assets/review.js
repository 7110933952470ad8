/* Accepting a number that is to be reviewed: the reason goes to the server, and the page is asked for anew. */
(function () {
  "use strict";
  async function accept(button) {
    const box = button.closest(".review-box");
    const said = box.querySelector(".review-said");
    const { indicator, definition, unit } = button.dataset;
    button.disabled = true;
    try {
      const reply = await fetch("/review", { method: "POST", headers: { "Content-Type": "application/json", "X-OneMap": "review" },
        body: JSON.stringify({ indicator, definition, unit, reason: box.querySelector("textarea").value }) });
      const told = await reply.json();
      const english = document.documentElement.lang === "en";
      if (!reply.ok) said.textContent = (english && told.problem_en) || told.problem;
      else window.onemapLine.ask(location.pathname + location.search, false);
    } catch { said.textContent = window.onemapLine.doors.lost || ""; }
    button.disabled = false;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button.review-accept");
    if (button) accept(button);
  });
})();
