/**
 * The report as one page of HTML: nothing is fetched, and the page itself forbids it. Pure. Whatever comes from outside, names
 * above all, passes `escapeHtml` or, inside the JSON of the plots, `escapeJson`.
 */
import { createHash } from "node:crypto";
import { printable } from "../text.ts";
import type { PagePlot } from "./page-data.ts";
import type { Headline, Part, Section } from "./section.ts";
import type { Table } from "./tables.ts";

export type Page = {
  /** The instant of the report as people of the time zone write it, and the time zone. */
  readonly at: string;
  readonly timeZone: string;
  readonly within: string;
  readonly version: string;
  readonly parts: readonly Part[];
};

/** What the build made for the browser: see `page/`. */
export type Assets = { readonly script: string; readonly style: string };

export function reportHtml({ at, timeZone, within, version, parts }: Page, assets: Assets): string {
  const plots: PagePlot[] = [];
  const drawn = (plot: PagePlot) => `data-plot="${plots.push(plot) - 1}"`;
  const body = parts.map((part) => partHtml(part, drawn)).join("");
  const digest = createHash("sha256").update(assets.script).digest("base64");
  // Only the script of the build runs, whatever else would get into the page; nothing is loaded from anywhere.
  const policy =
    `default-src 'none'; script-src 'sha256-${digest}'; style-src 'unsafe-inline'; ` +
    "img-src data:; base-uri 'none'; form-action 'none'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Pool and sales, ${escapeHtml(at)}</title>
<style>${assets.style}</style>
</head>
<body>
<header>
<h1>Pool and sales</h1>
<p>As of ${escapeHtml(at)}, ${escapeHtml(timeZone)}. Orders look back ${escapeHtml(within)}.</p>
<noscript><p>Plots need JavaScript; the tables below have all their figures.</p></noscript>
</header>
<main>
${body || "<p>There is nothing yet: no list came in, and nothing was sold.</p>\n"}</main>
<footer>Made by numbers ${escapeHtml(version)}. Days are calendar days of ${escapeHtml(timeZone)}. No phone number is in this page.</footer>
<script type="application/json" id="plots">${escapeJson(plots)}</script>
<script>${assets.script}</script>
</body>
</html>
`;
}

type Drawn = (plot: PagePlot) => string;

function partHtml({ title, headlines, sections }: Part, drawn: Drawn): string {
  return `<h2>${escapeHtml(title)}</h2>
<dl class="figures">
${headlines.map(headlineHtml).join("")}</dl>
${sections.map((section) => sectionHtml(section, drawn)).join("")}`;
}

function headlineHtml({ title, value, note }: Headline): string {
  return `<div><dt>${escapeHtml(title)}</dt><dd>${escapeHtml(value)}</dd><dd>${escapeHtml(note)}</dd></div>\n`;
}

function sectionHtml({ title, sentence, plot, table }: Section, drawn: Drawn): string {
  const figure = plot?.rows.length
    ? `<figure ${drawn(plot)} role="img" aria-label="${escapeHtml(title)}"></figure>\n`
    : "";
  return `<section>
<h3>${escapeHtml(title)}</h3>
<p>${escapeHtml(sentence)}</p>
${figure}${table ? tableHtml(table) : ""}</section>
`;
}

/** HTML needs no end of a row or a cell, and a page may have ten thousand of them. */
function tableHtml({ head, rows }: Table): string {
  const titles = head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  const lines = rows.map(
    (cells) => `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}`).join("")}\n`,
  );
  return `<details><summary>As a table</summary><div class="table" tabindex="0"><table>
<thead><tr>${titles}</tr></thead>
<tbody>
${lines.join("")}</tbody>
</table></div></details>
`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? "");
}

/** Inside a script element only `<` could end it or begin a comment. */
function escapeJson(value: unknown): string {
  const text = JSON.stringify(value, (_, one) => (typeof one === "string" ? printable(one) : one));
  return text.replaceAll("<", "\\u003c");
}
