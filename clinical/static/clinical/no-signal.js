/* The page for no signal: a letter-box. What is written here is sealed at once; nothing of it can be read again
   on this phone, and of tonight's encounters only the times at which they were opened are known here. */
(function () {
  "use strict";

  const store = self.BulkheadStore;
  const HERE = /^\/encounters\/([0-9a-f-]{36})\//;

  async function tell(first) {
    const kept = (await store.parcels()).length;
    const words = kept ? "Kept on this phone, " + kept + " waiting" : "Nothing is waiting on this phone.";
    document.getElementById("kept").textContent = (first ? first + " " : "") + words;
  }

  function answersOf(form) {
    return Array.from(new FormData(form).entries());
  }

  function enliven(box, encounter) {
    for (const form of box.querySelectorAll("form")) {
      let waiting = 0;
      form.addEventListener("submit", async function (event) {
        event.preventDefault();
        clearTimeout(waiting);
        try {
          await store.keep({ encounter: encounter, form: form.dataset.form, answers: answersOf(form) });
          form.reset();
          if (form.dataset.once) form.hidden = true;
          await tell("Kept.");
        } catch (error) {
          await tell("That could not be kept. Write it on paper.");
        }
      });
      form.addEventListener("input", function () {
        clearTimeout(waiting);
        waiting = setTimeout(function () {
          store.keep({ encounter: encounter, form: form.dataset.form, answers: answersOf(form), isDraft: true })
            .then(function () { return tell(); }).catch(function () {});
        }, 1200);
      });
    }
  }

  async function begin() {
    const tonight = (await store.fact("tonight")) || [];
    const named = HERE.exec(location.pathname);
    const first = tonight.filter(function (each) { return named && each.id === named[1]; });
    const others = tonight.filter(function (each) { return !named || each.id !== named[1]; });
    const pattern = document.getElementById("encounter");
    first.concat(others).forEach(function (each, place) {
      const box = pattern.content.cloneNode(true).firstElementChild;
      box.querySelector("[data-opened]").textContent = each.opened;
      box.open = place === 0;
      for (const field of box.querySelectorAll("[id]")) {
        const label = box.querySelector("label[for='" + field.id + "']");
        field.id += "-" + place;
        if (label) label.htmlFor = field.id;
      }
      enliven(box, each.id);
      document.getElementById("tonight").append(box);
    });
    document.getElementById("none").hidden = tonight.length > 0;
    await tell(location.hash === "#kept" ? "Kept." : location.hash === "#not-kept" ? "That was not kept. Write it on paper." : "");
  }

  /* The line is back: the page itself again, which sends what waits. */
  async function look() {
    try {
      const answer = await fetch(document.body.dataset.alive, { cache: "no-store", credentials: "omit" });
      const isTyping = Array.from(document.querySelectorAll("textarea")).some(function (each) { return each.value; });
      const stays = isTyping || location.pathname === document.body.dataset.shell;
      if (answer.ok && !stays) location.reload();
      else if (answer.ok) document.getElementById("back").hidden = false;
    } catch (error) { /* still none */ }
  }

  document.addEventListener("DOMContentLoaded", function () {
    begin().catch(function () { tell("This browser keeps nothing. Write on paper."); });
    document.getElementById("again").addEventListener("click", function () { location.reload(); });
    window.addEventListener("online", look);
    setInterval(look, 5000);
  });
})();
