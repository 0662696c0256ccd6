/** The report in a real browser: it draws, says nothing to the console, asks nobody for anything, fits a phone. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorkdir, list, type Workdir } from "../../workdir.ts";
import { chromiumPath, hasChromium, openBrowser } from "./browser.ts";

if (!hasChromium) {
  process.stderr.write(
    `skipped: the report is not looked at, there is no browser at ${chromiumPath} (apt-get install chromium, or name one by NUMBERS_CHROMIUM)\n`,
  );
}

const hostile = "</script><script>document.title='taken over'</script>";

describe.skipIf(!hasChromium)("in Chromium", () => {
  let dir: Workdir;
  let url: string;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  /** What the page said and asked for, of all tests. */
  const said: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    dir = createWorkdir(afterAll);
    for (const [day, prefix, source] of [
      ["17", "812", hostile],
      ["18", "817", "a source with a name that is longer than a telephone is wide, and then some"],
      ["20", "856", "Acme"],
    ] as const) {
      const file = `${day}.csv`;
      dir.write(
        file,
        `${list(prefix, 60, { from: 73519204 })}0812 x,Budi,Bandung\n,Budi,Bandung\n`,
      );
      const now = `2026-11-${day}T08:00:00+07:00`;
      await dir.ok(["ingest", file, "--source", source], { now });
    }
    const order = ["order", "--within", "9d", "--provider"];
    await dir.ok([...order, "tsel", "--count", "20", "--customer", hostile, "-o", "1.csv"]);
    await dir.ok([...order, "isat", "--count", "60", "-o", "2.csv"]);
    await dir.ok(["stats", "--html", "report.html"]);
    url = pathToFileURL(dir.path("report.html")).href;
    browser = await openBrowser({ viewport: { width: 1000, height: 800 } });
    page = await browser.context.newPage();
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(url);
    await drawn(page);
  });

  afterAll(async () => {
    await browser.close();
  });

  /** Resolves when every figure has its drawing, as wide as itself. */
  async function drawn(shown: Page): Promise<void> {
    await shown.waitForFunction(() =>
      [...document.querySelectorAll("figure")].every(
        (figure) => figure.querySelector("svg")?.getAttribute("width") === `${figure.clientWidth}`,
      ),
    );
  }

  test("every plot has marks, and a table behind it", async () => {
    const sections = await page.$$eval("section", (all) =>
      all.map((section) => ({
        title: section.querySelector("h3")?.textContent,
        // Those that can be seen: of a size, and of another colour than the paper.
        marks: [...section.querySelectorAll("svg rect")].filter((mark) => {
          const { width, height } = mark.getBoundingClientRect();
          const { fill } = getComputedStyle(mark);
          return (
            width > 0 && height > 0 && fill !== getComputedStyle(document.body).backgroundColor
          );
        }).length,
        rows: section.querySelectorAll("details tbody tr").length,
      })),
    );
    expect(sections).toEqual([
      { title: "Pool by day and provider", marks: 3, rows: 3 },
      { title: "Sell-through by day and provider", marks: 3, rows: 3 },
      { title: "Age of what is left", marks: 2, rows: 2 },
      { title: "Sales by day and provider", marks: 2, rows: 1 },
      { title: "Orders by customer", marks: 2, rows: 2 },
      { title: "Rejected by reason and source", marks: 6, rows: 2 },
      { title: "Rejected by source", marks: 3, rows: 3 },
    ]);
  });

  test("what a stranger called himself is text", async () => {
    expect(await page.title()).toMatch(/^Pool and sales/);
    const names = await page.$$eval("svg text", (all) => all.map((one) => one.textContent));
    expect(names).toContain(hostile);
  });

  test("a bar under the pointer is explained", async () => {
    const bar = page.locator("figure").first().locator("svg rect").first();
    const tip = page.locator("figure").first().locator('g[aria-label="tip"]');
    expect(await tip.locator("text").count()).toBe(0);
    await bar.hover();
    await tip.locator("text").waitFor();
    expect(await tip.textContent()).toMatch(/17 Nov 2026.*tsel: 60/);
  });

  test("a dark screen has dark paper, light letters and other colours", async () => {
    const [light, dark] = [await coloursOf("light"), await coloursOf("dark")];
    expect(light.paper).toBe("rgb(255, 255, 255)");
    expect(brightness(dark.paper)).toBeLessThan(60);
    expect(brightness(dark.label)).toBeGreaterThan(200);
    expect(brightness(light.label)).toBeLessThan(60);
    expect(dark.field).not.toBe(light.field);
    // The tip's box is drawn on the paper's colour, not on the library's white.
    expect(dark.tip).toBe(dark.paper);
  });

  async function coloursOf(colorScheme: "light" | "dark") {
    await page.emulateMedia({ colorScheme });
    await page.locator("figure").first().locator("svg rect").first().hover();
    return await page.evaluate(() => {
      const fill = (selector: string) =>
        getComputedStyle(document.querySelector(`figure${selector}`) as Element).fill;
      return {
        paper: getComputedStyle(document.body).backgroundColor,
        label: fill(" svg text"),
        field: fill('[data-plot="1"] svg rect'),
        tip: fill(' g[aria-label="tip"] path'),
      };
    });
  }

  test("paper is light whatever the screen is, and no plot is cut in two", async () => {
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    const printed = await page.evaluate(() => ({
      paper: getComputedStyle(document.body).backgroundColor,
      breaks: [...document.querySelectorAll("section, figure")].map(
        (one) => getComputedStyle(one).breakInside,
      ),
      closed: [...document.querySelectorAll("details")].map((one) => getComputedStyle(one).display),
    }));
    expect(printed.paper).toBe("rgb(255, 255, 255)");
    expect(new Set(printed.breaks)).toEqual(new Set(["avoid"]));
    // What is closed says nothing on paper; what the reader opened is printed whole.
    expect(new Set(printed.closed)).toEqual(new Set(["none"]));
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    await page.emulateMedia({ colorScheme: "light", media: "screen" });
  });

  test("nothing is wider than a phone, the open tables neither", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await drawn(page);
    await page.$$eval("details", (all) => {
      for (const one of all) one.setAttribute("open", "");
    });
    const { content, isCut, labels } = await page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      // Figures of millions, in boxes that are half as wide as the screen.
      isCut: [...document.querySelectorAll<HTMLElement>("dd:first-of-type")]
        .map((figure) => {
          figure.textContent = "1,234,567,890";
          const range = document.createRange();
          range.selectNodeContents(figure);
          return range.getBoundingClientRect().right <= figure.getBoundingClientRect().right + 1;
        })
        .includes(false),
      // Letters that stand outside of the screen could not be read.
      labels: [...document.querySelectorAll("svg text")]
        .filter((text) => {
          const { left, right } = text.getBoundingClientRect();
          return left < 0 || right > window.innerWidth;
        })
        .map((text) => text.textContent),
    }));
    expect(content).toBe(390);
    expect(isCut).toBe(false);
    expect(labels).toEqual([]);
    await page.setViewportSize({ width: 1000, height: 800 });
    await drawn(page);
  });

  test("without JavaScript the tables are there", async () => {
    const plain = await openBrowser({ javaScriptEnabled: false });
    const shown = await plain.context.newPage();
    await shown.goto(url);
    expect(await shown.locator("svg").count()).toBe(0);
    expect(await shown.locator("noscript p").isVisible()).toBe(true);
    const cell = shown.locator("table").first().getByText("2026-11-17");
    expect(await cell.isVisible()).toBe(false);
    await shown.locator("summary").first().click();
    expect(await cell.isVisible()).toBe(true);
    await plain.close();
  });

  test("an empty home, too, is a page without errors", async () => {
    const empty = createWorkdir();
    await empty.ok(["stats", "--html", "report.html"]);
    await page.goto(pathToFileURL(empty.path("report.html")).href);
    expect(await page.getByText("There is nothing yet").isVisible()).toBe(true);
    await page.goto(url);
    await drawn(page);
  });

  test("a script that gets into the page does not run, and a picture is not fetched", async () => {
    const html = readFileSync(dir.path("report.html"), "utf8");
    const asking: (string | undefined)[] = [];
    const server = createServer((request, answer) => {
      asking.push(request.url);
      answer.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const inserted =
      '<script>document.title = "ran"</script>' +
      `<img src="http://127.0.0.1:${port}/picture.png"></body>`;
    const other = await browser.context.newPage();
    const titleOf = async (name: string, text: string) => {
      const path = dir.write(name, text.replace("</body>", inserted));
      await other.goto(pathToFileURL(path).href);
      await drawn(other);
      return await other.title();
    };
    expect(await titleOf("held.html", html)).toMatch(/^Pool and sales/);
    expect(asking).toEqual([]);
    // Without the policy both happen: so it is the policy that keeps them from it.
    const free = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
    expect(await titleOf("free.html", free)).toBe("ran");
    expect(asking).toEqual(["/picture.png"]);
    await other.close();
    server.close();
  });

  // The last one: what all tests above made the page say and ask for.
  test("nothing was said to the console, and nobody was asked for anything", () => {
    expect(said).toEqual([]);
    expect(asked.filter((one) => !one.startsWith("file:") && one !== "data:,")).toEqual([]);
    expect(asked.filter((one) => one.startsWith("file:")).length).toBeGreaterThan(0);
  });
});

function brightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number);
  return (red + green + blue) / 3;
}
