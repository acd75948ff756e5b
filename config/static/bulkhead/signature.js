/* A signature drawn with finger, pen or mouse, kept as a PNG data URL in a hidden input. */
(function () {
  "use strict";

  const SHORTEST_STROKE = 24; /* CSS pixels: a slip of the finger is no signature */

  class SignaturePad {
    constructor(root) {
      this.root = root;
      this.canvas = root.querySelector("canvas");
      this.input = root.querySelector("[data-signature-value]");
      this.said = root.querySelector("[data-signature-said]");
      this.context = this.canvas.getContext("2d");
      this.strokes = []; /* each a list of points in fractions of the sheet, so that turning the phone keeps it */
      this.length = 0;
      this.was = this.input.value ? this.loaded(this.input.value) : null;
      root.classList.add("has-script");
      root.querySelector("[data-signature-clear]").addEventListener("click", () => this.clear());
      this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
      this.canvas.addEventListener("pointermove", (event) => this.go(event));
      for (const kind of ["pointerup", "pointercancel"]) {
        this.canvas.addEventListener(kind, (event) => this.end(event));
      }
      new ResizeObserver(() => this.fit()).observe(this.canvas);
      this.fit();
      this.tell();
    }

    loaded(url) {
      const image = new Image();
      image.addEventListener("load", () => this.fit());
      image.src = url;
      return image;
    }

    fit() {
      const scale = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(this.canvas.clientWidth * scale);
      this.canvas.height = Math.round(this.canvas.clientHeight * scale);
      this.context.scale(scale, scale);
      this.draw();
    }

    point(event) {
      const box = this.canvas.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    }

    begin(event) {
      if (event.button > 0) return;
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      this.stroke = [this.point(event)];
      this.strokes.push(this.stroke);
    }

    go(event) {
      if (!this.stroke) return;
      for (const step of event.getCoalescedEvents ? event.getCoalescedEvents() : [event]) {
        const next = this.point(step);
        const last = this.stroke[this.stroke.length - 1];
        this.length += Math.hypot((next[0] - last[0]) * this.canvas.clientWidth, (next[1] - last[1]) * this.canvas.clientHeight);
        this.stroke.push(next);
      }
      this.draw();
    }

    end() {
      if (!this.stroke) return;
      this.stroke = null;
      if (this.length >= SHORTEST_STROKE) this.input.value = this.canvas.toDataURL("image/png");
      this.tell();
    }

    draw() {
      const { context, canvas } = this;
      const width = canvas.clientWidth;
      const height = canvas.clientHeight;
      context.fillStyle = "#ffffff";
      context.fillRect(0, 0, width, height);
      if (this.was && this.was.complete) context.drawImage(this.was, 0, 0, width, height);
      context.strokeStyle = "#101820";
      context.fillStyle = "#101820";
      context.lineWidth = 2.5;
      context.lineCap = context.lineJoin = "round";
      for (const stroke of this.strokes) {
        context.beginPath();
        stroke.forEach(([x, y], index) => context[index ? "lineTo" : "moveTo"](x * width, y * height));
        if (stroke.length === 1) context.lineTo(stroke[0][0] * width + 0.1, stroke[0][1] * height);
        context.stroke();
      }
    }

    clear() {
      this.strokes = [];
      this.length = 0;
      this.was = null;
      this.input.value = "";
      this.draw();
      this.tell();
    }

    tell() {
      const signed = this.input.value !== "";
      this.root.classList.toggle("is-signed", signed);
      this.said.textContent = signed ? this.root.dataset.signed : this.root.dataset.empty;
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function enliven(root) {
    for (const element of root.querySelectorAll("[data-signature]:not(.has-script)")) new SignaturePad(element);
  }

  document.addEventListener("DOMContentLoaded", () => enliven(document));
  document.addEventListener("htmx:load", (event) => enliven(event.detail.elt));
})();
