import type { Ask, TakeOverStep } from './step.js'
import { inAccount } from './step.js'

const ask = (action: string, on: string): Ask => ({ action, on })
const onInstance = (action: string): Ask => ask(action, inAccount('ec2', 'instance/*'))
const onFunction = (action: string): Ask => ask(action, inAccount('lambda', 'function:*'))
const onStack = (action: string): Ask => ask(action, inAccount('cloudformation', 'stack/*/*'))
const onNotebook = (action: string): Ask => ask(action, inAccount('sagemaker', 'notebook-instance/*'))
const onTemplate = (action: string): Ask => ask(action, inAccount('ec2', 'launch-template/*'))
const interpreter = (action: string): Ask =>
  ask(action, inAccount('bedrock-agentcore', 'code-interpreter-custom/*'))

function takes(
  id: string,
  publicIds: readonly string[],
  service: string,
  thing: string,
  asks: readonly Ask[],
): TakeOverStep {
  const services = [`${service}.amazonaws.com`]
  const rest = service === 'ec2' ? ({ instanceProfile: true } as const) : {}
  return { kind: 'takeOver', id, publicIds, services, thing: `${thing} with {target}`, asks, ...rest }
}

/**
 * Steps that take over something which already runs with a role. Nothing in an `Account` tells whether there is such a
 * thing; a role that no service trusts, or EC2 without an instance profile, rules it out.
 */
export const stepsOnThings: readonly TakeOverStep[] = [
  takes('changed-apprunner-service', ['apprunner-002'], 'tasks.apprunner', 'an App Runner service', [
    ask('apprunner:UpdateService', inAccount('apprunner', 'service/*/*')),
  ]),
  takes('existing-code-interpreter', ['bedrock-002'], 'bedrock-agentcore', 'a code interpreter', [
    interpreter('bedrock-agentcore:StartCodeInterpreterSession'),
    interpreter('bedrock-agentcore:InvokeCodeInterpreter'),
  ]),
  takes('changed-stack', ['cloudformation-002'], 'cloudformation', 'a stack', [
    onStack('cloudformation:UpdateStack'),
  ]),
  takes('changed-stack-by-change-set', ['cloudformation-005'], 'cloudformation', 'a stack', [
    onStack('cloudformation:CreateChangeSet'),
    onStack('cloudformation:ExecuteChangeSet'),
  ]),
  takes('existing-build', ['codebuild-002'], 'codebuild', 'a build project that lets builds override it', [
    ask('codebuild:StartBuild', inAccount('codebuild', 'project/*')),
  ]),
  takes('existing-batch-build', ['codebuild-003'], 'codebuild', 'a build project for batch builds', [
    ask('codebuild:StartBuildBatch', inAccount('codebuild', 'project/*')),
  ]),
  takes('command-in-task', [], 'ecs-tasks', 'a running task that commands can be sent to', [
    ask('ecs:ExecuteCommand', inAccount('ecs', 'cluster/*')),
    ask('ecs:ExecuteCommand', inAccount('ecs', 'task/*/*')),
  ]),
  takes('key-to-instance', ['ec2instanceconnect-003'], 'ec2', 'a running instance within reach of SSH', [
    ask('ec2-instance-connect:SendSSHPublicKey', inAccount('ec2', 'instance/*')),
  ]),
  takes('changed-start-script', ['ec2-002'], 'ec2', 'an instance', [
    onInstance('ec2:ModifyInstanceAttribute'),
    onInstance('ec2:StopInstances'),
    onInstance('ec2:StartInstances'),
  ]),
  takes(
    'changed-launch-template',
    ['ec2-004'],
    'ec2',
    'a launch template that something starts instances from',
    [onTemplate('ec2:CreateLaunchTemplateVersion'), onTemplate('ec2:ModifyLaunchTemplate')],
  ),
  takes('changed-dev-endpoint', ['glue-002'], 'glue', 'a development endpoint', [
    ask('glue:UpdateDevEndpoint', inAccount('glue', 'devEndpoint/*')),
  ]),
  takes('changed-code', ['lambda-003'], 'lambda', 'a function that something else invokes', [
    onFunction('lambda:UpdateFunctionCode'),
  ]),
  takes('changed-code-and-invoke', ['lambda-004'], 'lambda', 'a function', [
    onFunction('lambda:UpdateFunctionCode'),
    onFunction('lambda:InvokeFunction'),
  ]),
  takes('changed-code-for-others', ['lambda-005'], 'lambda', 'a function', [
    onFunction('lambda:UpdateFunctionCode'),
    onFunction('lambda:AddPermission'),
  ]),
  takes('changed-layers', [], 'lambda', 'a function that something else invokes', [
    onFunction('lambda:UpdateFunctionConfiguration'),
  ]),
  takes('notebook-address', ['sagemaker-004'], 'sagemaker', 'a notebook in service', [
    onNotebook('sagemaker:CreatePresignedNotebookInstanceUrl'),
  ]),
  takes('studio-address', [], 'sagemaker', 'a user of SageMaker Studio', [
    ask('sagemaker:CreatePresignedDomainUrl', inAccount('sagemaker', 'user-profile/*')),
  ]),
  takes('notebook-start-script', ['sagemaker-005'], 'sagemaker', 'a notebook', [
    ask(
      'sagemaker:CreateNotebookInstanceLifecycleConfig',
      inAccount('sagemaker', 'notebook-instance-lifecycle-config/*'),
    ),
    onNotebook('sagemaker:StopNotebookInstance'),
    onNotebook('sagemaker:UpdateNotebookInstance'),
    onNotebook('sagemaker:StartNotebookInstance'),
  ]),
  takes('session-on-instance', ['ssm-001'], 'ec2', 'a running instance that Systems Manager manages', [
    ask('ssm:StartSession', inAccount('ec2', 'instance/*')),
  ]),
  takes('command-on-instance', ['ssm-002'], 'ec2', 'a running instance that Systems Manager manages', [
    ask('ssm:SendCommand', inAccount('ec2', 'instance/*')),
    ask('ssm:SendCommand', 'arn:{partition}:ssm:*:*:document/*'),
  ]),
]
