import type { Actor } from './actor.js'
import { denied } from './expectations.js'
import type { Probe } from './probe.js'
import { namesOf, type Setting } from './setting.js'

type Stranger = Extract<Actor, { kind: 'stranger' }>

/**
 * Services and accounts that must not get at an execution role, although SageMaker may: the confused deputy
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html) and other services.
 */
export function trustProbes(setting: Setting, stranger: Stranger, atMs: number): readonly Probe[] {
  const names = namesOf(setting.declaration)
  const { region } = setting.declaration
  return setting.declaration.platforms.flatMap((platform) => {
    const roleArn = names.roleArn(names.executionRole(platform.name))
    const probe = (description: string, principal: string, account: string): Probe => ({
      actor: stranger,
      stage: 'fence',
      description,
      service: 'trust',
      operation: 'AssumeRole',
      input: {
        roleArn,
        sessionName: 'rehearsal',
        principal,
        action: 'sts:AssumeRole',
        context: {
          'aws:SourceAccount': account,
          'aws:SourceArn': `arn:aws:sagemaker:${region}:${account}:training-job/rehearsal`,
        },
      },
      transport: 'tls',
      atMs,
      expectation: denied(
        [platform.declaredAt],
        'an execution role is for SageMaker jobs of this account only',
      ),
    })
    const role = `take ${platform.name}'s execution role`
    return [
      probe(`${role} through a SageMaker job of its own`, 'sagemaker.amazonaws.com', stranger.account),
      probe(`${role} through a Lambda function here`, 'lambda.amazonaws.com', setting.declaration.account),
    ]
  })
}
