/* Small things that a page needs everywhere: menus that close, the idle lock, what to say when a request fails. */
(function () {
  "use strict";

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details[data-closes][open]")) {
      if (menu !== except) menu.open = false;
    }
  }

  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details[data-closes]"));
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-closes][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  /* The first thing to read after a form came back is what is wrong with it. */
  function focusErrors(root) {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  /* A second press while the first is under way sends nothing. */
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(function () { delete form.dataset.sent; }, 8000);
  });

  window.addEventListener("pageshow", function () {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  function startCountdown(element) {
    if (element.dataset.started) return;
    element.dataset.started = "yes";
    const until = Date.parse(element.dataset.until);
    const left = element.querySelector("[data-left]");
    const spoken = element.querySelector("[data-spoken]");
    /* the server's clock counts, and this one may be wrong: how far the two are apart */
    const apart = element.dataset.now ? Date.parse(element.dataset.now) - Date.now() : 0;
    const everyMinute = "minutes" in element.dataset;
    const announceAt = everyMinute ? [] : [300, 60];
    let minutesTold = Infinity;

    function tick() {
      const seconds = Math.max(0, Math.ceil((until - Date.now() - apart) / 1000));
      left.textContent = inWords(seconds, everyMinute);
      const minutes = Math.ceil(seconds / 60);
      if (everyMinute && minutes < minutesTold) {
        if (minutesTold !== Infinity) spoken.textContent = minutes === 1 ? "One minute left" : minutes + " minutes left";
        minutesTold = minutes;
      }
      if (announceAt.length && seconds <= announceAt[0] && seconds > 0) {
        while (announceAt.length && seconds <= announceAt[0]) announceAt.shift();
        spoken.textContent = inWords(seconds) + " left";
      }
      if (seconds === 0) {
        element.classList.add("is-over");
        spoken.textContent = left.textContent = element.dataset.over;
        element.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
        if (element.dataset.leave) location.replace(element.dataset.leave);
        return;
      }
      setTimeout(tick, 1000);
    }

    tick();
  }

  function inWords(seconds, inMinutes) {
    const hours = inMinutes ? 0 : Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds - hours * 3600) / 60);
    if (hours >= 48) return Math.floor(hours / 24) + " days";
    if (hours > 0) return hours + " h " + minutes + " min";
    return minutes + ":" + String(seconds % 60).padStart(2, "0") + " min";
  }

  function goToLogin(body) {
    const back = encodeURIComponent(location.pathname + location.search);
    location.assign(body.dataset.loginUrl + "?locked=1&next=" + back);
  }

  /* Idle: the server locks by itself; this warns before it does and hides what was left on the screen. */
  function watchIdleness(body) {
    const idle = Number(body.dataset.idleSeconds) * 1000;
    const warning = Number(body.dataset.idleWarningSeconds) * 1000;
    const dialog = document.getElementById("idle-warning");
    if (!idle || !dialog) return;
    let lastTold = Date.now(); /* when the server last heard from us */
    let lastTouched = Date.now();

    function tellServer() {
      lastTold = lastTouched = Date.now();
      fetch(body.dataset.aliveUrl, { credentials: "same-origin", cache: "no-store" }).catch(function () {});
    }

    function lock() {
      body.classList.add("is-locked");
      if (dialog.open) dialog.remove(); /* it stands above whatever is hidden */
      goToLogin(body);
    }

    function look() {
      const quietFor = Date.now() - lastTold;
      if (quietFor >= idle) return lock();
      if (lastTouched > lastTold && quietFor > 60000) tellServer();
      else if (quietFor >= idle - warning) {
        const minutes = Math.ceil((idle - quietFor) / 60000);
        dialog.querySelector("[data-idle-left]").textContent = minutes > 1 ? minutes + " minutes" : "less than a minute";
        if (!dialog.open) dialog.showModal();
      }
    }

    for (const kind of ["pointerdown", "keydown", "input"]) {
      document.addEventListener(kind, function () { lastTouched = Date.now(); }, { passive: true });
    }
    dialog.addEventListener("close", tellServer);
    dialog.querySelector("[data-idle-stay]").addEventListener("click", function () { dialog.close(); });
    document.addEventListener("htmx:afterRequest", function () { lastTold = Date.now(); });
    document.addEventListener("visibilitychange", look); /* a phone that slept */
    setInterval(look, 5000);
  }

  function sayLost() {
    const place = document.getElementById("lost-connection");
    place.hidden = false;
    setTimeout(function () { place.hidden = true; }, 12000);
  }

  /* A part of a page that is answered with the log-in: the site is locked, so the whole page goes there. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    const login = document.body.dataset.loginUrl;
    if (!login || new URL(event.detail.xhr.responseURL).pathname !== login) return;
    event.detail.shouldSwap = false;
    goToLogin(document.body);
  });

  document.addEventListener("htmx:sendError", sayLost);
  document.addEventListener("htmx:responseError", sayLost);
  document.addEventListener("htmx:timeout", sayLost);

  /* Twelve characters typed on a phone in the dark: let them be looked at. */
  function offerToShow(input) {
    if (input.closest(".revealing")) return;
    const frame = document.createElement("div");
    const button = document.createElement("button");
    frame.className = "revealing";
    input.replaceWith(frame);
    button.type = "button";
    button.textContent = "Show";
    button.setAttribute("aria-label", "Show the password");
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", function () {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = shown ? "Show" : "Hide";
      button.setAttribute("aria-pressed", String(!shown));
    });
    frame.append(input, button);
  }

  /* A passkey that was cancelled, or that the phone does not have: say it in words, not in the console. */
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    const place = document.getElementById("key-failed");
    if (!place) return;
    const impossible = !window.PublicKeyCredential || event.detail.exception.name === "SecurityError";
    place.querySelector("[data-key-impossible]").hidden = !impossible;
    place.querySelector("[data-key-silent]").hidden = impossible;
    place.hidden = false;
    setTimeout(function () { place.hidden = true; }, 12000);
  });

  function enliven(root) {
    for (const element of root.querySelectorAll("[data-until]")) startCountdown(element);
    for (const element of root.querySelectorAll("input[type=password]")) offerToShow(element);
  }

  document.addEventListener("htmx:load", function (event) {
    enliven(event.detail.elt);
    focusErrors(event.detail.elt);
  });
  document.addEventListener("DOMContentLoaded", function () {
    enliven(document);
    focusErrors(document);
    watchIdleness(document.body);
    const places = document.querySelector(".shell-nav");
    if (!places) return;
    const here = places.querySelector("[aria-current]");
    if (here) here.scrollIntoView({ block: "nearest", inline: "center" });
    places.addEventListener("focusin", function (event) {
      event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  });
})();
