/** What is used of csv-parse/browser/esm/sync; the tests are compiled against its own types. */
export function parse(
  text: string,
  options: { readonly relax_column_count: boolean; readonly record_delimiter: string },
): string[][]
