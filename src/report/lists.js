// Lists in the forms that other programs read: the same bytes as hotpix's own writers (src/defects/format_*.c).

const version = data.hotpix;
const sideMost = 65535, pixelsMost = 1 << 20, footprintMost = 16, numberMost = 1e12;
const kindOrder = ["hot", "stuck", "dead", "weak"];

// hp_printable: what changes the display becomes \xNN, byte by byte; size as in C, with the final zero.
function printable(text, size) {
  let out = "", used = 0;
  for (const character of text) {
    const code = character.codePointAt(0), bytes = new TextEncoder().encode(character);
    const hidden = code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
      (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    const shown = hidden ? Array.from(bytes, (byte) => "\\x" + byte.toString(16).padStart(2, "0")).join("") : character;
    used += hidden ? shown.length : bytes.length;
    if (used + 1 > size) break;
    out += shown;
  }
  return out;
}

function cameraLines(camera) {
  const names = ["make", "model", "serial"].filter((name) => camera[name]);
  return names.map((name) => `# ${name}: ${printable(camera[name], 96)}\n`).join("") +
    `# frame: ${camera.width}x${camera.height} of ${camera.source} photos\n`;
}

function heading(format, camera) {
  return `# bad pixels for ${format}, by hotpix ${version}\n` + cameraLines(camera);
}

function words(defect) {
  return `${defect.kind}, ${defect.grade}` + (defect.since ? `, since ${defect.since}` : "") +
    (defect.until ? `, until ${defect.until}` : "");
}

function comment(defect) {
  return ` # ${words(defect)}\n`;
}

function isSmeared(camera, defect) {
  const developed = camera.source === "jpeg" || camera.source === "heic";
  return developed && defect.box[2] <= footprintMost && defect.box[3] <= footprintMost;
}

// hp_defects_sort, of single pixels.
function compareDefects(a, b) {
  return a.y - b.y || a.x - b.x || (a.since || 0) - (b.since || 0) || (a.until || 0) - (b.until || 0) ||
    (b.grade === "certain") - (a.grade === "certain") || kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) ||
    b.score - a.score;
}

// hp_list_points: boxes that are not smeared become their pixels, each once.
function points(camera, defects) {
  const all = [];
  for (const defect of defects) {
    const [left, top, width, height] = isSmeared(camera, defect) ? [defect.x, defect.y, 1, 1] : defect.box;
    if (all.length + width * height > pixelsMost) throw new Error(`holds more than ${pixelsMost} bad pixels`);
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++) all.push({ ...defect, x, y, box: [x, y, 1, 1] });
  }
  all.sort(compareDefects);
  return all.filter((p, i) => i === 0 || p.x !== all[i - 1].x || p.y !== all[i - 1].y);
}

function needSource(camera) {
  if (camera.source === "unknown") throw new Error("it is not known what photos the list is for, and rows count by that");
}

function writeJson(camera, number, keep) {
  const raw = rawData['"cameras"'][number];
  const defects = raw['"defects"'].filter((defect, index) => keep(index));
  return pretty({ ...rawData, '"cameras"': [{ ...raw, '"defects"': defects }] }, 0) + "\n";
}

const csvColumns = ["make", "model", "serial", "x", "y", "kind", "grade", "score", "mean", "deviation", "box_x", "box_y",
  "box_width", "box_height", "width", "height", "source", "since", "until", "shape", "expected_false",
  "dark_current"];

function csvText(text) {
  return /[",]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function csvNumber(value, decimals) {
  return value === null || value === undefined || Math.abs(value) > numberMost ? "" : value.toFixed(decimals);
}

function csvHistory(camera, defect) {
  const history = defect.history;
  if (!history) return ["", "", "", ""];
  const path = (index) => (index === undefined ? "" : csvText(printable(camera.history.photos[index].path, Infinity)));
  return [history.verdict, csvNumber(history.confidence, 3), path(history.first), path(history.last)];
}

function writeCsv(camera) {
  const names = [camera.make, camera.model, camera.serial].map((name) => csvText(printable(name, 256)));
  const columns = camera.history ? [...csvColumns, "verdict", "confidence", "first", "last"] : csvColumns;
  const rows = camera.defects.map((d) => [...names, d.x, d.y, d.kind, d.grade, csvNumber(d.score, 3), csvNumber(d.mean, 2),
    csvNumber(d.deviation, 2), ...d.box, camera.width, camera.height, camera.source, d.since || "", d.until || "", d.shape,
    csvNumber(d.expected_false, 9), csvNumber(d.dark_current || null, 3), ...(camera.history ? csvHistory(camera, d) : [])].join(",") + "\n");
  return columns.join(",") + "\n" + rows.join("");
}

function writeDcraw(camera) {
  const time = (d) => (d.since > 0 && d.since <= 2147483647 ? d.since : 0);
  return heading("dcraw", camera) + "# x y time: from 0 at the top left, before any rotation; time 0: bad in every photo\n" +
    points(camera, camera.defects).map((d) => `${d.x} ${d.y} ${time(d)}${comment(d)}`).join("");
}

function writeRawTherapee(camera) {
  if (camera.width > sideMost || camera.height > sideMost) throw new Error(`RawTherapee counts to ${sideMost}`);
  return heading("rawtherapee", camera) + "# x y: from 0 at the top left, before any rotation\n" +
    points(camera, camera.defects).map((d) => `${d.x} ${d.y}${comment(d)}`).join("");
}

function writeJpegpixi(camera) {
  const direction = ([, , width, height]) => (height > footprintMost && width <= footprintMost ? "H:"
    : width > footprintMost && height <= footprintMost ? "V:" : "");
  return heading("jpegpixi", camera) + camera.defects.map((d) => direction(d.box) + d.box.join(",") + comment(d)).join("");
}

function writeSiril(camera) {
  needSource(camera);
  const flip = (y) => (camera.source === "fits" ? camera.height - 1 - y : y);
  const letter = (d) => (d.kind === "dead" || d.kind === "weak" ? "C" : "H");
  const isRow = (d) => d.box[2] === camera.width && d.box[3] === 1 && camera.width > 1;
  const isColumn = (d) => d.box[3] === camera.height && d.box[2] === 1 && camera.height > 1;
  const line = (d) => (isRow(d) ? `L ${flip(d.y)} 0 ` : `C ${d.x} 0 `) + letter(d) + comment(d);
  const lines = camera.defects.filter((d) => isRow(d) || isColumn(d));
  const rest = camera.defects.filter((d) => !isRow(d) && !isColumn(d));
  return heading("siril", camera) + lines.map(line).join("") +
    points(camera, rest).map((d) => `P ${d.x} ${flip(d.y)} ${letter(d)}${comment(d)}`).join("");
}

function writeIraf(camera) {
  return heading("iraf", camera) + camera.defects.map((d) => {
    const [x, y, width, height] = d.box;
    const area = width === 1 && height === 1 ? `${x + 1} ${y + 1}` : `${x + 1} ${x + width} ${y + 1} ${y + height}`;
    return area + comment(d);
  }).join("");
}

function writeDs9(camera) {
  needSource(camera);
  const half = (twice) => Math.floor(twice / 2) + (twice % 2 ? ".5" : "");
  return "# Region file format: DS9 version 4.1\n" + cameraLines(camera) + "image\n" + camera.defects.map((d) => {
    const [left, top, width, height] = d.box;
    const x = 2 * left + width + 1, up = 2 * top + height + 1;
    const y = camera.source === "fits" ? up : 2 * camera.height + 2 - up;
    const point = width === 1 && height === 1;
    const shape = point ? `point(${half(x)},${half(y)}) # point=x` : `box(${half(x)},${half(y)},${width},${height},0) #`;
    return `${shape} text={${words(d)}}\n`;
  }).join("");
}

function writePhd2(camera) {
  const all = points(camera, camera.defects);
  return "# PHD2 Defect Map v1\n" + cameraLines(camera) + `# Defect count: ${all.length}\n` +
    all.map((d) => `${d.x} ${d.y}\n`).join("");
}

const listFormats = [
  { name: "json", label: "JSON, everything", ending: ".json", write: writeJson },
  { name: "csv", label: "CSV, a table", ending: ".csv", write: writeCsv },
  { name: "dcraw", label: "dcraw, LibRaw", ending: ".badpixels", write: writeDcraw },
  { name: "rawtherapee", label: "RawTherapee", ending: ".badpixels", write: writeRawTherapee },
  { name: "jpegpixi", label: "jpegpixi", ending: ".txt", write: writeJpegpixi },
  { name: "siril", label: "Siril", ending: ".lst", write: writeSiril },
  { name: "iraf", label: "IRAF", ending: ".txt", write: writeIraf },
  { name: "ds9", label: "DS9", ending: ".reg", write: writeDs9 },
  { name: "phd2", label: "PHD2", ending: ".txt", write: writePhd2 },
];
