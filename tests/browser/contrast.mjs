// Runs in the page: the contrast of every text and of every control's edge with what is behind it, by WCAG 2.2, 1.4.3
// and 1.4.11. Returns what is too faint.
export function contrast() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colours = new Map();

  // Any CSS colour as red, green, blue and alpha, 0 to 255.
  function parse(colour) {
    if (!colours.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      colours.set(colour, Array.from(canvas.getImageData(0, 0, 1, 1).data));
    }
    return colours.get(colour);
  }

  const over = (top, ground) => top.slice(0, 3).map((value, i) => (value * top[3] + ground[i] * (255 - top[3])) / 255);

  function groundOf(node) {
    if (!node) return [255, 255, 255];
    const own = parse(getComputedStyle(node).backgroundColor);
    return own[3] === 255 ? own.slice(0, 3) : over(own, groundOf(node.parentElement));
  }

  function luminance(colour) {
    const [r, g, b] = colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function ratio(a, b) {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  }

  const faults = [], seen = new Set();
  let texts = 0, edges = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || !parent.checkVisibility() || /^(SCRIPT|STYLE|OPTION|title)$/.test(parent.tagName) || seen.has(parent)) continue;
    seen.add(parent);
    texts++;
    const style = getComputedStyle(parent), ground = groundOf(parent);
    const ink = over(parse(parent instanceof SVGElement ? style.fill : style.color), ground), found = ratio(ink, ground);
    if (found < 4.5) faults.push(`${parent.tagName} "${node.textContent.trim().slice(0, 30)}" ${found.toFixed(2)}`);
  }
  for (const control of document.querySelectorAll("button, select, input")) {
    const style = getComputedStyle(control), edge = parse(style.borderTopColor), ground = groundOf(control.parentElement);
    if (!control.checkVisibility() || edge[3] === 0) continue; // a heading's button is told by its text
    edges++;
    const found = Math.max(ratio(over(edge, ground), ground), ratio(groundOf(control), ground));
    if (found < 3) faults.push(`edge of ${control.tagName} "${control.textContent.slice(0, 20)}" ${found.toFixed(2)}`);
  }
  return { texts, edges, faults };
}
