/** What somebody is told who has nothing yet: how to begin, in three lines. Pure. */

/** `opening` says what this is, or what is empty. The other lines can be pasted into a shell as they stand. */
export function howToBegin(opening: string): readonly string[] {
  return [
    `${opening}. Begin:`,
    "  numbers ingest list.csv   # to try: numbers generate --rows 10000 -o list.csv",
    "  numbers order --provider tsel --count 1000 -o out.csv   # all: numbers --help",
  ];
}
