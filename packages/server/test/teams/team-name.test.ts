import { describe, expect, it } from 'vitest';
import { checkTeamName } from '../../src/teams/team-name.ts';

describe('the name of a team', () => {
  it.each(['dev', 'Platform', 'Blue_Team-2', '---', 'a'.repeat(30), 'owners2', 'tag'])('can be %s', (name) => {
    expect(() => checkTeamName(name)).not.toThrow();
  });

  it.each([
    ['too short', 'ab'],
    ['too long', 'a'.repeat(31)],
    ['empty', ''],
    ['with a space', 'the team'],
    ['with a dot', 'team.one'],
    ['with a slash', 'a/b'],
    ['with an umlaut', 'größe'],
    ['with a line break behind it', 'team\n'],
    ['a word of the registry', 'manifests'],
    ['a word of the registry', 'tags'],
    ['a word of the registry', 'blobs'],
    ['a word of the registry', 'referrers'],
    ['such a word in other letters', 'Manifests'],
  ])('cannot be %s: %j', (_why, name) => {
    expect(() => checkTeamName(name)).toThrow(expect.objectContaining({ code: 'invalid-input', field: 'name' }));
  });
});
