// What the parts of the page share: elements, and what a person decided about each defect.

const svgSpace = "http://www.w3.org/2000/svg";

// element("button", {type: "button", "aria-label": "..."}, "text", child...): all of it text or elements, never markup.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function button(text, attributes, press) {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", press);
  return made;
}

// A labelled choice: options are [value, text] pairs.
function choice(text, options, change) {
  const select = element("select", {}, ...options.map(([value, label]) => element("option", { value }, label)));
  if (change) select.addEventListener("change", change);
  return { label: element("label", {}, text, select), select };
}

// FNV-1a of the list, to tell what is remembered for it from what is for another.
function fingerprint(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16);
}

// "confirmed" or "rejected" by index. Remembered by the browser where it does that for files.
class Decisions {
  constructor(number) {
    this.key = `hotpix-${fingerprint(source)}-${number}`;
    this.values = {};
    this.listeners = [];
    try {
      this.values = JSON.parse(localStorage.getItem(this.key)) || {};
    } catch {
      // Nothing is remembered.
    }
  }

  of(index) {
    return this.values[index] || "";
  }

  // The same decision again takes it back.
  set(index, decision) {
    if (this.of(index) === decision) delete this.values[index];
    else this.values[index] = decision;
    try {
      localStorage.setItem(this.key, JSON.stringify(this.values));
    } catch {
      // They hold as long as the page is open.
    }
    for (const listener of this.listeners) listener(index);
  }

  listen(listener) {
    this.listeners.push(listener);
  }
}

// Confirm and reject, kept in step with the decisions.
function decisionButtons(decisions, index, place) {
  const make = (text, decision, name) =>
    button(text, { class: name, "aria-label": `${text} ${place}` }, () => decisions.set(index, decision));
  const confirm = make("Confirm", "confirmed", "confirm"), reject = make("Reject", "rejected", "reject");
  const show = () => {
    confirm.setAttribute("aria-pressed", decisions.of(index) === "confirmed");
    reject.setAttribute("aria-pressed", decisions.of(index) === "rejected");
  };
  show();
  return { confirm, reject, show };
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
