// The table: sorted, filtered, decided about and saved, by mouse and by keys.

// "#c0-d17" and "c0-d17" are of defect 17.
function indexOf(name) {
  return Number(/-d(\d+)$/.exec(name)[1]);
}

const sortKeys = {
  x: (d) => d.x, y: (d) => d.y, kind: (d) => kindOrder.indexOf(d.kind), grade: (d) => (d.grade === "certain" ? 0 : 1),
  score: (d) => d.score, mean: (d) => d.mean, since: (d) => d.since || 0, decision: null,
};
const decisionOrder = ["confirmed", "", "rejected"];

class DefectTable {
  constructor(section, camera, decisions) {
    this.section = section;
    this.camera = camera;
    this.decisions = decisions;
    this.number = Number(section.id.slice(1));
    this.table = section.querySelector(".defects");
    this.body = this.table.tBodies[0];
    this.rows = new Map(Array.from(this.body.rows, (row) => [indexOf(row.id), row]));
    this.sorted = { key: "score", falling: true };
    this.addDecisions();
    this.addSorting();
    this.addTools();
    this.addKeys();
    decisions.listen((index) => this.showDecision(index));
    this.filter();
  }

  rowOf(index) {
    return this.rows.get(index);
  }

  // Indices of the rows that are seen, in their order.
  shown() {
    return Array.from(this.body.rows).filter((row) => !row.hidden).map((row) => indexOf(row.id));
  }

  // ---- decisions ----

  addDecisions() {
    this.table.tHead.rows[0].append(element("th", { scope: "col", "data-key": "decision" }, "Your decision"));
    this.buttons = new Map();
    for (const [index, row] of this.rows) {
      const { x, y } = this.camera.defects[index];
      const made = decisionButtons(this.decisions, index, `${x}, ${y}`);
      row.append(element("td", { class: "decision" }, made.confirm, made.reject));
      this.buttons.set(index, made);
      row.classList.toggle("rejected", this.decisions.of(index) === "rejected");
    }
  }

  showDecision(index) {
    if (!this.rows.has(index)) return;
    this.buttons.get(index).show();
    this.rows.get(index).classList.toggle("rejected", this.decisions.of(index) === "rejected");
    this.count();
  }

  // ---- order ----

  addSorting() {
    for (const heading of this.table.tHead.rows[0].cells) {
      const { key } = heading.dataset;
      if (!key) continue;
      const text = heading.textContent;
      heading.replaceChildren(button(text, {}, () => this.sort(key)));
    }
    this.showSorting();
  }

  valueOf(key, index) {
    if (key === "decision") return decisionOrder.indexOf(this.decisions.of(index));
    const value = sortKeys[key](this.camera.defects[index]);
    return value === null || value === undefined ? -Infinity : value;
  }

  // Numbers that are large are looked for first; places, words and times begin at their beginning.
  sort(key) {
    const falling = this.sorted.key === key ? !this.sorted.falling : key === "score" || key === "mean";
    this.sorted = { key, falling };
    const order = Array.from(this.rows.keys()).sort((a, b) => {
      const by = this.valueOf(key, a) - this.valueOf(key, b);
      return (falling ? -by : by) || a - b;
    });
    this.body.append(...order.map((index) => this.rows.get(index)));
    this.showSorting();
  }

  showSorting() {
    for (const heading of this.table.tHead.rows[0].cells) {
      if (heading.dataset.key === this.sorted.key) heading.setAttribute("aria-sort", this.sorted.falling ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    }
  }

  // ---- filters and saving ----

  addTools() {
    const change = () => this.filter();
    const words = (list) => list.map((word) => [word, word]);
    this.kind = choice("Kind", [["", "all kinds"], ...words(kindOrder)], change);
    this.grade = choice("Grade", [["", "all grades"], ...words(["certain", "probable"])], change);
    this.decision = choice("Decision", [["", "all"], ["confirmed", "confirmed"], ["rejected", "rejected"], ["none", "not decided"]], change);
    const least = element("input", { type: "number", min: "0", step: "0.1", inputmode: "decimal", placeholder: "0" });
    least.addEventListener("input", change);
    this.least = least;
    this.status = element("p", { class: "hint", role: "status" });
    const tools = this.section.querySelector(".list > .tools");
    tools.append(
      element("fieldset", {}, element("legend", {}, "Show"), this.kind.label, this.grade.label, this.decision.label,
        element("label", {}, "Score at least", least)),
      this.saving());
    tools.after(this.status, element("p", { class: "hint" }, "In a row: ", element("kbd", {}, "C"), " confirms, ",
      element("kbd", {}, "R"), " rejects, ", element("kbd", {}, "↑"), " ", element("kbd", {}, "↓"), " go on."));
  }

  saving() {
    this.format = choice("Save for", listFormats.map((format) => [format.name, format.label]));
    this.which = choice("Which", [["unrejected", "all but the rejected"], ["confirmed", "only the confirmed"]], () => this.count());
    return element("fieldset", {}, element("legend", {}, "Save"), this.format.label, this.which.label,
      button("Save the list", { class: "main" }, () => this.save()));
  }

  keeps(index) {
    const decision = this.decisions.of(index);
    return this.which.select.value === "confirmed" ? decision === "confirmed" : decision !== "rejected";
  }

  save() {
    const format = listFormats.find((one) => one.name === this.format.select.value);
    const keep = (index) => this.keeps(index);
    const { rawtherapee, saved } = this.section.dataset;
    const own = saved + (format.ending === `.${format.name}` ? "" : `-${format.name}`) + format.ending;
    try {
      download(format.name === "rawtherapee" ? rawtherapee || own : own, format.write(cameraWith(this.number, keep), this.number, keep));
    } catch (error) {
      this.status.textContent = `This list cannot be saved for ${format.label}: ${error.message}.`;
    }
  }

  isShown(index) {
    const defect = this.camera.defects[index], decision = this.decisions.of(index) || "none";
    const wanted = [[this.kind, defect.kind], [this.grade, defect.grade], [this.decision, decision]];
    return wanted.every(([{ select }, value]) => !select.value || select.value === value) &&
      !(Number(this.least.value) > 0 && !(defect.score >= Number(this.least.value)));
  }

  filter() {
    for (const [index, row] of this.rows) row.hidden = !this.isShown(index);
    this.keepStop();
    this.count();
  }

  count() {
    const saved = this.camera.defects.filter((defect, index) => this.keeps(index)).length;
    this.status.textContent = `${this.shown().length} of ${this.camera.defects.length} shown; ${saved} will be saved.`;
  }

  // ---- keys ----

  // One row at a time is a stop for the tab key.
  keepStop() {
    if (this.stop && !this.stop.hidden) return;
    if (this.stop) this.stop.removeAttribute("tabindex");
    this.stop = Array.from(this.body.rows).find((row) => !row.hidden);
    if (this.stop) this.stop.setAttribute("tabindex", "0");
  }

  goTo(row) {
    if (!row) return;
    if (this.stop) this.stop.removeAttribute("tabindex");
    this.stop = row;
    row.setAttribute("tabindex", "0");
    row.focus();
  }

  neighbour(row, step) {
    let next = row;
    do next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
    while (next && next.hidden);
    return next;
  }

  addKeys() {
    this.body.addEventListener("keydown", (event) => {
      const row = event.target.closest("tr");
      if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
      const index = indexOf(row.id);
      const keys = {
        c: () => this.decisions.set(index, "confirmed"), r: () => this.decisions.set(index, "rejected"),
        ArrowDown: () => this.goTo(this.neighbour(row, 1)), ArrowUp: () => this.goTo(this.neighbour(row, -1)),
      };
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    const choose = (event) => {
      const row = event.target.closest("tbody tr");
      if (row && this.map) this.map.select(indexOf(row.id));
    };
    this.body.addEventListener("click", choose);
    this.body.addEventListener("focusin", choose);
  }

  mark(index) {
    for (const [other, row] of this.rows) row.classList.toggle("selected", other === index);
  }

  reveal(index) {
    const row = this.rows.get(index);
    row.scrollIntoView({ block: "center" });
    this.goTo(row);
  }
}
