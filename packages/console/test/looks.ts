import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { findings, settle } from './accessibility.ts';
import { picture } from './pictures.ts';

const phone = 360;

/**
 * One heading of the first level, nothing for axe in both themes, no time cut off, no gap below a list, and nothing wider
 * than a phone, or broken there within a word of a command.
 */
export async function expectGoodLooks(page: Page, name: string): Promise<void> {
  expect(await page.getByRole('heading', { level: 1 }).count(), 'headings of the first level').toBe(1);
  expect(await findings(page), 'light').toEqual([]);
  expect(await page.evaluate(cutOff), 'cut off').toEqual([]);
  expect(await page.evaluate(gaps), 'between the last row of a list and its end').toEqual([]);
  await picture(page, `${name}-light`);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await findings(page), 'dark').toEqual([]);
  await picture(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: phone, height: 740 });
  await settle(page);
  expect(await page.evaluate(tooWide), 'wider than a phone').toEqual([]);
  expect(await page.evaluate(hiddenSideways), 'only seen by scrolling sideways').toEqual([]);
  expect(await page.evaluate(cutOff), 'cut off on a phone').toEqual([]);
  expect(await page.evaluate(broken), 'words of commands on two lines').toEqual([]);
  expect(await findings(page), 'on a phone').toEqual([]);
  await picture(page, `${name}-phone`);
}

/** What stands out on the right, if the page can be scrolled sideways. */
const tooWide = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const standingOut = [...document.querySelectorAll('body *')].filter(
    (element) => element.getBoundingClientRect().right > clientWidth + 1,
  );
  return [scrollWidth + ' px', ...standingOut.slice(-5).map((element) => element.outerHTML.slice(0, 160))];
})()`;

/** Tables with something on the right that nobody sees who does not think of scrolling there. */
const hiddenSideways = `[...document.querySelectorAll('[role=region]')]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  .map((region) => region.getAttribute('aria-label') + ' ' + region.scrollWidth + ' px')`;

/** Times of a list that end in three dots. */
const cutOff = `[...document.querySelectorAll('[role=gridcell]:has(time)')]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  .map((cell) => cell.getAttribute('data-field') + ': ' + cell.textContent)`;

/** Lists that go on below their last row. */
const gaps = `[...document.querySelectorAll('[role=grid]')]
  .map((grid) => [grid, [...grid.querySelectorAll('[role=row]')].at(-1)])
  .map(([grid, last]) => [grid.getAttribute('aria-label'), grid.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom])
  .filter(([, gap]) => gap > 3)`;

/** Options and the like, which have room in one line. What is longer, as a token is, has to go on in the next. */
const broken = `[...document.querySelectorAll('code')].flatMap((code) => {
  const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    for (const { 0: word, index } of texts.currentNode.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + word.length);
      if (word.length <= 24 && range.getClientRects().length > 1) found.push(word);
    }
  }
  return found;
})`;
