import { existsSync } from 'node:fs';
import process from 'node:process';
import { type Browser, chromium, type Page } from 'playwright-core';

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

const watched = new WeakMap<Page, string[]>();

/** Notes from now on what goes wrong on a page. */
export function watchProblems(page: Page): void {
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
