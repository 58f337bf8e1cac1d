/**
 * For the schema alone, in place of `@ringfence/plan`: to other languages a declaration and a summary of access are
 * plain JSON, with the keys of the declared file whatever the language calls names. `readDeclaration` checks them.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- Pulumi's schema knows any JSON by this type only
export type OrganizationInput = any
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export type AccessSummary = any
