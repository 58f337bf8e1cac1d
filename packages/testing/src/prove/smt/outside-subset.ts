/** What this encoding does not say exactly. It refuses, so that no answer hangs on a guess. */
export class OutsideSubset extends Error {
  override readonly name = 'OutsideSubset'
}
