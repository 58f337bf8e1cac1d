import type { Capability } from '@ringfence/plan'
import type { Ability, Matrix, MatrixColumn, MatrixRow } from './matrix.js'

/** Widest line that a matrix is printed in; wider ones are split into blocks. */
const MAX_COLUMNS = 100
const GAP = 2

const LETTERS: Readonly<Record<Capability, string>> = {
  read: 'r',
  write: 'w',
  delete: 'd',
  administer: 'a',
  train: 'train',
  deploy: 'deploy',
  invoke: 'invoke',
}

const HEADINGS: Readonly<Record<MatrixRow['kind'], string>> = {
  team: 'teams (what all of their members can do)',
  member: 'members',
  platform: 'execution roles',
  other: 'outsiders and administrators',
}

/** The matrix as text: a line for each row, split into as many blocks of columns as its width takes. */
export function printMatrix(matrix: Matrix, paint: (heading: string) => string = (text) => text): string {
  if (matrix.rows.length === 0 || matrix.columns.length === 0) return ''
  const labelWidth = Math.max(...matrix.rows.map(({ name }) => name.length + 2))
  const cells = matrix.rows.map((row) => row.cells.map(printCell))
  const widths = matrix.columns.map((column, index) =>
    Math.max(column.name.length, column.kind.length, ...cells.map((row) => row[index]?.length ?? 0)),
  )
  const blocks = blocksOf(widths, MAX_COLUMNS - labelWidth)
  const printed = blocks.map((block) => printBlock(matrix, cells, widths, block, labelWidth, paint))
  return `${printed.join('\n')}\n${printLegend(matrix)}`
}

/** Columns that fit beside each other; one that fits nowhere is alone in its block. */
function blocksOf(widths: readonly number[], available: number): readonly (readonly number[])[] {
  const blocks: number[][] = []
  let used = Number.POSITIVE_INFINITY
  for (const [index, width] of widths.entries()) {
    if (used + GAP + width > available) {
      blocks.push([])
      used = 0
    }
    blocks.at(-1)?.push(index)
    used += GAP + width
  }
  return blocks
}

function printBlock(
  { columns, rows }: Matrix,
  cells: readonly (readonly string[])[],
  widths: readonly number[],
  block: readonly number[],
  labelWidth: number,
  paint: (heading: string) => string,
): string {
  const line = (label: string, text: (index: number) => string): string =>
    [label.padEnd(labelWidth), ...block.map((index) => text(index).padEnd(widths[index] ?? 0))]
      .join(' '.repeat(GAP))
      .trimEnd()
  const headers = [
    line('', (index) => columns[index]?.kind ?? ''),
    line('', (index) => columns[index]?.name ?? ''),
  ]
  const body = rows.flatMap((row, number) => [
    ...(rows[number - 1]?.kind === row.kind ? [] : [paint(HEADINGS[row.kind])]),
    line(`  ${row.name}`, (index) => cells[number]?.[index] ?? ''),
  ])
  return `${[...headers.map((header) => paint(header)), ...body].join('\n')}\n`
}

/** Letters with the same marks stand together: `rw/~ d`. */
function printCell(abilities: readonly Ability[]): string {
  if (abilities.length === 0) return '·'
  const groups = new Map<string, string[]>()
  for (const ability of abilities) {
    const marks = marksOf(ability)
    const letters = groups.get(marks) ?? []
    letters.push(LETTERS[ability.capability])
    groups.set(marks, letters)
  }
  return [...groups].map(([marks, letters]) => joinLetters(letters, marks)).join(' ')
}

function joinLetters(letters: readonly string[], marks: string): string {
  const short = letters.every((letter) => letter.length === 1)
  return short ? `${letters.join('')}${marks}` : letters.map((letter) => `${letter}${marks}`).join(' ')
}

function marksOf({ under, expires }: Ability): string {
  return `${under.includes('') ? '' : '/'}${expires ? '~' : ''}`
}

function printLegend(matrix: Matrix): string {
  const abilities = matrix.rows.flatMap(({ cells }) => cells.flat())
  const kinds = new Set(matrix.columns.map(({ kind }: MatrixColumn) => kind))
  const parts = [
    ...(kinds.has('dataset') || kinds.has('model') ? ['r read', 'w write', 'd delete'] : []),
    ...(abilities.some(({ capability }) => capability === 'administer') ? ['a administer'] : []),
    ...(abilities.some(({ under }) => !under.includes('')) ? ['/ only under a prefix'] : []),
    ...(abilities.some(({ expires }) => expires) ? ['~ ends at a declared time'] : []),
    '· nothing',
  ]
  return `${parts.join(', ')}\n`
}
