import { dockerEngine } from './docker-engine.ts';
import { proveClient } from './proofs.ts';

proveClient(dockerEngine);
