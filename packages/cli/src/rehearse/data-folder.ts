import type { LocalAws } from '@ringfence/local'
import type { Declaration, Store } from '@ringfence/plan'
import { didYouMean } from '@ringfence/policy'
import { createReadStream } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { inParallel } from './prepare.js'

/** A file of the folder and the object that it becomes. */
export interface DataFile {
  readonly path: string
  readonly bucket: string
  readonly key: string
}

const SECTIONS: ReadonlyMap<string, Store['kind']> = new Map([
  ['datasets', 'dataset'],
  ['models', 'model'],
])

/** More files than this are refused: a rehearsal copies them all. */
const MAX_FILES = 100_000
/** S3 object keys hold at most so many bytes (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html). */
const MAX_KEY_BYTES = 1024

/**
 * The files of `DIR/<dataset or model>/…`, each as an object of that store whose key is its path below that
 * folder. A folder `datasets/` or `models/` of that name first is taken too, and needed where a dataset and a
 * model share a name. Links and special files are not followed: they are refused, so that nothing outside of
 * the folder gets in.
 */
export async function listDataFolder(
  given: string,
  declaration: Declaration,
  cwd: string,
): Promise<readonly DataFile[]> {
  const folder = resolve(cwd, given)
  const files: DataFile[] = []
  for await (const entry of await openFolder(folder)) {
    const section = SECTIONS.get(entry.name)
    const stores = storesNamed(declaration, entry.name)
    if (!entry.isDirectory()) throw misplaced(folder, entry.name, 'is not a folder of a dataset or model')
    if (section !== undefined && stores.length === 0) {
      for await (const inner of await openFolder(join(folder, entry.name))) {
        const store = storesNamed(declaration, inner.name).find(({ kind }) => kind === section)
        if (store === undefined || !inner.isDirectory())
          throw unknownStore(declaration, `${entry.name}/${inner.name}`, inner.name)
        await addFiles(join(folder, entry.name, inner.name), store, '', files)
      }
      continue
    }
    const [store, other] = stores
    if (store === undefined) throw unknownStore(declaration, entry.name, entry.name)
    if (other !== undefined)
      throw misplaced(folder, entry.name, 'is the name of a dataset and of a model', {
        hint: `name the folder datasets/${entry.name} or models/${entry.name}`,
      })
    await addFiles(join(folder, entry.name), store, '', files)
  }
  return files
}

/** Puts the files into their buckets, as their owners would have before anybody was let in. */
export async function putDataFiles(local: LocalAws, files: readonly DataFile[]): Promise<void> {
  await inParallel(files, 4, async ({ path, bucket, key }) => {
    await local.putObject({ bucket, key, body: createReadStream(path) })
  })
}

function storesNamed({ stores }: Declaration, name: string): readonly Store[] {
  return stores.filter((store) => store.name === name)
}

async function openFolder(folder: string) {
  try {
    return await opendir(folder)
  } catch (cause) {
    throw new CliError('DATA_FOLDER_NOT_READABLE', `cannot read the folder ${folder}: ${messageOf(cause)}`, {
      hint: 'name an existing folder whose folders are named after datasets and models',
      exitCode: exitCode.usage,
      cause,
    })
  }
}

async function addFiles(folder: string, store: Store, prefix: string, files: DataFile[]): Promise<void> {
  for await (const entry of await openFolder(folder)) {
    const key = `${prefix}${entry.name}`
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await addFiles(path, store, `${key}/`, files)
    else if (!entry.isFile()) throw misplaced(folder, entry.name, 'is neither a file nor a folder')
    else if (Buffer.byteLength(key) > MAX_KEY_BYTES)
      throw misplaced(folder, entry.name, `would become a key of more than ${MAX_KEY_BYTES} bytes`)
    else if (files.push({ path, bucket: store.bucket, key }) > MAX_FILES)
      throw misplaced(folder, entry.name, `is one more than the ${MAX_FILES} files that a rehearsal takes`)
  }
}

function misplaced(
  folder: string,
  name: string,
  what: string,
  options: { readonly hint?: string } = {},
): CliError {
  return new CliError('DATA_FOLDER_INVALID', `${join(folder, name)} ${what}`, {
    hint: options.hint ?? 'lay the data out as DIR/<dataset or model>/<key>, in plain files and folders',
    exitCode: exitCode.usage,
  })
}

function unknownStore(declaration: Declaration, shown: string, name: string): CliError {
  const near = didYouMean(
    name,
    declaration.stores.map((store) => store.name),
  )
  return new CliError(
    'DATA_FOLDER_INVALID',
    `the folder ${shown} is named after no dataset or model of the file`,
    {
      hint:
        near === undefined
          ? `the file has ${declaration.stores.map((store) => store.name).join(', ') || 'none'}`
          : `did you mean ${near}?`,
      exitCode: exitCode.usage,
    },
  )
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
