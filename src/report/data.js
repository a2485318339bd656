// The list that the page is about, as hotpix writes it: data for reading, and its source for saving, in which numbers
// and texts stay as they are written: 1.0 would come out of JSON.parse as 1.

const source = document.getElementById("data").textContent;
const data = JSON.parse(source);
const token = /"(?:[^"\\]|\\.)*"|-?\d[^,\]}]*/g;
const rawData = JSON.parse(source.replace(token, (text) => JSON.stringify(text)));

// A '<' is escaped in the page, so that no text can end its element.
function unescapeLess(text) {
  return text.replace(/\\(?:u003c|[^])/g, (escape) => (escape === "\\u003c" ? "<" : escape));
}

// As jansson indents by 1.
function pretty(raw, depth) {
  const inner = "\n" + " ".repeat(depth + 1), end = "\n" + " ".repeat(depth);
  if (Array.isArray(raw)) {
    return raw.length ? "[" + raw.map((item) => inner + pretty(item, depth + 1)).join(",") + end + "]" : "[]";
  }
  if (raw !== null && typeof raw === "object") {
    const parts = Object.keys(raw).map((key) => inner + unescapeLess(key) + ": " + pretty(raw[key], depth + 1));
    return parts.length ? "{" + parts.join(",") + end + "}" : "{}";
  }
  return typeof raw === "string" ? unescapeLess(raw) : String(raw);
}

// A camera with some of its defects: `keep` tells by their index.
function cameraWith(number, keep) {
  const camera = data.cameras[number];
  return { ...camera, defects: camera.defects.filter((defect, index) => keep(index)) };
}
