import * as pulumi from '@pulumi/pulumi'
import type { Diagnostic } from '@ringfence/plan'

/**
 * Ends the program with all that is wrong: code, place, message and what to try. Pulumi prints a RunError
 * without a stack. `place` turns what a diagnostic points at into words, where it can.
 */
export function refuse(name: string, diagnostics: readonly Diagnostic[]): never {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  throw new pulumi.RunError(
    [`"${name}" cannot be deployed as it is declared:`, ...errors.map(printDiagnostic)].join('\n'),
  )
}

/** Warnings go to Pulumi's log, at the component. */
export function warn(component: pulumi.Resource, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity !== 'warning') continue
    // The log is beside the deployment: one that cannot be told must not end it.
    pulumi.log.warn(printDiagnostic(diagnostic).trim(), component).catch(() => undefined)
  }
}

/** `  file:3:5: error[CODE]: message`, and the hint under it; never a line of the source. */
export function printDiagnostic({ code, severity, message, hint, span }: Diagnostic): string {
  const isProgram = span === undefined || span.endColumn === 1
  const place = isProgram ? '' : `${span.file}:${span.line}:${span.column}: `
  const line = `  ${place}${severity}[${code}]: ${message}`
  return hint === undefined ? line : `${line}\n    Try: ${hint}`
}

/**
 * Policies are exact before anything is deployed, so every argument has to be a plain value then: refuses
 * outputs of other resources, anywhere in the arguments.
 */
export function requirePlain(name: string, args: unknown): void {
  const found = findOutput(args, '')
  if (found === undefined) return
  throw new pulumi.RunError(
    `"${name}": the argument ${found} is an output, whose value is known only after deployment; ringfence makes and ` +
      'checks every policy before it.\n' +
      'Try: give a plain text, such as the name of the bucket or the ARN that the other resource is going to have.',
  )
}

function findOutput(value: unknown, path: string): string | undefined {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return path === '' ? 'list' : `"${path}"`
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, child] of Object.entries(value)) {
    const found = findOutput(
      child,
      Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`,
    )
    if (found !== undefined) return found
  }
  return undefined
}
