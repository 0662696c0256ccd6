/** Who supplies numbers, and on what terms. */

/** What is known of a source besides its name; undefined is not known. */
export type SourceTerms = {
  /** On what ground its numbers may be used. */
  readonly basis: string | undefined;
  readonly contact: string | undefined;
  /** The last calendar day, `YYYY-MM-DD` in the home's time zone, on which its numbers may be sold; undefined for no end. */
  readonly expires: string | undefined;
};

/** A source of the register. Its name is unique whatever its case, and so are those that imports name. */
export type Source = SourceTerms & {
  readonly name: string;
  readonly addedAt: Date;
  readonly imports: number;
  readonly numbers: number;
};

export type SourceVerbs = {
  /** Registers a source. False when its name is known: nothing changed. */
  addSource(name: string, terms: SourceTerms, at: Date): Promise<boolean>;
  /** Gives a source new terms for those that are named in `terms`. False when it is not known: nothing changed. */
  setSource(name: string, terms: Partial<SourceTerms>, at: Date): Promise<boolean>;
  /** The register, by name. */
  readSources(): Promise<readonly Source[]>;
};
