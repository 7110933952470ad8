/* Files on their way to the server: dropped or chosen, each with its progress; then the page goes to the first of them. */
(function () {
  "use strict";
  const gate = window.onemapGate;

  async function take(files) {
    const list = [...files];
    if (!list.length) return;
    const room = await gate.tried(() => gate.send("/data/uploads", { files: list.map((each) => [each.name, each.size]) }));
    if (!room) return;
    const bar = progress(list.reduce((sum, each) => sum + each.size, 0));
    try {
      for (const [at, file] of list.entries()) await carry(file, room.files[at], bar);
      const uploads = [...new Set(room.files.map((each) => each.upload))];
      for (const upload of uploads) await gate.send("/data/jobs", { verb: "guess", upload });
      gate.go(`/data?upload=${uploads[0]}&lang=${gate.lang()}`);
    } catch (error) {
      gate.complain(error.message);
    } finally {
      bar.remove();
    }
  }

  /* XMLHttpRequest, because fetch does not say how far an upload is. */
  function carry(file, to, bar) {
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      request.open("POST", `/data/uploads/${to.upload}/files/${encodeURIComponent(to.name)}?modified=${file.lastModified}`);
      request.setRequestHeader("X-OneMap", "1");
      request.upload.onprogress = (event) => bar.at(event.loaded);
      request.onerror = () => fail(new Error(gate.root().dataset.problem));
      request.onload = () => { try { bar.done(file.size); done(gate.taken(request.status, request.responseText)); } catch (error) { fail(error); } };
      request.send(file);
    });
  }

  function progress(total) {
    const drop = document.getElementById("drop") || document.getElementById("column");
    const bar = Object.assign(document.createElement("progress"), { max: total || 1, value: 0, className: "sending" });
    bar.setAttribute("aria-label", gate.root().dataset.sending);
    drop.append(bar);
    let before = 0;
    return { at: (loaded) => { bar.value = before + loaded; }, done: (size) => { before += size; bar.value = before; }, remove: () => bar.remove() };
  }

  document.addEventListener("DOMContentLoaded", () => {
    const over = (on) => document.getElementById("gate").classList.toggle("over", on);
    let depth = 0;
    document.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; over(true); });
    document.addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) { depth = 0; over(false); } });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => { event.preventDefault(); depth = 0; over(false); take(event.dataTransfer.files); });
    document.addEventListener("change", (event) => { if (event.target.id === "choose") take(event.target.files); });
  });
})();
