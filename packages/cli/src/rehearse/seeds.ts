import type { Probe } from './probe.js'
import type { Setting } from './setting.js'
import {
  RUNNING,
  standingWork,
  STOPPABLE,
  trainingJob,
  workRequest,
  type WorkRequest,
} from './work-requests.js'

/** An object that must exist before anybody asks for it. */
export interface SeedObject {
  readonly bucket: string
  readonly key: string
}

/** The objects that probes read, delete, copy or publish, each once. */
export function seedObjects(probes: readonly Probe[], outsideBucket: string): readonly SeedObject[] {
  const seeds = new Map<string, SeedObject>()
  const add = (bucket: unknown, key: unknown) => {
    if (typeof bucket !== 'string' || typeof key !== 'string' || bucket === outsideBucket) return
    seeds.set(`${bucket}/${key}`, { bucket, key })
  }
  for (const { service, operation, input } of probes) {
    if (service !== 's3') continue
    if (operation === 'GetObject' || operation === 'DeleteObject' || operation === 'PutObjectAcl')
      add(input['Bucket'], input['Key'])
    if (operation === 'CopyObject') {
      const [bucket, ...key] = String(input['CopySource']).split('/')
      add(bucket, key.map(decodeURIComponent).join('/'))
    }
  }
  return [...seeds.values()]
}

/** The names by which SageMaker's requests refer to what must be there already. */
const REFERENCES = ['TrainingJobName', 'EndpointName', 'EndpointConfigName'] as const

/**
 * The jobs, models and endpoints that probes stop, describe, deploy or invoke, in lists that must be made in
 * order; the lists themselves are independent of each other.
 */
export function seedWork(setting: Setting, probes: readonly Probe[]): readonly (readonly WorkRequest[])[] {
  const seeds = new Map<string, readonly WorkRequest[]>()
  const platforms = new Map(setting.declaration.platforms.map((platform) => [platform.name, platform]))
  for (const { service, input } of probes) {
    if (service !== 'sagemaker' && service !== 'sagemaker-runtime') continue
    for (const reference of REFERENCES) {
      const name = input[reference]
      if (typeof name !== 'string' || seeds.has(name)) continue
      // Names are `<platform>--<owner>--<rest>`, and no part of them has `--` in it.
      const [platformName = '', owner = '', rest = ''] = name.split('--')
      const platform = platforms.get(platformName)
      if (platform === undefined) continue
      if (rest === RUNNING) seeds.set(name, standingWork(setting, platform, owner))
      if (rest.startsWith(STOPPABLE))
        seeds.set(name, [workRequest('CreateTrainingJob', trainingJob(setting, platform, owner, rest))])
    }
  }
  return [...seeds.values()]
}
