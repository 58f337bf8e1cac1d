import type { Layers } from '../../layers.js'
import type { PolicyLayers } from '../question.js'
import { compileOnce } from '../search/compile-once.js'

const layersOnce = new WeakMap<PolicyLayers, Layers>()

/** The layers for `authorize`; those that are absent stay absent. */
export function compileLayers(layers: PolicyLayers): Layers {
  let made = layersOnce.get(layers)
  if (!made) layersOnce.set(layers, (made = compileAll(layers)))
  return made
}

function compileAll(layers: PolicyLayers): Layers {
  const { managementAccount, publicAccessBlock, resourcePolicy } = layers
  const lists = (['identityPolicies', 'permissionsBoundary', 'sessionPolicies'] as const).map((name) => [
    name,
    layers[name]?.map(compileOnce),
  ])
  const levels = (['serviceControlPolicies', 'resourceControlPolicies'] as const).map((name) => [
    name,
    layers[name]?.map((level) => level.map(compileOnce)),
  ])
  const present = [...lists, ...levels].filter(([, policies]) => policies !== undefined)
  return {
    ...Object.fromEntries(present),
    ...(resourcePolicy === undefined ? {} : { resourcePolicy: compileOnce(resourcePolicy) }),
    ...(publicAccessBlock === undefined ? {} : { publicAccessBlock }),
    ...(managementAccount === undefined ? {} : { managementAccount }),
  } as Layers
}
