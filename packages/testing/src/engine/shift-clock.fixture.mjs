// Loaded into the processes of a test that has days go by: their clock is ahead by so many.
const aheadMs = Number(process.env['RINGFENCE_TEST_DAYS'] ?? 0) * 86_400_000
const RealDate = Date

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + aheadMs)
    else super(...parts)
  }

  static now() {
    return RealDate.now() + aheadMs
  }
}
