import { containerd } from './containerd.ts';
import { proveClient } from './proofs.ts';

proveClient(containerd);
