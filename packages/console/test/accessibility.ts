import axe from 'axe-core';
import type { Page } from 'playwright-core';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly html: string }[];
}

/** What axe finds on a page as it stands, at WCAG 2.2 AA: one sentence for each place. Empty when it finds nothing. */
export async function findings(page: Page): Promise<string[]> {
  await settle(page);
  // Through the debugger, since the page's Content Security Policy lets no other script in.
  await page.evaluate(axe.source);
  const violations = await page.evaluate<readonly Violation[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then(({ violations }) =>
      violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, html }) => ({ target, html })) })))`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${help} ${target.join(' ')} ${html.slice(0, 200)}`),
  );
}

/** Waits until all is loaded and nothing fades or moves any more: half faded text has no contrast. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate(settled);
}

/** Two frames are what a change of the theme takes to begin. */
const settled = `new Promise((resolve) => {
  const isMoving = ({ playState, effect }) =>
    playState === 'running' && effect?.getTiming().iterations !== Infinity;
  const isBusy = () =>
    document.querySelector('[role=progressbar]:not([aria-valuenow]), .MuiSkeleton-root') !== null || document.getAnimations().some(isMoving);
  let frames = 0;
  const look = () => (++frames > 2 && !isBusy() ? resolve() : requestAnimationFrame(look));
  look();
})`;
