import { describe, expect, it } from 'vitest'
import { createProgress } from './progress.js'

function output(isTTY: boolean) {
  let text = ''
  return {
    isTTY,
    color: false,
    columns: 40,
    write: (more: string) => {
      text += more
    },
    text: () => text,
  }
}

describe('createProgress', () => {
  it('writes a line for each step where there is no terminal', () => {
    const stderr = output(false)
    const progress = createProgress(stderr, () => 0)
    progress.step('Loading')
    for (let done = 1; done <= 3; done += 1) progress.count('data', done, 4)
    progress.count('fence', 4, 4)
    progress.end()
    expect(stderr.text()).toBe(
      'Loading\nObjects: list, get, put, delete, copy\nAttempts to change the fence\n',
    )
  })

  it('rewrites one line on a terminal, not more often than eyes can follow, and leaves none', () => {
    const stderr = output(true)
    let nowMs = 0
    const progress = createProgress(stderr, () => nowMs)
    for (let done = 1; done <= 1000; done += 1) {
      nowMs += 1
      progress.count('data', done, 1000)
    }
    progress.end()
    const lines = stderr.text().split('\r')
    expect(lines.length).toBeLessThan(20)
    for (const line of lines) expect(line.length).toBeLessThan(40 + 4)
    expect(stderr.text().endsWith('\r\u001b[2K')).toBe(true)
  })
})
