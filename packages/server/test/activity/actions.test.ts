import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actionGroups, actionsMeantBy, describeAction, listActions } from '../../src/activity/actions.ts';
import { messageIdOf } from '../../src/activity/delivery/syslog-message.ts';

const names = Object.entries(listActions()).flatMap(([group, { actions }]) =>
  actions.map(({ name }) => `${group}.${name}`),
);

const source = join(import.meta.dirname, '..', '..', 'src');
const texts = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('actions.ts'))
  .map((name) => readFileSync(join(source, name), 'utf8'))
  .join('\n');

describe('the catalogue of actions', () => {
  it("is in Docker Hub's shape", () => {
    expect(listActions()['org']).toMatchObject({
      label: 'Organization',
      actions: expect.arrayContaining([
        { name: 'member.add', label: 'Organization Member Added', description: 'A person became a member.' },
      ]),
    });
  });

  it.each(names)('%s is recorded somewhere, and described in a sentence', (name) => {
    expect(texts.includes(`'${name}'`), 'An action that nothing records misleads whoever filters by it.').toBe(true);
    expect(describeAction(name)).toMatch(/^[A-Z].*\.$/);
  });

  it('keeps its names apart within what a syslog message id can hold', () => {
    expect(names.filter((name) => !/^[a-z_.]+$/.test(name))).toEqual([]);
    expect(new Set(names.map(messageIdOf)).size).toBe(names.length);
    expect(names.map(messageIdOf).filter((id) => id.length > 32)).toEqual([]);
  });
});

describe('a filter', () => {
  it('by a broader action also means what is part of it', () => {
    expect(actionsMeantBy('org.settings.update')).toEqual(
      expect.arrayContaining(['org.settings.update', 'image_access.update', 'sign_in.update']),
    );
  });

  it.each(['org.member.add', 'repo.tag.push', 'nonsense'])('by %s means itself', (action) => {
    expect(actionsMeantBy(action)).toEqual([action]);
  });

  it('knows only broader actions that exist', () => {
    const broader = Object.values(actionGroups).flatMap(({ actions }) =>
      Object.values(actions).flatMap((named) => ('partOf' in named ? [named.partOf] : [])),
    );
    for (const action of broader) expect(names).toContain(action);
  });
});
