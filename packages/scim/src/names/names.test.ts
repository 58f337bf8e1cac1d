import { expect, test } from 'vitest'
import { memberNameOf } from './member-name.js'
import { teamNameOf } from './team-name.js'
import { lookOf } from './to-ascii.js'

test.each([
  ['ada@acme.example', 'ada'],
  ['Ada.Lovelace@acme.example', 'ada.lovelace'],
  ["miles.o'brien@acme.example", 'miles.o-brien'],
  ['josé+ml@acme.example', 'jose+ml'],
  ['Łukasz', 'lukasz'],
  ['guest_partner.example#EXT#@acme.onmicrosoft.com', 'guest_partner.example-ext'],
])('the user %s becomes the member %s', (userName, name) => {
  expect(memberNameOf(userName)).toBe(name)
})

test.each([
  ['Applied Research', 'applied-research'],
  ['AWS – Équipe Données', 'aws-equipe-donnees'],
  ['ML/Ops (EU)', 'ml-ops-eu'],
  ['42 Crew', 'team-42-crew'],
])('the group %s becomes the team %s', (displayName, name) => {
  expect(teamNameOf(displayName)).toBe(name)
})

test.each([
  '\u0430da@acme.example',
  'a\u200Bda',
  '名前@acme.example',
  '@',
  '--',
  '__proto__',
  'a'.repeat(65),
])('a user whose name would not be a member or would look like another is refused: %s', (userName) => {
  expect(() => memberNameOf(userName)).toThrow(
    expect.objectContaining({ status: 400, scimType: 'invalidValue' }),
  )
})

test.each(['\u0420esearch', '–', '', '研究'])('and so is a group: %s', (displayName) => {
  expect(() => teamNameOf(displayName)).toThrow(expect.objectContaining({ status: 400 }))
})

test('names that are easily taken for each other look the same', () => {
  expect(lookOf('team-10')).toBe(lookOf('team-lo'))
  expect(lookOf('team-1')).not.toBe(lookOf('team-2'))
})
