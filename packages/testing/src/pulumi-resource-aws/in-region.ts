import type { Aws } from './aws.js'
import type { Properties } from './properties.js'
import type { ResourceType } from './resource-type.js'

/**
 * A type whose things live in one region: it takes the argument `region`, which the real provider lets differ
 * from its own. The stand-in reaches one region only, and refuses every other.
 */
export function inRegion(type: ResourceType): ResourceType {
  return {
    ...type,
    arguments: { ...type.arguments, region: { kind: 'string', replaces: true, computed: true } },
    create: (inputs, aws) => {
      refuseOther(inputs, aws)
      return type.create(inputs, aws)
    },
    read: async (id, aws, known) => {
      refuseOther(known, aws)
      const found = await type.read(id, aws, known)
      return found === undefined ? undefined : { ...found, region: aws.region }
    },
  }
}

function refuseOther({ region }: Properties, aws: Aws): void {
  if (region !== undefined && region !== aws.region)
    throw new Error(`the stand-in is configured for ${aws.region} and does not reach ${String(region)}`)
}
