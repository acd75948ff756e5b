/* On every page of somebody in care: whose phone this is, what it keeps, and sending it when the line is back.
   Text boxes keep themselves as drafts on the server while somebody types, and on the phone without a signal. */
(function () {
  "use strict";

  const store = self.BulkheadStore;
  const TRY_AGAIN = 20000; /* milliseconds */
  let place, token, isSending = false;

  function say(text, kind) {
    const bar = document.getElementById("phone-bar");
    if (!bar) return;
    bar.hidden = !text;
    bar.dataset.kind = kind || "";
    bar.querySelector("[data-phone-words]").textContent = text;
  }

  async function tell(after) {
    const kept = (await store.parcels()).length;
    const line = navigator.onLine ? "" : "No signal. ";
    if (kept) say(line + "Kept on this phone, " + kept + " waiting", "kept");
    else if (line) say("No signal. What you type is kept on this phone.", "lost");
    else say(after || "", "sent");
  }

  function post(url, body) {
    return fetch(url, {
      method: "POST", credentials: "same-origin", cache: "no-store", body: body,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    });
  }

  /* Whoever is signed in now owns the phone: what was kept for somebody else goes, unread. */
  async function own() {
    const owner = place.dataset.owner;
    if ((await store.fact("owner")) !== owner) {
      await store.forget();
      await store.setFact("owner", owner);
      sessionStorage.removeItem("phone-contact");
    }
    if (place.dataset.tonight) await store.setFact("tonight", JSON.parse(place.dataset.tonight));
    if (place.dataset.encounter) {
      const tonight = ((await store.fact("tonight")) || []).filter(function (each) { return each.id !== place.dataset.encounter; });
      await store.setFact("tonight", tonight.concat([{ id: place.dataset.encounter, opened: place.dataset.opened }]));
    }
  }

  /* Once a session, and where the key is missing: the key, and whether to forget. */
  async function contact() {
    if (!place.dataset.contact || (sessionStorage.getItem("phone-contact") && (await store.fact("key")))) return;
    const answer = await post(place.dataset.contact, JSON.stringify({ phone: await store.number() }));
    if (!answer.ok || answer.redirected) return;
    const said = await answer.json();
    if (said.forget) await store.forget();
    await store.setFact("key", said.key);
    sessionStorage.setItem("phone-contact", "yes");
  }

  async function send() {
    if (isSending || !place.dataset.parcels) return;
    isSending = true;
    let sent = 0, drafts = 0, gone = 0;
    try {
      for (const parcel of await store.parcels()) {
        const answer = await post(place.dataset.parcels, store.message(parcel));
        if (answer.redirected || answer.status === 403 || answer.status === 429 || answer.status >= 500) break;
        await store.drop(parcel.number);
        if (!answer.ok) gone += 1;
        else if ((await answer.json()).state === "draft") drafts += 1;
        else sent += 1;
      }
    } catch (error) { /* no signal: later */ } finally {
      isSending = false;
    }
    const words = [];
    if (sent) words.push(sent + " sent.");
    if (drafts) words.push(drafts + " kept as a draft.");
    if (gone) words.push(gone + " not taken: the encounter is not yours any more.");
    await tell(words.length ? words.join(" ") + " Load the page again to see it." : "");
  }

  /* Drafts */

  function keepWhileTyping(form) {
    const state = form.querySelector("[data-draft-state]");
    let waiting = 0, last = "";

    function answers() {
      return Array.from(new FormData(form).entries()).filter(function (each) {
        return each[0] !== "csrfmiddlewaretoken" && each[0] !== "parcel";
      });
    }

    async function keepIt(isLast) {
      clearTimeout(waiting);
      const said = answers();
      const now = JSON.stringify(said);
      if (now === last || form.dataset.sent) return;
      last = now;
      try {
        const answer = await fetch(form.dataset.draft, {
          method: "POST", credentials: "same-origin", cache: "no-store", keepalive: isLast,
          headers: { "X-CSRFToken": token, "X-Kept-By-Script": "yes" }, body: new URLSearchParams(said),
        });
        if (answer.status !== 204) throw new Error("not kept");
        const at = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
        if (state) state.textContent = "Draft saved " + at;
      } catch (error) {
        last = "";
        await store.keep({ encounter: form.dataset.encounter, form: form.dataset.form, answers: said, isDraft: true });
        if (state) state.textContent = "Draft kept on this phone";
        await tell();
      }
    }

    last = JSON.stringify(answers());
    for (const kind of ["input", "change"]) {
      form.addEventListener(kind, function () {
        clearTimeout(waiting);
        waiting = setTimeout(function () { keepIt(false).catch(function () {}); }, 1200);
      });
    }
    form.addEventListener("submit", function () { clearTimeout(waiting); });
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden") keepIt(true).catch(function () {});
    });
  }

  /* Holding “I am OK” for two seconds is the discreet call for help; what follows looks the same. */
  function watchTheThumb(button) {
    let held = 0;
    function press() { held = setTimeout(function () { button.value = "folder"; }, 2000); }
    function release() { clearTimeout(held); }
    button.addEventListener("pointerdown", press);
    for (const kind of ["pointerup", "pointercancel", "pointerleave"]) button.addEventListener(kind, release);
    button.addEventListener("contextmenu", function (event) { event.preventDefault(); });
  }

  async function begin() {
    place = document.getElementById("phone");
    if (!place || !self.indexedDB || !self.crypto || !crypto.subtle) return;
    token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    for (const form of document.querySelectorAll("form[data-draft]")) keepWhileTyping(form);
    for (const button of document.querySelectorAll("[data-ok]")) watchTheThumb(button);
    await own();
    if (place.dataset.worker && navigator.serviceWorker) navigator.serviceWorker.register(place.dataset.worker, { scope: "/" }).catch(function () {});
    await tell(location.hash === "#not-kept" ? "That was not kept. Write it on paper." : "");
    await contact().catch(function () {});
    await send();
    window.addEventListener("online", send);
    window.addEventListener("offline", function () { tell(); });
    setInterval(async function () { if ((await store.parcels()).length) send(); }, TRY_AGAIN);
  }

  document.addEventListener("DOMContentLoaded", function () { begin().catch(function () {}); });
})();
