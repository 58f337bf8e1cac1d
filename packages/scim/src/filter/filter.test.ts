import { describe, expect, it, test } from 'vitest'
import * as fc from 'fast-check'
import { ScimError } from '../scim-error.js'
import { groupSchema, userSchema } from '../schema/resource-schemas.js'
import { matchesFilter } from './match-filter.js'
import { parseFilter } from './parse-filter.js'
import { parsePath } from './parse-path.js'

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const ada = {
  id: '01',
  externalId: 'Ext-1',
  userName: 'Ada@acme.example',
  active: true,
  name: { familyName: 'Lovelace' },
  emails: [
    { value: 'ada@acme.example', type: 'work', primary: true },
    { value: 'ada@home.example', type: 'home' },
  ],
  meta: { lastModified: '2026-01-02T00:00:00.000Z' },
  [enterprise]: { department: 'Engines', manager: { value: '02' } },
}

describe('a filter', () => {
  it.each([
    ['userName eq "ada@ACME.example"', true],
    ['USERNAME Eq "ada@acme.example"', true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ada"', true],
    ['externalId eq "ext-1"', false],
    ['externalId eq "Ext-1"', true],
    ['active eq true', true],
    ['active eq "True"', true],
    ['active eq "False"', false],
    ['title pr', false],
    ['name pr and emails pr', true],
    ['not (title pr)', true],
    ['title eq null', true],
    ['userName ne "bob"', true],
    ['emails.type ne "work"', false],
    ['emails co "home.example"', true],
    ['emails[type eq "work" and value co "home.example"]', false],
    ['emails[type eq "home" and value co "home.example"]', true],
    ['emails[type eq "work"].value eq "ADA@acme.example"', true],
    ['emails[type eq "work"].value eq "ada@home.example"', false],
    ['not (emails[type eq "other"].value pr) and active eq true', true],
    ['department eq "engines"', true],
    ['userName eq "bob" or active eq true and id eq "01"', true],
    ['(userName eq "bob" or active eq true) and id eq "02"', false],
    [`${enterprise}:department eq "engines"`, true],
    [`${enterprise}:manager eq "02"`, true],
    ['meta.lastModified gt "2026-01-01T00:00:00Z"', true],
    ['meta.lastModified ge "2026-01-02T00:00:00+01:00"', true],
    ['meta.lastModified lt "2026-01-02T00:00:00Z"', false],
    ['phoneNumbers pr', false],
    ['urn:acme:custom:2.0:User:team eq "x"', false],
    ['userName eq "a\\"b"', false],
  ])('%s', (filter, expected) => {
    expect(matchesFilter(parseFilter(filter, userSchema), ada)).toBe(expected)
  })

  it.each([
    'userName',
    'userName eq',
    'userName eq "a',
    "userName eq 'a'",
    'userName is "a"',
    'userName eq "a" and',
    '(userName eq "a"',
    'userName eq "a")',
    'emails[type eq "work"',
    'name[familyName eq "x"]',
    'nothing eq "a"',
    'emails[nothing eq "a"]',
    'emails[type eq "work"].nothing eq "a"',
    'emails[type eq "work"].value',
    `${'('.repeat(30)}active pr${')'.repeat(30)}`,
    `userName eq "${'a'.repeat(5_000)}"`,
  ])('is refused where it cannot be read: %s', (filter) => {
    expect(() => parseFilter(filter, userSchema)).toThrow(ScimError)
  })

  test('any text is a filter or is refused as one, soon', () => {
    const word = fc.constantFrom(
      'userName',
      'emails',
      '[',
      ']',
      '(',
      ')',
      'and',
      'or',
      'not',
      'eq',
      'pr',
      '"a"',
      '.',
      '\\',
      '"',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 30 }).map((words) => words.join(' ')),
        ),
        (text) => {
          try {
            matchesFilter(parseFilter(text, userSchema), ada)
          } catch (error) {
            expect(error).toBeInstanceOf(ScimError)
            expect((error as ScimError).scimType).toBe('invalidFilter')
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('a path', () => {
  it.each([
    'userName',
    'NAME.familyname',
    'emails[type eq "work"].value',
    'emails[primary eq true]',
    enterprise,
  ])('can be read: %s', (path) => {
    expect(() => parsePath(path, userSchema)).not.toThrow()
  })

  it.each([
    '',
    'nothing',
    'name[familyName eq "x"].value',
    'emails[type eq "work"].nothing',
    'members',
    'emails.value.x',
  ])('is refused where it names nothing: %s', (path) => {
    expect(() => parsePath(path, userSchema)).toThrow(expect.objectContaining({ scimType: 'invalidPath' }))
  })

  it('of something that is not kept says so', () => {
    expect(parsePath('phoneNumbers[type eq "work"].value', userSchema)).toEqual({ kind: 'dropped' })
    expect(parsePath('urn:acme:custom:2.0:User:team', userSchema)).toEqual({ kind: 'dropped' })
    expect(parsePath('members', groupSchema)).toMatchObject({ kind: 'attribute' })
  })
})
