/** What a deed changed, for whoever keeps a record beside the database: ids by kind, or so much that all is written anew. */
export type Changed =
  | "everything"
  | {
      readonly [kind in
        | "import"
        | "order"
        | "customer"
        | "source"
        | "phone"
        | "return"]?: readonly string[];
    };
