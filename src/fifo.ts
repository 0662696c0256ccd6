/**
 * Named pipes between the engine and this process: the engine reads and writes paths, and only a named pipe is a
 * path that streams. (`/dev/stdout` is no substitute: it cannot be opened when it is a socket, and opening it
 * empties a file that the shell appends to.)
 */
import { execFile } from "node:child_process";
import { close, constants, open } from "node:fs";
import { Socket } from "node:net";
import { promisify } from "node:util";

const openPath = promisify<string, string | number, number>(open);
const closeHandle = promisify(close);

/** Makes a named pipe, readable by this user alone. */
export async function makeFifo(path: string): Promise<void> {
  await promisify(execFile)("mkfifo", ["-m", "600", path]);
}

/** Opens the reading end as soon as somebody opens the writing end, and streams what comes. */
export async function readFifo(path: string): Promise<Socket> {
  // A socket polls the pipe; a file stream would block one of the few pool threads on every read.
  return new Socket({
    fd: await openPath(path, "r"),
    readable: true,
    writable: false,
  });
}

/** Opens the writing end as soon as somebody opens the reading end. */
export async function writeFifo(path: string): Promise<Socket> {
  return new Socket({
    fd: await openPath(path, "w"),
    readable: false,
    writable: true,
  });
}

/**
 * Lets go of whoever waits for the other end of a pipe that will never come: a blocked thread would keep the
 * process from ending. A reader finds the end of the file, a writer finds nobody there.
 */
export async function releaseFifo(path: string): Promise<void> {
  await closeHandle(await openPath(path, constants.O_RDWR | constants.O_NONBLOCK));
}
