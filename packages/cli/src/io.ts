import type { Roster } from '@ringfence/plan'

/** One output stream. Writing never throws: output that nobody reads any more is dropped. */
export interface Output {
  write(text: string): void
  readonly isTTY: boolean
  /** Whether to colour; follows NO_COLOR, FORCE_COLOR and the terminal. */
  readonly color: boolean
  /** Width of the terminal in characters; undefined where there is none. */
  readonly columns?: number
}

/** Something in a folder; `other` is a link, a pipe or the like. */
export interface FolderEntry {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'other'
}

export interface FileSystem {
  /** What is in a folder, in the order of the names. Rejects with Node's own error (`ENOENT`, `ENOTDIR`, …). */
  list(path: string): Promise<readonly FolderEntry[]>
  /**
   * Reads at most `maxBytes` of a file, pipe or device; more is `too-large`. Rejects with Node's own error
   * (`ENOENT`, `EISDIR`, `EACCES`, …).
   */
  read(path: string, maxBytes: number): Promise<Uint8Array | 'too-large'>
  /**
   * Writes a file so that others see either nothing or all of it. Without `overwrite` it rejects with
   * `EEXIST` where something is there already.
   */
  write(path: string, text: string, options: { readonly overwrite: boolean }): Promise<void>
}

/**
 * All that a command touches of the world. Commands take it as an argument, so that tests run them in
 * process with streams, files and a clock of their own.
 */
export interface Io {
  /** Data only: what the user asked for. */
  readonly stdout: Output
  /** Everything else: progress, warnings, errors, logs. */
  readonly stderr: Output
  readonly stdin: {
    readonly isTTY: boolean
    /** Reads all of it, at most `maxBytes`. */
    read(maxBytes: number): Promise<Uint8Array | 'too-large'>
  }
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute. */
  readonly cwd: string
  /** Epoch milliseconds. */
  readonly nowMs: () => number
  readonly files: FileSystem
  /** Who SCIM says is here, where a command is not to read that itself. */
  readonly scimRoster?: Roster
  /** The stack that a command is about: what SCIM says has come further on some than on others. */
  readonly scimStack?: string
  /**
   * Aborted by SIGINT and SIGTERM. A command that reads it promises to clean up and return
   * `exitCode.cancelled`; one that never does is ended at once.
   */
  readonly signal: AbortSignal
}
