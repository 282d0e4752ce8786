import { existsSync } from 'node:fs';
import process from 'node:process';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { TestRunner } from 'vitest';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Chromium as Debian packages it, or the one that `CHROMIUM_PATH` names. */
export async function launchChromium(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `There is no ${executablePath}. Install Debian's package "chromium", or let CHROMIUM_PATH name a Chromium.`,
    );
  }
  // Containers seldom have what its sandbox needs, and nothing but our own pages is opened.
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
  });
}

export interface Look {
  /** Light when absent. */
  readonly theme?: 'light' | 'dark';
  /** Of the window, in pixels; 1280 when absent. */
  readonly width?: number;
}

/** What a browser keeps of somebody who signed in. */
export type Session = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** An empty page of a browser that knows nothing else. It is closed after the test that asks for it. */
export async function newPage(browser: Browser, baseURL: string, look: Look = {}, session?: Session): Promise<Page> {
  const { theme = 'light', width = 1280 } = look;
  const context = await browser.newContext({
    baseURL,
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...(session && { storageState: session }),
  });
  context.setDefaultTimeout(20_000);
  TestRunner.getCurrentTest()?.context.onTestFinished(() => context.close());
  const page = await context.newPage();
  watchProblems(page);
  return page;
}

const watched = new WeakMap<Page, string[]>();

/** Notes from now on what goes wrong on a page. */
function watchProblems(page: Page): void {
  const problems: string[] = [];
  watched.set(page, problems);
  // Chromium tells here also what the Content Security Policy forbade, and which requests were refused.
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => void problems.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // What a page no longer waits for when it is left.
    if (reason !== 'net::ERR_ABORTED') problems.push(`failed: ${request.method()} ${request.url()} ${reason}`);
  });
}

/** What went wrong on a page so far: errors and warnings of its console, uncaught errors, requests without an answer. */
export function problemsOf(page: Page): readonly string[] {
  return watched.get(page) ?? [];
}
