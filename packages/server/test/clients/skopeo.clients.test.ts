import { proveClient } from './proofs.ts';
import { skopeo } from './skopeo.ts';

proveClient(skopeo);
