// The report in Debian's chromium. Pages: two.html (a scan of two cameras), list.html (a list), clean.html (no defect).

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contrast } from "./contrast.mjs";
import { check, converted, open, pages, read, run, same, shots, test } from "./page.mjs";

const bidi = /[\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;
const kinds = ["json", "csv", "dcraw", "rawtherapee", "jpegpixi", "siril", "iraf", "ds9", "phd2"];

async function withPage(browser, name, body, options) {
  const { page, faults, close } = await open(browser, name, options);
  await body(page);
  same(faults, [], name);
  await close();
}

function strongestFirst(camera) {
  const order = camera.defects.map((defect, index) => ({ defect, index }));
  order.sort((a, b) => b.defect.score - a.defect.score || a.index - b.index);
  return order.map(({ defect }) => defect);
}

async function places(page, section = "#c0") {
  return page.$$eval(`${section} .defects tbody tr:not([hidden])`, (rows) =>
    rows.map((row) => [Number(row.querySelector(".x").textContent), Number(row.querySelector(".y").textContent)]));
}

const placesOf = (defects) => defects.map((d) => [d.x, d.y]);

// Moves the focus there by the tab key alone.
async function tabTo(page, selector) {
  for (let i = 0; i < 400; i++) {
    if (await page.evaluate((s) => document.activeElement && document.activeElement.matches(s), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tab key does not reach ${selector}`);
}

for (const name of ["two.html", "one.html", "list.html", "clean.html"])
  test(`${name} opens without an error, a message or a request`, (browser) => withPage(browser, name, async () => {}));

test("the numbers are those of the JSON", (browser) => withPage(browser, "two.html", async (page) => {
  const { cameras } = JSON.parse(read("two.json"));
  same(cameras.length, 2, "cameras");
  for (const [number, camera] of cameras.entries()) {
    const rows = await page.$$eval(`#c${number} .defects tbody tr`, (all) => all.map((row) =>
      ["x", "y", "kind", "grade", "score", "mean"].map((name) => row.querySelector(`.${name}`).textContent.trim())));
    const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(1);
    const rounded = (value, decimals) => Math.round(value * 10 ** decimals + 1e-9) / 10 ** decimals;
    same(rows.map((row) => row.slice(0, 4)), strongestFirst(camera).map((d) => [`${d.x}`, `${d.y}`, d.kind, d.grade]), "rows");
    for (const [i, d] of strongestFirst(camera).entries()) {
      check(Math.abs(Number(rows[i][4]) - d.score) <= 0.0051, `score ${rows[i][4]}, not ${d.score}`);
      const [mean, deviation] = rows[i][5].replace("−", "-").split(" ± ").map(Number);
      check(Math.abs(mean - d.mean) <= 0.051 && Math.abs(deviation - d.deviation) <= 0.051, `${rows[i][5]}, not ${signed(rounded(d.mean, 1))}`);
    }
    const counts = await page.$$eval(`#c${number} .kinds b`, (all) => all.map((one) => Number(one.textContent)));
    same(counts, ["hot", "stuck", "dead", "weak"].map((kind) => camera.defects.filter((d) => d.kind === kind).length), "counts of kinds");
    const lede = await page.textContent(`#c${number} .lede`);
    const certain = camera.defects.filter((d) => d.grade === "certain").length;
    check(lede.includes(`${camera.defects.length} bad pixel`) && lede.includes(`Found in ${camera.photos.used} photos`), lede);
    check(new RegExp(`\\b${certain} (is|are) certain, ${camera.defects.length - certain} probable`).test(lede), lede);
    same(await page.$$eval(`#c${number} .frame a`, (all) => all.length), camera.defects.length, "markers");
    same(await page.$$eval(`#c${number} td svg.crop`, (all) => all.length), 2 * camera.defects.length, "crops");
  }
}));

test("a page without defects says so", (browser) => withPage(browser, "clean.html", async (page) => {
  check((await page.textContent(".lede")).startsWith("No bad pixels among"), "lede");
  same(await page.$$eval(".defects", (all) => all.length), 0, "tables");
}));

test("all is there to read without JavaScript", (browser) => withPage(browser, "two.html", async (page) => {
  const { cameras } = JSON.parse(read("two.json"));
  same(await places(page), placesOf(strongestFirst(cameras[0])), "rows");
  same(await page.$$eval("button, select, input", (all) => all.length), 0, "controls that do nothing");
  check(!await page.isVisible("#c0 .histogram"), "technical details are folded");
  await page.click("#c0 .technical summary");
  check(await page.isVisible("#c0 .frame image") && await page.isVisible("#c0 td svg.crop") && await page.isVisible("#c0 .histogram"), "pictures");
  check(await page.isVisible(".note"), "what the script would add");
}, { javaScriptEnabled: false }));

test("headings sort by keyboard, both ways", (browser) => withPage(browser, "two.html", async (page) => {
  const { defects } = JSON.parse(read("two.json")).cameras[0];
  await tabTo(page, "#c0 th[data-key=x] button");
  await page.keyboard.press("Enter");
  same((await places(page)).map(([x]) => x), defects.map((d) => d.x).sort((a, b) => a - b), "by x");
  same(await page.getAttribute("#c0 th[data-key=x]", "aria-sort"), "ascending", "said to readers");
  await page.keyboard.press("Enter");
  same((await places(page)).map(([x]) => x), defects.map((d) => d.x).sort((a, b) => b - a), "by x, falling");
  await tabTo(page, "#c0 th[data-key=kind] button");
  await page.keyboard.press("Space");
  const kindsShown = await page.$$eval("#c0 tbody .kind", (all) => all.map((one) => one.textContent.trim()));
  same(kindsShown, [...kindsShown].sort((a, b) => ["hot", "stuck", "dead", "weak"].indexOf(a) - ["hot", "stuck", "dead", "weak"].indexOf(b)), "by kind");
  same(await page.$$eval("#c0 th[aria-sort]", (all) => all.length), 1, "sorted columns");
}));

test("rows are filtered by keyboard", (browser) => withPage(browser, "two.html", async (page) => {
  const { defects } = JSON.parse(read("two.json")).cameras[0];
  const expect = async (keep, text) => same((await places(page)).sort(), placesOf(defects.filter(keep)).sort(), text);
  await tabTo(page, "#c0 .tools select");
  await page.keyboard.press("h");
  await expect((d) => d.kind === "hot", "hot");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await expect((d) => d.kind === "hot" && d.grade === "certain", "hot and certain");
  await tabTo(page, "#c0 .tools input");
  await page.keyboard.type("2.5");
  await expect((d) => d.kind === "hot" && d.grade === "certain" && d.score >= 2.5, "and strong");
  const shown = (await places(page)).length;
  check((await page.textContent("#c0 [role=status]")).startsWith(`${shown} of ${defects.length} shown`), "status");
}));

test("the sensor is zoomed and walked through by keyboard, and shows what the mouse is over", (browser) => withPage(browser, "two.html", async (page) => {
  const camera = JSON.parse(read("two.json")).cameras[0], order = strongestFirst(camera);
  const whole = `0 0 ${camera.width} ${camera.height}`, view = () => page.getAttribute("#c0 .frame", "viewBox");
  const place = () => page.textContent("#c0 .focus dd");
  await tabTo(page, "#c0 .frame");
  same(await place(), `x ${order[0].x}, y ${order[0].y}`, "the strongest first");
  await page.keyboard.press("n");
  same(await place(), `x ${order[1].x}, y ${order[1].y}`, "the next");
  await page.keyboard.press("p");
  await page.keyboard.press("+");
  const [, , width] = (await view()).split(" ").map(Number);
  check(width < camera.width, "zoomed");
  const before = await view();
  await page.keyboard.press("ArrowRight");
  check(before !== await view(), "moved");
  await page.keyboard.press("0");
  same(await view(), whole, "all again");
  await page.hover(`#c0 .frame a[href$="-d${camera.defects.indexOf(order[5])}"]`);
  same(await place(), `x ${order[5].x}, y ${order[5].y}`, "under the mouse");
  await page.click("#c0 .focus button:text('Zoom here')");
  check(await view() !== whole, "zoomed to it");
}));

test("defects are confirmed and rejected by keyboard, in the table, on the sensor and after a reload", (browser) => withPage(browser, "two.html", async (page) => {
  await tabTo(page, "#c0 tbody tr");
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("r");
  const pressed = (row, name) => page.getAttribute(`#c0 tbody tr:nth-child(${row}) button.${name}`, "aria-pressed");
  const states = async () => [await pressed(1, "confirm"), await pressed(1, "reject"), await pressed(2, "confirm"), await pressed(2, "reject")];
  same(await states(), ["true", "false", "false", "true"], "pressed");
  same(await page.$$eval("#c0 .frame a.rejected", (all) => all.length), 1, "faded on the sensor");
  await page.reload();
  same(await states(), ["true", "false", "false", "true"], "after a reload");
  await tabTo(page, "#c0 tbody tr");
  await page.keyboard.press("c");
  same((await states())[0], "false", "taken back");
}));

// Decisions: every third rejected, every fourth confirmed.
async function decide(page, section, camera) {
  for (let i = 0; i < camera.defects.length; i++) {
    const name = i % 3 === 0 ? "reject" : i % 4 === 0 ? "confirm" : "";
    if (name) await page.$eval(`#${section}-d${i} button.${name}`, (button) => button.click());
  }
}

// The browser drops the eleventh download within a second; nobody saves so fast by hand.
async function save(page, section, kind, which) {
  await page.waitForTimeout(150);
  const selects = page.locator(`#${section} .tools fieldset:nth-child(2) select`);
  await selects.nth(0).selectOption(kind);
  await selects.nth(1).selectOption(which);
  const waiting = page.waitForEvent("download");
  await page.focus(`#${section} .tools button.main`);
  await page.keyboard.press("Enter");
  const download = await waiting;
  return { text: readFileSync(await download.path(), "utf8"), name: download.suggestedFilename() };
}

for (const name of ["two", "list"])
  test(`lists saved from ${name}.html are byte for byte those of hotpix convert`, (browser) => withPage(browser, `${name}.html`, async (page) => {
    const whole = JSON.parse(read(`${name}.json`));
    for (const [number, camera] of whole.cameras.entries()) {
      const section = `c${number}`;
      const choices = [["unrejected", () => true]];
      const compare = async (kind, which, keep) => {
        const list = { ...whole, cameras: [{ ...camera, defects: camera.defects.filter((d, i) => keep(i)) }] };
        const { text, name: file } = await save(page, section, kind, which);
        // What convert does not read of a scan (its checks) stays in the page's JSON.
        if (kind === "json" && camera.checks) same(JSON.parse(text), list, `${kind}, ${which}, camera ${number}`);
        else same(text, converted(list, kind), `${kind}, ${which}, camera ${number}`);
        check(file.length > 0 && !/[/\\]/.test(file), file);
      };
      for (const kind of kinds) for (const [which, keep] of choices) await compare(kind, which, keep);
      await decide(page, section, camera);
      for (const kind of kinds) await compare(kind, "unrejected", (i) => i % 3 !== 0);
      for (const kind of ["json", "phd2"]) await compare(kind, "confirmed", (i) => i % 3 !== 0 && i % 4 === 0);
    }
  }));

test("lists saved from the page of a scan are byte for byte those that the scan wrote", (browser) => withPage(browser, "one.html", async (page) => {
  for (const kind of kinds) same((await save(page, "c0", kind, "unrejected")).text, read(`one.${kind}`), kind);
}));

test("a list saved as JSON has the name that the page's commands give it", (browser) => withPage(browser, "two.html", async (page) => {
  for (const number of [0, 1]) {
    const { name } = await save(page, `c${number}`, "json", "unrejected");
    same(name, `${await page.getAttribute(`#c${number}`, "data-saved")}.json`);
    check((await page.textContent(`#c${number} .next`)).includes("two.json"), "names the list of the run");
  }
}));

test("each defect has its strip over time, and says since when", (browser) => withPage(browser, "one.html", async (page) => {
  const { defects, history } = JSON.parse(read("one.json")).cameras[0];
  const day = (seconds) => new Date(1000 * seconds).toISOString().slice(0, 10);
  for (const [i, defect] of defects.entries()) {
    const text = await page.textContent(`#c0-d${i} .when`);
    const bars = (await page.$$eval(`#c0-d${i} .strip path:not(.axis)`, (all) => all.map((one) => one.getAttribute("d")))).join("").split("M").length - 1;
    const known = defect.history.residual.filter((value) => value !== null).length;
    same(bars, known, `bars of ${defect.x},${defect.y} over ${history.photos.length} photos`);
    for (const seconds of [defect.since, defect.until]) check(!seconds || text.includes(day(seconds)), `${text}, not ${seconds}`);
  }
}));

test("a dark current stands on a line of its own beside the sensor", (browser) => withPage(browser, "list.html", async (page) => {
  const shown = await page.$$eval("#c0 .focus dl > *", (cells) => cells.map((cell) => cell.textContent));
  same(shown.slice(-4), ["Difference", "+12.3 ± 1.0 DN", "Dark current", "2.50 DN/s"]);
}));

test("what cameras and files are called is text", async (browser) => {
  for (const name of ["two.html", "list.html"])
    await withPage(browser, name, async (page) => {
      const text = await page.evaluate(() => document.body.innerText + document.title);
      check(text.includes("<script>hacked=1</script>"), "the maker's name is not shown");
      check(!bidi.test(text), "a control of direction is in the text");
      same(await page.evaluate(() => [typeof window.hacked, document.scripts.length, document.images.length]), ["undefined", 2, 0], "elements");
      if (name === "two.html") {
        const paths = await page.$$eval(".skipped dt", (all) => all.map((one) => one.textContent));
        check(paths.some((path) => path.includes("<img src=x onerror=hacked=1>.jpg")), "markup in a file's name");
        check(paths.some((path) => path.includes("\\xe2\\x80\\xaegpj.exe")), "a turned name");
        check(paths.some((path) => path.includes("a\"b'c&amp;d\\x07.jpg")), "quotes in a file's name");
        check(paths.every((path) => path.includes("d".repeat(150) + "/" + "e".repeat(150))), "a name of 300 characters");
      } else {
        check(text.includes("</title><b>bold</b>"), "a warning");
      }
    });
});

test("nothing is wider than the page, from 360 to 2560 px", async (browser) => {
  for (const name of ["two.html", "one.html", "list.html", "clean.html"])
    await withPage(browser, name, async (page) => {
      await page.$$eval("details", (all) => all.forEach((one) => (one.open = true)));
      for (const width of [360, 430, 600, 760, 1000, 1179, 1180, 1280, 1600, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        check(wide <= width, `${name} is ${wide} px wide at ${width}`);
      }
    });
});

for (const colorScheme of ["light", "dark"])
  test(`texts and controls have the contrast of WCAG AA, ${colorScheme}`, async (browser) => {
    for (const name of ["two.html", "one.html", "list.html"])
      await withPage(browser, name, async (page) => {
        await page.$$eval("details", (all) => all.forEach((one) => (one.open = true)));
        await page.$eval("#c0-d0 button.confirm", (button) => button.click());
        await page.$eval("#c0-d1 button.reject", (button) => button.click());
        const { texts, edges, faults } = await page.evaluate(contrast);
        check(texts > 100 && edges > 10, `only ${texts} texts and ${edges} controls were looked at`);
        same(faults, [], name);
      }, { colorScheme });
  });

test("every control has a name, and shows when it has the focus", (browser) => withPage(browser, "two.html", async (page) => {
  const nameless = await page.$$eval("button, select, input", (all) => all.filter((one) =>
    !(one.getAttribute("aria-label") || one.textContent.trim() && one.tagName === "BUTTON" || one.closest("label"))).map((one) => one.outerHTML));
  same(nameless, [], "controls without a name");
  for (const selector of ["#c0 .frame", "#c0 .tools select", "#c0 .tools input", "#c0 .tools button.main", "#c0 th button", "#c0 tbody tr", "#c0 tbody button"]) {
    await tabTo(page, selector);
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outline);
    check(/solid/.test(outline) && / [23]px$/.test(outline), `${selector}: ${outline}`);
  }
}));

test("who wants less motion gets none", (browser) => withPage(browser, "two.html", async (page) => {
  same(await page.evaluate(() => document.getAnimations().length), 0, "animations");
}, { reducedMotion: "reduce" }));

test("on paper there are no controls, and all is dark on white", (browser) => withPage(browser, "two.html", async (page) => {
  await page.emulateMedia({ media: "print" });
  const shown = await page.$$eval("td button, .tools button, .focus button, select, input", (all) => all.filter((one) => one.checkVisibility()).length);
  same(shown, 0, "controls");
  same(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), "rgb(255, 255, 255)", "ground");
}, { colorScheme: "dark" }));

for (const colorScheme of ["light", "dark"])
  for (const width of [360, 1280])
    test(`a picture of the page at ${width} px, ${colorScheme}`, (browser) => withPage(browser, "two.html", async (page) => {
      await page.screenshot({ path: join(shots, `report-${width}-${colorScheme}.png`), fullPage: true });
    }, { colorScheme, viewport: { width, height: 900 } }));

await run();
