import { refusalSentence } from '@pullgate/policy';
import type { PublicAddress } from '../http/public-address.ts';
import type { Judgement } from './access.ts';

/** What the person reads, with the link that opens the decision. */
export function refusalText({ id, question, decision }: Judgement, address: PublicAddress): string {
  const { repository } = question;
  return refusalSentence({ decision, repository, link: `${address.url}/d/${id}`, host: address.host });
}
