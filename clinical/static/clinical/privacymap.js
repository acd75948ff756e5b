/* The privacy map: one stop for the Tab key and arrows over its squares; a touched square opens beside the map.
   Without this file every square is a button that loads the page with its answer. */
(function () {
  "use strict";

  function rowsOf(table) {
    return Array.from(table.querySelectorAll(".map__line")).map(function (line) {
      return Array.from(line.querySelectorAll(".spot"));
    }).filter(function (row) { return row.length && row[0].offsetParent !== null; });
  }

  function placeOf(rows, spot) {
    for (let row = 0; row < rows.length; row += 1) {
      const column = rows[row].indexOf(spot);
      if (column >= 0) return { row: row, column: column };
    }
    return null;
  }

  function within(number, length) {
    return Math.max(0, Math.min(length - 1, number));
  }

  /* Where a key leads, or null where it is none of ours. */
  function target(event, rows, here) {
    const last = rows[here.row].length - 1;
    const whole = event.ctrlKey || event.metaKey;
    switch (event.key) {
      case "ArrowRight": return { row: here.row, column: here.column + 1 };
      case "ArrowLeft": return { row: here.row, column: here.column - 1 };
      case "ArrowDown": return { row: here.row + 1, column: here.column };
      case "ArrowUp": return { row: here.row - 1, column: here.column };
      case "PageDown": return { row: here.row + 5, column: here.column };
      case "PageUp": return { row: here.row - 5, column: here.column };
      case "Home": return { row: whole ? 0 : here.row, column: 0 };
      case "End": return { row: whole ? rows.length - 1 : here.row, column: last };
      default: return null;
    }
  }

  function Map(table) {
    let current = null;

    function stopAt(spot) {
      if (current) current.tabIndex = -1;
      current = spot;
      current.tabIndex = 0;
    }

    function light(spot) {
      for (const head of table.querySelectorAll(".map__column.is-lit")) head.classList.remove("is-lit");
      if (!spot) return;
      const row = Array.from(spot.closest(".map__line").querySelectorAll(".spot"));
      const head = table.querySelectorAll(".map__column")[row.indexOf(spot)];
      if (head) head.classList.add("is-lit");
    }

    const spots = Array.from(table.querySelectorAll(".spot"));
    if (!spots.length) return;
    for (const spot of spots) spot.tabIndex = -1;
    stopAt(spots[0]);

    table.addEventListener("focusin", function (event) {
      const spot = event.target.closest(".spot");
      if (!spot) return;
      stopAt(spot);
      light(spot);
    });
    table.addEventListener("focusout", function () { light(null); });
    table.addEventListener("pointerover", function (event) { light(event.target.closest(".spot")); });
    table.addEventListener("pointerleave", function () { light(null); });
    table.addEventListener("keydown", function (event) {
      const rows = rowsOf(table);
      const here = placeOf(rows, event.target);
      const to = here && !event.altKey ? target(event, rows, here) : null;
      if (!to) return;
      event.preventDefault();
      const row = rows[within(to.row, rows.length)];
      row[within(to.column, row.length)].focus();
    });
    fold(table);
  }

  /* On a phone the cards of those who may see nothing are folded; a button unfolds one. */
  function fold(table) {
    for (const line of table.querySelectorAll(".map__line--closed")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "map__unfold";
      line.querySelector(".map__person").append(button);
      const show = function (isFolded) {
        line.classList.toggle("is-folded", isFolded);
        button.setAttribute("aria-expanded", String(!isFolded));
        button.textContent = isFolded ? "Show the closed squares" : "Hide the closed squares";
      };
      button.addEventListener("click", function () { show(!line.classList.contains("is-folded")); });
      show(true);
    }
  }

  function setUp(root) {
    for (const table of root.querySelectorAll("[data-map]:not([data-ready])")) {
      table.dataset.ready = "yes";
      Map(table);
    }
  }

  function closeDialog() {
    const dialog = document.getElementById("cell-dialog");
    if (dialog && dialog.open) dialog.close();
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.elt.id === "try") closeDialog();
  });

  document.addEventListener("htmx:afterSettle", function (event) {
    const dialog = document.getElementById("cell-dialog");
    if (event.detail.target.id === "cell-body" && dialog) {
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
      dialog.querySelector("#cell-title").focus();
      return;
    }
    const tried = document.getElementById("trial");
    const wrong = document.querySelector("#try [data-error-summary]");
    if (event.detail.requestConfig && event.detail.requestConfig.elt.id === "try") {
      setUp(document);
      const place = wrong || tried || document.querySelector("[data-map] .spot");
      if (!place) return;
      place.focus({ preventScroll: true });
      place.scrollIntoView({ block: wrong ? "center" : "start" });
    }
  });

  document.addEventListener("DOMContentLoaded", function () {
    setUp(document);
    const dialog = document.getElementById("cell-dialog");
    if (!dialog) return;
    dialog.addEventListener("click", function (event) { if (event.target === dialog) dialog.close(); });
  });
})();
