import type { Plan, Resource } from '../plan.js'

/**
 * Tells whether what belongs to a dataset or model (its bucket, key, alias and fence, whose ids all begin with
 * its own) must outlive the stack: always, but where the file says `destroyWithObjects`. A fence or a key that
 * goes before its data leaves the data open, or unreadable.
 */
export function keptStores(plan: Plan): (resource: Resource) => boolean {
  const destroyed = new Set(
    plan.resources.flatMap((one) => (one.type === 's3.Bucket' && one.forceDestroy ? [storeOf(one.id)] : [])),
  )
  return ({ id }) => !destroyed.has(storeOf(id))
}

function storeOf(id: string): string {
  return id.slice(0, id.lastIndexOf('/'))
}
