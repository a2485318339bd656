// The sensor: zoom, drag, keys, and the panel beside it that shows one defect in large.

const zoomStep = 1.6, zoomSide = 48, panShare = 0.2;

class SensorMap {
  constructor(section, camera, decisions, rows) {
    this.camera = camera;
    this.decisions = decisions;
    this.rows = rows;
    this.svg = section.querySelector(".frame");
    this.sensor = section.querySelector(".sensor");
    this.view = { x: 0, y: 0, width: camera.width, height: camera.height };
    this.signs = Array.from(this.svg.querySelectorAll(".sign"), (sign) => ({
      sign, scale: Number(/scale\(([\d.]+)\)/.exec(sign.getAttribute("transform"))[1]),
    }));
    this.links = new Map(Array.from(this.svg.querySelectorAll("a"), (link) => [indexOf(link.getAttribute("href")), link]));
    this.selected = -1;
    this.addTools();
    this.addPanel();
    this.addPointer();
    this.addKeys();
    decisions.listen((index) => this.showDecision(index));
    for (const index of this.links.keys()) this.showDecision(index);
  }

  // ---- view ----

  show(view) {
    const { width, height } = this.camera;
    const share = Math.min(1, Math.max(view.width / width, zoomSide / Math.max(width, height)));
    const w = width * share, h = height * share;
    this.view = { x: Math.min(Math.max(view.x, 0), width - w), y: Math.min(Math.max(view.y, 0), height - h), width: w, height: h };
    this.svg.setAttribute("viewBox", `${this.view.x} ${this.view.y} ${w} ${h}`);
    this.svg.classList.toggle("zoomed", share < 1);
    for (const { sign, scale } of this.signs) sign.setAttribute("transform", `scale(${scale * share})`);
    this.showHalo();
  }

  // Around a place of the frame, which stays where it is on the screen.
  zoom(factor, x = this.view.x + this.view.width / 2, y = this.view.y + this.view.height / 2) {
    const { view } = this;
    this.show({ x: x - (x - view.x) / factor, y: y - (y - view.y) / factor, width: view.width / factor });
  }

  pan(right, down) {
    const { view } = this;
    this.show({ ...view, x: view.x + right * view.width, y: view.y + down * view.height });
  }

  placeOf(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  // ---- parts ----

  addTools() {
    const whole = { x: 0, y: 0, width: this.camera.width };
    this.sensor.querySelector(".tools").append(
      button("+", { "aria-label": "Zoom in" }, () => this.zoom(zoomStep)),
      button("−", { "aria-label": "Zoom out" }, () => this.zoom(1 / zoomStep)),
      button("⤢", { "aria-label": "The whole sensor" }, () => this.show(whole)));
  }

  addPanel() {
    this.panel = element("aside", { class: "focus", "aria-label": "One bad pixel" });
    this.halo = document.createElementNS(svgSpace, "circle");
    this.halo.setAttribute("class", "halo");
    this.svg.append(this.halo);
    this.sensor.append(this.panel);
    this.sensor.classList.add("ready");
  }

  addPointer() {
    let drag = null;
    this.svg.addEventListener("pointerover", (event) => {
      const link = event.target.closest("a");
      if (link && !drag) this.fill(indexOf(link.getAttribute("href")));
    });
    this.svg.addEventListener("pointerleave", () => this.fill(this.selected));
    this.svg.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      this.select(indexOf(link.getAttribute("href")));
    });
    this.svg.addEventListener("dblclick", (event) => this.zoom(zoomStep * zoomStep, ...this.placeOf(event)));
    this.svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, ...this.placeOf(event));
    }, { passive: false });
    this.svg.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("a") && this.svg.classList.contains("zoomed")) drag = { at: this.placeOf(event) };
    });
    addEventListener("pointermove", (event) => {
      if (!drag) return;
      const [x, y] = this.placeOf(event);
      this.show({ ...this.view, x: this.view.x + drag.at[0] - x, y: this.view.y + drag.at[1] - y });
    });
    addEventListener("pointerup", () => (drag = null));
    addEventListener("pointercancel", () => (drag = null));
  }

  // The markers are reached by n and p: hundreds of stops for the tab key would be in the way.
  addKeys() {
    for (const link of this.links.values()) link.setAttribute("tabindex", "-1");
    this.svg.setAttribute("tabindex", "0");
    this.svg.setAttribute("aria-label", "The sensor and its bad pixels. Keys: plus and minus zoom, 0 shows all, arrows move, " +
      "n and p go to the next and previous bad pixel");
    const keys = {
      "+": () => this.zoom(zoomStep), "=": () => this.zoom(zoomStep), "-": () => this.zoom(1 / zoomStep),
      0: () => this.show({ x: 0, y: 0, width: this.camera.width }),
      ArrowLeft: () => this.pan(-panShare, 0), ArrowRight: () => this.pan(panShare, 0),
      ArrowUp: () => this.pan(0, -panShare), ArrowDown: () => this.pan(0, panShare),
      n: () => this.step(1), p: () => this.step(-1),
    };
    this.svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      if (event.key.startsWith("Arrow") && !this.svg.classList.contains("zoomed")) return;
      event.preventDefault();
      keys[event.key]();
    });
  }

  // ---- one defect ----

  // In the order of the table, over those that it shows.
  step(by) {
    const shown = this.rows.shown();
    if (!shown.length) return;
    const at = shown.indexOf(this.selected);
    this.select(shown[(at + by + shown.length) % shown.length]);
  }

  select(index) {
    this.selected = index;
    this.fill(index);
    this.showHalo();
    this.rows.mark(index);
  }

  // Into the middle, so near that single pixels are seen.
  zoomTo(index) {
    const { x, y } = this.camera.defects[index];
    const width = this.camera.width / 12;
    this.show({ x: x - width / 2, y: y - (width * this.camera.height) / this.camera.width / 2, width });
  }

  showHalo() {
    const defect = this.camera.defects[this.selected];
    this.halo.setAttribute("visibility", defect ? "visible" : "hidden");
    if (!defect) return;
    this.halo.setAttribute("cx", defect.x + 0.5);
    this.halo.setAttribute("cy", defect.y + 0.5);
    this.halo.setAttribute("r", (this.signs[0].scale * 2.1 * this.view.width) / this.camera.width);
  }

  showDecision(index) {
    const link = this.links.get(index);
    if (link) link.classList.toggle("rejected", this.decisions.of(index) === "rejected");
    if (index === this.filled) this.buttons.show();
  }

  fill(index) {
    const defect = this.camera.defects[index], row = this.rows.rowOf(index);
    if (!defect || !row) return;
    this.filled = index;
    const place = `${defect.x}, ${defect.y}`;
    this.buttons = decisionButtons(this.decisions, index, place);
    const title = element("h3", {}, row.querySelector(".key").cloneNode(true), `${defect.kind}, ${defect.grade}`);
    const parts = [title, this.pictures(row), this.values(row, place)];
    const strip = row.querySelector(".time");
    if (strip) parts.push(element("div", { class: "time" }, ...Array.from(strip.childNodes, (node) => node.cloneNode(true))));
    const walk = element("div", { class: "actions" },
      button("Previous", {}, () => this.step(-1)), button("Next", {}, () => this.step(1)),
      button("Zoom here", {}, () => this.zoomTo(index)),
      button("Show in the table", {}, () => this.rows.reveal(index)));
    this.panel.replaceChildren(...parts, element("div", { class: "actions" }, this.buttons.confirm, this.buttons.reject), walk);
  }

  pictures(row) {
    const names = ["Mean of the photos", "Difference to the neighbours"];
    const crops = Array.from(row.querySelectorAll("svg.crop"), (crop, i) =>
      element("div", {}, crop.cloneNode(true), element("span", {}, `${names[i]}, ${crop.getAttribute("aria-label").replace(/^[^,]*, /, "")}`)));
    return element("div", { class: "crops" }, ...crops);
  }

  values(row, place) {
    const list = element("dl", {}, element("dt", {}, "Place"), element("dd", {}, `x ${place.replace(", ", ", y ")}`));
    const dark = row.querySelector(".mean .dark")?.textContent ?? "";
    for (const name of ["score", "mean"]) {
      const cell = row.querySelector(`.${name}`);
      const text = cell.textContent.replace(dark, "");
      list.append(element("dt", {}, cell.dataset.name), element("dd", {}, text + (name === "mean" ? " DN" : "")));
    }
    if (dark)
      list.append(element("dt", {}, "Dark current"), element("dd", {}, dark.replace(" in the dark", "")));
    return list;
  }
}
