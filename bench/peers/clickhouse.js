// @ts-check
/**
 * ClickHouse inside a process of its own, through the package chdb. Runs statements, then a question whose answer it prints,
 * with the seconds of the statements: from before the engine is loaded until it is closed.
 * Task: `{ folder, statements, question, threads }`; without a folder nothing is kept.
 */
import { readTask } from "./peer.js";

const { folder, statements, question, threads } = readTask();

// By a variable: the types of a package that may be absent are none of the checker's business.
const packageName = "chdb";
const started = performance.now();
const { Session } = await import(packageName);
const session = new Session(folder);
session.query(`set max_threads = ${threads}`);
for (const statement of statements) session.query(statement);
const seconds = (performance.now() - started) / 1000;
const answer = question ? session.query(question, "CSV").trim() : "";
session.close();
process.stdout.write(`${JSON.stringify({ seconds, answer })}\n`);
