/**
 * XML as events, a chunk at a time. Strict: what is not well-formed is damaged. What the parser has to remember (a text,
 * a tag, its parents) has limits here, as it has none of its own without counting lines, which costs a tenth.
 */
import sax from "sax";
import { damaged } from "./refusal.ts";

export type Attributes = Readonly<Record<string, string>>;

/** Names come without their prefix: some programs write `<x:row>` where Excel writes `<row>`. */
export type XmlHandlers = {
  open(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close?(name: string): void;
};

/** Excel nests its tags less than 40 deep. */
const depthMost = 200;
const attributesMost = 1_000;
/** Letters without an event; a cell's longest text is 32,767 letters. */
const silenceMost = 4 << 20;

/** Reads a document to its end; yields after each chunk, so that what the handlers collect can be taken. */
export async function* parseXml(
  chunks: AsyncIterable<Uint8Array>,
  handlers: XmlHandlers,
): AsyncGenerator<void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const parser = sax.parser(true, { position: false });
  let failure: unknown;
  let depth = 0;
  let attributesOfTag = 0;
  parser.onerror = (error) => {
    failure ??= error;
  };
  let silence = 0;
  parser.onattribute = () => {
    silence = 0;
    attributesOfTag += 1;
    if (attributesOfTag > attributesMost) throw damaged(new Error("a tag of too many attributes"));
  };
  parser.onopentag = ({ name, attributes }) => {
    silence = 0;
    attributesOfTag = 0;
    depth += 1;
    if (depth > depthMost) throw damaged(new Error("too many tags inside each other"));
    handlers.open(localName(name), attributes as Attributes);
  };
  parser.onclosetag = (name) => {
    silence = 0;
    depth -= 1;
    handlers.close?.(localName(name));
  };
  if (handlers.text) {
    parser.ontext = handlers.text;
    parser.oncdata = handlers.text;
  }
  for await (const chunk of chunks) {
    silence += chunk.length;
    if (silence > silenceMost) throw damaged(new Error("4 MB without a tag"));
    parser.write(decode(decoder, chunk));
    if (failure !== undefined) throw damaged(failure);
    yield;
  }
  parser.write(decode(decoder));
  parser.close();
  if (failure !== undefined) throw damaged(failure);
  yield;
}

/** Reads a document whose handlers keep what they need. */
export async function readXml(
  chunks: AsyncIterable<Uint8Array>,
  handlers: XmlHandlers,
): Promise<void> {
  for await (const _ of parseXml(chunks, handlers));
}

/** The value of an attribute with a prefix, whatever the prefix is called: `r:id`. */
export function prefixed(attributes: Attributes, name: string): string | undefined {
  const key = Object.keys(attributes).find((one) => one.endsWith(`:${name}`));
  return key === undefined ? undefined : attributes[key];
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (error) {
    throw damaged(error);
  }
}

function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}
