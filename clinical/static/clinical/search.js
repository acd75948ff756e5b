/* The line that finds a client, as a combobox: what htmx brings into the list is chosen by arrows, Enter or a tap.
   Nothing that is typed is kept. */
(function () {
  "use strict";

  function Combobox(form) {
    const input = form.querySelector("input[name=said]");
    const list = form.querySelector(".search__options");
    const status = form.querySelector("[data-combobox-status]");
    let active = -1;

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Clients you may see");

    function options() {
      return Array.from(list.querySelectorAll("[role=option]"));
    }

    function choose(index) {
      active = index;
      options().forEach(function (option, at) {
        option.setAttribute("aria-selected", String(at === active));
        if (at === active) option.scrollIntoView({ block: "nearest" });
      });
      if (active < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", options()[active].id);
    }

    function show(isShown) {
      list.hidden = !isShown;
      input.setAttribute("aria-expanded", String(isShown && options().length > 0));
      choose(-1);
    }

    function say() {
      const many = options().length;
      const none = list.querySelector("[data-none]");
      if (many) status.textContent = many + (many === 1 ? " client. " : " clients. ") + "Arrow down to choose.";
      else status.textContent = none ? none.textContent : "";
    }

    function open(option) {
      location.assign(option.dataset.href);
    }

    list.addEventListener("htmx:afterSwap", function () {
      show(list.children.length > 0 && document.activeElement === input);
      say();
    });
    input.addEventListener("input", function () {
      if (!input.value.trim()) { list.replaceChildren(); show(false); say(); }
    });
    input.addEventListener("keydown", function (event) {
      const many = options().length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!many) return;
        event.preventDefault();
        if (list.hidden) show(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose(active < 0 && step < 0 ? many - 1 : (active + step + many) % many);
      } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
        event.preventDefault();
        open(options()[active]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        show(false);
      }
    });
    input.addEventListener("blur", function () { show(false); });
    list.addEventListener("mousedown", function (event) { event.preventDefault(); }); /* the line keeps the focus */
    list.addEventListener("click", function (event) {
      const option = event.target.closest("[role=option]");
      if (option) open(option);
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    for (const form of document.querySelectorAll("form[data-combobox]")) Combobox(form);
  });
})();
