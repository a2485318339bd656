// What the tests share: TAP, a browser that is kept from the net, and pages that are watched.

import { chromium } from "playwright-core";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const pages = process.env.PAGES, shots = process.env.SHOTS;
const switches = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

const tests = [];

export function test(name, body) {
  tests.push({ name, body });
}

export function check(condition, text) {
  if (!condition) throw new Error(text);
}

export function same(found, expected, text) {
  const a = JSON.stringify(found), b = JSON.stringify(expected);
  check(a === b, `${text}: ${a.slice(0, 400)} is not ${b.slice(0, 400)}`);
}

export function read(name) {
  return readFileSync(join(pages, name), "utf8");
}

// A page, and what it did that it must not: requests beside itself, errors, messages.
export async function open(browser, name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().endsWith("/" + name)) faults.push(`asks for ${request.url()}`);
  });
  page.on("console", (message) => faults.push(`says ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`fails: ${error.message}`));
  page.on("dialog", (dialog) => faults.push(`opens a dialog: ${dialog.message()}`));
  await page.goto(`file://${join(pages, name)}`);
  return { page, faults, close: () => context.close() };
}

// What hotpix itself writes for this list.
export function converted(list, kind) {
  const folder = mkdtempSync(join(pages, "convert-"));
  writeFileSync(join(folder, "in.json"), JSON.stringify(list));
  execFileSync(process.env.HOTPIX, ["convert", "in.json", "-o", `${kind}:out.any`], { cwd: folder, stdio: "pipe" });
  return readFileSync(join(folder, "out.any"), "utf8");
}

export async function run() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: switches });
  console.log(`1..${tests.length}`);
  let failed = 0;
  for (const [i, { name, body }] of tests.entries()) {
    try {
      await body(browser);
      console.log(`ok ${i + 1} - ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${i + 1} - ${name}`);
      console.log(String(error.message).split("\n").slice(0, 12).map((line) => `# ${line}`).join("\n"));
    }
  }
  await browser.close();
  process.exit(failed ? 1 : 0);
}
