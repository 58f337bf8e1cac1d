import type { AttributeRef } from '../schema/find-attribute.js'
import type { Simple } from '../schema/attributes.js'

export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'

/**
 * A filter of RFC 7644, section 3.4.2.2. A name of which nothing is kept (`ref` undefined) has no value. Inside
 * of brackets `ref` is of the entry: its `sub` is what is compared.
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | {
      readonly kind: 'compare'
      readonly ref: AttributeRef | undefined
      readonly operator: Operator
      readonly value: Simple | number | null
    }
  | { readonly kind: 'present'; readonly ref: AttributeRef | undefined }
  | { readonly kind: 'entry'; readonly ref: AttributeRef; readonly filter: Filter }
