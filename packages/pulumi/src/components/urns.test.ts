import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { deployWithMocks } from '../mocks/mock-deployment.fixture.js'
import { componentTypes } from '../component-types.js'
import { samples } from './pieces.fixture.js'

/** A changed URN is another resource to Pulumi: it would destroy what is there. */
test.each(Object.keys(samples))('the URNs of %s stay as they are', async (component) => {
  const { registered } = await deployWithMocks(() => ({ ...samples[component]?.() }))
  const urns = registered.map(({ urn }) => urn).toSorted()
  await expect(`${urns.join('\n')}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL(`../../goldens/urns/${component}.txt`, import.meta.url)),
  )
  expect(new Set(urns).size).toBe(urns.length)
})

test('every component type has a sample', () => {
  expect(Object.values(componentTypes).toSorted()).toEqual(
    Object.keys(samples)
      .map((name) => `ringfence:index:${name}`)
      .toSorted(),
  )
})
