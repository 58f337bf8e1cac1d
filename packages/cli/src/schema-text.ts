/** The JSON Schema (draft-07) of declared files, as a text that ends with a newline. */
export async function printSchema(): Promise<string> {
  const { declarationJsonSchema } = await import('@ringfence/plan')
  return `${JSON.stringify(declarationJsonSchema(), null, 2)}\n`
}
