import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { settle } from './accessibility.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'reports', 'console');

/** Writes `reports/console/<name>.png`, for people to look at: the whole page, not only what the window shows. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await settle(page);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled' });
}
