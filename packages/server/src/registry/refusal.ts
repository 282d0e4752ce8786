import type { Judgement } from '../access/access.ts';
import { refusalText } from '../access/refusal-text.ts';
import { type Answer, ociAnswer } from '../http/answer.ts';
import type { PublicAddress } from '../http/public-address.ts';

/**
 * The one form whose text reaches the person in every client: HTTP/1.1 403, the sentence as reason phrase and in the
 * body, no challenge. HEAD and GET alike, since containerd resolves with HEAD.
 */
export function refusal(judgement: Judgement, address: PublicAddress): Answer {
  return ociAnswer({ status: 403, code: 'DENIED', message: refusalText(judgement, address) });
}
