import { podman } from './podman.ts';
import { proveClient } from './proofs.ts';

proveClient(podman);
